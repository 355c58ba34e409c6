// A page without a browser: our script as the server put it into the document, and the page's own, in a thread of Node.js,
// which has globals of its own as a page has: `node_client.mjs ADDRESS`. A reload is a new thread. Ends when stdin ends.
import { Worker } from 'node:worker_threads';

const [address] = process.argv.slice(2);
process.stdin.on('end', () => process.exit(0)).resume();

function load(storage) {
  const worker = new Worker(new URL('node_page.mjs', import.meta.url), { workerData: { address, storage } });
  worker.on('message', async ({ storage: kept }) => {
    await worker.terminate();
    load(kept);
  });
  worker.on('error', (error) => console.error(`the page ended: ${error.stack ?? error}`));
}

load([]);
