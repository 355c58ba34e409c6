// One page generation of `node_client.mjs`: the few globals of a page that our script and the npm client use, then both.
import { parentPort, workerData } from 'node:worker_threads';
import WebSocket from 'ws';

const { address: printed, storage } = workerData;
// Browsers know that `*.localhost` is this machine; Node.js asks the system, which may not.
const address = printed.replace(/\/\/[\w-]+\.localhost:/, '//127.0.0.1:');
const kept = new Map(storage);
const greeted = await fetch(address, { redirect: 'manual' });
const cookie = greeted.headers.get('set-cookie').split(';')[0];
const base = new URL(greeted.headers.get('location'), address);
const read = async (path) => (await fetch(new URL(path, base), { headers: { cookie } })).text();
const html = await read('');

const listeners = new EventTarget();

class PageEvent extends Event {
  constructor(error) {
    super('error', { cancelable: true });
    this.error = error;
    this.message = `Uncaught ${error}`;
  }
}

function reportError(error) {
  if (listeners.dispatchEvent(new PageEvent(error))) console.error(`uncaught: ${error?.stack ?? error}`);
}
process.on('uncaughtException', reportError);

const NOWHERE = 'ws://127.0.0.1:9/';
let connections = 0;

const globals = {
  window: globalThis,
  location: {
    href: base.href,
    origin: base.origin,
    protocol: base.protocol,
    host: base.host,
    reload: () => parentPort.postMessage({ storage: [...kept] }),
  },
  navigator: globalThis.navigator ?? { userAgent: 'Node.js', appVersion: '5.0' }, // Node.js has none before version 21
  document: {
    readyState: 'loading',
    addEventListener: listeners.addEventListener.bind(listeners),
    title: '',
    currentScript: null,
    createElement: () => ({ remove() {} }),
    documentElement: { append: (element) => evaluate(element.textContent) },
  },
  sessionStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, String(value)), removeItem: (key) => kept.delete(key) },
  // Browsers send cookie and origin by themselves. The first connection of a page fails here, as Chromium lets some.
  WebSocket: class extends WebSocket {
    constructor(url, protocols) {
      super(connections++ ? url : NOWHERE, protocols, { origin: base.origin, headers: { cookie }, perMessageDeflate: false });
      this.on('error', () => {}); // in a browser nothing happens without a listener
    }
  },
  addEventListener: listeners.addEventListener.bind(listeners),
  removeEventListener: listeners.removeEventListener.bind(listeners),
  reportError,
};
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });

const evaluate = (source) => (0, eval)(source);

// The script elements with a nonce are those that the server put there, and are not of the file.
for (const [, script] of html.matchAll(/<script nonce="[^"]*">([^]*?)<\/script>/g)) evaluate(script);
evaluate(await read('conformance.js'));
globals.document.readyState = 'complete';
listeners.dispatchEvent(new Event('DOMContentLoaded'));
listeners.dispatchEvent(new Event('load'));
