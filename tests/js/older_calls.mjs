// Every function of the npm package of 1.x, called once: `older_calls.mjs SCRIPT PACKAGE`. Prints, for each, the calls of 2.x that
// became of it and what it resolved or rejected with, as a JSON text a line. The back end answers what `ANSWERS` says, else null.
import { readFile } from 'node:fs/promises';

const [script, folder] = process.argv.slice(2);
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const bytes = (...numbers) => Uint8Array.from(numbers).buffer;
let calls = [];
let sentPart = false;

const ANSWERS = {
  'plugin:app|version': '1.2.3',
  'plugin:dialog|message': 'Ok',
  'plugin:notification|request_permission': 'prompt',
  'plugin:notification|is_permission_granted': true,
  'plugin:dialog|ask': true,
  'plugin:os|platform': 'macos',
  'plugin:os|os_type': 'windows',
  'plugin:window|inner_size': { width: 2, height: 3 },
  'plugin:window|outer_size': { width: 4, height: 5 },
  'plugin:window|inner_position': { x: 2, y: 3 },
  'plugin:window|outer_position': { x: 4, y: 5 },
  'plugin:window|current_monitor': { name: 'a', size: { width: 1, height: 1 }, position: { x: 0, y: 0 }, scaleFactor: 2, workArea: {} },
  'plugin:window|available_monitors': [],
  'plugin:window|get_all_windows': ['main', 'made later'],
  'plugin:path|resolve_directory': '/base',
  'plugin:fs|read_text_file': Array.from(new TextEncoder().encode('tëxt')),
  'plugin:fs|read_file': [1, 2],
  'plugin:fs|read_dir': [{ name: 'file', isDirectory: false }],
  'plugin:http|fetch': 5,
  'plugin:http|fetch_send': { status: 200, statusText: 'OK', url: 'http://localhost/?a=1', headers: [['a', '1'], ['a', '2']], rid: 6 },
  'plugin:shell|spawn': 77,
  'plugin:store|load': 8,
  'plugin:store|get': [1, true],
  'plugin:shell|execute': { code: 0, signal: null, stdout: 'out', stderr: '' },
  'plugin:updater|check': { rid: 9, version: '2.0.0', date: 'today', body: 'news', currentVersion: '1.0.0' },
};

globalThis.window = globalThis;
// Node.js has one of its own since version 21.
Object.defineProperty(globalThis, 'navigator', { value: { appVersion: '5.0 (X11)', userAgent: 'Node.js' }, configurable: true });
globalThis.reportError = (error) => console.error(error);
globalThis.addEventListener = () => {};

const answer = (id, value) => globalThis.__transomMock.receive(JSON.stringify([[0, id, value]]), new ArrayBuffer(0));

const deliver = (channel, messages) =>
  globalThis.__transomMock.receive(JSON.stringify(messages.map((message, index) => [2, Number(channel.split(':')[1]), index, message])), bytes());

async function take(frame) {
  const text = typeof frame === 'string' ? frame : new TextDecoder().decode(frame.slice(8, 8 + new DataView(frame.buffer).getUint32(4, true)));
  for (const [kind, id, command, payload, headers, spans] of JSON.parse(text)) {
    if (kind !== 0) continue;
    calls.push([command, spans?.length ? `${spans[0][4]} raw bytes` : payload, ...(headers ? [headers] : [])]);
    await settled();
    if (command === 'plugin:event|listen') globalThis.__transomMock.receive(JSON.stringify([[5, 100 + calls.length, payload.handler]]), bytes());
    // A body has two parts: bytes with a 0 behind them, and the end.
    if (command === 'plugin:http|fetch_read_body') {
      sentPart = !sentPart;
      answer(id, sentPart ? [123, 125, 0] : [1]);
    } else answer(id, command === 'plugin:event|listen' ? 100 + calls.length : (ANSWERS[command] ?? null));
  }
}

globalThis.__transomMock = { send: (frame) => void take(frame) };
(0, eval)(await readFile(script, 'utf8'));
await settled();
await settled();
calls = [];

