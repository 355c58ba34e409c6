// Shows addresses one after the other, each line of stdin one, in a headless browser, until stdin ends: `browser_tour.mjs PROGRAM`.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

const browser = await chromium.launch({ executablePath: process.argv[2], args: flags });
// One tab goes from application to application: connections, cookies and storage are shared by all, as in a user's browser.
const page = await (await browser.newContext()).newPage();
page.on('crash', () => console.error('the page crashed'));
for await (const address of createInterface({ input: process.stdin })) await page.goto(address, { waitUntil: 'commit' });
await browser.close();
