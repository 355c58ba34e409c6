const { invoke } = window.__TAURI__.core;
const { listen } = window.__TAURI__.event;

const start = document.getElementById('start');
const found = document.getElementById('found');

async function show() {
  const words = await invoke('find', { start: start.value });
  found.replaceChildren(
    ...words.map(([word, count]) => {
      const line = document.createElement('li');
      line.append(word, ' ', Object.assign(document.createElement('data'), { value: count, textContent: count }));
      return line;
    })
  );
}

start.addEventListener('input', show);
listen('ready', show);
show(); // a page that is loaded again is told of nothing

// `splash.py --check` calls this.
window.check = async () => {
  const failures = [];
  start.value = 'imp';
  for (let tries = 0; !found.childElementCount && tries < 600; tries++) {
    await new Promise((next) => setTimeout(next, 50));
    await show();
  }
  if (!/^import \d+$/.test(found.firstElementChild?.textContent ?? '')) failures.push('the words are not shown');
  const { getAllWindows } = window.__TAURI__.window;
  for (let tries = 0; (await getAllWindows()).length > 1 && tries < 200; tries++) await new Promise((next) => setTimeout(next, 50));
  await invoke('checked', { failures });
};