const load = (name) => import(`${folder}/${name}.js`);
const { invoke } = await load('tauri');
const { listen } = await load('event');
const [app, cli, clipboard, dialog, fs, globalShortcut, http, notification, os, path, proc, shell, updater, win] = await Promise.all(
  ['app', 'cli', 'clipboard', 'dialog', 'fs', 'globalShortcut', 'http', 'notification', 'os', 'path', 'process', 'shell', 'updater', 'window'].map(load),
);
const { appWindow, WebviewWindow, LogicalSize, PhysicalPosition, UserAttentionType } = win;
const { BaseDirectory: Dir } = fs;
const other = new WebviewWindow('other', { skip: true });
const command = new shell.Command('ls', ['-l'], { cwd: '/' });
const child = new shell.Child(77);
const client = await http.getClient({ maxRedirections: 3, connectTimeout: 2 });

const WINDOW = ['scaleFactor', 'innerPosition', 'outerPosition', 'innerSize', 'outerSize', 'isFullscreen', 'isMinimized', 'isMaximized', 'isFocused', 'isDecorated', 'isResizable', 'isMaximizable', 'isMinimizable', 'isClosable', 'isVisible', 'title', 'theme', 'center', 'maximize', 'unmaximize', 'toggleMaximize', 'minimize', 'unminimize', 'show', 'hide', 'close', 'setFocus', 'startDragging'];
const FLAGS = ['setResizable', 'setMaximizable', 'setMinimizable', 'setClosable', 'setDecorations', 'setAlwaysOnTop', 'setContentProtected', 'setFullscreen', 'setSkipTaskbar', 'setCursorGrab', 'setCursorVisible', 'setIgnoreCursorEvents'];
const DIRECTORIES = Object.keys(path).filter((name) => /Dir$/.test(name));

