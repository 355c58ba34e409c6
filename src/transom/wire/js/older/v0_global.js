// The modules of `window.__TAURI__` in 0.x (its `build.withGlobalTauri`): the functions of the package `tauri` 0.15.
(() => {
  const { older } = transom;
  if (older.generation !== '0.x') return;
  const api = /** @type {any} */ (window).__TAURI__;
  const { invoke, promisified, transformCallback } = api;

  /** @typedef {any} Any */
  const BaseDirectory = older.directories;
  const enumOf = (/** @type {string[]} */ names) => Object.fromEntries(names.flatMap((name, at) => [[name, at + 1], [at + 1, name]]));
  /** A function that sends its arguments under these names. @param {string} cmd @param {string[]} names */
  const sends = (cmd, ...names) => (/** @type {Any[]} */ ...args) => promisified(Object.assign({ cmd }, ...names.map((name, at) => ({ [name]: args[at] }))));
  /** The same, of files: what comes last are options. @param {string} cmd @param {string[]} names */
  const file = (cmd, ...names) => (/** @type {Any[]} */ ...args) => sends(cmd, ...names, 'options')(...names.map((_, at) => args[at]), args[names.length] ?? {});

  /** @param {ArrayBuffer} buffer */
  function base64(buffer) {
    let text = '';
    for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
    return btoa(text);
  }

  const fs = {
    BaseDirectory,
    Dir: BaseDirectory,
    readTextFile: file('readTextFile', 'path'),
    readBinaryFile: file('readBinaryFile', 'path'),
    writeFile: (/** @type {Any} */ { path, contents }, options = {}) => promisified({ cmd: 'writeFile', path, contents, options }),
    writeBinaryFile: (/** @type {Any} */ { path, contents }, options = {}) => promisified({ cmd: 'writeBinaryFile', path, contents: base64(contents), options }),
    readDir: file('readDir', 'path'),
    createDir: file('createDir', 'path'),
    removeDir: file('removeDir', 'path'),
    copyFile: file('copyFile', 'source', 'destination'),
    removeFile: file('removeFile', 'path'),
    renameFile: file('renameFile', 'oldPath', 'newPath'),
  };

  const FOLDERS = ['App', 'Audio', 'Cache', 'Config', 'Data', 'Desktop', 'Document', 'Download', 'Executable', 'Font', 'Home', 'LocalData', 'Picture', 'Public', 'Resource', 'Runtime', 'Template', 'Video'];
  const folder = (/** @type {string} */ name) => () => promisified({ cmd: 'resolvePath', path: '', directory: BaseDirectory[name] });
  const path = {
    ...Object.fromEntries(FOLDERS.map((name) => [`${name[0].toLowerCase()}${name.slice(1)}Dir`, folder(name)])),
    resolvePath: sends('resolvePath', 'path', 'directory'),
  };

  const request = (/** @type {Any} */ options) => promisified({ cmd: 'httpRequest', options });
  const bare = (/** @type {string} */ method) => (/** @type {string} */ url, /** @type {Any} */ options) => request({ method, url, ...options });
  const full = (/** @type {string} */ method) => (/** @type {string} */ url, /** @type {Any} */ body, /** @type {Any} */ options) => request({ method, url, body, ...options });
  const http = {
    request,
    get: bare('GET'),
    post: full('POST'),
    put: full('PUT'),
    patch: bare('PATCH'),
    delete: bare('DELETE'),
    ResponseType: enumOf(['JSON', 'Text', 'Binary']),
    BodyType: enumOf(['Form', 'File', 'Auto']),
  };

  const notification = {
    isPermissionGranted: async () => (Notification.permission === 'default' ? promisified({ cmd: 'isNotificationPermissionGranted' }) : Notification.permission === 'granted'),
    requestPermission: async () => Notification.requestPermission(),
    sendNotification: (/** @type {Any} */ options) => void (typeof options === 'string' ? new Notification(options) : new Notification(options.title, options)),
  };

  Object.assign(api, {
    cli: { getMatches: sends('cliMatches') },
    dialog: { open: (options = {}) => promisified({ cmd: 'openDialog', options }), save: (options = {}) => promisified({ cmd: 'saveDialog', options }) },
    event: {
      listen: (/** @type {string} */ event, /** @type {(event: Any) => void} */ handler, once = false) => invoke({ cmd: 'listen', event, handler: transformCallback(handler, once), once }),
      emit: (/** @type {string} */ event, /** @type {Any} */ payload) => invoke({ cmd: 'emit', event, payload }),
    },
    fs,
    path,
    http,
    process: { execute: (/** @type {string} */ command, /** @type {Any} */ args) => promisified({ cmd: 'execute', command, args: typeof args === 'string' ? [args] : args }) },
    tauri: { invoke, transformCallback, promisified },
    window: { setTitle: (/** @type {string} */ title) => invoke({ cmd: 'setTitle', title }), open: (/** @type {string} */ uri) => invoke({ cmd: 'open', uri }) },
    notification,
  });
})();
