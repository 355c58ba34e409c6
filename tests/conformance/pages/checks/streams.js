// Streaming commands, as `for await` of the package transom-api and into a Channel.
import { Channel, invoke } from 'tauri-api/core';
import { stream } from 'transom-api';

import { collector, equal, ok, rejected, within } from '../expect.js';

async function all(values) {
  const found = [];
  for await (const value of values) found.push(value);
  return found;
}

/** Wait until the back end says so of a stream. */
async function until(key, field, expected) {
  await within(
    (async () => {
      while ((await invoke('stream_state', { key }))[field] !== expected);
    })(),
    `${field} of ${key}`,
  );
}

export default {
  async 'a generator is an asynchronous iterable'() {
    equal(await all(stream('generate', { count: 5 })), [0, 1, 2, 3, 4]);
    equal(await all(stream('generate', { count: 0 })), []);
  },
  async 'thousands of values come in order, whatever the page takes at once'() {
    for (const [highWaterMark, count] of [[1, 300], [7, 1000], [64, 2000], [5000, 5000]]) {
      const values = await all(stream('generate', { count }, { highWaterMark }));
      ok(values.length === count && values.every((value, index) => value === index), `wrong with ${highWaterMark}`);
    }
  },
  async 'large and small values keep their order, and none is lost at the end'() {
    const values = await all(stream('generate_bytes', { sizes: [10, 300_000, 0, 5, 2_000_000] }));
    equal(values.map((value) => value.byteLength), [10, 300_000, 0, 5, 2_000_000]);
  },
  async 'a loop that is behind holds the generator'() {
    const values = stream('generate', { count: 1000, key: 'held' }, { highWaterMark: 10 });
    equal((await values.next()).value, 0);
    await until('held', 'made', 11);
    await invoke('echo', {});
    equal((await invoke('stream_state', { key: 'held' })).made, 11, 'values made ahead of the loop');
    await values.return();
  },
  async 'a loop that ends early cancels the generator'() {
    for await (const value of stream('generate', { count: 1e9, key: 'left' })) if (value === 20) break;
    await until('left', 'closed', true);
  },
  async 'an aborted signal ends the loop with its reason'() {
    const controller = new AbortController();
    const values = stream('generate', { count: 1e9, key: 'aborted' }, { signal: controller.signal });
    await values.next();
    controller.abort(new Error('enough'));
    equal((await rejected(all(values))).message, 'enough');
    await until('aborted', 'closed', true);
    equal((await rejected(all(stream('generate', { count: 1 }, { signal: controller.signal })))).message, 'enough');
  },
  async 'the loop throws what the generator raises, after the values before it'() {
    const found = [];
    const reason = await rejected(
      (async () => {
        for await (const value of stream('generate', { count: 3, fails: true })) found.push(value);
      })(),
    );
    equal(found, [0, 1, 2]);
    equal(reason, { kind: 'tooMany', count: 3 });
  },
  async 'a generator with a channel sends to it'() {
    const { items, add, all: arrived } = collector(300, 'values');
    const onEvent = new Channel();
    onEvent.onmessage = add;
    equal(await invoke('generate_into', { onEvent, count: 300 }), 300);
    await arrived();
    ok(items.every((item, index) => item === index), 'out of order');
  },
  async 'a generator without anywhere to stream to says how to call it'() {
    const reason = await rejected(invoke('generate', { count: 1 }));
    ok(reason.includes('command generate streams its results; call it with stream() of the package transom-api'), reason);
    const header = await rejected(invoke('generate', { count: 1 }, { headers: { 'Transom-Stream': '__CHANNEL__:1 x' } }));
    ok(header.includes('the header is a channel and how many values are wanted'), header);
  },
};
