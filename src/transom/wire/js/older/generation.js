// Which generation of Tauri's client this page speaks: what the application says of the window, else of all. See docs/older-clients.md.
// The files beside this one are part of a page's script only when the application has a window of an older generation.
(() => {
  const { label, clients } = transom.settings;
  const { generations, windows } = clients;
  /** @type {typeof transom.older.modules} */
  const modules = Object.create(null);
  /** Values as a client before 2.x knows them: it has no buffers, only lists of numbers. @param {any} value @returns {any} */
  function withoutBuffers(value) {
    if (typeof value !== 'object' || value === null) return value;
    if (ArrayBuffer.isView(value)) return Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
    for (const key of Object.keys(value)) if (typeof value[key] === 'object') value[key] = withoutBuffers(value[key]);
    return value;
  }

  const generation = generations[label] ?? generations[''] ?? '2.x';
  const { place } = transom.serialize;
  /** Values from the back end that hold buffers: only these are searched. @type {WeakSet<object>} */
  const placed = new WeakSet();
  if (generation !== '2.x')
    transom.serialize.place = (value, spans, pack) => {
      const whole = place(value, spans, pack);
      placed.add(whole);
      return whole;
    };
  /** The result of a command as a client before 2.x knows it. @param {any} value */
  const resultOf = (value) => (typeof value === 'object' && value !== null && placed.has(value) ? withoutBuffers(value) : value);

  // Names that `transformCallback` made: `_<number>` in 1.x, random digits in the betas, random groups of digits in 0.x.
  const NAME = /^(_\d{1,10}|\d{16,}|[0-9a-f]+(-[0-9a-f]+){4})$/;

  /** Run a callback that the page's own client has made: a property of the window. @param {number | string} id @param {any} value */
  function runCallback(id, value) {
    const given = typeof id === 'number' || typeof id === 'string' ? id : `of the type ${typeof id}`;
    const name = typeof id === 'number' ? `_${id}` : String(given);
    const callback = NAME.test(name) && Object.prototype.hasOwnProperty.call(window, name) ? /** @type {any} */ (window)[name] : undefined;
    if (typeof callback !== 'function')
      return console.warn(`[TAURI] Couldn't find callback id ${given} in window. This happens when the app is reloaded while a command is running.`);
    try {
      callback(value);
    } catch (error) {
      reportError(error);
    }
  }

  /** Answer a message through its two callbacks. @param {Promise<any>} promise @param {number | string} callback @param {number | string} error */
  function answer(promise, callback, error) {
    promise.then(
      (value) => runCallback(callback, resultOf(value)),
      (reason) => runCallback(error, reasonOf(reason)),
    );
  }

  // What `acl/_explain.py` writes, in development and release.
  const REFUSED = /^(Command \S+ not allowed by ACL|\S+ (explicitly denied on|not allowed on|not allowed\.))/;
  // And what it says of a page of another site. 1.x looks at that first, before its allowlist.
  const REMOTE = / of the remote origin |The remote page [^]+ no capability allows that/;
  const SCOPE = 'https://tauri.app/v1/api/config/#securityconfig.dangerousremotedomainipcaccess and https://docs.rs/tauri/1/tauri/scope/struct.IpcScope.html#method.configure_remote_access';
  /**
   * A reason as 1.x writes it: front ends match on these sentences.
   * @param {any} reason @param {string} [api] what the allowlist of 1.x calls it
   */
  function reasonOf(reason, api) {
    if (typeof reason !== 'string') return reason instanceof Error ? String(reason.message) : withoutBuffers(reason);
    if (/^Command \S* not found/.test(reason)) return `c${reason.slice(1)}`;
    if (generation === '1.x' && REFUSED.test(reason) && REMOTE.test(reason)) return `Scope not defined for window \`${label}\` and URL \`${location.href}\`. See ${SCOPE}: ${reason}`;
    if (api && REFUSED.test(reason)) return `'${api}' not in the allowlist (https://tauri.app/docs/api/config#tauri.allowlist): ${reason}`;
    return reason;
  }

  /** Call a function of 1.x's own modules. @param {any} payload @returns {Promise<any>} */
  async function callModule({ __tauriModule: name, message }) {
    const module = Object.prototype.hasOwnProperty.call(modules, name) ? modules[name] : undefined;
    if (!module) throw `unknown variant \`${name}\`, expected one of ${Object.keys(modules).map((known) => `\`${known}\``).join(', ')}`;
    const command = message?.cmd;
    const row = typeof command === 'string' && Object.prototype.hasOwnProperty.call(module, command) ? module[command] : undefined;
    if (!row) throw `unknown variant \`${command}\`, expected one of ${Object.keys(module).map((known) => `\`${known}\``).join(', ')}`;
    try {
      return await row(message);
    } catch (reason) {
      throw reasonOf(reason, row.api ?? `${name[0].toLowerCase()}${name.slice(1)} > ${command}`);
    }
  }

  /** Make a 2.x channel whose messages `handle` gets, and return its text. @param {(message: any) => void} handle */
  function channel(handle) {
    const id = transom.callbacks.transformCallback((sent) => ('end' in sent ? transom.callbacks.callbacks.delete(id) : handle(sent.message)));
    return `__CHANNEL__:${id}`;
  }

  const metadata = { __windows: windows.map((/** @type {string} */ known) => ({ label: known })), __currentWindow: { label: label } };
  if (!windows.includes(label)) metadata.__windows.push({ label: label });

  transom.older = {
    generation,
    metadata,
    modules,
    plugins: Object.create(null),
    withoutBuffers,
    resultOf,
    runCallback,
    answer,
    callModule,
    reasonOf,
    channel,
  };
})();