const functions = {
  'app.getVersion': () => app.getVersion(),
  'app.getName': () => app.getName(),
  'app.getTauriVersion': () => app.getTauriVersion(),
  'app.show': () => app.show(),
  'app.hide': () => app.hide(),
  'cli.getMatches': () => cli.getMatches(),
  'clipboard.writeText': () => clipboard.writeText('text'),
  'clipboard.readText': () => clipboard.readText(),
  'dialog.open': () => dialog.open({ multiple: true, filters: [{ name: 'Image', extensions: ['png'] }] }),
  'dialog.save': () => dialog.save(),
  'dialog.message': () => dialog.message('m', { title: 't', type: 'warning', okLabel: 'Fine' }),
  'dialog.message, plain': () => dialog.message('m'),
  'dialog.ask': () => dialog.ask('m', { title: 't', type: 'info' }),
  'dialog.confirm': () => dialog.confirm('m', { okLabel: 'Go', cancelLabel: 'Stay' }),
  'fs.readTextFile': () => fs.readTextFile('a.txt', { dir: Dir.AppData }),
  'fs.readBinaryFile': () => fs.readBinaryFile('a.bin'),
  'fs.writeTextFile': () => fs.writeTextFile('ü.txt', 'contents', { dir: Dir.Home, append: true }),
  'fs.writeBinaryFile': () => fs.writeBinaryFile('a.bin', new Uint8Array([1, 2, 3])),
  'fs.readDir': () => fs.readDir('sub', { dir: Dir.Desktop }),
  'fs.createDir': () => fs.createDir('sub', { dir: Dir.App, recursive: true }),
  'fs.removeDir': () => fs.removeDir('sub', { recursive: true }),
  'fs.copyFile': () => fs.copyFile('a', 'b', { dir: Dir.Log }),
  'fs.removeFile': () => fs.removeFile('a'),
  'fs.renameFile': () => fs.renameFile('a', 'b', { dir: Dir.Temp }),
  'fs.exists': () => fs.exists('a', { dir: Dir.Resource }),
  'fs.exists, no such directory': () => fs.exists('a', { dir: 26 }),
  'globalShortcut.register': () => globalShortcut.register('F1', () => {}),
  'globalShortcut.register, pressed': async () => {
    const heard = [];
    await globalShortcut.register('F3', (keys) => heard.push(keys));
    deliver(calls[0][1].handler, [{ shortcut: 'F3', id: 1, state: 'Pressed' }, { shortcut: 'F3', id: 1, state: 'Released' }]);
    return heard;
  },
  'globalShortcut.registerAll': () => globalShortcut.registerAll(['F1', 'F2'], () => {}),
  'globalShortcut.isRegistered': () => globalShortcut.isRegistered('F1'),
  'globalShortcut.unregister': () => globalShortcut.unregister('F1'),
  'globalShortcut.unregisterAll': () => globalShortcut.unregisterAll(),
  'http.fetch': () => http.fetch('http://localhost/', { method: 'GET', query: { a: '1' }, timeout: 30 }),
  'http.get, binary': () => client.get('http://localhost/', { responseType: http.ResponseType.Binary }),
  'http.post, JSON': () => client.post('http://localhost/', http.Body.json({ a: 1 })),
  'http.post, form': () => client.post('http://localhost/', http.Body.form({ a: '1 2' })),
  'http.post, text': () => client.post('http://localhost/', http.Body.text('x')),
  'http.post, bytes': () => client.post('http://localhost/', http.Body.bytes(new Uint8Array([7]))),
  'http.drop': () => client.drop().then(() => client.get('http://localhost/')),
  'notification.isPermissionGranted': () => notification.isPermissionGranted(),
  'notification.requestPermission': () => notification.requestPermission(),
  'notification.sendNotification': () => notification.sendNotification({ title: 't', body: 'b' }),
  'notification.sendNotification, text': () => notification.sendNotification('t'),
  'os.platform': () => os.platform(),
  'os.version': () => os.version(),
  'os.type': () => os.type(),
  'os.arch': () => os.arch(),
  'os.tempdir': () => os.tempdir(),
  'os.locale': () => os.locale(),
  ...Object.fromEntries(DIRECTORIES.map((name) => [`path.${name}`, () => path[name]()])),
  'path.resolveResource': () => path.resolveResource('icon.png'),
  'path.resolve': () => path.resolve('a', '..', 'b'),
  'path.normalize': () => path.normalize('a/../b'),
  'path.join': () => path.join('a', 'b'),
  'path.dirname': () => path.dirname('/a/b'),
  'path.extname': () => path.extname('/a.b'),
  'path.basename': () => path.basename('/a.b', '.b'),
  'path.isAbsolute': () => path.isAbsolute('/a'),
  'process.exit': () => proc.exit(3),
  'process.relaunch': () => proc.relaunch(),
  'shell.open': () => shell.open('https://example.org', 'firefox'),
  'shell.Command.execute': () => command.execute(),
  'shell.Command.spawn': () => command.spawn(),
  'shell.Command.spawn, output': async () => {
    const heard = [];
    const running = new shell.Command('ls');
    running.stdout.on('data', (line) => heard.push(line));
    running.on('close', ({ code }) => heard.push(code));
    await running.spawn();
    deliver(calls[0][1].onEvent, [{ event: 'Stdout', payload: 'line' }, { event: 'Terminated', payload: { code: 0, signal: null } }]);
    return heard;
  },
  'shell.Child.write': () => child.write('line'),
  'shell.Child.kill': () => child.kill(),
  'updater.checkUpdate': () => updater.checkUpdate(),
  'updater.installUpdate': () => updater.installUpdate(),
  ...Object.fromEntries(WINDOW.map((name) => [`window.${name}`, () => appWindow[name]()])),
  ...Object.fromEntries(FLAGS.map((name) => [`window.${name}`, () => appWindow[name](true)])),
  'window.show of another': () => other.show(),
  'window.setTitle': () => other.setTitle('title'),
  'window.requestUserAttention': () => appWindow.requestUserAttention(UserAttentionType.Critical),
  'window.requestUserAttention, none': () => appWindow.requestUserAttention(null),
  'window.setSize': () => appWindow.setSize(new LogicalSize(1, 2)),
  'window.setMinSize': () => appWindow.setMinSize(new LogicalSize(1, 2)),
  'window.setMaxSize, none': () => appWindow.setMaxSize(null),
  'window.setPosition': () => appWindow.setPosition(new PhysicalPosition(1, 2)),
  'window.setIcon': () => appWindow.setIcon('icon.png'),
  'window.setIcon, bytes': () => appWindow.setIcon(new Uint8Array([1])),
  'window.setCursorIcon': () => appWindow.setCursorIcon('crosshair'),
  'window.setCursorPosition': () => appWindow.setCursorPosition(new PhysicalPosition(1, 2)),
  'window.currentMonitor': () => win.currentMonitor(),
  'window.primaryMonitor': () => win.primaryMonitor(),
  'window.availableMonitors': () => win.availableMonitors(),
  ...Object.fromEntries(
    // As the guest package of 1.x calls its plugin.
    Object.entries({ load: {}, set: { key: 'a', value: 1 }, get: { key: 'a' }, has: { key: 'a' }, entries: {}, save: {} }).map(([name, args]) => [
      `store.${name}`,
      () => invoke(`plugin:store|${name}`, { path: 'a.json', ...args }),
    ]),
  ),
  'store.load, again': () => invoke('plugin:store|load', { path: 'a.json' }),
  'store.get of 2.x': () => invoke('plugin:store|get', { rid: 3, key: 'a' }),
  'store.onKeyChange': async () => {
    const heard = [];
    await listen('store://change', ({ payload }) => heard.push(payload.path));
    globalThis.__transomMock.receive(JSON.stringify([[4, 'store://change', { path: '/data/a.json', resourceId: 8, key: 'a', value: 1 }, [[101, 0]]]]), bytes());
    return heard;
  },
  'window.new WebviewWindow': () => new Promise((resolve, reject) => {
    const made = new WebviewWindow('made', { url: 'made.html', width: 5, fileDropEnabled: false });
    made.once('tauri://created', () => resolve(WebviewWindow.getByLabel('made').label));
    made.once('tauri://error', ({ payload }) => reject(payload));
  }),
  'window.getAll': async () => win.getAll().map(({ label }) => label),
};

