// Shows what went wrong with the page's calls on the page itself. Only during development; see `Context.development`.
(() => {
  /** @type {HTMLElement | undefined} */
  let list;

  function makeList() {
    const box = document.createElement('div');
    box.id = 'transom-overlay';
    box.setAttribute('role', 'alert');
    // By the object model of CSS, which no content security policy blocks.
    box.style.cssText =
      'position:fixed;z-index:2147483647;left:0;right:0;bottom:0;max-height:50vh;overflow:auto;margin:0;padding:.8rem 1rem;' +
      'background:#2b0d0d;color:#ffd7d7;font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;border-top:2px solid #e5484d';
    const close = document.createElement('button');
    close.textContent = 'Close';
    close.style.cssText = 'float:right;font:inherit';
    const items = document.createElement('div');
    close.onclick = () => {
      box.remove();
      list = undefined;
    };
    box.append(close, items);
    (document.body ?? document.documentElement).append(box);
    return items;
  }

  /** @param {string} text */
  function show(text) {
    list ??= makeList();
    if (list.childElementCount >= 50) return;
    const item = document.createElement('div');
    item.textContent = text;
    list.append(item);
  }

  addEventListener('transom-failed', (event) => show(String(/** @type {CustomEvent} */ (event).detail)));
})();
