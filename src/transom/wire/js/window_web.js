// What the page tells about the window that it is in: its place and size, and whether it has the keyboard.
(() => {
  /** @type {(word: string) => void} */
  let put = () => {};
  const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)');
  let state = '';

  // In the order of `PageState`.
  function tellState() {
    // Node.js has none of them.
    const { devicePixelRatio: ratio = 1, screenX = 0, screenY = 0, innerWidth = 0, innerHeight = 0 } = window;
    const { outerWidth = 0, outerHeight = 0 } = window;
    const { availLeft, availTop, availWidth, availHeight, width, height } = /** @type {any} */ (globalThis.screen ?? {});
    const edge = Math.max((outerWidth - innerWidth) / 2, 0);
    const inner = [screenX + edge, screenY + Math.max(outerHeight - innerHeight - edge, 0)];
    const lengths = [screenX, screenY, ...inner, innerWidth, innerHeight, outerWidth, outerHeight];
    const left = availLeft ?? 0;
    const top = availTop ?? 0;
    lengths.push(left, top, width, height, left, top, availWidth, availHeight);
    const pixels = lengths.map((length) => Math.round((length || 0) * ratio));
    const words = ['state', Math.round(ratio * 1000), Number(dark?.matches ?? 0), Number(Boolean(document.fullscreenElement)), ...pixels];
    const word = `"${words.join(' ')}"`;
    if (word !== state) put((state = word));
  }

  // A browser does not tell the server about a window's size and keyboard.
  /** @param {(word: string) => void} tell takes the words */
  function watch(tell) {
    put = tell;
    let told = '"blur"';
    const focus = () => {
      const word = document.hasFocus?.() ? '"focus"' : '"blur"';
      if (word !== told) put((told = word));
    };
    focus();
    addEventListener('focus', focus);
    addEventListener('blur', focus);
    tellState();
    for (const name of ['focus', 'blur', 'resize', 'fullscreenchange']) addEventListener(name, tellState);
    dark?.addEventListener('change', tellState);
  }

  transom.windowState = { watch };
})();
