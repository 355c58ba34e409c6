// What `docs/values.md` says of every value, in both directions.
import { Channel, invoke } from 'tauri-api/core';
import { listen } from 'tauri-api/event';

import { collector, equal, ok, rejectedWith, show } from '../expect.js';

const value = (kind) => invoke('value_of', { kind });
const buffer = (...bytes) => Uint8Array.from(bytes).buffer;
const TYPED = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
const BIG = [BigInt64Array, BigUint64Array];

/** Numbers that look random and are the same in every run. */
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function anything(next, depth) {
  const kind = next(depth > 3 ? 8 : 10);
  const list = (make) => Array.from({ length: next(4) }, make);
  if (kind === 0) return null;
  if (kind === 1) return next(2) === 1;
  if (kind === 2) return next(2 ** 32) * 2 ** next(21) - 2 ** 31;
  if (kind === 3) return (next(2 ** 32) - 2 ** 31) / 2 ** next(60);
  if (kind === 4) return String.fromCodePoint(...list(() => next(0xd800)));
  if (kind === 5) return Uint8Array.from(list(() => next(256))).buffer;
  if (kind === 6) return TYPED[next(TYPED.length)].from(list(() => next(100)));
  if (kind === 7) return BIG[next(2)].from(list(() => BigInt(next(2 ** 32)) << 20n));
  if (kind === 8) return list(() => anything(next, depth + 1));
  return Object.fromEntries(list(() => [`key ${next(9)}`, anything(next, depth + 1)]));
}

