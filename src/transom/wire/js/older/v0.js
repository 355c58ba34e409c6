// What the npm package `tauri` 0.1.9 to 0.15.0 finds in the page: one handler for messages with a `cmd`, and callbacks by name.
(() => {
  const { older } = transom;
  if (older.generation !== '0.x') return;
  const { invoke } = transom.link;
  const { modules, resultOf, runCallback, manage } = older;
  const { Cli, Dialog, Event, Fs, Http, Notification, Path, Shell } = modules;

  /** @param {string | undefined} filter extensions with a comma or semicolon between them */
  const filtersOf = (filter) => (filter ? [{ name: filter, extensions: filter.split(/[,;]/).map((part) => part.trim()) }] : undefined);
  /** @param {any} options */
  const dialog = ({ filter, ...options } = /** @type {any} */ ({})) => ({ options: { ...options, filters: filtersOf(filter) } });
  /** @param {any} body @param {number | undefined} type 1 form, 2 file, 3 whatever it is */
  async function bodyOf(body, type) {
    if (body === undefined || body === null) return undefined;
    if (type === 1) return { type: 'Form', payload: body };
    if (type === 2) return { type: 'Bytes', payload: await Fs.readFile({ path: body }) };
    if (typeof body === 'string') return { type: 'Text', payload: body };
    return Array.isArray(body) ? { type: 'Bytes', payload: body } : { type: 'Json', payload: body };
  }

  /** @param {any} message */
  async function httpRequest({ options: { body, bodyType, params, followRedirects, maxRedirections, connectTimeout, responseType = 1, ...options } }) {
    const client = await Http.createClient({ options: { maxRedirections: followRedirects === false ? 0 : maxRedirections, connectTimeout } });
    try {
      const request = { method: options.method, url: options.url, headers: options.headers, query: params, body: await bodyOf(body, bodyType), timeout: options.timeout, responseType };
      return (await Http.httpRequest({ client, options: request })).data;
    } finally {
      Http.dropClient({ client });
    }
  }

  /** @param {any} message */
  async function execute({ command, args }) {
    const { code, stdout, stderr } = await Shell.executeAndReturn({ program: command, args: typeof args === 'string' ? [args] : args, options: {} });
    if (code !== 0) throw stderr;
    return stdout;
  }

  /** @param {any} message */
  async function loadAsset({ asset, assetType }) {
    const response = await fetch(asset);
    if (!response.ok) throw `the asset ${asset} cannot be loaded: ${response.status}`;
    if (assetType !== 'image') throw `the asset ${asset} is of the type ${assetType}; the page loads scripts and styles by their elements`;
    const reader = new FileReader();
    const read = new Promise((resolve, reject) => Object.assign(reader, { onload: () => resolve(reader.result), onerror: () => reject(reader.error) }));
    reader.readAsDataURL(await response.blob());
    return read;
  }

  /** @param {any} message */
  function listen({ event, handler, once }) {
    let heard = false;
    return older.listenHere(event, (/** @type {any} */ { payload, id }) => {
      if (once && heard) return;
      heard = true;
      runCallback(handler, { type: event, payload });
      if (once) Event.unlisten({ eventId: id }).catch(() => {});
    });
  }

  // What Python emitted before somebody listened, by event: the first listener gets it. `v0/event.py` sends it.
  const MOST_KEPT = 1000;
  /** @type {Map<string, any[]>} */
  const kept = new Map();
  older.listenHere('tauri://kept', (/** @type {any} */ { payload: { event, payload } }) => {
    const waiting = kept.get(event) ?? [];
    kept.set(event, waiting);
    if (waiting.push(payload) > MOST_KEPT) waiting.shift();
  });
  older.began = (/** @type {string} */ event) => {
    const waiting = kept.get(event) ?? [];
    kept.delete(event);
    for (const payload of waiting) older.deliverHere(event, payload);
  };

  /** The document of `splashscreen_html` names the page that comes after it; else the splash screen is a window. */
  async function closeSplashscreen() {
    const next = document.querySelector('meta[name="tauri-content"]')?.getAttribute('content');
    if (next) location.replace(new URL(next, location.href));
    else await Promise.all([manage.close({ label: 'splashscreen' }), manage.show({ label: 'main' })]);
    return null;
  }

  /** By `cmd`: Tauri's own commands. Each is what it became in 1.x. */
  /** @type {Record<string, (message: any) => any>} */
  const COMMANDS = {
    __initialized: () => null,
    init: () => null,
    closeSplashscreen,
    cliMatches: Cli.cliMatches,
    openDialog: ({ options }) => Dialog.openDialog(dialog(options)),
    saveDialog: ({ options }) => Dialog.saveDialog(dialog(options)),
    messageDialog: Dialog.messageDialog,
    askDialog: ({ message, title }) => Dialog.askDialog({ message, title, buttonLabels: ['Yes', 'No'] }),
    listen,
    emit: ({ event, payload }) => Event.emit({ event, payload }),
    validateSalt: () => Promise.reject('Invalid salt'),
    readTextFile: Fs.readTextFile,
    readBinaryFile: Fs.readFile,
    writeFile: Fs.writeFile,
    writeBinaryFile: ({ contents, ...message }) => Fs.writeFile({ ...message, contents: Uint8Array.from(atob(contents), (character) => character.charCodeAt(0)) }),
    readDir: Fs.readDir,
    createDir: Fs.createDir,
    removeDir: Fs.removeDir,
    copyFile: Fs.copyFile,
    removeFile: Fs.removeFile,
    renameFile: Fs.renameFile,
    httpRequest,
    isNotificationPermissionGranted: Notification.isNotificationPermissionGranted,
    requestNotificationPermission: Notification.requestNotificationPermission,
    notification: Notification.notification,
    resolvePath: Path.resolvePath,
    execute,
    setTitle: ({ title }) => manage.setTitle({ payload: title }),
    open: ({ uri }) => Shell.open({ path: uri }),
    loadAsset,
  };

  /** @param {any} reason @param {string} command */
  function reasonOf(reason, command) {
    const text = older.reasonOf(reason, command);
    // The sentence of 0.x; what is behind it is the reason.
    return typeof text === 'string' && text.startsWith(`'${command}' not in`) ? `${command}' not on the allowlist (https://tauri.studio/docs/api/config#tauri.allowlist): ${reason}` : text;
  }

  /** @param {any} value */
  function written(value) {
    try {
      return JSON.stringify(value);
    } catch {
      return 'a message that JSON cannot hold';
    }
  }

  /** Send a message; it is answered if it names two callbacks. @param {any} message */
  async function handle(message) {
    const { cmd, callback, error, ...payload } = message ?? {};
    const known = typeof cmd === 'string' && Object.prototype.hasOwnProperty.call(COMMANDS, cmd);
    /** @type {Record<string, string>} */
    const headers = {};
    // For a handler that takes the whole message; a command of 2.x does not see them.
    if (typeof callback === 'string' && typeof error === 'string') Object.assign(headers, { 'tauri-callback': callback, 'tauri-error': error });
    try {
      if (typeof cmd !== 'string') throw 'the message has no cmd, which must be a text';
      const value = await (known ? COMMANDS[cmd](payload) : invoke(cmd, payload, { headers }));
      if (callback !== undefined) runCallback(callback, resultOf(value));
    } catch (reason) {
      const text = reasonOf(reason, typeof cmd === 'string' ? cmd : '');
      if (error !== undefined) runCallback(error, text);
      else console.error(`failed to match a command for ${written(message)}, ${typeof text === 'string' ? text : written(text)}`);
    }
  }

  const group = (/** @type {number} */ bytes) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('');

  /** @param {((value: any) => unknown) | undefined} callback */
  function transformCallback(callback, once = false) {
    const name = [4, 2, 2, 2, 6].map(group).join('-');
    const value = (/** @type {any} */ result) => {
      if (once) Reflect.deleteProperty(window, name);
      return callback && callback(result);
    };
    Object.defineProperty(window, name, { value, writable: false, configurable: true });
    return name;
  }

  /** @param {any} args @returns {Promise<any>} */
  function promisified(args) {
    return new Promise((resolve, reject) => {
      const callback = transformCallback((value) => (Reflect.deleteProperty(window, error), resolve(value)), true);
      const error = transformCallback((reason) => (Reflect.deleteProperty(window, callback), reject(reason)), true);
      current({ callback, error, ...args });
    });
  }

  const send = (/** @type {any} */ message) => void handle(message);
  // Tests of front ends replace the handler.
  const current = (/** @type {any} */ message) => /** @type {any} */ (window).__TAURI_INVOKE_HANDLER__(message);
  /** @param {string} text the message, or that of the bind of 0.10 */
  function external(text) {
    const message = JSON.parse(text);
    send(message?.method === '__TAURI_INVOKE_HANDLER__' ? message.params?.[0] : message);
  }
  const loads = (/** @type {string} */ asset, assetType = 'unknown') => promisified({ cmd: 'loadAsset', asset, assetType });
  const api = { transformCallback, promisified, loadAsset: loads, invoke: current };

  // Until 0.7 the package is nothing but the functions of this global.
  const P = (/** @type {string} */ cmd, /** @type {string[]} */ ...names) => (/** @type {any[]} */ ...args) => promisified(Object.assign({ cmd }, ...names.map((name, at) => ({ [name]: args[at] }))));
  const file = (/** @type {any} */ { path, contents }) => ({ path, contents });
  const Dir = Object.fromEntries('Audio Cache Config Data LocalData Desktop Document Download Executable Font Home Picture Public Runtime Template Video Resource App'.split(' ').flatMap((name, at) => [[name, at + 1], [at + 1, name]]));
  const tauri = {
    ...api,
    Dir,
    listen: (/** @type {string} */ event, /** @type {(event: any) => void} */ handler, once = false) => send({ cmd: 'listen', event, handler: transformCallback(handler, once), once }),
    emit: (/** @type {string} */ event, /** @type {any} */ payload) => send({ cmd: 'emit', event, payload }),
    readTextFile: P('readTextFile', 'path', 'options'),
    readBinaryFile: P('readBinaryFile', 'path', 'options'),
    writeFile: (/** @type {any} */ given, /** @type {any} */ options) => promisified({ cmd: 'writeFile', ...file(given), options }),
    readDir: P('readDir', 'path', 'options'),
    createDir: P('createDir', 'path', 'options'),
    removeDir: P('removeDir', 'path', 'options'),
    copyFile: P('copyFile', 'source', 'destination', 'options'),
    removeFile: P('removeFile', 'path', 'options'),
    renameFile: P('renameFile', 'oldPath', 'newPath', 'options'),
    setTitle: (/** @type {string} */ title) => send({ cmd: 'setTitle', title }),
    open: (/** @type {string} */ uri) => send({ cmd: 'open', uri }),
    execute: P('execute', 'command', 'args'),
    openDialog: P('openDialog', 'options'),
    saveDialog: P('saveDialog', 'options'),
    httpRequest: P('httpRequest', 'options'),
    isNotificationPermissionGranted: P('isNotificationPermissionGranted'),
    requestNotificationPermission: P('requestNotificationPermission'),
    cliMatches: P('cliMatches'),
    // Of 0.1 alone: messages for the application's own handler.
    bridge: (/** @type {string} */ command, /** @type {any} */ payload) => promisified({ cmd: 'bridge', command, payload: payload && typeof payload === 'object' ? [payload] : payload }),
    listFiles: P('listFiles', 'path'),
    listDirs: P('listDirs', 'path'),
  };

  older.directories = Dir;
  /** @type {[string, unknown][]} */
  const globals = [
    ['__TAURI_INVOKE_HANDLER__', send],
    ['__TAURI__', api],
    ['tauri', tauri],
    ['external', { invoke: external }],
  ];
  for (const [name, value] of globals) Object.defineProperty(window, name, { value, writable: true, configurable: true });
  // The package until 0.7 waits for this call of a function that it sets.
  addEventListener('DOMContentLoaded', () => /** @type {any} */ (window).onTauriInit?.());
})();
