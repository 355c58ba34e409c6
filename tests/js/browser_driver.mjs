// Drives a headless browser of the Chromium family by lines of JSON on stdin, until it ends: `browser_driver.mjs PROGRAM`.
// Every line is `[verb, tab, ...arguments]`, and is answered by one line: `[true, value]` or `[false, reason]`.
// `fresh` closes all tabs and goes on with an empty profile, as if the browser had been started anew; it tells whether it can.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-popup-blocking'];
const browser = await chromium.launch({ executablePath: process.argv[2], args: flags });
/** @type {import('playwright-core').Page[]} */
let tabs = [];
/** @type {Map<import('playwright-core').Page, string[]>} */
let said = new Map();

async function profile() {
  const opened = await browser.newContext({ ignoreHTTPSErrors: true });
  const [itsTabs, itsSaid] = [(tabs = []), (said = new Map())];
  opened.on('page', (page) => {
    itsTabs.push(page);
    itsSaid.set(page, []);
    page.on('console', (message) => itsSaid.get(page)?.push(`${message.type()}: ${message.text()}`));
  });
  return opened;
}

let context = await profile();

// Now and then a tab that is just being left never says that it is closed.
/** @param {Promise<void>} end @returns {Promise<boolean>} */
const ends = (end) => Promise.race([end.then(() => true), new Promise((resolve) => setTimeout(resolve, 5000, false))]);

/** @type {Record<string, (page: import('playwright-core').Page, ...rest: any[]) => Promise<any>>} */
const verbs = {
  open: async () => (await context.newPage(), tabs.length - 1),
  goto: async (page, address) => (await page.goto(address))?.status(),
  eval: (page, script) => page.evaluate(script),
  click: (page, x, y) => page.mouse.click(x, y),
  rightClick: (page, x, y) => page.mouse.click(x, y, { button: 'right' }),
  move: (page, x, y) => page.mouse.move(x, y),
  press: (page, key) => page.keyboard.press(key),
  screenshot: async (page, path) => void (await page.screenshot({ path })),
  // What assistive technology is told, closed shadow roots too: the elements of these roles, with their centres.
  async accessible(page, roles) {
    const client = await context.newCDPSession(page);
    const { nodes } = await client.send('Accessibility.getFullAXTree');
    const found = [];
    for (const node of nodes) {
      if (node.ignored || !roles.includes(node.role?.value)) continue;
      const about = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
      const box = await client.send('DOM.getBoxModel', { backendNodeId: node.backendDOMNodeId }).catch(() => null);
      const [x1, y1, , , x2, y2] = box?.model.border ?? [];
      found.push({ role: node.role.value, name: node.name?.value ?? '', ...about, at: box && [(x1 + x2) / 2, (y1 + y2) / 2] });
    }
    await client.detach();
    return found;
  },
  reload: async (page) => void (await page.reload()),
  back: async (page) => void (await page.goBack()),
  close: (page) => page.close(),
  async closed(page) {
    for (let i = 0; !page.isClosed() && i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    return page.isClosed();
  },
  url: async (page) => page.url(),
  // A script that runs in every document before everything else.
  before: (page, script) => page.addInitScript(script),
  said: async (page) => said.get(page),
  async logged(page) {
    for (let i = 0; i < 600; i++) {
      const line = said.get(page)?.find((text) => text.startsWith('log: '));
      if (line) return line.slice(5);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the page logged nothing: ${said.get(page)}`);
  },
  // A page's policy may forbid `waitForFunction`, and a page that is being replaced answers nothing.
  async wait(page, script) {
    for (let i = 0; i < 200; i++) {
      if (await page.evaluate(script).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('it did not become true');
  },
  tabs: async (_, count) => {
    for (let i = 0; tabs.length < count && i < 200; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    return tabs.length;
  },
  async fresh() {
    if (!(await ends(context.close()))) return false;
    context = await profile();
    return true;
  },
  cookies: () => context.cookies(),
  offline: (_, offline) => context.setOffline(offline),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, tab, ...rest] = JSON.parse(line);
  try {
    console.log(JSON.stringify([true, (await verbs[verb](tabs[tab], ...rest)) ?? null]));
  } catch (error) {
    console.log(JSON.stringify([false, String(error)]));
  }
}
await ends(browser.close());
process.exit(); // and Chromium with it
