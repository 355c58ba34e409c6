// Every form of an answer, and the words of every refusal.
import { invoke } from 'tauri-api/core';

import { crc32, equal, ok, rejected, rejectedWith } from '../expect.js';

const result = (kind) => invoke('result', { kind });
const buffer = (...bytes) => Uint8Array.from(bytes).buffer;

export default {
  async 'JSON results arrive as they are'() {
    equal(await result('null'), null);
    equal(await result('text'), 'über 漢字 🎉 \u2028 </script>');
    equal(await result('number'), -1.5);
    equal(await result('large'), 9007199254740991);
    equal(await result('list'), [1, [2, { three: 3 }], null, true]);
    equal(await result('object'), { a: { b: null }, ключ: 'значение' });
  },
  async 'bytes arrive as an ArrayBuffer'() {
    for (const [kind, expected] of [['bytes', buffer(0, 1, 254, 255)], ['bytearray', buffer(97, 98, 99)], ['memoryview', buffer(97, 98, 99)], ['no bytes', buffer()], ['response', buffer(0x89, 80, 78, 71)]])
      equal(await result(kind), expected, kind);
  },
  async 'a Response of text is ready JSON'() {
    equal(await result('ready'), { ready: [1, 2, '\u2028'] });
  },
  async 'nested bytes arrive as ArrayBuffers in their places'() {
    equal(await result('nested'), { list: [buffer(1), { deep: buffer(2, 3) }], text: 't' });
    equal(await result('model'), { fileName: 'a.png', pixels: buffer(0, 255), onEvent: null });
  },
  async 'bytes go there and back'() {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    equal(await invoke('echo', { value: { list: [bytes, bytes.buffer, 'text'] } }), { list: [bytes, bytes.buffer, 'text'] });
  },
  async 'one and sixteen MiB of bytes arrive'() {
    for (const size of [1 << 20, 1 << 24]) {
      const data = await invoke('produce', { size });
      ok(data instanceof ArrayBuffer && data.byteLength === size, `got ${data}`);
      const expected = Uint8Array.from({ length: 256 }, (_, index) => index);
      const bytes = new Uint8Array(data);
      ok(bytes.every((byte, index) => byte === expected[index & 255]), 'other bytes');
    }
  },
  async 'large nested bytes arrive'() {
    const { data, crc } = await invoke('produce', { size: 5_000_000, nested: true });
    equal([data.byteLength, crc32(new Uint8Array(data))], [5_000_000, crc]);
  },
  async 'large results that come together keep their own bytes'() {
    const sizes = Array.from({ length: 12 }, (_, index) => 60_000 + index * 1000);
    const answers = await Promise.all(sizes.map((size) => invoke('produce', { size, nested: true })));
    for (const [index, { data, crc }] of answers.entries()) equal([data.byteLength, crc32(new Uint8Array(data))], [sizes[index], crc]);
  },
  async 'an error rejects with its text'() {
    equal(await rejected(invoke('fail', { kind: 'text' })), 'no such thing');
  },
  async 'an error rejects with its object'() {
    equal(await rejected(invoke('fail', { kind: 'object' })), { kind: 'unreadable', path: '/p', nested: [1, null] });
  },
  async 'a typed error rejects with its fields'() {
    equal(await rejected(invoke('fail', { kind: 'typed' })), { kind: 'unreadable', path: '/ü', errorCode: 13 });
  },
  async 'an error may hold bytes'() {
    equal(await rejected(invoke('fail', { kind: 'bytes' })), { data: buffer(1, 2) });
  },
  async 'a bug rejects without its secrets'() {
    const reason = await rejected(invoke('fail', { kind: 'bug' }));
    equal([reason.kind, reason.command], ['internal', 'fail']);
    ok(!JSON.stringify(reason).includes('secret'), 'the page was told the text of the exception');
  },
  async 'a result that cannot be sent rejects'() {
    equal((await rejected(result('unsendable'))).kind, 'internal');
  },
  async 'an unknown command names the nearest'() {
    await rejectedWith(invoke('ecko'), 'Command ecko not found', 'echo');
    await rejectedWith(invoke('nothing like any'), 'Command nothing like any not found');
    await rejectedWith(invoke(''), 'not found');
  },
  async 'a missing argument is named'() {
    equal(await rejected(invoke('add', { rightSide: 1 })), 'invalid args `leftSide` for command `add`: command add missing required key leftSide');
  },
  async 'a wrong type is named with both types'() {
    equal(await rejected(invoke('add', { leftSide: 'x' })), 'invalid args `leftSide` for command `add`: Expected `int`, got `str`');
    await rejectedWith(invoke('show_picture', { picture: { fileName: 1, pixels: new Uint8Array() } }), '`picture`', 'fileName', 'Expected `str`, got `int`');
    await rejectedWith(invoke('bounded', { level: 10 }), '`level`', '<= 9');
  },
  async 'an unknown key names the nearest'() {
    await rejectedWith(invoke('add', { leftSid: 1 }), 'invalid args `leftSide` for command `add`', 'the page sent `leftSid`');
    await invoke('count', { surplus: 1 }); // ignored, as in Tauri
  },
  async 'snake_case keys are taken'() {
    equal(await invoke('add', { left_side: 1, right_side: 2 }), 3);
    equal(await invoke('add_snake', { left_side: 1, right_side: 2 }), 3);
    await rejectedWith(invoke('add_snake', { leftSide: 1, right_side: 2 }), 'leftSide', 'left_side');
    await rejectedWith(invoke('add', { left_side: 1, leftSide: 2 }), 'twice');
  },
  async 'defaults and other names work'() {
    equal(await invoke('add', { leftSide: 1 }), 2);
    equal(await invoke('other-name'), 'other');
  },
  async 'arguments that are no object are refused'() {
    await rejectedWith(invoke('add', null), 'leftSide', 'null');
    await rejectedWith(invoke('add', 'text'), 'leftSide', 'object');
    await rejectedWith(invoke('add', new Uint8Array([1])), 'leftSide', 'bytes');
  },
  async 'what no plugin has is refused'() {
    await rejectedWith(invoke('plugin:event|shout', { title: 'x' }), 'Command shout not found');
    await rejectedWith(invoke('plugin:none|x'), 'plugin none not found');
    await rejectedWith(invoke('plugin:'), 'not found');
  },
  async 'a wrong event name is refused'() {
    await rejectedWith(invoke('plugin:event|emit', { event: 'a b' }), 'Event name must include only alphanumeric characters', 'a b');
    await rejectedWith(invoke('plugin:event|listen', { event: 'a.b', target: { kind: 'Any' }, handler: 1 }), 'Event name must include');
    await rejectedWith(invoke('plugin:event|listen', { event: 'a', target: { kind: 'Sideways' }, handler: 1 }), 'target');
  },
  async 'commands run on the loop, in workers and on the main thread'() {
    for (const command of ['echo', 'echo_on_loop', 'echo_on_main']) equal(await invoke(command, { value: command }), command);
  },
  async 'state is shared by all calls'() {
    const first = await invoke('count');
    equal([await invoke('count'), await invoke('count')], [first + 1, first + 2]);
  },
  async 'handles know their window'() {
    equal(await invoke('who'), ['main', 'main', 'main', 'main']);
  },
  async 'five hundred calls in flight are all answered'() {
    const calls = Array.from({ length: 500 }, (_, index) =>
      index % 10 === 0 ? invoke('ecko').catch((reason) => reason.length > 0 && index) : invoke(index % 2 ? 'echo' : 'echo_on_loop', { value: index }),
    );
    equal(await Promise.all(calls), Array.from({ length: 500 }, (_, index) => index));
  },
};
