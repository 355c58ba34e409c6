// Which generation of Tauri's client this page speaks: what the application says of the window, else of all. See docs/older-clients.md.
// The files beside this one are part of a page's script only when the application has a window of an older generation.
(() => {
  const { label, clients } = transom.settings;
  const { generations, windows } = clients;
  /** Values as a client before 2.x knows them: it has no buffers, only lists of numbers. @param {any} value @returns {any} */
  function withoutBuffers(value) {
    if (typeof value !== 'object' || value === null) return value;
    if (ArrayBuffer.isView(value)) return Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
    for (const key of Object.keys(value)) if (typeof value[key] === 'object') value[key] = withoutBuffers(value[key]);
    return value;
  }

  /**
   * Run a callback that the page's own client has made, a property of the window. @param {string} name @param {any} value
   */
  function runProperty(name, value) {
    const callback = /** @type {any} */ (window)[name];
    if (typeof callback !== 'function')
      return console.warn(`[TAURI] Couldn't find callback id ${name.replace(/^_/, '')} in window. This happens when the app is reloaded while a command is running.`);
    try {
      callback(value);
    } catch (error) {
      reportError(error);
    }
  }

  /** Make a 2.x channel whose messages `handle` gets, and return its text. @param {(message: any) => void} handle */
  function channel(handle) {
    const id = transom.callbacks.transformCallback((sent) => ('end' in sent ? transom.callbacks.callbacks.delete(id) : handle(sent.message)));
    return `__CHANNEL__:${id}`;
  }

  transom.older = {
    generation: generations[label] ?? generations[''] ?? '2.x',
    windows,
    modules: Object.create(null),
    withoutBuffers,
    runProperty,
    channel,
  };
})();
