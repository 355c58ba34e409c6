// What a front end of 0.x relies on, with the npm package of its time.
import { getMatches } from 'tauri-api/api/cli';
import { emit, listen } from 'tauri-api/api/event';
import { resolvePath } from 'tauri-api/api/path';
import { invoke, promisified } from 'tauri-api/api/tauri';

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
  async 'commands of Tauri reach the plugins of 2.x'() {
    ok((await resolvePath('x', 11)).endsWith('/x'), 'home');
    await rejectedWith(getMatches(), 'plugin cli not found');
    await rejectedWith(promisified({ cmd: 'validateSalt', salt: 'x' }), 'Invalid salt');
  },
};
