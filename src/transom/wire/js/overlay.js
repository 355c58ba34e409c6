// Shows what went wrong with the page's calls on the page itself. Only during development; see `Context.development`.
(() => {
  /** @type {HTMLElement | undefined} */
  let list;

  function close() {
    list?.parentElement?.remove();
    list = undefined;
  }

  function makeList() {
    const box = document.createElement('div');
    box.id = 'transom-overlay';
    box.setAttribute('role', 'alert');
    // By the object model of CSS, which no content security policy blocks.
    box.style.cssText =
      'position:fixed;z-index:2147483647;left:0;right:0;bottom:0;max-height:50vh;overflow:auto;margin:0;padding:.8rem 1rem;' +
      'background:#2b0d0d;color:#ffd7d7;font:13px/1.5 ui-monospace,monospace;white-space:pre-wrap;border-top:2px solid #e5484d';
    const button = document.createElement('button');
    button.textContent = 'Close';
    button.style.cssText = 'float:right;font:inherit';
    const items = document.createElement('div');
    button.onclick = close;
    box.append(button, items);
    (document.body ?? document.documentElement).append(box);
    return items;
  }

  /** @type {HTMLElement | undefined} the traceback of new code that did not run */
  let broken;

  /** @param {string} text */
  function show(text) {
    list ??= makeList();
    if (list.childElementCount >= 50) return;
    const item = document.createElement('div');
    item.textContent = text;
    list.append(item);
    return item;
  }

  /** Show why new code did not run, in place of what was shown of it before. @param {string} text empty when it runs */
  function showBroken(text) {
    broken?.remove();
    broken = text ? show(`${text}\n`) : undefined;
    if (list?.childElementCount === 0) close();
  }

  addEventListener('transom-broken', (event) => showBroken(String(/** @type {CustomEvent} */ (event).detail)));
  addEventListener('transom-failed', (event) => show(String(/** @type {CustomEvent} */ (event).detail)));
})();