export default {
  async 'integers beyond 2^53 are exact in Python and rounded in the page'() {
    equal(await value('safe'), 9007199254740991);
    equal(await value('unsafe'), 9007199254740992);
    equal(BigInt(await value('text of unsafe')), 9007199254740993n);
    // As JavaScript writes numbers: the shortest digits that mean the same double.
    equal(await invoke('take_integer', { value: 2 ** 60 }), '1152921504606847000');
    equal(await invoke('take_integer', { value: -0 }), '0');
    await rejectedWith(invoke('take_integer', { value: 1e21 }), 'invalid args `value` for command `take_integer`: Expected `int`, got `float`');
    await rejectedWith(invoke('take_integer', { value: 1n }), 'BigInt');
  },
  async 'what is no number is null in both directions'() {
    equal(await value('not numbers'), [null, null, null]);
    for (const odd of [NaN, Infinity, -Infinity]) equal(await invoke('take_float', { value: odd }), 'None');
    equal(await invoke('take_float', { value: 3 }), '3.0');
  },
  async 'dates, decimals, paths and enums are texts'() {
    equal(new Date(await value('datetime')).toISOString(), '2024-05-06T07:08:09.123Z');
    const kinds = ['datetime', 'naive', 'date', 'time', 'timedelta', 'decimal', 'uuid', 'path', 'enum', 'set'];
    equal(await Promise.all(kinds.map(value)), [
      '2024-05-06T07:08:09.123456Z', '2024-05-06T07:08:09.123456', '2024-05-06', '07:08:09.123456', 'P1DT1.5S', '1.10',
      '00000000-0000-0000-0000-000000000005', '/ü/b', ['red', { red: 1 }], [7],
    ]);
    const at = new Date(Date.UTC(2024, 4, 6, 7, 8, 9, 10));
    const sent = { at, day: at.toISOString().slice(0, 10), took: 'PT90S', cost: '1.10', key: '00000000-0000-0000-0000-000000000005', path: '/ü/b', colour: 'red' };
    equal(await invoke('take_texts', sent), [
      'datetime.datetime(2024, 5, 6, 7, 8, 9, 10000, tzinfo=datetime.timezone.utc)', 'datetime.date(2024, 5, 6)',
      'datetime.timedelta(seconds=90)', "Decimal('1.10')", "UUID('00000000-0000-0000-0000-000000000005')", "('/', 'ü', 'b')",
      "<Colour.RED: 'red'>",
    ]);
    await rejectedWith(invoke('take_texts', { ...sent, day: at }), 'invalid args `day`');
  },
  async 'buffers have the class of their elements'() {
    equal(await value('buffers'), [buffer(1), buffer(2), buffer(3), Float32Array.of(1.5)]);
    for (const Kind of TYPED) equal(await invoke('echo', { value: [Kind.of(1, 2)] }), [Kind.of(1, 2)]);
    for (const Kind of BIG) equal(await invoke('echo', { value: Kind.of(1n, 2n ** 62n) }), Kind.of(1n, 2n ** 62n));
    equal(await invoke('echo', { value: [new Float64Array(), new DataView(buffer(1, 2), 1), Uint8ClampedArray.of(300)] }), [new Float64Array(), buffer(2), Uint8Array.of(255)]);
  },
  async 'bytes are taken from buffers and arrays of numbers, and never from texts'() {
    equal(await invoke('take_bytes', { data: Uint8Array.of(1, 255), more: { a: buffer(2), b: [3, 4], c: Uint16Array.of(5) } }), ['01ff', { a: '02', b: '0304', c: '0500' }]);
    equal(await invoke('take_bytes', { data: [0, 255] }), ['00ff', {}]);
    for (const data of ['AQI=', [256], [-1], [1.5]]) await rejectedWith(invoke('take_bytes', { data }), 'invalid args `data` for command `take_bytes`: Expected `bytes`, got ', '; send an ArrayBuffer or a typed array');
    await rejectedWith(invoke('take_bytes', { data: [], more: { a: 'AQI=' } }), 'invalid args `more`', 'a text is not decoded');
  },
  async 'arrays of NumPy are typed arrays, flat and row by row'() {
    const [big, plain] = [[0n, 1n, 2n, 3n], [0, 1, 2, 3]];
    equal(await value('arrays'), {
      i1: Int8Array.from(plain), u1: Uint8Array.from(plain), '<i2': Int16Array.from(plain), '>u2': Uint16Array.from(plain), i4: Int32Array.from(plain),
      u4: Uint32Array.from(plain), '>i8': BigInt64Array.from(big), u8: BigUint64Array.from(big), f4: Float32Array.from(plain), f8: Float64Array.from(plain), '?': Uint8Array.of(0, 1, 1, 1),
    });
    equal(await value('columns first'), Uint8Array.of(1, 2, 3, 4));
    equal(await value('scalars'), [0.5, 7, true]);
    ok((await value('half').catch((reason) => reason)).kind === 'internal', 'an array of 16-bit floats is refused');
  },
  async 'a typed array is taken as the array of its class only'() {
    equal(await invoke('take_floats', { values: Float32Array.of(1.5, -2) }), ['float32', [1.5, -2], Float32Array.of(3, -4)]);
    const large = Float32Array.from({ length: 100_000 }, (_, index) => index / 2);
    equal((await invoke('take_floats', { values: large }))[2], large.map((item) => item * 2));
    const sent = { sensorName: 's', samples: new Float32Array([9, 1, 2]).subarray(1), rawBytes: [7] };
    equal(await invoke('take_reading', { reading: sent }), ['s', [1, 2], '07', { sensorName: 's', samples: Float32Array.of(1, 2), rawBytes: buffer(7) }]);
    equal(await value('reading'), { sensorName: 's', samples: Float32Array.of(1, 1), rawBytes: buffer(1) });
    await rejectedWith(invoke('take_floats', { values: Float64Array.of(1) }), 'invalid args `values` for command `take_floats`: Expected `Float32Array`, got `Float64Array`');
    await rejectedWith(invoke('take_floats', { values: [1] }), 'Expected `Float32Array`, got `array`');
    await rejectedWith(invoke('take_reading', { reading: { ...sent, samples: buffer(1) } }), 'Expected `Float32Array`, got bytes at `samples`');
  },
  async 'models of pydantic hold bytes'() {
    equal(await value('model'), { in: [{ fileName: 'f', content: buffer(255) }] });
    equal(await invoke('take_upload', { upload: { fileName: 'f', content: Uint8Array.of(1) } }), ['f', '01', { fileName: 'f', content: buffer(1) }]);
    await rejectedWith(invoke('take_upload', { upload: { fileName: '', content: 'text' } }), 'invalid args `upload`', '`fileName`: String should have at least 1 character', '`content`: Input should be a valid bytes');
  },
  async 'tables travel as Arrow IPC streams'() {
    const stream = await value('table');
    ok(stream instanceof ArrayBuffer, show(stream));
    equal(await invoke('take_table', { table: stream }), { name: ['a', 'ü'], size: [1, 2] });
    equal(await invoke('take_table', { table: new Uint8Array(stream) }), { name: ['a', 'ü'], size: [1, 2] });
    await rejectedWith(invoke('take_table', { table: stream.slice(0, 100) }), 'invalid args `table`', 'Expected bytes of an Arrow IPC stream');
  },
  async 'tagged unions are what serde writes, at every place'() {
    const started = { event: 'started', data: { url: 'u', downloadId: 1, contentLength: 1000 } };
    equal(await value('event'), [started, { in: { event: 'finished' } }]);
    equal(await invoke('take_event', { event: started, events: [{ event: 'finished' }, { event: 'progress', data: { downloadId: 1, chunkLength: 2, chunk: [3] } }] }), [
      "Started(url='u', download_id=1, content_length=1000)",
      [{ event: 'finished' }, { event: 'progress', data: { downloadId: 1, chunkLength: 2, chunk: buffer(3) } }],
    ]);
    await rejectedWith(invoke('take_event', { event: { event: 'started', data: { url: 5 } }, events: [] }), 'invalid args `event`', 'Expected `str`, got `int` at `data.url`');
    await rejectedWith(invoke('take_event', { event: { event: 'other' }, events: [] }), 'Expected a variant, one of `started`, `progress`, `finished`, got `other`');
    const messages = collector(5, 'messages');
    const heard = collector(1, 'events');
    const unlisten = await listen('download', ({ payload }) => heard.add(payload));
    const onEvent = new Channel();
    onEvent.onmessage = messages.add;
    equal(await invoke('download', { url: 'u', onEvent }), { event: 'progress', data: { downloadId: 1, chunkLength: 200, chunk: buffer(1) } });
    const progress = (chunkLength) => ({ event: 'progress', data: { downloadId: 1, chunkLength, chunk: buffer() } });
    equal(await messages.all(), [started, progress(15), progress(150), progress(35), { event: 'finished' }]);
    equal(await heard.all(), [started]);
    unlisten();
  },
  async 'what was sent does not change when its buffer is filled again'() {
    for (const large of [false, true]) {
      const messages = collector(3, 'messages');
      const onEvent = new Channel();
      onEvent.onmessage = messages.add;
      await invoke('reuse', { onEvent, large });
      const items = await messages.all();
      items.forEach((views, index) => views.forEach((view) => ok(new Uint8Array(view).every((byte) => byte === index + 1), `message ${index} was overwritten`)));
    }
  },
  async 'five hundred values of any shape come back as they were'() {
    const next = numbers(20240506);
    const values = Array.from({ length: 500 }, () => anything(next, 0));
    const came = await Promise.all(values.map((item) => invoke('echo', { value: item })));
    values.forEach((item, index) => equal(came[index], item, `value ${index}`));
  },
};
