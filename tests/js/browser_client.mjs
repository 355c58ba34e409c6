// Opens an address in a headless browser of the Chromium family, until stdin ends: `browser_client.mjs PROGRAM ADDRESS [SCRIPT]`.
// The script runs in every document before everything else.
import { chromium } from 'playwright-core';

const [program, address, script] = process.argv.slice(2);
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-popup-blocking'];

const browser = await chromium.launch({ executablePath: program, args: flags });
const page = await browser.newPage();
if (script) await page.addInitScript(script);
page.on('console', (message) => (message.type() === 'log' ? console.log(message.text()) : console.error(`${message.type()}: ${message.text()}`)));
page.on('pageerror', (error) => console.error(`uncaught: ${error.message}`));
page.on('crash', () => console.error('the page crashed'));
// A browser that is busy leaving a page may not end by itself; Playwright kills it with this process.
const end = () => void browser.close().finally(() => process.exit(0));
process.stdin.on('end', () => (end(), setTimeout(() => process.exit(0), 5000))).resume();
await page.goto(address);
