// Shows addresses one after the other, each line of stdin one, in a headless browser, until stdin ends: `browser_tour.mjs PROGRAM`.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const browser = await chromium.launch({ executablePath: process.argv[2], args: flags });
/** @type {import('playwright-core').BrowserContext | undefined} */
let context;
for await (const address of createInterface({ input: process.stdin })) {
  // Each application is another one, often at the address of the one before it: nothing of that is kept.
  await context?.close();
  context = await browser.newContext();
  const page = await context.newPage();
  page.on('crash', () => console.error('the page crashed'));
  await page.goto(address, { waitUntil: 'commit' });
}
await browser.close();
