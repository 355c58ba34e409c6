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

  const label = { label: settings.label };
  /** @type {[string, unknown][]} */
  const members = [
    ['invoke', transom.link.invoke],
    ['transformCallback', transformCallback],
    ['unregisterCallback', unregisterCallback],
    ['runCallback', runCallback],
    ['callbacks', callbacks],
    ['convertFileSrc', convertFileSrc],
    ['ipc', ipc],
    ['postMessage', ipc],
    ['metadata', Object.freeze({ currentWindow: Object.freeze({ ...label }), currentWebview: Object.freeze({ windowLabel: settings.label, ...label }) })],
    ['plugins', { path: { sep: settings.pathSeparator, delimiter: settings.pathDelimiter } }],
  ];
  const internals = {};
  for (const [name, value] of members) Object.defineProperty(internals, name, { value, enumerable: true });

  Object.defineProperty(window, '__TAURI_INTERNALS__', { value: internals });
  Object.defineProperty(window, '__TAURI_PATTERN__', { value: Object.freeze({ pattern: 'brownfield' }) });
  Object.defineProperty(window, 'isTauri', { value: true });
})();
