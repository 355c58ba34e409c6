// Events between the page and Python, with the functions and classes of the npm package.
import { invoke } from 'tauri-api/core';
import { emit, emitTo, listen, once } from 'tauri-api/event';
import { getCurrentWebview } from 'tauri-api/webview';
import { getCurrentWebviewWindow } from 'tauri-api/webviewWindow';
import { getCurrentWindow } from 'tauri-api/window';

import { collector, equal, ok, rejectedWith, uncaught } from '../expect.js';

const LABEL = 'main';
const KINDS = ['Any', 'App', 'AnyLabel', 'Window', 'Webview', 'WebviewWindow'];
const target = (kind, label = LABEL) => (kind === 'Any' || kind === 'App' ? { kind } : { kind, label });
// Listener kind -> emit kinds that reach it (Tauri 2.1 and later).
const HEARS = {
  Any: KINDS,
  App: ['Any', 'App'],
  AnyLabel: ['Any', 'AnyLabel', 'Window', 'Webview', 'WebviewWindow'],
  Window: ['Any', 'AnyLabel', 'Window'],
  Webview: ['Any', 'AnyLabel', 'Webview'],
  WebviewWindow: ['Any', 'AnyLabel', 'WebviewWindow'],
};

/** Listen with every kind of target, emit to every kind, and compare who heard what. */
async function matrix(event, send) {
  const heard = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  const stops = await Promise.all(KINDS.map((kind) => listen(event, ({ payload }) => heard[kind].push(payload), { target: target(kind) })));
  for (const kind of KINDS) await send(target(kind), kind);
  for (const kind of KINDS.slice(2)) await send(target(kind, 'other'), `other ${kind}`);
  // Events and answers go down one queue, so what was emitted before an answer is here with it.
  await invoke('echo');
  await Promise.all(stops.map((stop) => stop()));
  const others = KINDS.slice(2).map((kind) => `other ${kind}`);
  for (const kind of KINDS) equal(heard[kind], kind === 'Any' ? [...HEARS.Any, ...others] : HEARS[kind], `listener ${kind}`);
}

