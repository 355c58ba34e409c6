// Bundles the conformance page with one version of the npm client: `bundle.mjs PACKAGE FOLDER`.
import { cp, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [name, folder] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const pages = fileURLToPath(new URL('../conformance/pages/', import.meta.url));
const client = `${here}node_modules/${name}`;
const { version } = JSON.parse(await readFile(`${client}/package.json`, 'utf8'));

await build({
  entryPoints: [`${pages}conformance.js`],
  bundle: true,
  alias: { 'tauri-api': client },
  define: { API_VERSION: JSON.stringify(version) },
  format: 'iife',
  target: 'es2022',
  outfile: `${folder}/conformance.js`,
  logLevel: 'warning',
});
await cp(`${pages}index.html`, `${folder}/index.html`);
console.log(version);
