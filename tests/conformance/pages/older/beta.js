// What a front end of the betas of 1.0 relies on, with the npm package of its time.
import { getName } from 'tauri-api/app';
import { getMatches } from 'tauri-api/cli';
import { emit, listen, once } from 'tauri-api/event';
import { homeDir } from 'tauri-api/path';
import { invoke } from 'tauri-api/tauri';
import { appWindow, getAll, getCurrent } from 'tauri-api/window';

import { equal, ok, rejected, rejectedWith } from '../expect.js';

const settled = () => invoke('echo');
const properties = () => Object.getOwnPropertyNames(window).filter((name) => /^\d{16,}$/.test(name));

export default {
  async 'a command gets its arguments and answers'() {
    equal(await invoke('greet', { name: 'World' }), "Hello, World! You've been greeted from Python!");
    equal(await invoke('plain_bytes'), [0, 255]);
    equal(await invoke('echo'), null);
  },
  async 'an error rejects with its text and with its object'() {
    equal(await rejected(invoke('refuse', { reason: 'no' })), 'no');
    equal(await rejected(invoke('refuse', { reason: { code: 7 } })), { code: 7 });
    await rejectedWith(invoke('add', {}), 'missing required key leftSide');
  },
  async 'a handler of InvokeMessage answers by each of its ways'() {
    equal(await invoke('beta_async', { a: 1 }), ['beta_async', { a: 1 }, 'main']);
    equal(await rejected(invoke('beta_async', { fails: true })), 'task failed');
    equal(await invoke('beta_closure', { value: [2] }), [2]);
    equal(await invoke('beta_resolve'), 'resolved');
    equal(await rejected(invoke('beta_reject')), { code: 3 });
    equal(await rejected(invoke('gret')), 'the command gret was not answered');
  },
  async 'many calls at once keep their own answers'() {
    const numbers = Array.from({ length: 100 }, (_, n) => n);
    equal(await Promise.all(numbers.map((value) => invoke('slowly', { value }))), numbers);
    equal(properties(), []);
  },
  async 'a message without callbacks is refused and told'() {
    const told = [];
    const original = console.error;
    console.error = (text) => told.push(text);
    try {
      window.rpc.notify('greet', { name: 'x' });
      window.rpc.notify('greet');
      // Not what transformCallback makes: it is not called.
      window.rpc.notify('greet', { callback: 'alert', error: 'alert', name: 'x' });
      await settled();
    } finally {
      console.error = original;
    }
    equal(told.length, 2);
  },
  async 'events come newest first, and once hears one'() {
    const heard = [];
    const stops = [await listen('beta', ({ event, payload }) => heard.push([1, event, payload])), await listen('beta', ({ payload }) => heard.push([2, payload]))];
    await once('beta', ({ payload }) => heard.push([3, payload]));
    await emit('beta', 'a');
    await settled();
    await invoke('emit_from_python', { event: 'beta', payload: { b: 1 } });
    await settled();
    equal(heard, [[3, 'a'], [2, 'a'], [1, 'beta', 'a'], [2, { b: 1 }], [1, 'beta', { b: 1 }]]);
    for (const stop of stops) await stop();
    await emit('beta', 'c');
    await settled();
    equal(heard.length, 5);
  },
  async 'the windows are known'() {
    equal([getCurrent().label, getAll().map(({ label }) => label)], ['main', ['main', 'other']]);
    ok(typeof appWindow.setTitle === 'function', 'appWindow');
  },
  async 'modules reach the plugins of 2.x'() {
    equal(await getName(), 'Conformance');
    ok((await homeDir()).startsWith('/'), 'homeDir');
  },
  'a module whose plugin is missing rejects and names it': () => rejectedWith(getMatches(), 'plugin cli not found'),
};
