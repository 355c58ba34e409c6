// A page in Node.js that runs what a test sends: `guest_page.mjs ADDRESS`. Every line of stdin is a JSON text: the body of an
// async function that gets `load`, which imports an npm package of `tests/js`. The answer is a line `{"ok": ...}` or `{"error": ...}`.
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const [address] = process.argv.slice(2);
const greeted = await fetch(address, { redirect: 'manual' });
const cookie = greeted.headers.get('set-cookie').split(';')[0];
const base = new URL(greeted.headers.get('location'), address);
const html = await (await fetch(base, { headers: { cookie } })).text();
const listeners = new EventTarget();
const opened = [];

const globals = {
  window: globalThis,
  location: { href: base.href, origin: base.origin, protocol: base.protocol, host: base.host, reload: () => process.exit(0) },
  document: {
    title: '',
    currentScript: null,
    readyState: 'complete',
    visibilityState: 'visible',
    addEventListener() {},
    createElement: () => ({ remove() {} }),
    documentElement: { append: (element) => (0, eval)(element.textContent) },
  },
  sessionStorage: { getItem: () => null, setItem() {} },
  WebSocket: class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { origin: base.origin, headers: { cookie }, perMessageDeflate: false });
      this.on('error', () => {});
    }
  },
  addEventListener: listeners.addEventListener.bind(listeners),
  removeEventListener: listeners.removeEventListener.bind(listeners),
  reportError: (error) => console.error(error),
  open: (...given) => void opened.push(given),
  opened,
};
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
for (const [, script] of html.matchAll(/<script nonce="[^"]*">([^]*?)<\/script>/g)) (0, eval)(script);

const AsyncFunction = (async () => {}).constructor;
const load = (name) => import(name);
const text = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : error);
const lines = createInterface({ input: process.stdin });
for await (const line of lines) {
  let answer;
  try {
    answer = { ok: (await new AsyncFunction('load', JSON.parse(line))(load)) ?? null };
  } catch (error) {
    answer = { error: text(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
