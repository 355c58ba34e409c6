// Any message through the client of an older generation: `older_codec.mjs SCRIPT`. Reads a line `{message, answer, ok}`, and prints the
// calls of 2.x that became of the message and what the page was told. The back end answers with `answer`, which rejects without `ok`.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

let calls = [];
let answer = { ok: true, answer: null };
let tell = () => {};
globalThis.window = globalThis;
globalThis.location = new URL('https://example.org/page');
Object.defineProperty(globalThis, 'navigator', { value: { appVersion: '5.0 (X11)', userAgent: 'Node.js' }, configurable: true });
globalThis.reportError = (error) => tell(['thrown', String(error)]);
globalThis.addEventListener = () => {};
for (const name of ['error', 'warn']) console[name] = (text) => tell(['console', String(text)]);
process.on('unhandledRejection', (reason) => tell(['unhandled', String(reason)]));
globalThis.__transomMock = {
  send(frame) {
    const text = typeof frame === 'string' ? frame : new TextDecoder().decode(frame.slice(8, 8 + new DataView(frame.buffer).getUint32(4, true)));
    for (const [kind, id, command, payload] of JSON.parse(text)) {
      if (kind !== 0) continue;
      calls.push([command, payload]);
      setTimeout(() => globalThis.__transomMock.receive(JSON.stringify([[answer.ok ? 0 : 1, id, answer.answer]]), new ArrayBuffer(0)));
    }
  },
};
(0, eval)(await readFile(process.argv[2], 'utf8'));
const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
await later(20);

function send(message) {
  const { transformCallback } = window.__TAURI__;
  const names = { callback: transformCallback((value) => tell(['resolved', value]), true), error: transformCallback((reason) => tell(['rejected', reason]), true) };
  const whole = typeof message === 'object' && message !== null && !Array.isArray(message) ? { ...names, ...message } : message;
  if (window.__TAURI_IPC__) window.__TAURI_IPC__(whole);
  else if (window.rpc) {
    const { cmd, ...given } = whole ?? {};
    window.rpc.notify(cmd, whole === message ? message : given);
  } else window.__TAURI_INVOKE_HANDLER__(whole);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { message, ...given } = JSON.parse(line);
  calls = [];
  answer = given;
  const told = new Promise((resolve) => (tell = resolve));
  try {
    send(message);
  } catch (error) {
    tell(['thrown', String(error)]);
  }
  const outcome = await Promise.race([told, later(2000).then(() => ['silence'])]);
  process.stdout.write(`${JSON.stringify({ calls, outcome })}\n`);
}
process.exit(0);
