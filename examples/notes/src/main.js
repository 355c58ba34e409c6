import { Menu, MenuItem, PredefinedMenuItem, Submenu } from '@tauri-apps/api/menu';
import { appDataDir, basename, join } from '@tauri-apps/api/path';
import { getCurrentWindow } from '@tauri-apps/api/window';
import { readText, writeText } from '@tauri-apps/plugin-clipboard-manager';
import { ask, open, save } from '@tauri-apps/plugin-dialog';
import { exists, mkdir, readTextFile, writeTextFile } from '@tauri-apps/plugin-fs';
import { isPermissionGranted, requestPermission, sendNotification } from '@tauri-apps/plugin-notification';
import { load } from '@tauri-apps/plugin-store';
import { StateFlags, saveWindowState } from '@tauri-apps/plugin-window-state';

const FILTERS = [{ name: 'Notes', extensions: ['txt', 'md'] }];
const text = document.getElementById('text');
const current = getCurrentWindow();
let path = null;
let saved = '';

async function show() {
  const dirty = text.value !== saved;
  document.getElementById('path').textContent = path ?? 'not saved yet';
  document.getElementById('count').textContent = `${text.value.trim() ? text.value.trim().split(/\s+/).length : 0} words`;
  await current.setTitle(`${dirty ? '• ' : ''}${path ? await basename(path) : 'Untitled'} - Notes`);
}

async function mayGoOn() {
  if (text.value === saved) return true;
  return ask('The note is not saved. Throw the changes away?', { title: 'Notes', kind: 'warning' });
}

async function readNote(from) {
  text.value = saved = await readTextFile(from);
  path = from;
  await settings.set('last', path);
  await show();
}

async function writeNote(to) {
  await writeTextFile(to, text.value);
  saved = text.value;
  path = to;
  await settings.set('last', path);
  await show();
}

async function tell(body) {
  const granted = (await isPermissionGranted()) || (await requestPermission()) === 'granted';
  if (granted) sendNotification({ title: 'Notes', body });
}

const actions = {
  async new() {
    if (!(await mayGoOn())) return;
    text.value = saved = '';
    path = null;
    await show();
  },
  async open() {
    if (!(await mayGoOn())) return;
    const chosen = await open({ title: 'Open a note', filters: FILTERS, multiple: false });
    if (chosen) await readNote(chosen);
  },
  async save() {
    if (path === null) return actions.saveAs();
    await writeNote(path);
  },
  async saveAs() {
    const chosen = await save({ title: 'Save the note', filters: FILTERS, defaultPath: path ?? 'note.txt' });
    if (!chosen) return;
    await writeNote(chosen);
    await tell(`Saved as ${await basename(chosen)}`);
  },
  copyAll: () => writeText(text.value),
  async pasteBelow() {
    text.value = `${text.value.trimEnd()}\n\n${await readText()}`;
    await show();
  },
  larger: () => resize(2),
  smaller: () => resize(-2),
};

async function resize(by) {
  const size = Math.min(40, Math.max(10, (await settings.get('size')) + by));
  await settings.set('size', size);
  document.documentElement.style.setProperty('--size', `${size}px`);
}

const item = (id, label, accelerator) =>
  MenuItem.new({ id, text: label, accelerator, action: () => actions[id]().catch((error) => tell(String(error))) });
const line = () => PredefinedMenuItem.new({ item: 'Separator' });

async function makeMenu() {
  const file = await Submenu.new({
    text: '&File',
    items: [
      await item('new', '&New', 'CmdOrCtrl+N'),
      await item('open', '&Open…', 'CmdOrCtrl+O'),
      await line(),
      await item('save', '&Save', 'CmdOrCtrl+S'),
      await item('saveAs', 'Save &as…', 'CmdOrCtrl+Shift+S'),
      await line(),
      await PredefinedMenuItem.new({ item: 'CloseWindow' }),
    ],
  });
  const edit = await Submenu.new({
    text: '&Edit',
    items: [
      await PredefinedMenuItem.new({ item: 'Undo' }),
      await PredefinedMenuItem.new({ item: 'Redo' }),
      await line(),
      await item('copyAll', 'Copy &everything', 'CmdOrCtrl+Shift+C'),
      await item('pasteBelow', 'Paste &below', 'CmdOrCtrl+Shift+V'),
    ],
  });
  const view = await Submenu.new({
    text: '&View',
    items: [await item('larger', '&Larger', 'CmdOrCtrl+='), await item('smaller', '&Smaller', 'CmdOrCtrl+-')],
  });
  const menu = await Menu.new({ items: [file, edit, view] });
  await menu.setAsAppMenu();
}

text.addEventListener('input', show);
await current.onCloseRequested(async (event) => {
  if (!(await mayGoOn())) event.preventDefault();
});
const settings = await load('settings.json', { defaults: { size: 16, last: null }, autoSave: 100 });
await resize(0);
await makeMenu();
const last = await settings.get('last');
if (last && (await exists(last).catch(() => false))) await readNote(last);
await show();

// What `--check` does in the place of the user: it uses everything once and returns what did not work.
window.checkNotes = async () => {
  const failures = [];
  const expect = (what, fine) => fine || failures.push(what);
  await tell('Checked'); // first: it tells nobody when it is shown
  const folder = await appDataDir();
  await mkdir(folder, { recursive: true });
  const file = await join(folder, 'check.txt');
  text.value = 'checked by itself';
  await show();
  expect('the title tells of changes', (await current.title()) === '• Untitled - Notes');
  await writeNote(file);
  expect('the file is read back', (await readTextFile(file)) === text.value);
  expect('the title has the name', (await current.title()) === 'check.txt - Notes');
  await actions.copyAll();
  await actions.pasteBelow();
  expect('the clipboard has the text', text.value === 'checked by itself\n\nchecked by itself');
  await actions.save();
  await actions.larger();
  expect('the store has the size', (await settings.get('size')) >= 12);
  await settings.save();
  await saveWindowState(StateFlags.ALL);
  return failures;
};
