// What `@tauri-apps/api` 1.0.0 to 1.6.0, and front ends of 1.x without the package, find in the page.
(() => {
  const { older } = transom;
  if (older.generation !== '1.x') return;
  const { invoke } = transom.link;
  const { answer, callModule, metadata, reasonOf, resultOf, runCallback } = older;
  const { convertFileSrc } = /** @type {any} */ (window).__TAURI_INTERNALS__;
  const isCallback = (/** @type {unknown} */ id) => typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < 2 ** 32;

  /** @param {any} message @returns {Promise<any>} */
  function call({ cmd, callback: _1, error: _2, __TAURI_INVOKE_KEY__: _3, ...payload }) {
    if (payload.__tauriModule !== undefined) return callModule(payload);
    return older.plugins[cmd]?.(payload) ?? invoke(cmd, payload);
  }

  /** A message is answered through two callbacks, which are properties of the window called `_<number>`. @param {any} message */
  function ipc(message) {
    const { cmd, callback, error } = message ?? {};
    if (cmd === '__initialized') return;
    if (typeof cmd !== 'string' || !isCallback(callback) || !isCallback(error)) {
      const text = `invalid ipc message: cmd must be a text, callback and error numbers of callbacks; an argument of these names replaces them`;
      if (isCallback(error)) runCallback(error, text);
      return console.error(text);
    }
    answer(call(message), callback, error);
  }

  /** Tauri: without callbacks the message is the whole of it. @param {any} cmd @param {any} [args] */
  const invokeDirectly = (cmd, args = {}) => call(typeof cmd === 'object' ? cmd : { cmd, ...args }).then(resultOf, (/** @type {any} */ reason) => Promise.reject(reasonOf(reason)));

  /** @param {((value: any) => unknown) | undefined} callback */
  function transformCallback(callback, once = false) {
    const id = crypto.getRandomValues(new Uint32Array(1))[0];
    const name = `_${id}`;
    const value = (/** @type {any} */ result) => {
      if (once) Reflect.deleteProperty(window, name);
      return callback && callback(result);
    };
    Object.defineProperty(window, name, { value, writable: false, configurable: true });
    return id;
  }

  // The bundle of `build.withGlobalTauri` adds the modules.
  const api = { transformCallback, convertFileSrc };
  /** @type {[string, unknown][]} */
  const globals = [
    ['__TAURI__', api],
    ['__TAURI_INVOKE__', invokeDirectly],
    ['__TAURI_POST_MESSAGE__', ipc],
    ['__TAURI_IPC__', ipc],
    ['__TAURI_METADATA__', metadata],
  ];
  // Tests of front ends replace them, as the `mocks` of the package do.
  for (const [name, value] of globals) Object.defineProperty(window, name, { value, writable: true, configurable: true });
})();
