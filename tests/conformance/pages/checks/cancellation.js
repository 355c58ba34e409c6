// Calls that their caller gives up: `signal` and `timeout` in the third argument of invoke, transom's own addition.
/* global LIMIT */
import { invoke } from 'tauri-api/core';

import { equal, ok, rejected } from '../expect.js';

const journal = (key, count) => invoke('read_journal', { key, count });

export default {
  async 'an aborted call rejects at once and Python is cancelled'() {
    const controller = new AbortController();
    const call = invoke('wait_for_ever', { key: 'aborted' }, { signal: controller.signal });
    equal(await journal('aborted', 1), ['started']);
    controller.abort();
    equal((await rejected(call)).name, 'AbortError');
    equal(await journal('aborted', 2), ['started', 'cancelled']);
  },
  async 'the reason of the abort is the rejection'() {
    const controller = new AbortController();
    const call = invoke('wait_for_ever', { key: 'reason' }, { signal: controller.signal });
    await journal('reason', 1);
    controller.abort('because');
    equal(await rejected(call), 'because');
    equal(await journal('reason', 2), ['started', 'cancelled']);
  },
  async 'one signal ends many calls and no others'() {
    const controller = new AbortController();
    const calls = Array.from({ length: 20 }, () => rejected(invoke('wait_for_ever', { key: 'many' }, { signal: controller.signal })));
    equal((await journal('many', 20)).length, 20);
    controller.abort();
    equal(await invoke('echo', { value: 'other' }), 'other');
    equal((await Promise.all(calls)).map(({ name }) => name), Array(20).fill('AbortError'));
    equal((await journal('many', 40)).filter((entry) => entry === 'cancelled').length, 20);
  },
  async 'a signal aborted before makes no call'() {
    const reason = await rejected(invoke('wait_for_ever', { key: 'before' }, { signal: AbortSignal.abort() }));
    equal([reason.name, await journal('before', 0)], ['AbortError', []]);
  },
  async 'an abort in the same turn as the call is kept'() {
    const controller = new AbortController();
    const call = invoke('wait_for_ever', { key: 'turn' }, { signal: controller.signal });
    controller.abort();
    equal((await rejected(call)).name, 'AbortError');
    await invoke('echo_on_loop');
    const entries = await journal('turn', 0);
    ok(entries.length === 0 || (await journal('turn', 2)).length === 2, `left running: ${entries}`);
  },
  async 'an abort while the bytes of the call go up is kept'() {
    const controller = new AbortController();
    const call = invoke('wait_for_ever', { key: 'upload', data: new Uint8Array(LIMIT * 0.95) }, { signal: controller.signal });
    controller.abort();
    equal((await rejected(call)).name, 'AbortError');
    const entries = await journal('upload', 2);
    ok(entries.length !== 1, `left running: ${entries}`);
  },
  async 'an abort after the answer changes nothing'() {
    const controller = new AbortController();
    equal(await invoke('echo', { value: 1 }, { signal: controller.signal }), 1);
    controller.abort();
    equal(await invoke('echo', { value: 2 }), 2);
  },
  async 'a call that takes longer than its timeout rejects and is cancelled'() {
    const reason = await rejected(invoke('wait_for_ever', { key: 'late' }, { timeout: 100 }));
    equal(reason.name, 'TimeoutError');
    ok(reason.message.includes('wait_for_ever') && reason.message.includes('100 ms'), reason.message);
    equal(await journal('late', 2), ['started', 'cancelled']);
  },
  async 'a call within its timeout is answered'() {
    equal(await invoke('echo', { value: 3 }, { timeout: 20000, signal: new AbortController().signal }), 3);
  },
  async 'a timeout that no timer can hold is none'() {
    for (const timeout of [Infinity, 2 ** 31]) {
      const controller = new AbortController();
      const waiting = rejected(invoke('wait_for_ever', { key: `${timeout}` }, { timeout, signal: controller.signal }));
      equal(await journal(`${timeout}`, 1), ['started']);
      // A timer that fires at once has fired before this one.
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.abort();
      equal((await waiting).name, 'AbortError');
    }
  },
};
