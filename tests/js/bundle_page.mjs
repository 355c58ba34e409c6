// Bundles a page's script with the npm packages of `tests/js`: `bundle_page.mjs SOURCE TARGET`.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [source, target] = process.argv.slice(2);
const nodePaths = [fileURLToPath(new URL('node_modules', import.meta.url))];
await build({ entryPoints: [source], outfile: target, bundle: true, format: 'esm', logLevel: 'error', nodePaths });
