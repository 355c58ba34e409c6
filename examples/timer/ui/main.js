const { invoke } = window.__TAURI__.core;
const { listen } = window.__TAURI__.event;

const left = document.getElementById('left');
const pause = document.getElementById('pause');
let ticks = 0;

listen('tick', ({ payload }) => {
  ticks += 1;
  left.textContent = `${Math.floor(payload.left / 60)}:${String(payload.left % 60).padStart(2, '0')}`;
  pause.setAttribute('aria-pressed', payload.paused);
  pause.textContent = payload.paused ? 'Go on' : 'Pause';
});
pause.addEventListener('click', () => invoke('pause', { paused: pause.getAttribute('aria-pressed') === 'false' }));
document.getElementById('restart').addEventListener('click', () => invoke('restart'));

// `timer.py --check` calls this.
window.check = async () => {
  const failures = [];
  const until = async (there, what) => {
    for (let tries = 0; !there() && tries < 200; tries++) await new Promise((next) => setTimeout(next, 50));
    if (!there()) failures.push(`the page did not hear ${what}`);
  };
  await until(() => ticks > 0, 'the timer');
  pause.click();
  await until(() => pause.textContent === 'Go on', 'that it is paused');
  await invoke('checked', { failures });
};
