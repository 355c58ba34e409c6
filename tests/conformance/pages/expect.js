// What checks say; a failed one throws with both values.

/** Values as text that tells types apart which JSON does not. */
export function show(value) {
  if (value instanceof ArrayBuffer) return `ArrayBuffer<${hex(value)}>`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}<${hex(value)}>`;
  if (value instanceof Error || (typeof DOMException === 'function' && value instanceof DOMException)) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.keys(value).sort().map((key) => `${key}: ${show(value[key])}`).join(', ')}}`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

export function hex(buffer) {
  const bytes = ArrayBuffer.isView(buffer) ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
  return Array.from(bytes.subarray(0, 64), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const short = (text) => (text.length > 400 ? `${text.slice(0, 400)}... (${text.length})` : text);

export function equal(actual, expected, what = 'value') {
  const [left, right] = [show(actual), show(expected)];
  if (left !== right) throw new Error(`${what}: got ${short(left)}, expected ${short(right)}`);
}

export function ok(condition, what) {
  if (!condition) throw new Error(what);
}

/** Wait for a rejection and return its reason. */
export async function rejected(promise) {
  let value;
  try {
    value = await promise;
  } catch (reason) {
    return reason;
  }
  throw new Error(`resolved with ${short(show(value))}, expected a rejection`);
}

/** Wait for a rejection whose text has every one of the parts. */
export async function rejectedWith(promise, ...parts) {
  const reason = await rejected(promise);
  const text = typeof reason === 'string' ? reason : show(reason);
  for (const part of parts) ok(text.includes(part), `rejected with ${short(text)}, which does not say ${part}`);
  return reason;
}

/** A promise that is resolved from outside, with a bound on the wait for it. */
export function gate(what, limit = 10000) {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, passed: within(opened, what, limit) };
}

export function within(promise, what, limit = 10000) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what}: not within ${limit} ms`)), limit)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Collects what a callback is called with until there are `count`. */
export function collector(count, what) {
  const items = [];
  const { open, passed } = gate(`${what} (${count} wanted)`, 15000);
  const add = (item) => {
    items.push(item);
    if (items.length === count) open(items);
  };
  passed.catch(() => {});
  const all = () => passed.catch((error) => { throw new Error(`${error.message}, got ${items.length}: ${short(show(items.slice(-5)))}`); });
  return { items, add, all };
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

export function crc32(bytes) {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = TABLE[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

export function pattern(size) {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 31 + (i >>> 8)) & 255;
  return bytes;
}

/** Errors that nobody caught while `work` runs and until `count` of them came. */
export async function uncaught(count, work) {
  const { items, add, all } = collector(count, 'uncaught errors');
  const listener = (event) => {
    add(event.message || String(event.error));
    event.preventDefault();
  };
  window.addEventListener('error', listener);
  try {
    await work();
    await all();
  } finally {
    window.removeEventListener('error', listener);
  }
  return items;
}