export default {
  async 'Python emits and the page hears event, payload and id'() {
    const { add, all } = collector(2, 'events');
    const stop = await listen('from-python', add);
    await invoke('emit_from_python', { event: 'from-python', payload: { a: [1, 'ü'] } });
    await invoke('emit_from_python', { event: 'from-python' });
    const [first, second] = await all();
    equal([first.event, first.payload, typeof first.id], ['from-python', { a: [1, 'ü'] }, 'number']);
    equal([second.payload, second.id === first.id], [null, true]);
    await stop();
  },
  async 'the page emits and Python hears'() {
    for (const how of ['app', 'any', 'window', 'once']) await invoke('listen_in_python', { event: 'to-python', how });
    await emit('to-python', { n: 1 });
    await emit('to-python');
    for (const how of ['app', 'any', 'window']) equal(await invoke('read_journal', { key: `to-python ${how}`, count: 2 }), [{ n: 1 }, null], how);
    equal(await invoke('read_journal', { key: 'to-python once', count: 1 }), [{ n: 1 }]);
  },
  async 'Python unlistens'() {
    const listener = await invoke('listen_in_python', { event: 'unheard', how: 'app' });
    await invoke('listen_in_python', { event: 'unheard', how: 'any' });
    await emit('unheard', 1);
    equal(await invoke('read_journal', { key: 'unheard app', count: 1 }), [1]);
    await invoke('unlisten_in_python', { listener });
    await emit('unheard', 2);
    equal(await invoke('read_journal', { key: 'unheard any', count: 2 }), [1, 2]);
    equal(await invoke('read_journal', { key: 'unheard app', count: 1 }), [1]);
  },
  async 'once hears once'() {
    const { items, add, all } = collector(1, 'events');
    await once('single', add);
    await emit('single', 1);
    await emit('single', 2);
    await all();
    await invoke('echo');
    equal(items.map(({ payload }) => payload), [1]);
  },
  async 'unlisten ends the events and frees the callback'(version) {
    const { callbacks } = window.__TAURI_INTERNALS__;
    const heard = [];
    const before = callbacks.size;
    const stop = await listen('stopped', ({ payload }) => heard.push(payload));
    equal(callbacks.size, before + 1, 'callbacks while it listens');
    await emit('stopped', 1);
    await invoke('echo');
    await stop();
    await emit('stopped', 2);
    await invoke('echo');
    equal(heard, [1]);
    // Clients before 2.6 leave the callback with the page.
    if (!/^2\.[0-5]\./.test(version)) equal(callbacks.size, before, 'callbacks afterwards');
  },
  async 'unlisten inside a handler is fine'() {
    const heard = [];
    const stops = [];
    stops.push(await listen('inside', () => (heard.push('first'), stops.forEach((stop) => stop()))));
    stops.push(await listen('inside', () => heard.push('second')));
    await emit('inside');
    await emit('inside');
    await invoke('echo');
    ok(heard.filter((who) => who === 'first').length === 1, `heard ${heard}`);
  },
  async 'emitTo from the page reaches the right listeners'() {
    await matrix('matrix-page', (to, payload) => emitTo(to, 'matrix-page', payload));
  },
  async 'emit_to from Python reaches the right listeners'() {
    await matrix('matrix-python', (to, payload) => invoke('emit_from_python', { event: 'matrix-python', payload, target: to }));
  },
  async 'a text as target is any thing of that label'() {
    const heard = [];
    const stops = await Promise.all([
      listen('labelled', ({ payload }) => heard.push(`text ${payload}`), { target: LABEL }),
      listen('labelled', ({ payload }) => heard.push(`other ${payload}`), { target: 'other' }),
      listen('labelled', ({ payload }) => heard.push(`window ${payload}`), { target: { kind: 'Window', label: LABEL } }),
    ]);
    await emitTo(LABEL, 'labelled', 1);
    await invoke('echo');
    equal(heard.sort(), ['text 1', 'window 1']);
    await Promise.all(stops.map((stop) => stop()));
  },
  async 'window, webview and webview window listen as themselves'() {
    const heard = [];
    const things = { Window: getCurrentWindow(), Webview: getCurrentWebview(), WebviewWindow: getCurrentWebviewWindow() };
    const stops = [];
    for (const [kind, thing] of Object.entries(things)) stops.push(await thing.listen('themselves', ({ payload }) => heard.push(`${kind} ${payload}`)));
    await things.WebviewWindow.once('themselves', ({ payload }) => heard.push(`once ${payload}`));
    for (const kind of Object.keys(things)) await emitTo({ kind, label: LABEL }, 'themselves', kind);
    await things.Window.emit('themselves', 'all');
    await things.Webview.emitTo(LABEL, 'themselves', 'label');
    await invoke('echo');
    equal(heard.sort(), [
      'Webview Webview', 'Webview all', 'Webview label',
      'WebviewWindow WebviewWindow', 'WebviewWindow all', 'WebviewWindow label',
      'Window Window', 'Window all', 'Window label',
      'once WebviewWindow',
    ]);
    await Promise.all(stops.map((stop) => stop()));
  },
  async 'bytes in payloads arrive as ArrayBuffers'() {
    const { add, all } = collector(2, 'events');
    const stop = await listen('with-bytes', add);
    await invoke('emit_bytes', { event: 'with-bytes' });
    await emit('with-bytes', { nested: [new Uint8Array([1, 2])] });
    const [python, page] = (await all()).map(({ payload }) => payload);
    equal([python.name, python.data, python.large.byteLength], ['bytes', Uint8Array.of(7, 8).buffer, 300_000]);
    equal(page, { nested: [Uint8Array.of(1, 2)] });
    await stop();
  },
  async 'a thousand events come in order and before the answer'() {
    const heard = [];
    const stop = await listen('many', ({ payload }) => heard.push(payload));
    await invoke('emit_many', { event: 'many', count: 1000 });
    equal([heard.length, heard.every((item, index) => item === index)], [1000, true]);
    await stop();
  },
  async 'a listener that throws does not stop the others'() {
    const { add, all } = collector(1, 'events');
    const stops = [await listen('throwing', () => { throw new Error('a broken listener'); }), await listen('throwing', add)];
    const errors = await uncaught(1, async () => {
      await emit('throwing', 5);
      equal((await all())[0].payload, 5);
    });
    ok(errors[0].includes('a broken listener'), `reported ${errors}`);
    await Promise.all(stops.map((stop) => stop()));
  },
  async 'event names follow the rule'() {
    for (const event of ['a', 'A-z_0/9:x', 'ключ', '']) await (await listen(event, () => {}))();
    await rejectedWith(listen('a b', () => {}), 'Event name must include only');
    await rejectedWith(emit('a.b'), 'Event name must include only');
    await rejectedWith(emitTo('x', 'a\u2028b'), 'Event name must include only');
  },
};
