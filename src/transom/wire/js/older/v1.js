// What `@tauri-apps/api` 1.0.0 to 1.6.0, and front ends of 1.x without the package, find in the page.
(() => {
  const { older, settings } = transom;
  if (older.generation !== '1.x') return;
  const { invoke } = transom.link;
  const { withoutBuffers, runProperty } = older;
  const { convertFileSrc } = /** @type {any} */ (window).__TAURI_INTERNALS__;
  // What `acl/_explain.py` writes, in development and release.
  const REFUSED = /^(Command \S+ not allowed by ACL|\S+ (explicitly denied on|not allowed on|not allowed\.))/;
  const isCallback = (/** @type {unknown} */ id) => typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < 2 ** 32;

  /**
   * A reason as 1.x writes it: front ends match on these sentences.
   * @param {any} reason @param {string} [api] what the allowlist of 1.x calls it
   */
  function reasonOf(reason, api) {
    if (typeof reason !== 'string') return reason instanceof Error ? String(reason.message) : withoutBuffers(reason);
    if (/^Command \S+ not found/.test(reason)) return `c${reason.slice(1)}`;
    if (api && REFUSED.test(reason)) return `'${api}' not in the allowlist (https://tauri.app/docs/api/config#tauri.allowlist): ${reason}`;
    return reason;
  }

  /** Call a function of 1.x's own modules. @param {any} payload @returns {Promise<any>} */
  async function callModule({ __tauriModule: name, message }) {
    const module = Object.prototype.hasOwnProperty.call(older.modules, name) ? older.modules[name] : undefined;
    if (!module) throw `unknown variant \`${name}\`, expected one of ${Object.keys(older.modules).map((known) => `\`${known}\``).join(', ')}`;
    const command = message?.cmd;
    const row = typeof command === 'string' && Object.prototype.hasOwnProperty.call(module, command) ? module[command] : undefined;
    if (!row) throw `unknown variant \`${command}\`, expected one of ${Object.keys(module).map((known) => `\`${known}\``).join(', ')}`;
    try {
      return await row(message);
    } catch (reason) {
      throw reasonOf(reason, row.api ?? `${name[0].toLowerCase()}${name.slice(1)} > ${command}`);
    }
  }

  /** @param {any} message @returns {Promise<any>} */
  function call({ cmd, callback: _1, error: _2, __TAURI_INVOKE_KEY__: _3, ...payload }) {
    if (payload.__tauriModule !== undefined) return callModule(payload);
    return invoke(cmd, payload).catch((reason) => {
      throw reasonOf(reason);
    });
  }

  /** A message is answered through two callbacks, which are properties of the window called `_<number>`. @param {any} message */
  function ipc(message) {
    const { cmd, callback, error } = message ?? {};
    if (cmd === '__initialized') return;
    if (typeof cmd !== 'string' || !isCallback(callback) || !isCallback(error)) {
      const text = `invalid ipc message: cmd must be a text, callback and error numbers of callbacks; an argument of these names replaces them`;
      if (isCallback(error)) runProperty(`_${error}`, text);
      return console.error(text);
    }
    call(message).then(
      (value) => runProperty(`_${callback}`, withoutBuffers(value)),
      (reason) => runProperty(`_${error}`, reason),
    );
  }

  /** Tauri: without callbacks the message is the whole of it. @param {any} cmd @param {any} [args] */
  const invokeDirectly = (cmd, args = {}) => call(typeof cmd === 'object' ? cmd : { cmd, ...args }).then(withoutBuffers);

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

  const metadata = { __windows: older.windows.map((label) => ({ label })), __currentWindow: { label: settings.label } };
  if (!older.windows.includes(settings.label)) metadata.__windows.push({ label: settings.label });

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
  Object.assign(older, { metadata, reasonOf });
})();
