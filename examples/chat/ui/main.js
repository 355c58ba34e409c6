const { invoke } = window.__TAURI__.core;
const { getCurrentWebviewWindow, WebviewWindow } = window.__TAURI__.webviewWindow;

const me = getCurrentWebviewWindow();
const [name, said, form, whom, text, invite] = ['name', 'said', 'form', 'whom', 'text', 'invite'].map((id) => document.getElementById(id));
name.textContent = me.label;

async function showGuests() {
  const others = (await invoke('guests')).filter((guest) => guest !== me.label);
  const chosen = whom.value;
  whom.replaceChildren(new Option('everybody', ''), ...others.map((guest) => new Option(guest, guest)));
  whom.value = others.includes(chosen) ? chosen : '';
}

function show({ guest, text: words, whisper, notice }) {
  const line = document.createElement('li');
  line.className = notice ? 'notice' : `${guest === me.label ? 'own' : ''} ${whisper ? 'whisper' : ''}`;
  line.append(Object.assign(document.createElement('b'), { textContent: guest }), words);
  said.append(line);
  line.scrollIntoView();
}

// Each window is made by the page of another one, with the options that `tauri.conf.json` knows.
async function open() {
  const numbers = (await invoke('guests')).map((label) => Number(label.split('-')[1]));
  const number = Math.max(...numbers) + 1;
  const guest = new WebviewWindow(`guest-${number}`, {
    title: `Guest ${number}`, width: 360, height: 420, x: 60 + 40 * number, y: 60 + 40 * number,
  });
  await new Promise((resolve, reject) => {
    guest.once('tauri://created', resolve);
    guest.once('tauri://error', ({ payload }) => reject(payload));
  });
  return guest;
}

invite.addEventListener('click', open);
form.addEventListener('submit', (event) => {
  event.preventDefault();
  if (text.value) invoke('say', { text: text.value, whisper: whom.value || null });
  text.value = '';
});

const entered = (async () => {
  // First listen, then ask for what was before: nothing is missed, and what comes twice is not there yet.
  const early = [];
  let ready = (message) => early.push(message);
  await me.listen('message', ({ payload }) => ready(payload));
  (await invoke('enter')).forEach(show);
  ready = (message) => {
    show(message);
    showGuests();
  };
  early.forEach(ready);
  await showGuests();
})();

// `chat.py --check` calls this in the first window.
window.check = async () => {
  const failures = [];
  const until = async (words) => {
    const there = () => [...said.children].some((line) => line.textContent === words);
    for (let tries = 0; !there() && tries < 200; tries++) await new Promise((next) => setTimeout(next, 50));
    if (!there()) failures.push(`"${words}" was not heard`);
  };
  try {
    await entered;
    const guest = await open();
    await until(`${guest.label}has come`);
    await invoke('say', { text: 'hello' });
    await until(`${me.label}hello`);
    await invoke('say', { text: 'psst', whisper: guest.label });
    await until(`${me.label}psst`);
    await guest.close();
    await until(`${guest.label}has gone`);
  } catch (error) {
    failures.push(String(error));
  }
  await invoke('checked', { failures });
};
