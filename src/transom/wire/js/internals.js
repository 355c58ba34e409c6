// What the npm package `@tauri-apps/api` 2.x finds in the page.
(() => {
  const { callbacks, transformCallback, runCallback, unregisterCallback } = transom.callbacks;
  const { settings } = transom;

  /** @param {string} path */
  function convertFileSrc(path, protocol = 'asset') {
    return `${transom.protocolBase(protocol)}${encodeURIComponent(path)}`;
  }

  /** The message form under `invoke`, answered through callbacks. @param {transom.IpcMessage} message */
  function ipc({ cmd, callback, error, payload, options }) {
    transom.link.invoke(cmd, payload, options).then(
      (value) => runCallback(callback, value),
      (reason) => runCallback(error, reason),
    );
  }

  /**
   * A call by the function that a script of the application set in place of the link (Tauri: `Builder.invoke_system`).
   * @param {string} cmd @param {unknown} [payload] @param {transom.InvokeOptions} [options]
   */
  function invokeByMessage(cmd, payload = {}, options) {
    return new Promise((resolve, reject) => {
      const { postMessage } = /** @type {any} */ (window).__TAURI_INTERNALS__;
      if (typeof postMessage !== 'function')
        throw new TypeError('the script given to Builder.invoke_system has set no function window.__TAURI_INTERNALS__.postMessage');
      const callback = transformCallback((value) => (callbacks.delete(error), resolve(value)), true);
      const error = transformCallback((reason) => (callbacks.delete(callback), reject(reason)), true);
      postMessage({ cmd, callback, error, payload, options, __TAURI_INVOKE_KEY__: settings.invokeKey });
    });
  }

  const byMessage = typeof settings.invokeKey === 'string';
  /** @type {[string, unknown][]} */
  const members = [
    ['invoke', byMessage ? invokeByMessage : transom.link.invoke],
    ['transformCallback', transformCallback],
    ['unregisterCallback', unregisterCallback],
    ['runCallback', runCallback],
    ['callbacks', callbacks],
    ['convertFileSrc', convertFileSrc],
    ['ipc', ipc],
    ['metadata', Object.freeze({ currentWindow: Object.freeze({ label: settings.window }), currentWebview: Object.freeze({ windowLabel: settings.window, label: settings.label }) })],
    ['plugins', { path: { sep: settings.pathSeparator, delimiter: settings.pathDelimiter } }],
  ];
  const internals = {};
  for (const [name, value] of members) Object.defineProperty(internals, name, { value, enumerable: true });
  Object.defineProperty(internals, 'postMessage', { value: byMessage ? undefined : ipc, enumerable: true, writable: byMessage, configurable: byMessage });

  // 2.x has the pattern in the internals, 1.x on the window.
  const pattern = { value: Object.freeze(settings.isolation ? { pattern: 'isolation', side: 'original' } : { pattern: 'brownfield' }) };
  Object.defineProperty(internals, '__TAURI_PATTERN__', pattern);

  Object.defineProperty(window, '__TAURI_INTERNALS__', { value: internals });
  Object.defineProperty(window, '__TAURI_PATTERN__', pattern);
  Object.defineProperty(window, 'isTauri', { value: true });
})();
