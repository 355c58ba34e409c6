// Calls the functions of `transom bindings` with the mocks of the npm package in place of the application: `mocks.mjs BINDINGS`.
// Prints what came of it.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

globalThis.window = globalThis; // as jsdom and happy-dom have it
const { clearMocks, mockConvertFileSrc, mockIPC, mockWindows } = await import('@tauri-apps/api/mocks');
const { Channel, convertFileSrc } = await import('@tauri-apps/api/core');
const { getCurrentWindow } = await import('@tauri-apps/api/window');
const outfile = `${await mkdtemp(`${tmpdir()}/mocks-`)}/bindings.mjs`;
await build({
  entryPoints: [process.argv[2]],
  bundle: true,
  format: 'esm',
  nodePaths: [fileURLToPath(new URL('node_modules', import.meta.url))],
  outfile,
});
const { events, greet, readNote } = await import(outfile);

const calls = [];
mockWindows('main', 'second');
mockConvertFileSrc('linux');
mockIPC(
  (command, args) => {
    calls.push(command);
    if (command === 'greet') return `Hello, ${args.name}!`;
    if (command === 'read_note') {
      window.__TAURI_INTERNALS__.runCallback(args.onLine.id, { index: 0, message: 'first line' });
      return Promise.reject({ kind: 'notFound', path: args.path });
    }
  },
  { shouldMockEvents: true },
);

const lines = [];
const heard = [];
const stop = await events.saved.listen(({ payload }) => heard.push(payload));
await events.saved.emit('a.txt');
stop();
await events.saved.emit('b.txt');
const result = {
  greeting: await greet({ name: 'Ada' }),
  rejection: await readNote({ path: 'x', onLine: new Channel((line) => lines.push(line)) }).catch((error) => error),
  lines,
  heard,
  label: getCurrentWindow().label,
  address: convertFileSrc('/a b.png'),
  calls,
};
clearMocks();
result.cleared = await greet({ name: 'Bob' }).then(
  () => 'answered',
  () => 'rejected',
);
console.log(JSON.stringify(result));
