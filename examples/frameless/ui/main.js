const { invoke } = window.__TAURI__.core;
const { getCurrentWindow } = window.__TAURI__.window;

const frame = getCurrentWindow();
const [title, text] = ['title', 'text'].map((id) => document.getElementById(id));
const EDGE = 6; // pixels in which a press resizes the window

document.getElementById('minimize').addEventListener('click', () => frame.minimize());
document.getElementById('maximize').addEventListener('click', () => frame.toggleMaximize());
document.getElementById('close').addEventListener('click', () => frame.close());
text.addEventListener('input', () => {
  title.textContent = text.value;
  frame.setTitle(text.value); // what taskbars show
});
frame.onFocusChanged(({ payload }) => document.body.classList.toggle('blurred', !payload));

/** The edge under the pointer, such as `SouthEast`; empty inside. */
function edgeAt({ clientX, clientY }) {
  const vertical = clientY < EDGE ? 'North' : clientY > innerHeight - EDGE ? 'South' : '';
  const horizontal = clientX < EDGE ? 'West' : clientX > innerWidth - EDGE ? 'East' : '';
  return vertical + horizontal;
}

const CURSORS = { North: 'ns', South: 'ns', East: 'ew', West: 'ew', NorthWest: 'nwse', SouthEast: 'nwse', NorthEast: 'nesw', SouthWest: 'nesw' };
addEventListener('pointermove', (event) => {
  const edge = edgeAt(event);
  document.documentElement.style.cursor = edge ? `${CURSORS[edge]}-resize` : '';
});
addEventListener(
  'mousedown',
  (event) => {
    const edge = event.button === 0 ? edgeAt(event) : '';
    if (!edge) return;
    event.stopImmediatePropagation(); // not the title bar's
    frame.startResizeDragging(edge);
  },
  true,
);

// `frameless.py --check` calls this.
window.check = async () => {
  const failures = [];
  const until = async (there, what) => {
    for (let tries = 0; !(await there()) && tries < 200; tries++) await new Promise((next) => setTimeout(next, 50));
    if (!(await there())) failures.push(what);
  };
  try {
    if (await frame.isDecorated()) failures.push('the window has decorations');
    text.value = 'checked';
    text.dispatchEvent(new Event('input'));
    await until(async () => (await frame.title()) === 'checked', 'the title was not set');
    document.getElementById('maximize').click();
    await until(() => frame.isMaximized(), 'the window was not maximized');
    document.getElementById('maximize').click();
    await until(async () => !(await frame.isMaximized()), 'the window stayed maximized');
    document.getElementById('minimize').click();
    await until(() => frame.isMinimized(), 'the window was not minimized');
    await frame.unminimize();
    await until(async () => !(await frame.isMinimized()), 'the window stayed minimized');
  } catch (error) {
    failures.push(String(error));
  }
  await invoke('checked', { failures });
};
