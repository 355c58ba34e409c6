// Our script and the real `Channel` class of one npm client in Node.js: `channel_page.mjs SCRIPT CLIENT`. Reads a JSON text a
// line: a number makes that many channels and answers their ids, an array is a frame with its tail as base64, and an object
// asks for what channels have got, by id, and for what went up to the back end.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const [script, client] = process.argv.slice(2);
let up = [];
let errors = [];
globalThis.window = globalThis;
globalThis.reportError = (error) => errors.push(String(error));
globalThis.__transomMock = { send: (text) => up.push(text) };
(0, eval)(await readFile(script, 'utf8'));
const { Channel } = await import(client);
const got = new Map();

function make() {
  const channel = new Channel();
  const messages = [];
  channel.onmessage = (message) => messages.push(message);
  got.set(channel.id, messages);
  return channel.id;
}

function receive([text, tail]) {
  const bytes = Buffer.from(tail, 'base64');
  globalThis.__transomMock.receive(text, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const plain = (_, value) => (value instanceof ArrayBuffer ? { bytes: [...new Uint8Array(value)] } : value);

function report({ ids }) {
  const channels = ids.map((id) => [got.get(id), globalThis.__TAURI_INTERNALS__.callbacks.has(id)]);
  ids.forEach((id) => got.delete(id));
  const answer = { channels, up, errors };
  up = [];
  errors = [];
  return answer;
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (Array.isArray(asked)) {
    receive(asked);
    continue;
  }
  await new Promise(setImmediate); // what the page does after a turn: messages up, handlers that wait
  const answer = typeof asked === 'number' ? Array.from({ length: asked }, make) : report(asked);
  process.stdout.write(`${JSON.stringify(answer, plain)}\n`);
}
