// What the user sees when this page's window is open in another page: a page takes a window over by a click alone.
(() => {
  const STYLE =
    'position:fixed;inset:0;z-index:2147483647;display:flex;flex-direction:column;gap:1rem;align-items:center;' +
    'justify-content:center;background:Canvas;color:CanvasText;font:1rem/1.4 system-ui,sans-serif';
  // Taken before the page can replace them: its scripts must not click in the user's place.
  const attach = globalThis.Element?.prototype.attachShadow;
  const later = setTimeout.bind(window);

  /** Ask whether this page is to have its window. @param {() => void} take called when the user wants it */
  function ask(take) {
    const host = document.createElement('div');
    const root = attach.call(host, { mode: 'closed' });
    const frame = document.createElement('div');
    frame.style.cssText = STYLE;
    frame.setAttribute('role', 'dialog');
    const text = document.createElement('div');
    text.textContent = 'This window is open in another tab.';
    const button = document.createElement('button');
    button.textContent = 'Use here';
    button.style.cssText = 'font:inherit;padding:.5rem 1.2rem';
    button.addEventListener('click', (event) => {
      if (!event.isTrusted) return;
      host.remove();
      take();
    });
    frame.append(text, button);
    root.append(frame);
    document.documentElement.append(host);
    later(() => button.focus());
  }

  transom.takeover = { ask };
})();
