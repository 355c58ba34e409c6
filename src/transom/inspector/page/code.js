// Calls as code, to be copied.

/** @typedef {import('./types').Call} Call */

/** @param {Call} call */
function parsed(call) {
  if (call.raw || call.argsBytes > new TextEncoder().encode(call.args).length) return undefined;
  try {
    return JSON.parse(call.args);
  } catch {
    return undefined;
  }
}

/**
 * Return the call as JavaScript; `null` if its arguments were not kept whole.
 * @param {Call} call
 */
export function asJavaScript(call) {
  const name = JSON.stringify(call.command);
  const headers = Object.keys(call.headers).length ? `{ headers: ${JSON.stringify(call.headers)} }` : '';
  if (call.raw) return `await invoke(${name}, new Uint8Array(${call.buffers[0] ?? 0})${headers && `, ${headers}`})`;
  const args = parsed(call);
  if (args === undefined) return null;
  const isEmpty = args === null || Object.keys(args).length === 0;
  if (isEmpty) return `await invoke(${name}${headers && `, {}, ${headers}`})`;
  return `await invoke(${name}, ${JSON.stringify(args, null, 2)}${headers && `, ${headers}`})`;
}

/**
 * Return the call as a line of a test that uses `transom.testing`; `null` if its arguments were not kept whole.
 * @param {Call} call
 */
export function asPython(call) {
  const parts = [JSON.stringify(call.command)];
  const args = parsed(call);
  if (args === undefined) return null;
  if (Object.keys(call.headers).length) parts.push(`headers=${literal(call.headers)}`);
  const entries = Object.entries(args ?? {});
  const isName = (/** @type {string} */ key) => /^[A-Za-z_]\w*$/.test(key) && !KEYWORDS.has(key);
  for (const [key, value] of entries) if (isName(key)) parts.push(`${key}=${literal(value)}`);
  const others = entries.filter(([key]) => !isName(key));
  if (others.length) parts.push(`**${literal(Object.fromEntries(others))}`);
  return `page.invoke(${parts.join(', ')})`;
}

// Words that cannot be the name of an argument, and the parameters of `page.invoke` itself.
const KEYWORDS = new Set(
  ('False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield headers timeout command self').split(' '),
);

/**
 * Return a JSON value as a Python expression.
 * @param {any} value
 * @returns {string}
 */
export function literal(value) {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${literal(item)}`)
      .join(', ')}}`;
  return JSON.stringify(value);
}
