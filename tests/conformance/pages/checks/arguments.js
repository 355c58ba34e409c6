// Every shape of an argument (the client hands them on as they are; our script writes them).
/* global LIMIT */
import { Channel, invoke } from 'tauri-api/core';

import { crc32, equal, ok, pattern, rejected, rejectedWith, within } from '../expect.js';

const TO_IPC = '__TAURI_TO_IPC_KEY__';
const body = async (args, options) => (await invoke('look', args, options)).body;
const LARGE = LIMIT * 0.95; // bytes of a call that is just allowed
const buffer = (...bytes) => Uint8Array.from(bytes).buffer;
const python = (hex, type = 'memoryview') => ({ python: type, hex });

export default {
  async 'plain objects keep every JSON type'() {
    const value = { text: 't', number: 1.5, integer: 9007199254740991, yes: true, no: false, nothing: null, list: [1, [], {}], object: { deep: { er: 1 } } };
    equal(await body({ value }), { value });
    equal(await invoke('echo', { value }), value);
  },
  async 'objects without a prototype and of a class are objects'() {
    class Point {
      constructor() {
        this.x = 1;
      }
      get y() {
        return 2;
      }
    }
    const bare = Object.create(null);
    bare.a = 1;
    equal(await body({ bare, point: new Point() }), { bare: { a: 1 }, point: { x: 1 } });
  },
  async 'a Map becomes an object'() {
    equal(await body({ map: new Map([['a', 1], ['b', new Map([['c', new Uint8Array([7])]])]]) }), { map: { a: 1, b: { c: python('07') } } });
    equal(await body(new Map([['top', 1]])), { top: 1 });
  },
  async 'nested buffers arrive as bytes'() {
    equal(await invoke('typed_bytes', { data: new Uint8Array([0, 1, 255]) }), [python('0001ff', 'bytes')]);
    equal(await invoke('typed_bytes', { data: buffer(9, 8), more: [new Uint8Array([1]), buffer(2)] }), [python('0908', 'bytes'), python('01', 'bytes'), python('02', 'bytes')]);
  },
  async 'every nested typed array arrives as the bytes of its view'() {
    const large = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
    const views = [new Uint8Array(large, 2, 3), new DataView(large, 4, 2), new Uint16Array(large, 2, 1), new Uint8ClampedArray(large, 7), new Int8Array([-1]), new Float64Array([1])];
    equal(
      (await body({ views })).views.map((view) => view.hex),
      ['030405', '0506', '0304', '08', 'ff', '000000000000f03f'],
    );
  },
  async 'nested buffers in lists and objects stay in their places'() {
    equal(await body({ a: [{ b: new Uint8Array([1]) }, 'text', [buffer()]], c: null, d: new Uint8Array([2]) }), {
      a: [{ b: python('01') }, 'text', [python('')]],
      c: null,
      d: python('02'),
    });
  },
  async 'a model takes bytes'() {
    equal(await invoke('show_picture', { picture: { fileName: 'ü.png', pixels: new Uint8Array([3]) } }), ['ü.png', python('03', 'bytes')]);
  },
  async 'a top-level ArrayBuffer is a raw body'() {
    equal(await invoke('look', buffer(1, 2, 3)), { raw: true, body: python('010203', 'bytes'), headers: {} });
  },
  async 'a top-level typed array or DataView is the raw body of its view'() {
    const large = new Uint8Array([1, 2, 3, 4]).buffer;
    for (const [view, hex] of [[new Uint8Array(large, 1, 2), '0203'], [new DataView(large, 3), '04'], [new Uint16Array([258]), '0201'], [new Uint8Array(), '']])
      equal(await invoke('look', view), { raw: true, body: python(hex, 'bytes'), headers: {} }, view.constructor.name);
  },
  async 'a top-level array is a raw body'() {
    equal(await invoke('look', [1, 2, 255]), { raw: true, body: python('0102ff', 'bytes'), headers: {} });
  },
  async 'a raw body keeps its headers'() {
    const seen = await invoke('look', buffer(1), { headers: { 'X-Name': 'value' } });
    equal([seen.raw, seen.headers], [true, { 'x-name': 'value' }]);
  },
  async 'missing arguments are an empty object'() {
    equal([await body(), await body(undefined), await body({})], [{}, {}, {}]);
    equal(await invoke('echo'), null);
  },
  async 'null arguments are null'() {
    equal(await body(null), null);
    equal(await invoke('other-name', null), 'other');
  },
  async 'an object with the IPC hook is what the hook returns'() {
    const user = { [TO_IPC]: () => ({ String: 'id' }), other: 1 };
    equal(await body({ user, list: [user] }), { user: { String: 'id' }, list: [{ String: 'id' }] });
    class Wrapped {
      [TO_IPC]() {
        return new Uint8Array([5]);
      }
    }
    equal(await body({ wrapped: new Wrapped(), nested: { [TO_IPC]: () => user } }), { wrapped: python('05'), nested: { String: 'id' } });
  },
  async 'toJSON goes before the IPC hook'() {
    const both = { toJSON: () => 'json', [TO_IPC]: () => 'ipc' };
    equal(await body({ both }), { both: 'json' });
    class Both {
      toJSON() {
        return { [TO_IPC]: () => 'ipc of json' };
      }
    }
    equal(await body({ both: new Both() }), { both: 'ipc of json' });
  },
  async 'toJSON gets its key and may return buffers'() {
    equal(await body({ a: { toJSON: (key) => `key ${key}` }, list: [{ toJSON: (key) => [typeof key, key] }] }), { a: 'key a', list: [['string', '0']] });
    equal(await body({ a: { toJSON: () => new Uint8Array([6]) } }), { a: python('06') });
    equal(await body({ a: { toJSON: () => new Uint8Array([6]) }, m: new Map([['k', { toJSON: (key) => key }]]) }), { a: python('06'), m: { k: 'k' } });
  },
  async 'undefined, functions and symbols are left out'() {
    equal(await body({ a: undefined, b() {}, c: Symbol('s'), list: [undefined, () => 1, Symbol('s'), 1], map: new Map([['gone', undefined]]) }), { list: [null, null, null, 1], map: {} });
  },
  async 'NaN and Infinity are null'() {
    equal(await body({ list: [NaN, Infinity, -Infinity, -0], bytes: new Uint8Array([1]) }), { list: [null, null, null, 0], bytes: python('01') });
  },
  async 'a Date is ISO text and a Set an empty object'() {
    equal(await body({ date: new Date(0), set: new Set([1, 2]) }), { date: '1970-01-01T00:00:00.000Z', set: {} });
  },
  async 'boxed values are unwrapped and a RegExp is an empty object'() {
    equal(await body({ text: new String('s'), number: new Number(2), yes: new Boolean(true), expression: /x/g }), { text: 's', number: 2, yes: true, expression: {} });
  },
  async 'BigInt and cycles reject in the page'() {
    await rejectedWith(invoke('echo', { value: 1n }), 'BigInt');
    await rejectedWith(invoke('echo', { value: 1n, bytes: new Uint8Array(1) }), 'BigInt');
    const cycle = {};
    cycle.self = cycle;
    ok((await rejected(invoke('echo', { value: cycle }))) instanceof Error, 'no error for a cycle');
    equal(await invoke('echo', { value: 'the link goes on' }), 'the link goes on');
  },
  async 'a toJSON that throws rejects with its error'() {
    const broken = { toJSON() { throw new Error('broken toJSON'); } };
    await rejectedWith(invoke('echo', { value: broken }), 'broken toJSON');
  },
  async 'a Channel is its text, nested too'() {
    const channel = new Channel();
    equal(await body({ channel, nested: { list: [channel], map: new Map([['c', channel]]) } }), {
      channel: `__CHANNEL__:${channel.id}`,
      nested: { list: [`__CHANNEL__:${channel.id}`], map: { c: `__CHANNEL__:${channel.id}` } },
    });
  },
  async 'headers may be an object, pairs or Headers'() {
    for (const headers of [{ 'X-One': '1', two: '2' }, [['x-one', '1'], ['two', '2']], new Headers({ 'X-One': '1', two: '2' })])
      equal((await invoke('look', {}, { headers })).headers, { 'x-one': '1', two: '2' });
  },
  async 'an undefined header is the text undefined'() {
    equal((await invoke('look', {}, { headers: { given: undefined } })).headers, { given: 'undefined' });
  },
  async 'a bad header name rejects in the page'() {
    ok((await rejected(invoke('look', {}, { headers: { 'bad name': '1' } }))) instanceof TypeError, 'no TypeError');
  },
  async 'text of every plane arrives'() {
    const text = 'aä漢字🎉\u0000\u0007\u2028\u2029\\"\'\u007f\ufeff</script><!--';
    equal(await invoke('echo', { value: { [text]: text } }), { [text]: text });
  },
  async 'a lone surrogate has an answer and the link goes on'() {
    const outcomes = await Promise.allSettled([invoke('echo', { value: 'a\ud800b' }), invoke('echo', { value: 'neighbour' }), invoke('\udc00'), invoke('look', {}, { headers: { a: 'b' } })]);
    equal([outcomes[1].value, outcomes[3].status], ['neighbour', 'fulfilled']);
    for (const { reason } of [outcomes[0], outcomes[2]]) ok(reason instanceof TypeError && reason.message.includes('surrogate'), `rejected with ${reason}`);
    const text = ['\\ud800', '\\\\ud800', '\ud83c\udf89\\udc00'];
    equal(await invoke('echo', { value: text }), text);
  },
  async 'one MiB of JSON goes both ways'() {
    const value = { rows: Array.from({ length: 10000 }, (_, index) => ({ index, name: `row ${index} ü`, tags: ['a', 'b'], parent: index ? { index: index - 1 } : null })), text: 'x'.repeat(1 << 19) };
    const text = JSON.stringify(value);
    ok(text.length > 1 << 20, 'too small');
    equal(JSON.stringify(await invoke('echo', { value })) === text, true, 'the same text');
  },
  async 'nesting of 120 levels arrives, of 5000 rejects in the page'() {
    const nested = (levels) => {
      let value = 'core';
      for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value };
      return value;
    };
    equal(await invoke('echo', { value: nested(120) }), nested(120));
    const [deep, neighbour] = await Promise.allSettled([invoke('echo', { value: nested(5000) }), invoke('echo', { value: 1 })]);
    equal([deep.status, deep.reason.name, neighbour.value], ['rejected', 'RangeError', 1]);
  },
  async 'one MiB of raw bytes arrives'() {
    const bytes = pattern(1 << 20);
    equal(await invoke('checksum', bytes), [bytes.length, crc32(bytes)]);
  },
  async 'raw bytes of nearly the limit arrive'() {
    for (const bytes of [pattern(LIMIT * 0.8), pattern(LARGE)]) equal(await invoke('checksum', bytes.buffer), [bytes.length, crc32(bytes)]);
  },
  async 'large nested bytes arrive beside other arguments'() {
    const bytes = pattern(3_000_001);
    equal(await invoke('nested_checksum', { data: bytes, name: 'ü' }), ['ü', bytes.length, crc32(bytes)]);
  },
  async 'a small call does not wait for nineteen MiB that go up before it'() {
    const larges = Array.from({ length: (20 << 20) / LIMIT }, () => ({ key: 'sizes', entry: 'large', data: pattern(LARGE) }));
    await Promise.all([...larges, { key: 'sizes', entry: 'small' }].map((args) => invoke('note', args)));
    const journal = await invoke('read_journal', { key: 'sizes', count: larges.length + 1 });
    equal([journal.at(-1), journal.filter((entry) => entry === 'small').length], ['large', 1]);
  },
  async 'an empty buffer beside a large text arrives'() {
    const name = 'n'.repeat(LIMIT * 0.9);
    equal((await invoke('nested_checksum', { data: new Uint8Array(0), name })).slice(1), [0, 0]);
  },
  async 'several raw calls at once keep their own bytes'() {
    const bodies = Array.from({ length: 20 }, (_, index) => pattern(1 + index * 9973).map((byte) => byte ^ index));
    equal(await Promise.all(bodies.map((bytes) => invoke('checksum', bytes))), bodies.map((bytes) => [bytes.length, crc32(bytes)]));
  },
  async 'calls of one turn may be larger together than one may be'() {
    const bodies = [0.45, 0.45, 0.45, 0.95, 0.9].map((part) => pattern(LIMIT * part));
    const texts = Array.from({ length: 20 }, (_, index) => `${index} ${'ü'.repeat(300_000)}`);
    const calls = [...bodies.map((bytes) => invoke('checksum', bytes)), ...texts.map((value) => invoke('echo', { value }))];
    const answers = await Promise.all(calls);
    equal(answers.slice(0, 5), bodies.map((bytes) => [bytes.length, crc32(bytes)]));
    ok(answers.slice(5).every((answer, index) => answer === texts[index]), 'other texts');
  },
  async 'a call over the limit rejects in the page and names it'() {
    const over = LIMIT * 1.05;
    for (const args of [new Uint8Array(over), { value: 'x'.repeat(over) }, { value: 'ü'.repeat(LIMIT * 0.55) }, { data: new Uint8Array(over), name: 'n' }])
      await rejectedWith(invoke('echo', args), 'RangeError', 'echo', String(LIMIT), 'max_message_bytes');
    equal(await invoke('echo', { value: 'on' }), 'on');
  },
  async 'a call of every size around the limit is made or rejects'() {
    const told = [];
    for (let over = -48; over <= -32; over += 4) {
      const call = invoke('no_such_command', { value: 'x'.repeat(LIMIT + over) });
      const reason = await within(rejected(call), `an answer to a call with ${over} bytes more in its text`);
      told.push(reason instanceof RangeError ? 'too large' : 'made');
    }
    equal([...told].sort(), told);
    equal([told[0], told[4]], ['made', 'too large']);
    const headers = { 'x-long': 'h'.repeat(500) };
    await rejectedWith(invoke('no_such_command', { value: 'x'.repeat(LIMIT - 300) }, { headers }), 'RangeError', 'max_message_bytes');
  },
  async 'a value that is nested too deep rejects, and the call beside it is answered'() {
    let deep = [];
    for (let level = 0; level < 1500; level++) deep = [deep];
    const calls = [invoke('echo', { value: deep }), invoke('echo', { value: 'beside' })];
    await rejectedWith(calls[0], 'nested deeper than 128 levels');
    equal(await calls[1], 'beside');
  },
};
