// Every check of webviews, windows with a webview, and their hooks, through the classes of the npm package.
import { invoke } from 'tauri-api/core';
import { LogicalPosition, LogicalSize } from 'tauri-api/dpi';
import { emit, listen, once } from 'tauri-api/event';
import { Webview, getAllWebviews, getCurrentWebview } from 'tauri-api/webview';
import { WebviewWindow, getAllWebviewWindows, getCurrentWebviewWindow } from 'tauri-api/webviewWindow';
import { getCurrentWindow } from 'tauri-api/window';

import table from '../webviews.json';
import { equal, ok, rejected, show, within } from './expect.js';

const hellos = [];
const waiting = [];

/** The next greeting of the page with this label. */
const hello = (label) =>
  new Promise((resolve) => {
    const at = hellos.findIndex((greeting) => greeting.label === label);
    if (at >= 0) resolve(hellos.splice(at, 1)[0]);
    else waiting.push({ label, resolve });
  });

const created = (made) => new Promise((resolve, reject) => (made.once('tauri://created', resolve), made.once('tauri://error', (event) => reject(event.payload))));

/** Run a function's body in the page with this label and return its result. */
async function ask(label, body) {
  const answer = new Promise((resolve) => once(`answer/${label}`, ({ payload }) => resolve(payload)).then(() => emit(`ask/${label}`, body)));
  return within(answer, `the answer of ${label}`, 20000);
}

