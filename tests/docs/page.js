// Runs the page's script of one pair, and tells the back end what it logged: entry of every bundle of `docs.mjs`.
// `emit` is that of the client, see `page_names.js` and those of the older generations.
/* global EXPECTED, emit */

const PATIENCE = 8000;
const lines = [];
let enough = () => {};
const complete = new Promise((resolve) => (enough = resolve));

function shown(value) {
  if (typeof value === 'string') return value;
  if (value instanceof ArrayBuffer) return `ArrayBuffer [${new Uint8Array(value)}]`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} [${value}]`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return JSON.stringify(value, (_, item) => (item instanceof ArrayBuffer || ArrayBuffer.isView(item) ? shown(item) : item)) ?? String(value);
}

function note(kind, values) {
  lines.push([kind, values.map(shown).join(' ')]);
  if (lines.length >= EXPECTED) enough();
}

for (const [method, kind] of [['log', 'page logs'], ['warn', 'page warns'], ['error', 'page errors']]) {
  const original = console[method].bind(console);
  console[method] = (...values) => {
    note(kind, values);
    original(...values);
  };
}
window.addEventListener('error', (event) => note('page errors', [`uncaught: ${event.message}`]));
window.addEventListener('unhandledrejection', (event) => note('page errors', ['unhandled:', event.reason]));

try {
  await import('pair');
} catch (error) {
  note('page errors', ['thrown:', error]);
}
if (lines.length >= EXPECTED) enough();
await Promise.race([complete, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
await emit('docs/barrier'); // whatever was on its way before, and was not expected, is here after it
await emit('docs/report', lines);
