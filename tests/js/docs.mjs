// Bundles the pages of the documentation with the npm client: `docs.mjs FOLDER...`, each folder with `page.ts` and `client.json`.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folders = process.argv.slice(2);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// Generation of the client -> the names that its pages may use without an import. Add here to introduce another.
const NAMES = { '2.x': 'page_names.js', '1.x': 'page_names_v1.js', '1.0-beta': 'page_names_v1.js', '0.x': 'page_names_v0.js' };

async function bundle(folder) {
  const { generation, package: name } = JSON.parse(await readFile(`${folder}/client.json`, 'utf8'));
  const expected = JSON.parse(await readFile(`${folder}/expected.json`, 'utf8'));
  const lines = Object.entries(expected).filter(([kind]) => kind.startsWith('page')).flatMap(([, texts]) => texts);
  await build({
    entryPoints: [path('../docs/page.js')],
    bundle: true,
    alias: {
      pair: `${folder}/page.ts`,
      [generation === '0.x' ? 'tauri' : '@tauri-apps/api']: path(`node_modules/${name}`),
      'transom-api': path('../../packages/transom-api/index.js'),
    },
    inject: [path(`../docs/${NAMES[generation]}`)],
    define: { EXPECTED: String(lines.length) },
    format: 'esm',
    target: 'es2022',
    outfile: `${folder}/dist/page.js`,
    logLevel: 'warning',
  });
  await writeFile(`${folder}/dist/index.html`, '<!doctype html><meta charset="utf-8"><title>t</title><script type="module" src="page.js"></script>');
}

await Promise.all(folders.map(bundle));
