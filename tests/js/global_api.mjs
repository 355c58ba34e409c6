// Prints what `window.__TAURI__` has beside what the npm package exports: `global_api.mjs BUNDLE PACKAGE`.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';

const [bundle, client] = process.argv.slice(2);
const window = { __TAURI_INTERNALS__: {} };
runInNewContext(await readFile(bundle, 'utf8'), { window, globalThis: window, console });
const exported = await import(pathToFileURL(`${client}/index.js`).href);

const names = (api) => Object.fromEntries(Object.keys(api).sort().map((name) => [name, Object.keys(api[name]).sort()]));
console.log(JSON.stringify({ has: names(window.__TAURI__), exports: names(exported) }));
