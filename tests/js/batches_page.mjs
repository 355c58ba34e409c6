// Our script in Node.js, to see the batches that calls leave in: `batches_page.mjs SCRIPT`. Reads a JSON text a line, a list of
// steps, and answers it with the messages of every batch that went up, by step. A step is a turn in which the given number
// of calls is made or, when it is negative, so many of the oldest are answered.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const [script] = process.argv.slice(2);
let up = [];
globalThis.window = globalThis;
globalThis.__transomMock = { send: (text) => up.push(JSON.parse(text)) };
(0, eval)(await readFile(script, 'utf8'));
const { invoke } = globalThis.__TAURI_INTERNALS__;
const open = [];

async function turn(count) {
  for (let i = 0; i < count; i++) invoke('work', {});
  const answered = open.splice(0, -count);
  globalThis.__transomMock.receive(JSON.stringify(answered.map((id) => [0, id, null])));
  await new Promise(setImmediate);
  const batches = up;
  up = [];
  for (const [, id] of batches.flat()) open.push(id);
  return batches;
}

for await (const line of createInterface({ input: process.stdin })) {
  const turns = [];
  for (const count of JSON.parse(line)) turns.push(await turn(count));
  await turn(-open.length);
  process.stdout.write(`${JSON.stringify(turns)}\n`);
}
