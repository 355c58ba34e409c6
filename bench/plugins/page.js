// Measures the official plugins with their unmodified npm packages, and reports milliseconds and bytes.
import { invoke } from '@tauri-apps/api/core';
import { readFile, writeFile } from '@tauri-apps/plugin-fs';
import { fetch } from '@tauri-apps/plugin-http';
import { Command } from '@tauri-apps/plugin-shell';
import { load } from '@tauri-apps/plugin-store';

// pytauri has a call of its own for commands in Python, which carry JSON texts.
const { pyInvoke } = window.__TAURI__?.pytauri ?? {};
const call = pyInvoke
  ? async (name, args = {}) => JSON.parse((await pyInvoke(name, JSON.stringify(args))) ?? 'null')
  : invoke;

const KIB = 1024;
const MIB = 1024 * KIB;
const label = (bytes) => (bytes < MIB ? `${bytes / KIB}KiB` : `${bytes / MIB}MiB`);

async function timed(name, count, bytes, work) {
  await work(); // to warm up
  const start = performance.now();
  for (let n = 0; n < count; n++) await work();
  await call('report', { figure: { name, count, bytes: bytes * count, ms: performance.now() - start } });
}

function expect(fine, what) {
  if (!fine) throw new Error(what);
}

async function run({ folder, url, largest, scale, only = 'fs http shell store' }) {
  const sizes = [KIB, 64 * KIB, MIB, 16 * MIB, 256 * MIB].filter((size) => size <= largest);
  const count = (size) => Math.max(1, Math.round(scale * Math.min(300, (64 * MIB) / size)));
  for (const size of sizes) {
    const file = `${folder}/${size}.bin`;
    const data = new Uint8Array(size).fill(7);
    await timed(`fs_write_${label(size)}`, count(size), size, () => writeFile(file, data));
    await timed(`fs_read_${label(size)}`, count(size), size, async () => {
      expect((await readFile(file)).length === size, 'the file is not whole');
    });
    if (only.includes('http')) {
      await timed(`http_get_${label(size)}`, count(size), size, async () => {
        const body = await (await fetch(`${url}/${size}.bin`)).arrayBuffer();
        expect(body.byteLength === size, 'the body is not whole');
      });
    }
  }
  if (only.includes('store')) {
    const store = await load('bench.json', { autoSave: 100 });
    let value = 0;
    await timed('store_set', Math.round(2000 * scale), 0, () => store.set(`key${value % 100}`, value++));
  }
  const output = Math.round(32 * MIB * scale);
  const program = async (name, args, options) => {
    let bytes = 0;
    const command = Command.create(name, args, options);
    command.stdout.on('data', (data) => (bytes += data.length));
    await new Promise((resolve, reject) => {
      command.on('close', resolve);
      command.on('error', reject);
      command.spawn().catch(reject);
    });
    expect(bytes >= output * 0.9, `only ${bytes} bytes of the output came`);
  };
  await timed('shell_lines', 1, output, () => program('lines', ['', '', String(Math.round(output / 100))], {}));
  await timed('shell_raw', 1, output, () => program('raw', ['', '', String(output)], { encoding: 'raw' }));
}

call('plan')
  .then(run)
  .then(
    () => call('finished', { error: null }),
    (error) => call('finished', { error: String(error) }),
  );
