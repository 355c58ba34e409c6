// How menus in a page look: their styles, and the elements of their items. For `menus.js`.

/**
 * @typedef {object} Item
 * @property {number} key
 * @property {'item' | 'check' | 'menu' | 'separator'} kind
 * @property {string} text
 * @property {number} mark place of the letter in `text` that chooses the item; negative for none
 * @property {boolean} enabled
 * @property {boolean} checked
 * @property {string} icon a PNG file in base64; empty for none
 * @property {string} shown the accelerator as people read it
 * @property {[modifiers: number, code: string] | null} keys the accelerator that is listened to
 * @property {Item[]} items
 */

export const HEIGHT = 28;
export const CSS = `
  * { box-sizing: border-box; }
  .bar, .menu, .about { font: 13px/20px system-ui, sans-serif; color: CanvasText; background: Canvas; pointer-events: auto; cursor: default;
    user-select: none; -webkit-user-select: none; color-scheme: light dark; }
  .bar { position: fixed; inset: 0 0 auto 0; height: ${HEIGHT}px; display: flex; overflow: hidden; border-bottom: 1px solid GrayText; }
  .menu { position: fixed; min-width: 160px; max-width: 100vw; max-height: 100vh; overflow: auto; padding: 4px 0;
    border: 1px solid GrayText; border-radius: 4px; box-shadow: 0 4px 12px rgb(0 0 0 / 30%); }
  [role^=menuitem] { display: flex; gap: 8px; align-items: center; padding: 3px 12px; white-space: pre; outline: none; }
  .bar > [role=menuitem] { padding: 3px 10px; }
  [role^=menuitem]:focus, [aria-expanded=true] { background: Highlight; color: HighlightText; }
  [aria-disabled=true] { color: GrayText; }
  .mark { width: 16px; text-align: center; flex: none; }
  .text { flex: 1; }
  .keys { padding-left: 24px; opacity: .7; }
  canvas { width: 16px; height: 16px; flex: none; }
  hr { border: 0; border-top: 1px solid GrayText; margin: 4px 0; opacity: .5; }
  .about { position: fixed; inset: 0; margin: auto; width: fit-content; height: fit-content; max-width: 90vw; max-height: 90vh; overflow: auto;
    padding: 16px 24px; border: 1px solid GrayText; border-radius: 8px; box-shadow: 0 8px 24px rgb(0 0 0 / 40%); text-align: center; }
  .about p { margin: 4px 0; white-space: pre-line; user-select: text; -webkit-user-select: text; }
  .about button { font: inherit; margin-top: 12px; padding: 4px 20px; }
`;

/** @param {string} tag @param {Record<string, string>} attributes @param {(Node | string)[]} children */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** @param {string} base64 */
export function picture(base64) {
  const canvas = /** @type {HTMLCanvasElement} */ (make('canvas', { width: '32', height: '32', 'aria-hidden': 'true' }));
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  // Not an image element: the page's content security policy may forbid its source.
  createImageBitmap(new Blob([bytes], { type: 'image/png' })).then(
    (bitmap) => canvas.getContext('2d')?.drawImage(bitmap, 0, 0, 32, 32),
    () => {},
  );
  return canvas;
}

/** @param {Item} item @param {boolean} inBar */
export function rowOf(item, inBar) {
  if (item.kind === 'separator') return make('hr', { role: 'separator' });
  const row = make('div', { role: item.kind === 'check' ? 'menuitemcheckbox' : 'menuitem', tabindex: '-1' });
  if (item.kind === 'check') row.setAttribute('aria-checked', String(item.checked));
  if (item.kind === 'menu') {
    row.setAttribute('aria-haspopup', 'menu');
    row.setAttribute('aria-expanded', 'false');
  }
  if (!item.enabled) row.setAttribute('aria-disabled', 'true');
  if (!inBar) row.append(make('span', { class: 'mark', 'aria-hidden': 'true' }, item.kind === 'check' && item.checked ? '✓' : ''));
  if (item.icon) row.append(picture(item.icon));
  const { text, mark } = item;
  const letters = mark < 0 ? [text] : [text.slice(0, mark), make('u', {}, text[mark] ?? ''), text.slice(mark + 1)];
  row.append(make('span', { class: 'text' }, ...letters));
  if (item.shown) {
    row.append(make('span', { class: 'keys', 'aria-hidden': 'true' }, item.shown));
    row.setAttribute('aria-keyshortcuts', item.shown);
  }
  if (item.kind === 'menu' && !inBar) row.append(make('span', { 'aria-hidden': 'true' }, '▸'));
  row.setAttribute('aria-label', text);
  return row;
}