// What the package sends: `Module.message`, and the types of `manage`.
const sent = new Set();
const send = globalThis.__TAURI_IPC__;
globalThis.__TAURI_IPC__ = (message) => {
  const { __tauriModule: module, message: inner } = message;
  if (module) sent.add(inner.cmd === 'manage' ? `Window.manage ${inner.data.cmd.type}` : `${module}.${inner.cmd}`);
  send(message);
};

const plain = (value) => JSON.parse(JSON.stringify(value, (_, item) => (item instanceof Uint8Array ? [...item] : item)) ?? 'null');
for (const [name, call] of Object.entries(functions)) {
  calls = [];
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), 5000).unref());
  const outcome = await Promise.race([Promise.resolve().then(call), late]).then((value) => ({ value }), (error) => ({ error: error instanceof Error ? error.message : error }));
  await settled();
  console.log(JSON.stringify({ name, calls, ...plain(outcome) }));
}

// What is accepted, from the texts that refuse all else.
const known = async (message) => [...String(await globalThis.__TAURI_INVOKE__('tauri', message).catch((reason) => reason)).matchAll(/`([^`]+)`/g)].slice(1).map(([, name]) => name);
const accepted = [];
for (const module of await known({ __tauriModule: 'X', message: {} }))
  for (const name of await known({ __tauriModule: module, message: { cmd: 'X' } })) accepted.push(`${module}.${name}`);
for (const type of await known({ __tauriModule: 'Window', message: { cmd: 'manage', data: { cmd: { type: 'X' } } } })) accepted.push(`Window.manage ${type}`);
console.log(JSON.stringify({ sent: [...sent].sort(), accepted: accepted.filter((name) => name !== 'Window.manage').sort() }));
process.exit(0);
