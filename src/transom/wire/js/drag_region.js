// Lets people move a window by elements with `data-tauri-drag-region`, and maximise it with a double click.
// No value or `true`: the element itself. `deep`: what is inside as well, except what reacts to clicks. `false`: not here.
(() => {
  'use strict';
  const ATTRIBUTE = 'data-tauri-drag-region';
  const CLICKABLE =
    'a, button, input, select, textarea, label, summary, [contenteditable]:not([contenteditable="false"]), ' +
    '[tabindex]:not([tabindex="-1"]), ' +
    ['button', 'link', 'menuitem', 'tab', 'checkbox', 'radio', 'switch', 'option'].map((role) => `[role="${role}"]`).join(', ');

  /** @param {EventTarget[]} path */
  const drags = (path) => {
    for (const [index, element] of path.entries()) {
      if (!(element instanceof Element)) continue;
      const value = element.getAttribute(ATTRIBUTE);
      if (value === 'false') return false;
      if (value === 'deep') return true;
      if (value !== null && index === 0) return true;
      if (element.matches(CLICKABLE)) return false;
    }
    return false;
  };

  document.addEventListener('mousedown', (event) => {
    if (event.button !== 0 || event.detail > 2 || !drags(event.composedPath())) return;
    event.preventDefault(); // no selection of text
    event.stopImmediatePropagation();
    /** @type {any} */ (window).__TAURI_INTERNALS__.invoke(`plugin:window|${event.detail === 2 ? 'internal_toggle_maximize' : 'start_dragging'}`);
  });
})();
