// Channels: order, count, end, bytes, several at once.
import { Channel, invoke } from 'tauri-api/core';

import { collector, equal, gate, ok, rejected, uncaught, within } from '../expect.js';

// Clients of 2.0 take no function in the constructor.
function channelTo(onmessage) {
  const channel = new Channel();
  channel.onmessage = onmessage;
  return channel;
}

const newer = (version) => !/^2\.[0-4]\./.test(version);

export default {
  async 'twenty thousand messages come in order'() {
    const { items, add, all } = collector(20000, 'messages');
    equal(await invoke('stream', { onEvent: channelTo(add), count: 20000 }), 20000);
    await all();
    ok(items.every((item, index) => item === index), 'out of order');
  },
  async 'messages of a worker thread come in order'() {
    const { items, add, all } = collector(5000, 'messages');
    await invoke('stream_from_worker', { onEvent: channelTo(add), count: 5000 });
    await all();
    ok(items.every(({ index, text }, at) => index === at && text.length === at % 50), 'out of order');
  },
  async 'bytes and texts, small and large, keep their order'() {
    const { add, all } = collector(60, 'messages');
    await invoke('stream_mixed', { onEvent: channelTo(add), count: 60 });
    for (const [at, item] of (await all()).entries()) {
      if (at % 4 === 0 || at % 4 === 3) equal(item, at);
      else if (at % 4 === 1) ok(item instanceof ArrayBuffer && new DataView(item).getUint32(0, true) === at, `message ${at} is wrong`);
      else ok(item.index === at && item.data.byteLength === 200_000 && new Uint8Array(item.data).every((byte) => byte === at), `message ${at} is wrong`);
    }
  },
  async 'two channels of one command are told apart'() {
    const [left, right] = [collector(1000, 'left'), collector(1000, 'right')];
    await invoke('two_streams', { left: channelTo(left.add), right: channelTo(right.add), count: 1000 });
    ok((await left.all()).every((item, index) => item === index) && (await right.all()).every((item, index) => item === -index), 'mixed up');
  },
  async 'ten streams at once keep their own order'() {
    const streams = Array.from({ length: 10 }, (_, number) => ({ first: number * 100_000, ...collector(1000, `stream ${number}`) }));
    await Promise.all(streams.map(({ add, first }) => invoke('stream', { onEvent: channelTo(add), count: 1000, first })));
    for (const { all, first } of streams) ok((await all()).every((item, index) => item === first + index), 'mixed up');
  },
  async 'a channel in a model works'() {
    const { add, all } = collector(3, 'messages');
    await invoke('stream_in_model', { picture: { fileName: 'f', pixels: new Uint8Array([1]), onEvent: channelTo(add) }, count: 3 });
    equal(await all(), [['f', 0], ['f', 1], ['f', 2]]);
  },
  async 'a channel may be left out'() {
    const { add, all } = collector(1, 'messages');
    equal([await invoke('stream_optional'), await invoke('stream_optional', { onEvent: null }), await invoke('stream_optional', { onEvent: channelTo(add) })], [false, false, true]);
    equal(await all(), [7]);
  },
  async 'a channel outlives its call'() {
    const { add, all } = collector(1, 'messages');
    equal(await invoke('stream_later', { onEvent: channelTo(add) }), null);
    equal(await all(), ['after the answer']);
  },
  async 'the end marker frees the callback of the clients that know it'(version) {
    const { add, all } = collector(5, 'messages');
    const channel = channelTo(add);
    const { callbacks } = window.__TAURI_INTERNALS__;
    const errors = [];
    const listener = (event) => errors.push(event.message);
    window.addEventListener('error', listener);
    await invoke('stream', { onEvent: channel, count: 5 });
    await all();
    // The marker is sent when Python drops the channel, which is after the answer; what is asked now comes after it.
    for (let turn = 0; turn < 50 && newer(version) && callbacks.has(channel.id); turn++) await invoke('echo');
    window.removeEventListener('error', listener);
    equal([callbacks.has(channel.id), errors], [!newer(version), []]);
  },
  async 'the end marker comes after all large messages'(version) {
    const { add, all } = collector(6, 'messages');
    const channel = channelTo(add);
    await invoke('stream_mixed', { onEvent: channel, count: 6 });
    equal((await all()).length, 6);
    for (let turn = 0; turn < 50 && newer(version) && window.__TAURI_INTERNALS__.callbacks.has(channel.id); turn++) await invoke('echo');
    equal(window.__TAURI_INTERNALS__.callbacks.has(channel.id), !newer(version));
  },
  async 'a handler that throws does not stop the messages'() {
    const { add, all } = collector(4, 'messages');
    const errors = await uncaught(4, async () => {
      const channel = channelTo((item) => {
        add(item);
        throw new Error(`handler ${item}`);
      });
      await invoke('stream', { onEvent: channel, count: 4 });
      equal(await all(), [0, 1, 2, 3]);
    });
    ok(errors.every((text, index) => text.includes(`handler ${index}`)), `reported ${errors}`);
  },
  async 'a channel that the page drops ends its producer'() {
    const reached = gate('the first messages');
    const channel = channelTo((item) => item === 3 && reached.open());
    const call = invoke('endless', { key: 'dropped', onEvent: channel }).catch((reason) => reason);
    await reached.passed;
    window.__TAURI_INTERNALS__.unregisterCallback(channel.id);
    equal(await invoke('read_journal', { key: 'dropped', count: 1 }), ['ChannelClosed']);
    ok(await within(call, 'the answer'), 'no answer');
  },
  async 'what is no channel is refused'() {
    for (const onEvent of ['x', '__CHANNEL__:', '__CHANNEL__:4294967296', '__CHANNEL__:-1', 7, {}])
      ok(String(await rejected(invoke('stream', { onEvent, count: 1 }))).includes('__CHANNEL__:ID'), `no clear error for ${onEvent}`);
  },
};
