// What the npm package and pages find in the page itself, and what becomes of it when the page is loaded again.
import { Channel, Resource, convertFileSrc, invoke, isTauri, transformCallback } from 'tauri-api/core';
import { delimiter, sep } from 'tauri-api/path';
import { getCurrentWebview } from 'tauri-api/webview';
import { getCurrentWebviewWindow } from 'tauri-api/webviewWindow';
import { getCurrentWindow } from 'tauri-api/window';

import { collector, equal, gate, ok, rejected, rejectedWith } from '../expect.js';

const internals = window.__TAURI_INTERNALS__;
// The client's Resource has no public constructor in its types, but pages extend it.
class Handle extends Resource {}

const checks = {
  async 'isTauri is true'() {
    equal([isTauri(), globalThis.isTauri, 'isTauri' in window], [true, true, true]);
  },
  async 'the label is known'() {
    equal([getCurrentWindow().label, getCurrentWebview().label, getCurrentWebviewWindow().label], ['main', 'main', 'main']);
  },
  async 'path separators are those of the machine'() {
    equal([sep(), delimiter()], ['/', ':']);
  },
  async 'convertFileSrc makes one path segment'() {
    const address = convertFileSrc('/tmp/ü b/#1?.png');
    const expected = encodeURIComponent('/tmp/ü b/#1?.png');
    ok([`asset://localhost/${expected}`, `${location.origin}/.transom/asset/main/${expected}`].includes(address), address);
    ok(convertFileSrc('x', 'other').endsWith('x') && convertFileSrc('x', 'other').includes('other'), convertFileSrc('x', 'other'));
  },
  async 'a callback is run until it is unregistered'() {
    const heard = [];
    const id = transformCallback((value) => heard.push(value));
    ok(Number.isInteger(id) && id >= 0 && id < 2 ** 32, `id ${id}`);
    internals.runCallback(id, 1);
    internals.runCallback(id, { a: 2 });
    internals.unregisterCallback(id);
    internals.runCallback(id, 3);
    equal(heard, [1, { a: 2 }]);
  },
  async 'a callback made with once runs once'() {
    const heard = [];
    const id = transformCallback((value) => heard.push(value), true);
    internals.runCallback(id, 1);
    internals.runCallback(id, 2);
    equal([heard, internals.callbacks.has(id)], [[1], false]);
  },
  async 'a callback without a function and a thousand ids are fine'() {
    internals.runCallback(transformCallback(), 1);
    const ids = Array.from({ length: 1000 }, () => transformCallback(() => {}));
    equal(new Set(ids).size, 1000);
    ids.forEach((id) => internals.unregisterCallback(id));
  },
  async 'the message form answers through callbacks'() {
    for (const name of ['ipc', 'postMessage']) {
      const { add, all } = collector(2, name);
      internals[name]({ cmd: 'echo', callback: transformCallback(add, true), error: 0, payload: { value: name } });
      internals[name]({ cmd: 'ecko', callback: 0, error: transformCallback(add, true), payload: {}, options: {} });
      const answers = await all();
      ok(answers.includes(name) && answers.some((answer) => answer.includes('not found')), `got ${answers}`);
    }
  },
  async 'the internals cannot be replaced'() {
    const attempts = [() => (window.__TAURI_INTERNALS__ = {}), () => (internals.invoke = null), () => (window.isTauri = false), () => (internals.metadata.currentWindow.label = 'x')];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch {
        // In strict code such an assignment throws, elsewhere it does nothing.
      }
    }
    ok(window.__TAURI_INTERNALS__ === internals && isTauri(), 'replaced');
    equal([getCurrentWindow().label, typeof window.__TAURI_INTERNALS__.invoke], ['main', 'function']);
    const pattern = document.querySelector?.('#__tauri_isolation__') ? { pattern: 'isolation', side: 'original' } : { pattern: 'brownfield' };
    equal(window.__TAURI_PATTERN__, pattern);
    equal(internals.__TAURI_PATTERN__, pattern);
  },
  async 'the key of the page is nowhere to be read'() {
    ok(!('transom' in window), 'the closure leaks');
    for (const script of document.querySelectorAll ? document.querySelectorAll('script') : []) ok(!/"key":"/.test(script.textContent), 'a script element holds it');
  },
  async 'a resource closes once'() {
    const handle = new Handle(await invoke('open_resource', { key: 'resource' }));
    ok(handle.rid > 0, `rid ${handle.rid}`);
    equal(await handle.close(), null);
    equal(await invoke('read_journal', { key: 'resource', count: 1 }), ['closed']);
    equal(await rejected(handle.close()), `The resource id ${handle.rid} is invalid.`);
  },
  async 'a script that Python evaluates runs in the page'() {
    const { open, passed } = gate('the evaluated script');
    window.fromPython = open;
    await invoke('evaluate', { script: 'window.fromPython(location.protocol + "ü")' });
    equal(await passed, `${location.protocol}ü`);
  },
  async 'inline scripts of the policy are refused'() {
    if (!document.body) return;
    const { open, passed } = gate('the violation of the policy');
    document.addEventListener('securitypolicyviolation', open, { once: true });
    const element = document.createElement('script');
    element.textContent = 'window.smuggled = true';
    document.body.append(element);
    const violation = await passed;
    ok(violation.effectiveDirective.startsWith('script-src') && !window.smuggled, 'an inline script ran');
  },
  async 'a link without the key is refused, and so is garbage'() {
    if (window.webkit) {
      // The name of the handler is a secret of the document's own script.
      const { messageHandlers } = window.webkit;
      equal([...Object.getOwnPropertyNames(messageHandlers), messageHandlers.transom].join(), '');
      const call = '[[0,1,"report",{"name":"smuggled","ok":false}]]';
      const answer = await fetch('ipc://localhost/wrong-key/up', { method: 'POST', body: call }).catch(() => ({ ok: false }));
      equal(answer.ok, false);
    } else {
      for (const protocols of [['transom.1', 'key.wrong'], ['transom.1'], []]) {
        const { open, passed } = gate('the end of the socket');
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/.transom/link`, protocols);
        socket.onopen = () => open('it was opened');
        socket.onerror = () => {};
        socket.onclose = () => open('refused');
        equal(await passed, 'refused');
      }
    }
    equal(await invoke('echo', { value: 'on' }), 'on');
  },
  async 'calls with an unknown plugin or none at all go on'() {
    await rejectedWith(invoke('plugin:resources|close', {}), 'rid');
    await rejectedWith(invoke('plugin:resources|close', { rid: 0 }), 'The resource id 0 is invalid.');
    equal(await invoke('echo', { value: 'on' }), 'on');
  },
};

Object.defineProperty(checks, 'beforeReload', {
  value() {
    const streaming = gate('the endless stream');
    const channel = new Channel();
    channel.onmessage = (item) => item === 10 && streaming.open();
    invoke('endless', { key: 'endless', onEvent: channel }).catch(() => {});
    invoke('wait_for_ever', { key: 'waiting' }).catch(() => {});
    // When this page is gone its code must not go on, with the window of the next one.
    invoke('wait_for_ever', { key: 'left over' }).catch(() => invoke('wait_for_ever', { key: 'left over' }).catch(() => {}));
    return { endless: Promise.all([streaming.passed, invoke('read_journal', { key: 'waiting', count: 1 })]), resource: invoke('open_resource', { key: 'held' }) };
  },
});

export default checks;

export const afterReload = {
  async 'the calls and streams of the page before were cancelled'() {
    equal(await invoke('read_journal', { key: 'waiting', count: 2 }), ['started', 'cancelled']);
    const [ended] = await invoke('read_journal', { key: 'endless', count: 1 });
    ok(['CancelledError', 'ChannelClosed'].includes(ended), ended);
  },
  async 'nothing of the page before goes on in this one'() {
    await invoke('read_journal', { key: 'left over', count: 2 });
    for (let turn = 0; turn < 20; turn++) await invoke('echo', {});
    equal(await invoke('read_journal', { key: 'left over', count: 2 }), ['started', 'cancelled']);
  },
  async 'the resources of the page before were closed'() {
    equal(await invoke('read_journal', { key: 'held', count: 1 }), ['closed']);
  },
  async 'the new page calls, listens and streams'() {
    const { add, all } = collector(100, 'messages');
    const channel = new Channel();
    channel.onmessage = add;
    equal(await invoke('stream', { onEvent: channel, count: 100 }), 100);
    equal((await all()).at(-1), 99);
    equal(await invoke('echo', { value: new Uint8Array([1]) }), Uint8Array.of(1));
  },
};
