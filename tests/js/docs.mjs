// Bundles the pages of the documentation with the npm client: `docs.mjs PACKAGE FOLDER...`, each folder with `page.ts`.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [name, ...folders] = process.argv.slice(2);
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

async function bundle(folder) {
  const expected = JSON.parse(await readFile(`${folder}/expected.json`, 'utf8'));
  const lines = Object.entries(expected).filter(([kind]) => kind.startsWith('page')).flatMap(([, texts]) => texts);
  await build({
    entryPoints: [path('../docs/page.js')],
    bundle: true,
    alias: {
      pair: `${folder}/page.ts`,
      '@tauri-apps/api': path(`node_modules/${name}`),
      'transom-api': path('../../packages/transom-api/index.js'),
    },
    inject: [path('../docs/page_names.js')],
    define: { EXPECTED: String(lines.length) },
    format: 'esm',
    target: 'es2022',
    outfile: `${folder}/dist/page.js`,
    logLevel: 'warning',
  });
  await writeFile(`${folder}/dist/index.html`, '<!doctype html><meta charset="utf-8"><title>t</title><script type="module" src="page.js"></script>');
}

await Promise.all(folders.map(bundle));
