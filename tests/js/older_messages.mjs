// What becomes of messages of the betas of 1.0 and of 0.x: `older_messages.mjs SCRIPT`. Reads a message a line, `{module?, cmd, args}`, and
// prints the first command of 2.x that became of it, or the text that refused it. The back end answers null.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

let calls = [];
globalThis.window = globalThis;
Object.defineProperty(globalThis, 'navigator', { value: { appVersion: '5.0 (X11)', userAgent: 'Node.js' }, configurable: true });
globalThis.reportError = () => {}; // what the page makes of null
globalThis.addEventListener = () => {};
globalThis.document = { querySelector: () => null };
globalThis.__transomMock = {
  send(frame) {
    const text = typeof frame === 'string' ? frame : new TextDecoder().decode(frame.slice(8, 8 + new DataView(frame.buffer).getUint32(4, true)));
    for (const [kind, id, command] of JSON.parse(text)) {
      if (kind !== 0) continue;
      calls.push(command);
      setTimeout(() => globalThis.__transomMock.receive(JSON.stringify([[0, id, command === 'plugin:window|get_all_windows' ? [] : null]]), new ArrayBuffer(0)));
    }
  },
};
(0, eval)(await readFile(process.argv[2], 'utf8'));
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
await settled();

const call = (module, cmd, args) =>
  new Promise((resolve) => {
    const { transformCallback } = window.__TAURI__;
    const names = { callback: transformCallback(() => resolve(''), true), error: transformCallback((reason) => resolve(String(reason)), true) };
    if (window.rpc) window.rpc.notify('tauri', { __invokeKey: 0, ...names, __tauriModule: module, message: { cmd, ...args } });
    else window.__TAURI_INVOKE_HANDLER__({ ...names, cmd, ...args });
  });

for await (const line of createInterface({ input: process.stdin })) {
  const { module, cmd, args } = JSON.parse(line);
  calls = [];
  const refused = await Promise.race([call(module, cmd, args), new Promise((resolve) => setTimeout(resolve, 3000, 'no answer').unref())]);
  await settled();
  console.log(JSON.stringify([module ? `${module}.${cmd}` : cmd, calls[0] ?? null, refused]));
}
process.exit(0);
