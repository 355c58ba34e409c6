// What a front end of 0.x relies on, with the npm package of its time.
import * as cli from 'tauri-api/api/cli';
import { getMatches } from 'tauri-api/api/cli';
import * as dialog from 'tauri-api/api/dialog';
import * as event from 'tauri-api/api/event';
import { emit, listen } from 'tauri-api/api/event';
import * as fs from 'tauri-api/api/fs';
import httpModule from 'tauri-api/api/http';
import * as notification from 'tauri-api/api/notification';
import * as path from 'tauri-api/api/path';
import { resolvePath } from 'tauri-api/api/path';
import * as process from 'tauri-api/api/process';
import * as tauri from 'tauri-api/api/tauri';
import { invoke, promisified } from 'tauri-api/api/tauri';
import * as windowModule from 'tauri-api/api/window';

import { equal, ok, rejected, rejectedWith } from '../expect.js';

// On the event loop, where events are emitted: their order is that of the messages.
const settled = () => promisified({ cmd: 'echo_on_loop' });
const properties = () => Object.getOwnPropertyNames(window).filter((name) => /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(name));

async function told(work, count) {
  const texts = [];
  const original = console.error;
  console.error = (text) => texts.push(text);
  try {
    await work();
    for (let turn = 0; texts.length < count && turn < 200; turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    console.error = original;
  }
  return texts;
}

export default {
  async 'a promisified command gets its arguments and answers'() {
    equal(await promisified({ cmd: 'greet', name: 'World' }), "Hello, World! You've been greeted from Python!");
    equal(await promisified({ cmd: 'plain_bytes' }), [0, 255]);
    equal(properties(), []);
  },
  async 'an error rejects with its text'() {
    equal(await rejected(promisified({ cmd: 'refuse', reason: 'no' })), 'no');
    await rejectedWith(promisified({ cmd: 'gret' }), 'command gret not found');
  },
  async 'an invoke is done, and answers nothing'() {
    equal(invoke({ cmd: 'note', key: 'invoked', entry: 'yes' }), undefined);
    equal(await promisified({ cmd: 'read_journal', key: 'invoked', count: 1 }), ['yes']);
  },
  async 'the example of the documentation of 0.x runs'() {
    const payload = { state: 'some string data', data: 17 };
    invoke({ cmd: 'doSomething', count: 5, payload });
    equal(await promisified({ cmd: 'read_journal', key: 'done', count: 1 }), [[5, payload]]);
    const { value, message } = await promisified({ cmd: 'doSomething', count: 6, payload });
    equal([value, message], [5, 'async response!']);
    equal(await rejected(promisified({ cmd: 'doSomething', count: 5, payload })), 'count should be > 5');
  },
  async 'what nobody accepts is told in the console'() {
    const texts = await told(() => invoke({ cmd: 'nowhere', a: 1 }), 1);
    ok(texts[0].startsWith('failed to match a command for {"cmd":"nowhere","a":1}, command nowhere not found'), texts[0]);
    ok((await told(() => invoke(null), 1))[0].includes('the message has no cmd'), 'no cmd');
  },
  async 'a callback that transformCallback did not make is not called'() {
    const before = document.title;
    window.notMade = () => (document.title = 'called');
    window.__TAURI_INVOKE_HANDLER__({ cmd: 'echo', callback: 'notMade', error: 'notMade' });
    await settled();
    equal(document.title, before);
  },
  async 'events come newest first, with type and payload, and once hears one'() {
    const heard = [];
    listen('zero', (event) => heard.push([1, event]));
    listen('zero', ({ payload }) => heard.push([2, payload]), true);
    await settled();
    emit('zero', 'a');
    await settled();
    await promisified({ cmd: 'emit_from_python', event: 'zero', payload: { b: 1 } });
    await settled();
    equal(heard, [[2, 'a'], [1, { type: 'zero', payload: 'a' }], [1, { type: 'zero', payload: { b: 1 } }]]);
  },
  async 'an event that came before its listener is kept for the first'() {
    for (const payload of [1, { b: 2 }]) await promisified({ cmd: 'emit_of_0x', event: 'early', payload });
    const heard = [];
    listen('early', ({ type, payload }) => heard.push([type, payload]));
    await settled();
    equal(heard, [['early', 1], ['early', { b: 2 }]]);
    listen('early', () => heard.push('second'));
    await promisified({ cmd: 'emit_of_0x', event: 'early', payload: 3 });
    await settled();
    equal(heard.slice(2), ['second', ['early', 3]]);
  },
  async 'Python hears what the page emits'() {
    await promisified({ cmd: 'listen_in_python', event: 'to-python', how: 'app' });
    emit('to-python', 'text');
    equal(await promisified({ cmd: 'read_journal', key: 'to-python app', count: 1 }), ['text']);
  },
  async 'the global and the older transport call the same'() {
    equal(await window.__TAURI__.promisified({ cmd: 'greet', name: 'G' }), "Hello, G! You've been greeted from Python!");
    window.external.invoke(JSON.stringify({ cmd: 'note', key: 'external', entry: 'a' }));
    window.external.invoke(JSON.stringify({ id: 1, method: '__TAURI_INVOKE_HANDLER__', params: [{ cmd: 'note', key: 'external', entry: 'b' }] }));
    equal(await promisified({ cmd: 'read_journal', key: 'external', count: 2 }), ['a', 'b']);
    invoke({ cmd: '__initialized' });
    equal(await promisified({ cmd: 'init' }), null);
  },
  async 'the global has the modules of the package, and they send the same'() {
    const http = httpModule.default ?? httpModule;
    const modules = { cli, dialog, event, fs, path, http, process, tauri, window: windowModule, notification };
    const send = window.__TAURI_INVOKE_HANDLER__;
    const messages = [];
    // As the package does, the functions of the global find the handler when they are called.
    const keys = (module) => Object.keys(module).filter((name) => name !== 'default').sort();
    for (const [name, module] of Object.entries(modules)) equal(keys(window.__TAURI__[name]), keys(module));
    for (const name of ['BaseDirectory', 'Dir']) equal(window.__TAURI__.fs[name], fs[name]);
    for (const name of ['ResponseType', 'BodyType']) equal(window.__TAURI__.http[name], http[name]);
    const args = { fs: [{ path: 'a', contents: new ArrayBuffer(2) }, 'b'], http: ['u', { a: 1 }], process: ['ls', 'a'], event: ['e', () => {}], path: ['a', 3] };
    const plain = ({ callback, error, handler, ...message }) => [message, typeof callback, typeof error, typeof handler];
    try {
      window.__TAURI_INVOKE_HANDLER__ = (message) => messages.push(plain(message));
      for (const [name, module] of Object.entries(modules)) {
        if (name === 'tauri' || name === 'notification') continue;
        for (const key of keys(module).filter((each) => typeof module[each] === 'function')) {
          module[key](...(args[name] ?? ['x']));
          window.__TAURI__[name][key](...(args[name] ?? ['x']));
          equal(messages.at(-1), messages.at(-2));
        }
      }
      ok(messages.length > 70, String(messages.length));
    } finally {
      window.__TAURI_INVOKE_HANDLER__ = send;
    }
  },
  async 'commands of Tauri reach the plugins of 2.x'() {
    ok((await resolvePath('x', 11)).endsWith('/x'), 'home');
    await rejectedWith(getMatches(), 'plugin cli not found');
    await rejectedWith(promisified({ cmd: 'validateSalt', salt: 'x' }), 'Invalid salt');
  },
};
