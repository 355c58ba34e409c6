const { invoke } = window.__TAURI__.core;
const { listen } = window.__TAURI__.event;
const { getCurrentWindow } = window.__TAURI__.window;

const text = document.getElementById('text');
const ask = document.getElementById('ask');
let dirty = false;
let marked;
let size = 15;

async function load() {
  text.value = await invoke('load');
  text.readOnly = false;
  dirty = false;
}

async function save() {
  await marked; // commands run at the same time
  dirty = false;
  await invoke('save', { text: text.value });
}

function resize(by) {
  size = Math.min(40, Math.max(8, size + by));
  text.style.fontSize = `${size}px`;
}

const actions = {
  save,
  revert: load,
  wrap: () => (text.wrap = text.wrap === 'off' ? 'soft' : 'off'),
  larger: () => resize(1),
  smaller: () => resize(-1),
};

text.addEventListener('input', () => {
  if (dirty) return;
  dirty = true;
  marked = invoke('changed');
});
listen('menu', ({ payload }) => actions[payload]?.());
listen('ask', () => ask.open || ask.showModal());
ask.addEventListener('close', async () => {
  if (ask.returnValue === 'save') await save();
  if (ask.returnValue === 'save') await getCurrentWindow().close();
  if (ask.returnValue === 'discard') await invoke('discard');
  text.focus();
});
const loaded = load();

// `editor.py --check` calls this.
window.check = async () => {
  const failures = [];
  const until = async (there, what) => {
    for (let tries = 0; !there() && tries < 200; tries++) await new Promise((next) => setTimeout(next, 50));
    if (!there()) failures.push(what);
  };
  try {
    await loaded;
    text.value = 'checked';
    await save();
    await invoke('changed');
    await getCurrentWindow().close();
    await until(() => ask.open, 'the window did not ask before it closed');
    ask.close('cancel');
  } catch (error) {
    failures.push(String(error));
  }
  await invoke('checked', { failures });
};
