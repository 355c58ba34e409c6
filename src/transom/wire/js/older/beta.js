// What `@tauri-apps/api` 1.0.0-beta.0 to beta.8 finds in the page: a call that is a JSON-RPC notification, and callbacks by name.
(() => {
  const { older } = transom;
  if (older.generation !== '1.0-beta') return;
  const { invoke } = transom.link;
  const { answer, callModule, metadata, modules, runCallback } = older;
  const { convertFileSrc } = /** @type {any} */ (window).__TAURI_INTERNALS__;

  // What the betas have under other names. Until beta.4 each operation of a window is a message of its own.
  const { Fs, Os, Path, Window } = modules;
  /** @param {string} base64 */
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  Object.assign(Fs, {
    readBinaryFile: Fs.readFile,
    writeBinaryFile: Object.assign((/** @type {any} */ { contents, ...message }) => Fs.writeFile({ ...message, contents: bytesOf(contents) }), { api: 'fs > writeBinaryFile' }),
    resolvePath: Path.resolvePath,
  });
  Os.type = Os.osType;
  for (const [type, row] of Object.entries(older.manage)) {
    const { api } = /** @type {any} */ (row);
    Window[type] ??= Object.assign((/** @type {any} */ { data }) => older.manage[type]({ payload: data }), { api });
  }

  /** @param {string} command @param {any} given */
  function notify(command, given) {
    const { callback, error, ...payload } = given ?? {};
    delete payload.__invokeKey;
    delete payload.mainThread;
    if (typeof command !== 'string' || typeof callback !== 'string' || typeof error !== 'string') {
      const text = 'invalid rpc message: the method, callback and error must be texts; an argument called callback or error replaces them';
      if (typeof error === 'string') runCallback(error, text);
      return console.error(text);
    }
    const called = payload.__tauriModule !== undefined ? callModule(payload) : invoke(command, payload);
    answer(called, callback, error);
  }

  /** @param {((value: any) => unknown) | undefined} callback */
  function transformCallback(callback, once = false) {
    const name = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => String(byte).padStart(3, '0')).join('');
    const value = (/** @type {any} */ result) => {
      if (once) Reflect.deleteProperty(window, name);
      return callback && callback(result);
    };
    Object.defineProperty(window, name, { value, writable: false, configurable: true });
    return name;
  }

  const api = { transformCallback, convertFileSrc };
  Object.defineProperty(api, '__windows', { get: () => metadata.__windows, enumerable: true });
  Object.defineProperty(api, '__currentWindow', { get: () => metadata.__currentWindow, enumerable: true });
  /** @type {[string, unknown][]} */
  const globals = [
    ['rpc', { notify }],
    ['__TAURI__', api],
    // The package sends it back; what keeps strangers out is the key of the link.
    ['__TAURI_INVOKE_KEY__', 0],
  ];
  for (const [name, value] of globals) Object.defineProperty(window, name, { value, writable: true, configurable: true });
})();
