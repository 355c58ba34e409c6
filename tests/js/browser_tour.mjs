// Shows addresses one after the other, each line of stdin one, in a headless browser, until stdin ends: `browser_tour.mjs PROGRAM`.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const browser = await chromium.launch({ executablePath: process.argv[2], args: flags });
const context = await browser.newContext();
for await (const address of createInterface({ input: process.stdin })) {
  // Tabs of the same browser, as a user opens them: connections, cookies and storage are shared by all applications.
  for (const page of context.pages()) await page.close();
  const page = await context.newPage();
  page.on('crash', () => console.error('the page crashed'));
  await page.goto(address, { waitUntil: 'commit' });
}
await browser.close();