async function until(condition, what) {
  for (let tries = 0; tries < 400; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${what} did not come true`);
}

async function open(label, options = {}) {
  const made = new WebviewWindow(label, { url: 'child.html', width: 240, height: 160, ...options });
  await created(made);
  return { made, greeting: await hello(label) };
}

const checks = {
  async 'a page makes a window with a webview'() {
    const { made, greeting } = await open('one', { title: 'One of them', userAgent: 'transom-test/1' });
    equal([greeting.label, greeting.window, greeting.agent], ['one', 'one', 'transom-test/1']);
    ok((await getAllWebviewWindows()).some(({ label }) => label === 'one'), 'it is not among the windows');
    equal(await WebviewWindow.getByLabel('nobody'), null);
    equal((await invoke('in_python', { label: 'one' })).window, 'one');
    await made.destroy();
    await until(async () => (await WebviewWindow.getByLabel('one')) === null, 'its end');
  },

  async 'a window that cannot be made says why'() {
    equal(await rejected(created(new WebviewWindow('main', { url: 'child.html' }))), 'a window with label `main` already exists');
    ok(String(await rejected(created(new WebviewWindow('bad label')))).includes('Window labels must only include alphanumeric characters'), 'bad label');
    ok(String(await rejected(created(new WebviewWindow('wide', { width: 'wide' })))).includes('width'), 'a width that is a text');
    ok(String(await rejected(created(new WebviewWindow('orphan', { parent: 'nobody' })))).includes('nobody'), 'a parent that is not there');
    ok(String(await rejected(created(new Webview(getCurrentWindow(), 'main', { url: 'child.html', x: 0, y: 0, width: 10, height: 10 })))).includes('a webview with label `main` already exists'), 'a label that is taken');
    ok(String(await rejected(created(new Webview(getCurrentWindow(), 'flat', { url: 'child.html', x: 0, y: 0 })))).includes('width'), 'no width');
    equal((await getAllWebviews()).map(({ label }) => label), ['main']);
  },

  async 'options of other systems and null are taken'() {
    const { made } = await open('lenient', { theme: null, titleBarStyle: 'overlay', backgroundColor: '#102030', acceptFirstMouse: true, useHttpsScheme: true, scrollBarStyle: 'default', unheardOf: 1 });
    await made.destroy();
  },

  async 'a webview has the size of its window and a place'() {
    const { width, height } = await getCurrentWebview().size();
    equal([width, height], [innerWidth * devicePixelRatio, innerHeight * devicePixelRatio]);
    const { x, y } = await getCurrentWebview().position();
    equal([x, y], [0, 0]);
    ok(String(await rejected(getCurrentWebview().setSize(new LogicalSize(10, 10)))).includes('fills its window'), 'it cannot have a size of its own');
    ok(String(await rejected(getCurrentWebview().close())).includes('fills its window'), 'it cannot be closed alone');
    ok(String(await rejected(getCurrentWebview().reparent('nobody'))).includes('cannot reparent when using a WebviewWindow'), 'it cannot be moved');
  },

  async 'a page is zoomed'() {
    const width = innerWidth;
    await getCurrentWebview().setZoom(2);
    await until(() => innerWidth === width / 2, 'half the width');
    await getCurrentWebview().setZoom(1);
    await until(() => innerWidth === width, 'the whole width');
    for (const wrong of [0, -1, 1e9]) ok(String(await rejected(getCurrentWebview().setZoom(wrong))).includes('zoom'), `a zoom of ${wrong}`);
  },

  async 'several webviews share a window, move and go'() {
    const side = new Webview(getCurrentWindow(), 'side', { url: 'child.html', x: 30, y: 40, width: 200, height: 100 });
    await created(side);
    const greeting = await hello('side');
    equal([greeting.label, greeting.window], ['side', 'main']);
    equal((await getAllWebviews()).map(({ label, window }) => `${window.label}/${label}`).sort(), ['main/main', 'main/side']);
    equal(await ask('side', 'return [innerWidth, innerHeight]'), [200, 100]);
    const scale = devicePixelRatio;
    let { x, y } = await side.position();
    equal([x, y], [30 * scale, 40 * scale]);
    await side.setSize(new LogicalSize(120, 80));
    await side.setPosition(new LogicalPosition(5, 6));
    await until(async () => show(await ask('side', 'return [innerWidth, innerHeight]')) === '[120, 80]', 'the new size');
    ({ x, y } = await side.position());
    equal([x, y], [5 * scale, 6 * scale]);
    await side.setBackgroundColor('#336699');
    await side.hide();
    await until(async () => (await ask('side', 'return document.visibilityState')) === 'hidden', 'the hidden webview');
    await side.show();
    await side.setFocus();
    await side.setAutoResize(true);
    await ask('side', 'window.kept = 17');
    const { made } = await open('other');
    await side.reparent('other');
    equal((await invoke('in_python', { label: 'side' })).window, 'other');
    equal(await ask('side', 'return window.kept'), 17, 'the page goes on');
    await side.close();
    equal((await getAllWebviews()).map(({ label }) => label).sort(), ['main', 'other']);
    ok(String(await rejected(side.size())).includes('webview not found'), 'it is gone');
    await made.destroy();
  },

  async 'older clients make and close webviews'() {
    const options = { url: 'child.html', x: 0, y: 0, width: 50, height: 50 };
    await invoke('plugin:webview|create_webview', { windowLabel: 'main', label: 'old', options });
    await hello('old');
    await invoke('plugin:webview|close', { label: 'old' });
    equal((await getAllWebviews()).length, 1);
  },

  async 'a window in incognito shares nothing, and data is cleared'() {
    localStorage.setItem('stored', 'here');
    const plain = await open('plain');
    const secret = await open('secret', { incognito: true });
    equal([plain.greeting.stored, secret.greeting.stored], ['here', null]);
    await getCurrentWebview().clearAllBrowsingData();
    await until(async () => (await ask('plain', 'return localStorage.getItem("stored")')) === null, 'the empty store');
    await plain.made.destroy();
    await secret.made.destroy();
  },

  async 'Python hides a window that is closed, with and without a listener in its page'() {
    for (const label of ['kept', 'kept-listening']) {
      const { made } = await open(label, { url: label === 'kept' ? 'child.html' : 'child.html#stays' });
      await made.close();
      await until(async () => !(await made.isVisible()), 'the hidden window');
      equal(await ask(label, 'return 1'), 1, 'its page goes on');
      await made.show();
      ok(await made.isVisible(), 'it can be shown again');
      await made.destroy();
    }
  },

  async 'a page that listens decides about closing its window'() {
    const stays = await open('stays', { url: 'child.html#stays' });
    await stays.made.close();
    equal(await ask('stays', 'return 1'), 1);
    const leaves = await open('leaves', { url: 'child.html#leaves' });
    await leaves.made.close();
    await until(async () => (await WebviewWindow.getByLabel('leaves')) === null, 'its end');
    await stays.made.destroy();
    const gone = await open('gone');
    const heard = new Promise((resolve) => gone.made.once('tauri://destroyed', resolve));
    await gone.made.close();
    await within(heard, 'tauri://destroyed', 20000);
  },

  async 'hooks of Python decide where a page goes'() {
    await invoke('build_hooked');
    const greeting = await hello('hooked');
    equal([greeting.first, greeting.everywhere], ['loading', true]);
    equal(await invoke('read_journal', { key: 'navigation', count: 1 }), ['tauri://localhost/child.html']);
    equal(await invoke('read_journal', { key: 'load', count: 2 }), [['hooked', 'started'], ['hooked', 'finished']]);
    await ask('hooked', 'window.kept = 1; location.href = "/forbidden.html"; await new Promise((resolve) => setTimeout(resolve))');
    equal((await invoke('read_journal', { key: 'navigation', count: 2 }))[1], 'tauri://localhost/forbidden.html');
    equal(await ask('hooked', 'return [location.pathname, window.kept]'), ['/child.html', 1]);
    await invoke('navigate', { label: 'hooked', url: 'tauri://localhost/child.html?again' });
    await hello('hooked');
    equal((await invoke('in_python', { label: 'hooked' })).url, 'tauri://localhost/child.html?again');
    await ask('hooked', 'document.title = "Renamed"');
    await until(async () => show((await invoke('read_journal', { key: 'title', count: 1 })).at(-1)) === '["hooked", "Renamed"]', 'the title');
  },

  async 'hooks of Python decide about new windows and downloads'() {
    equal(await ask('hooked', 'return window.open("/denied.html") === null'), true, 'the denied one');
    equal(await ask('hooked', 'return window.open("/child.html?allowed") === null'), true, 'the allowed one, a stranger');
    equal(await invoke('read_journal', { key: 'new window', count: 2 }), ['tauri://localhost/denied.html', 'tauri://localhost/child.html?allowed']);
    await until(async () => (await invoke('titles')).includes('Conformance without a link'), 'the window of its own');
    const save = (text, name) => `const link = document.createElement("a"); link.href = "data:text/plain,${text}"; link.download = "${name}"; document.body.append(link); link.click();`;
    await ask('hooked', save('precious', 'a.txt'));
    equal(await invoke('read_journal', { key: 'download', count: 2 }), [['hooked', 'data:text/plain,precious', 'a.txt'], [true, 'saved.txt']]);
    equal(await invoke('saved'), 'precious');
    await ask('hooked', save('unwanted', 'b.txt'));
    equal((await invoke('read_journal', { key: 'download', count: 3 }))[2], ['hooked', 'data:text/plain,unwanted', 'b.txt']);
    equal(await invoke('saved'), 'precious');
  },

  async 'cookies are set, read and deleted'() {
    equal(await invoke('bake'), {
      read: ['hidden', '1', '127.0.0.1', '/', true, 'Strict', false],
      expires: true,
      here: ['hidden', 'session'],
      stored: ['far', 'hidden', 'session', 'strange'],
      later: true,
      main: 4,
      sent: [null, 'session=a b'],
      apart: [],
    });
  },

  async 'the clipboard is open to a page that may use it'() {
    const copy = 'const text = document.createElement("textarea"); document.body.append(text); text.value = TEXT; text.select(); return document.execCommand("copy");';
    equal(await ask('hooked', copy.replace('TEXT', '"from the page"')), true);
    equal(await invoke('clipboard'), 'from the page');
    const plain = await open('plain');
    equal(await ask('plain', copy.replace('TEXT', '"without leave"')), false);
    equal(await invoke('clipboard'), 'from the page');
    await plain.made.destroy();
  },

  async 'a script of a plugin runs in every frame'() {
    const frames = "const frame = document.createElement('iframe'); frame.src = 'index.html'; const there = new Promise((done) => (frame.onload = done)); document.body.append(frame); await there; return [window.FRAMED, frame.contentWindow.FRAMED];";
    const plain = await open('plain');
    equal(await ask('plain', frames), [true, true]);
    await plain.made.destroy();
  },

  async 'the inspector is off, and says so'() {
    ok(String(await rejected(invoke('plugin:webview|internal_toggle_devtools'))).includes('devtools'), 'the reason');
  },

  async 'the colour behind a page is set'() {
    await getCurrentWebviewWindow().setBackgroundColor([1, 2, 3, 255]);
    await getCurrentWebview().setBackgroundColor({ red: 1, green: 2, blue: 3 });
    await getCurrentWebview().setBackgroundColor(null);
    ok(String(await rejected(getCurrentWebview().setBackgroundColor('sausage'))).includes('color'), 'the reason');
  },

  async 'every webview is known by its label'() {
    equal((await Webview.getByLabel('main')).label, 'main');
    equal(await Webview.getByLabel('nobody'), null);
    ok(String(await rejected(invoke('plugin:webview|webview_size', { label: 'nobody' }))).includes('webview not found'), 'the reason');
  },
};

async function main() {
  await listen('hello', ({ payload }) => {
    const at = waiting.findIndex(({ label }) => label === payload.label);
    if (at >= 0) waiting.splice(at, 1)[0].resolve(payload);
    else hellos.push(payload);
  });
  for (const name of new Set([...table, ...Object.keys(checks)])) {
    let detail = '';
    try {
      if (!checks[name] || !table.includes(name)) throw new Error('the check is missing, here or in webviews.json');
      await within(checks[name](), 'the check', 30000);
    } catch (error) {
      detail = error instanceof Error ? error.message || String(error) : show(error);
    }
    await invoke('report', { name, ok: detail === '', detail });
  }
  await invoke('finished');
}

main().catch((error) => console.error(`webviews: ${error && error.stack ? error.stack : error}`));
