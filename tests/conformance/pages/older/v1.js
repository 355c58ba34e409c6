// What a front end of 1.x relies on, with the npm package of its time.
/* global API_VERSION */
import { getName } from 'tauri-api/app';
import { getMatches } from 'tauri-api/cli';
import { arch, platform, type } from 'tauri-api/os';
import { Command } from 'tauri-api/shell';
import { emit, listen, once } from 'tauri-api/event';
import { BaseDirectory } from 'tauri-api/fs';
import * as path from 'tauri-api/path';
import { convertFileSrc, invoke, transformCallback } from 'tauri-api/tauri';
import { appWindow, getAll, getCurrent, WebviewWindow } from 'tauri-api/window';

import { collector, equal, ok, rejected, rejectedWith, uncaught } from '../expect.js';

const settled = () => invoke('echo');
const byAnotherWindow = (event, payload, only) => invoke('emit_as', { label: 'other', event, payload, only });
// The package of 1.0 sends every payload as text; what a listener of 1.0 gets is that text.
const sent = (value) => (API_VERSION.startsWith('1.0.') && typeof value !== 'string' ? JSON.stringify(value) : value);
const callbacks = () => Object.getOwnPropertyNames(window).filter((name) => /^_\d+$/.test(name));

export default {
  async 'a command gets its arguments and answers'() {
    equal(await invoke('greet', { name: 'World' }), "Hello, World! You've been greeted from Python!");
    equal(await invoke('add', { leftSide: 2, rightSide: 3 }), 5);
    equal(await invoke('echo', { value: { a: [1, null, 'ü'], b: { c: true } } }), { a: [1, null, 'ü'], b: { c: true } });
  },
  async 'an error rejects with its text and with its object'() {
    equal(await rejected(invoke('refuse', { reason: 'no' })), 'no');
    equal(await rejected(invoke('refuse', { reason: { code: 7 } })), { code: 7 });
  },
  async 'an unknown command rejects with the sentence of 1.x'() {
    const reason = await rejected(invoke('gret'));
    ok(reason.startsWith('command gret not found'), reason);
    await rejectedWith(invoke('plugin:nowhere|do_it'), 'nowhere');
  },
  'a missing argument is named': () => rejectedWith(invoke('greet', { nam: 'x' }), 'invalid args `name` for command `greet`: command greet missing required key name'),
  async 'bytes are lists of numbers'() {
    equal(await invoke('plain_bytes'), [0, 255]);
    equal(await invoke('nested_bytes'), { list: [[1, 2]], data: [3] });
    equal(await invoke('typed_bytes', { data: [7, 8] }), [{ python: 'bytes', hex: '0708' }]);
  },
  async 'invoke works without arguments'() {
    equal(await invoke('echo'), null);
  },
  async 'many calls at once keep their own answers'() {
    const numbers = Array.from({ length: 200 }, (_, n) => n);
    equal(await Promise.all(numbers.map((value) => invoke('slowly', { value }))), numbers);
  },
  async 'callbacks leave no properties behind'() {
    const before = callbacks().length;
    await Promise.all([invoke('greet', { name: 'x' }), rejected(invoke('refuse', { reason: 1 }))]);
    // The first release candidate removes the other callback of each pair by a wrong name.
    equal(callbacks().length, before + (API_VERSION === '1.0.0-rc.0' ? 2 : 0));
  },
  async 'a message without callbacks is refused and told'() {
    const told = [];
    const original = console.error;
    console.error = (text) => told.push(text);
    try {
      window.__TAURI_IPC__({ cmd: 'greet', name: 'x' });
      window.__TAURI_IPC__(null);
    } finally {
      console.error = original;
    }
    equal(told.length, 2);
    // An argument called `callback` replaces the callback of the call.
    equal(await new Promise((resolve) => window.__TAURI_IPC__({ cmd: 'greet', callback: 'x', error: transformCallback(resolve, true) })), told[0]);
  },
  async '__TAURI_INVOKE__ takes a command or a whole message'() {
    equal(await window.__TAURI_INVOKE__('greet', { name: 'a' }), "Hello, a! You've been greeted from Python!");
    equal(await window.__TAURI_INVOKE__({ cmd: 'add', leftSide: 1 }), 2);
  },
  async "__TAURI_POST_MESSAGE__ answers a transformCallback of the page's own"() {
    const make = (resolve) => {
      const id = Math.floor(Math.random() * 2 ** 31);
      window[`_${id}`] = resolve;
      return id;
    };
    const value = await new Promise((resolve, reject) => window.__TAURI_POST_MESSAGE__({ cmd: 'add', leftSide: 4, callback: make(resolve), error: make(reject) }));
    equal(value, 5);
    const id = window.__TAURI__.transformCallback(() => {}, true);
    ok(typeof window[`_${id}`] === 'function', 'transformCallback made no property');
    window[`_${id}`]();
    equal(window[`_${id}`], undefined);
  },
  'window.__TAURI__ is there without withGlobalTauri'() {
    equal(Object.keys(window.__TAURI__).sort(), ['convertFileSrc', 'transformCallback']);
    equal([typeof window.__TAURI_IPC__, typeof window.__TAURI_PATTERN__.pattern], ['function', 'string']);
  },
  'the metadata name this window and all others'() {
    equal(window.__TAURI_METADATA__, { __windows: [{ label: 'main' }, { label: 'other' }], __currentWindow: { label: 'main' } });
    equal([appWindow.label, getCurrent().label, getAll().map(({ label }) => label)], ['main', 'main', ['main', 'other']]);
    equal([WebviewWindow.getByLabel('other').label, WebviewWindow.getByLabel('none')], ['other', null]);
  },
  'convertFileSrc names the asset protocol'() {
    // The package of 1.0 makes the address itself, and its first release candidate does not even encode it.
    if (API_VERSION === '1.0.0-rc.0') return equal(convertFileSrc('a.png'), 'asset://a.png');
    if (API_VERSION.startsWith('1.0.')) return equal(convertFileSrc('/a b/ü.png'), 'asset://%2Fa%20b%2F%C3%BC.png');
    equal(convertFileSrc('/a b/ü.png'), window.__TAURI_INTERNALS__.convertFileSrc('/a b/ü.png'));
    ok(convertFileSrc('/a b', 'stream').endsWith('%2Fa%20b'), convertFileSrc('/a b', 'stream'));
  },
  async 'Python emits and listen hears event, payload, id and no window'() {
    const { add, all } = collector(2, 'events');
    const stop = await listen('from-python', (event) => add({ ...event }));
    await invoke('emit_from_python', { event: 'from-python', payload: { a: 1 } });
    await invoke('emit_from_python', { event: 'from-python' });
    const [first, second] = await all();
    equal(first, { event: 'from-python', windowLabel: null, payload: { a: 1 }, id: first.id });
    equal([typeof first.id, second.payload], ['number', null]);
    await stop();
  },
  async 'the page emits, and Python and the page hear it'() {
    await invoke('listen_in_python', { event: 'to-python', how: 'app' });
    const { add, all } = collector(1, 'events');
    const stop = await listen('to-python', ({ payload, windowLabel }) => add([payload, windowLabel]));
    await emit('to-python', { n: 1 });
    equal(await all(), [[sent({ n: 1 }), 'main']]);
    equal(await invoke('read_journal', { key: 'to-python app', count: 1 }), [sent({ n: 1 })]);
    await stop();
  },
  async 'the newest listener comes first'() {
    const heard = [];
    const stops = [];
    for (const name of ['first', 'second', 'third']) stops.push(await listen('order', () => heard.push(name)));
    await emit('order');
    await settled();
    equal(heard, ['third', 'second', 'first']);
    for (const stop of stops) await stop();
  },
  async 'listeners of a window hear it, the application, and no other window'() {
    const heard = [];
    const stops = [
      await listen('sources', ({ payload, windowLabel }) => heard.push(['free', payload, windowLabel])),
      await appWindow.listen('sources', ({ payload, windowLabel }) => heard.push(['main', payload, windowLabel])),
    ];
    await emit('sources', 1);
    await byAnotherWindow('sources', 2);
    await invoke('emit_from_python', { event: 'sources', payload: 3 });
    await settled();
    equal(heard, [
      ['main', sent(1), 'main'], ['free', sent(1), 'main'],
      ['free', 2, 'other'],
      ['main', 3, null], ['free', 3, null],
    ]);
    for (const stop of stops) await stop();
  },
  async 'an event to one window reaches it alone'() {
    const heard = [];
    const stop = await listen('addressed', ({ payload, windowLabel }) => heard.push([payload, windowLabel]));
    await invoke('listen_in_python', { event: 'addressed', how: 'app' });
    await WebviewWindow.getByLabel('other').emit('addressed', 'away');
    await appWindow.emit('addressed', 'here');
    await byAnotherWindow('addressed', 'to main', 'main');
    await settled();
    equal(heard, [['here', 'main'], ['to main', 'other']]);
    equal(await invoke('read_journal', { key: 'addressed app', count: 3 }), ['away', 'here', 'to main']);
    await stop();
  },
  async 'once hears one event'() {
    const heard = [];
    await once('single', ({ payload }) => heard.push(payload));
    await appWindow.once('single', ({ payload }) => heard.push(`window ${payload}`));
    await emit('single', 1);
    await settled();
    await emit('single', 2);
    await settled();
    equal(heard, ['window 1', sent(1)]);
  },
  async 'an unlistened listener hears nothing more'() {
    const heard = [];
    const stop = await listen('stopped', ({ payload }) => heard.push(payload));
    await emit('stopped', 1);
    await settled();
    await stop();
    await emit('stopped', 2);
    await settled();
    equal(heard, [sent(1)]);
  },
  async 'a listener that throws costs the others nothing'() {
    const { add, all } = collector(1, 'events');
    const stops = [await listen('thrown', () => add(1)), await listen('thrown', () => { throw new Error('of a listener'); })];
    const texts = await uncaught(1, async () => {
      await emit('thrown');
      await all();
    });
    ok(texts[0].includes('of a listener'), texts[0]);
    for (const stop of stops) await stop();
  },
  async 'created and error of a window stay in the page'() {
    const { add, all } = collector(1, 'errors');
    const twice = new WebviewWindow('main', { url: 'index.html' });
    await twice.once('tauri://error', ({ payload, id, windowLabel }) => add([typeof payload, id, windowLabel]));
    equal(await all(), [['string', -1, 'main']]);
  },
  'an event name of other characters rejects': () => rejectedWith(listen('a b', () => {}), 'alphanumeric'),
  async 'modules of 1.x reach the plugins of 2.x'() {
    equal([await getName(), await path.join('a', '..', 'b'), await path.basename('/x/y.txt', '.txt')], ['Conformance', 'b', 'y']);
    const home = await path.homeDir();
    ok(home.startsWith('/'), home);
    equal(await invoke('tauri', { __tauriModule: 'Path', message: { cmd: 'resolvePath', path: 'a', directory: BaseDirectory.Home } }), await path.join(home, 'a'));
    // The first release candidate has no such function.
    if (API_VERSION !== '1.0.0-rc.0') ok((await path.resolveResource('icon.png')).endsWith('icon.png'), 'resolveResource');
  },
  async 'the system has the names of 1.x'() {
    equal([await platform(), await type(), typeof (await arch())], ['linux', 'Linux', 'string']);
  },
  async 'a program runs to its end, and tells what it writes'() {
    const { code, stdout } = await new Command('echo', ['one', 'two']).execute();
    equal([code, stdout.trim()], [0, 'one two']);
    const { add, all } = collector(2, 'events of the program');
    const command = new Command('echo', ['line']);
    command.stdout.on('data', (line) => add(line.trim()));
    command.on('close', (ended) => add(ended.code));
    ok((await command.spawn()).pid > 0, 'pid');
    equal(await all(), ['line', 0]);
    await rejectedWith(new Command('rm', ['-r', '/nothing']).execute(), 'rm');
  },
  async 'a store keeps values by its path'() {
    const store = (name, args) => invoke(`plugin:store|${name}`, { path: `older-${API_VERSION}.json`, ...args });
    await store('load');
    await store('clear');
    const { add, all } = collector(1, 'changes');
    const stop = await listen('store://change', ({ payload }) => add([payload.path, payload.key, payload.value]));
    await store('set', { key: 'a', value: { b: 1 } });
    equal(await all(), [[`older-${API_VERSION}.json`, 'a', { b: 1 }]]);
    equal([await store('get', { key: 'a' }), await store('get', { key: 'none' }), await store('has', { key: 'a' }), await store('keys')], [{ b: 1 }, null, true, ['a']]);
    await stop();
  },
  async 'a window tells its title and size, or why its runtime cannot'() {
    if (!appWindow.title) return ok(API_VERSION.startsWith('1.0.'), 'the package of 1.0 alone has no such function');
    equal(await appWindow.title(), 'Older');
    if (/Chrome|Node/.test(navigator.userAgent)) return equal((await rejected(appWindow.isMaximized())).kind, 'unsupported');
    const size = await appWindow.innerSize();
    ok(size.type === 'Physical' && size.width > 0, JSON.stringify(size));
  },
  'a module whose plugin is missing rejects and names it': () => rejectedWith(getMatches(), 'plugin cli not found'),
  async 'an unknown module or message names those there are'() {
    const call = (module, message) => invoke('tauri', { __tauriModule: module, message });
    await rejectedWith(call('Nowhere', { cmd: 'x' }), 'unknown variant `Nowhere`', '`Event`');
    await rejectedWith(call('Event', { cmd: 'forget' }), 'unknown variant `forget`', '`listen`');
    await rejectedWith(call('Event', 7), 'unknown variant `undefined`');
    await rejectedWith(call('constructor', { cmd: 'x' }), 'unknown variant');
    await rejectedWith(call('Event', { cmd: 'toString' }), 'unknown variant');
  },
};
