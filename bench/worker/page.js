// A page that works for the back end: it requests work, does it, and reports the result. Like any front end, it uses the
// unmodified npm package. The commands are in `_commands.py`; the page checks their results.
import { Channel, invoke } from '@tauri-apps/api/core';
import { emit, listen } from '@tauri-apps/api/event';

const PAYLOAD = { state: 'some string data', data: 17 };
// One call in ten runs in a worker thread, and one on the window's thread.
const ECHOES = { 3: 'echo_worker', 7: 'echo_main' };

/** @param {boolean} right @param {string} what */
function check(right, what) {
  if (!right) throw new Error(what);
}

// The places of the number in a body: at its start, in its middle and at its end.
const placesOf = (size) => [0, size >> 1, size - 4];

/** @param {number} size @param {number} [number] */
function marked(size, number = 0) {
  const bytes = new Uint8Array(size);
  for (const place of placesOf(size)) new DataView(bytes.buffer).setUint32(place, number);
  return bytes;
}

/** Receive a stream of a command through a new channel. @param {number} count @param {number} size */
function received(count, size) {
  return new Promise((resolve, reject) => {
    let next = 0;
    const onMessage = new Channel();
    onMessage.onmessage = (message) => {
      const number = size ? next : message.data.number;
      if (number !== next || (size && message.byteLength !== size)) reject(new Error(`another message arrived instead of message ${next}`));
      if (++next === count) resolve(undefined);
    };
    invoke('stream', { onMessage, count, size }).catch(reject);
  });
}

/** Make `count` calls with `inFlight` at once; `call` receives the number of each. @param {number} count @param {number} inFlight @param {(number: number) => Promise<unknown>} call */
async function calls(count, inFlight, call) {
  let next = 0;
  const caller = async () => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, count) }, caller));
}

/** @param {number} number */
async function echo(number) {
  const { value } = await invoke(ECHOES[number % 10] ?? 'echo', { count: number, payload: PAYLOAD });
  check(value === number, `call ${number} got the answer of call ${value}`);
}

/** Make a call that is never answered, and abort it: in transit, or once it runs. @param {boolean} running */
async function abandoned(running) {
  const controller = new AbortController();
  const waiting = invoke('wait', {}, { signal: controller.signal });
  if (running) await echo(0);
  controller.abort();
  check((await waiting.catch((error) => error.name)) === 'AbortError', 'an aborted call did not reject');
}

let transfers = 0;

/** Each body contains a unique number, so that an old body in its place is noticed. @param {number} size */
async function transfer(size) {
  const number = ++transfers;
  const [length, ...numbers] = await invoke('up', marked(size, number));
  check(length === size && numbers.every((found) => found === number), `${size} bytes arrived as ${length} on their way up, with ${numbers} for ${number}`);
  const body = await invoke('down', { size, number });
  check(body.byteLength === size, `${size} bytes came down as ${body.byteLength}`);
  for (const place of placesOf(size)) check(new DataView(body).getUint32(place) === number, `of ${size} bytes, those at ${place} are wrong`);
}

/** Make WebKit collect its garbage and return the freed memory. */
async function collected() {
  // Large allocations start the collector; memory that is never written costs nothing.
  for (let i = 1; i <= 64; i++) {
    new ArrayBuffer(16 << 20);
    if (i % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

// A page that is being unloaded does not report failures and takes no more work. In WebKit, promises of an unloaded page
// continue, with the `window` of the next page, so its traffic would otherwise never end.
let leaving = false;
addEventListener('beforeunload', () => (leaving = true));

// Kind of work -> a function that does it and may return its duration in milliseconds. Add here to introduce one.
const works = {
  /** Collect garbage; Chromium has a function for it (`--expose-gc`). */
  rest: () => (globalThis.gc ? globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }) : collected()),
  messages: ({ count, size }) => received(count, size),
  streams: ({ channels, count, size }) => calls(channels, channels, () => received(count, size)),
  async invokes({ count, inFlight }) {
    await calls(count, inFlight, echo);
    for (let i = 0; i < count; i += 100) await abandoned(i % 200 === 0);
  },
  async bulk({ sizes }) {
    for (const size of sizes) await transfer(size);
  },
  async events({ count, listeners }) {
    let heard = 0;
    let all;
    const done = new Promise((resolve) => (all = resolve));
    const hear = () => ++heard === count * listeners && all();
    const unlisten = await Promise.all(Array.from({ length: listeners }, () => listen('tick', hear)));
    const start = performance.now();
    await invoke('events', { count });
    await done;
    const milliseconds = performance.now() - start;
    await Promise.all(unlisten.map((stop) => stop()));
    return milliseconds;
  },
  /** Everything at once, until the page ends. */
  async traffic() {
    invoke('wait');
    const forever = async (work) => {
      while (!leaving) await work();
    };
    await listen('tock', () => {});
    await Promise.all([
      forever(() => received(1000, 0)),
      forever(() => received(10, 300_000)),
      forever(() => calls(500, 50, echo)),
      forever(() => transfer(200_000)),
      forever(() => works.events({ count: 10, listeners: 3 })),
      forever(() => emit('tock')),
    ]);
  },
  /** Make one call at a time, timed by the back end: `count` calls, or as many as fit into the transfer of a large body. */
  async marks({ count, up, down }) {
    await invoke('mark', { first: true });
    let open = up || down ? 1 : 0;
    const done = () => (open = 0);
    if (up) invoke('up', marked(up)).finally(done);
    if (down) invoke('down', { size: down, number: 0 }).finally(done);
    // A small transfer ends before there are enough calls for percentiles.
    const least = up || down ? 20 : count;
    for (let i = 0; open || i < least; i++) await invoke('mark', { first: false });
  },
  async up({ count, size, inFlight }) {
    const body = marked(size);
    const start = performance.now();
    await calls(count, inFlight, () => invoke('up', body));
    return performance.now() - start;
  },
  down: ({ count, size, inFlight }) => calls(count, inFlight, () => invoke('down', { size, number: 0 })),
  echoes: ({ count, inFlight }) => calls(count, inFlight, () => invoke('echo', { count: 1, payload: PAYLOAD })),
  /** Receive the messages of the back end, up to the message `last`. */
  held: () =>
    new Promise((resolve, reject) => {
      let next = 0;
      const onMessage = new Channel();
      onMessage.onmessage = ({ event, data }) => {
        if (data.number !== next++) reject(new Error(`message ${data.number} in place of ${next - 1}`));
        if (event === 'last') resolve();
      };
      invoke('hold', { onMessage }).catch(reject);
    }),
};

async function work() {
  for (;;) {
    const { number, kind, args } = await invoke('next_work');
    const start = performance.now();
    let error = null;
    let milliseconds;
    try {
      milliseconds = await works[kind](args);
    } catch (reason) {
      error = String(reason?.message ?? reason);
    }
    if (leaving) return;
    milliseconds ??= performance.now() - start;
    await invoke('work_done', { number, error, milliseconds, callbacks: window.__TAURI_INTERNALS__.callbacks.size });
  }
}
work();
