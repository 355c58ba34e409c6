// Bundles a page, the conformance page unless another is named, with one version of the npm client: `bundle.mjs PACKAGE FOLDER [PAGE]`.
// $CONFORMANCE_LIMIT is the limit of a message in bytes, which the sizes of large calls follow.
import { cp, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [name, folder, page = 'conformance'] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));
const pages = fileURLToPath(new URL('../conformance/pages/', import.meta.url));
const client = `${here}node_modules/${name}`;
const { version } = JSON.parse(await readFile(`${client}/package.json`, 'utf8'));

await build({
  entryPoints: [`${pages}${page}.js`],
  bundle: true,
  nodePaths: [`${here}node_modules`],
  alias: { 'tauri-api': client, '@tauri-apps/api': client, 'transom-api': fileURLToPath(new URL('../../packages/transom-api/index.js', import.meta.url)) },
  define: { API_VERSION: JSON.stringify(version), LIMIT: process.env.CONFORMANCE_LIMIT ?? String(20 << 20) },
  format: 'iife',
  target: 'es2022',
  outfile: `${folder}/conformance.js`,
  logLevel: 'warning',
});
await cp(`${pages}index.html`, `${folder}/index.html`);
console.log(version);
