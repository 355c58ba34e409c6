// Menus in a page that a browser shows: a bar over the page, and context menus. `transport_web.js` loads this with the
// first menu. All of it is in a closed shadow root, so that the page's styles and scripts do not touch it.


import { CSS, HEIGHT, make, picture, rowOf } from './menu_look.js';

/** @typedef {import('./menu_look.js').Item} Item */
/** @typedef {{element: HTMLElement, items: Item[], rows: HTMLElement[]}} Level an open menu, or the bar */
/** @typedef {Record<string, string>} About the lines of the About dialog */

const MODIFIERS = { ctrlKey: 1, altKey: 2, shiftKey: 4, metaKey: 8 };
const ON_MAC = navigator.platform.startsWith('Mac');

// Taken before the page can replace them: its scripts must not choose items in the user's place.
const attachShadow = Element.prototype.attachShadow;
const execute = document.execCommand.bind(document);

/** @param {KeyboardEvent} event */
function modifiersOf(event) {
  let modifiers = 0;
  for (const [name, bit] of Object.entries(MODIFIERS)) if (event[/** @type {'ctrlKey'} */ (name)]) modifiers |= bit;
  // An accelerator with Ctrl is one with Command there.
  return ON_MAC && modifiers & 8 ? (modifiers & ~8) | 1 : modifiers;
}

/** @param {Item} item */
const isChoosable = (item) => item.kind !== 'separator';

/**
 * @param {(key: number) => void} activate tells the application that the user has chosen an item
 * @param {() => [x: number, y: number]} pointer tells where the user last pressed a button
 */
export function createMenus(activate, pointer) {
  const host = document.createElement('div');
  host.style.cssText = 'all:initial!important;position:fixed!important;inset:0!important;z-index:2147483646!important;pointer-events:none!important';
  const root = attachShadow.call(host, { mode: 'closed' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  /** @type {Level | undefined} */
  let bar;
  let hidden = false;
  /** @type {Level[]} the open menus, each but the first one a submenu of the one before */
  const levels = [];
  /** @type {Element | null} what had the keyboard before a menu took it */
  let before = null;

  function attach() {
    if (!host.isConnected) document.documentElement.append(host);
  }

  // A page may replace all that is in its document.
  new MutationObserver(() => bar && attach()).observe(document.documentElement, { childList: true });

  /** Make room for the bar above the page. @param {boolean} shown */
  function makeRoom(shown) {
    const { style } = document.documentElement;
    for (const [name, value] of [['padding-top', `${HEIGHT}px`], ['box-sizing', 'border-box'], ['--transom-menu-height', `${HEIGHT}px`]]) {
      if (shown) style.setProperty(name, value, 'important');
      else style.removeProperty(name);
    }
  }

  /** @param {HTMLElement} element @param {Item[]} items @param {boolean} inBar @returns {Level} */
  function fill(element, items, inBar) {
    const rows = items.map((item) => rowOf(item, inBar));
    element.replaceChildren(...rows);
    const level = { element, items, rows };
    rows.forEach((row, index) => {
      if (!isChoosable(items[index])) return;
      row.addEventListener('pointerenter', (event) => event.isTrusted && hovered(level, index));
      row.addEventListener('click', (event) => event.isTrusted && choose(level, index, false));
      // Neither the selection nor the keyboard's place in the page is to change.
      row.addEventListener('pointerdown', (event) => event.preventDefault());
      row.addEventListener('mousedown', (event) => event.preventDefault());
    });
    return level;
  }

  /** @param {Level} level @param {number} index */
  function focusOn(level, index) {
    if (before === null && document.activeElement !== host) before = document.activeElement;
    level.rows[index]?.focus({ preventScroll: true });
  }

  /** @param {Level} level */
  const focusedIn = (level) => level.rows.indexOf(/** @type {HTMLElement} */ (root.activeElement));

  /** @param {Level} level */
  const depthOf = (level) => (level === bar ? -1 : levels.indexOf(level));

  /** Close the menus from a depth on. @param {number} depth */
  function closeFrom(depth) {
    for (const level of levels.splice(depth)) level.element.remove();
    for (const level of [bar, ...levels]) for (const row of level?.rows ?? []) if (row.hasAttribute('aria-expanded')) row.setAttribute('aria-expanded', 'false');
    levels.forEach(({ element }) => element.dataset.owner && markOwner(element.dataset.owner));
  }

  /** @param {string} owner depth and index of the row whose menu is open */
  function markOwner(owner) {
    const [depth, index] = owner.split(' ').map(Number);
    (depth < 0 ? bar : levels[depth])?.rows[index]?.setAttribute('aria-expanded', 'true');
  }

  /** Close all menus. @param {boolean} back whether the page gets the keyboard back */
  function close(back = true) {
    closeFrom(0);
    const element = before;
    before = null;
    if (!bar) host.remove();
    if (back && element instanceof HTMLElement) element.focus({ preventScroll: true });
    else if (back) /** @type {HTMLElement | null} */ (root.activeElement)?.blur();
  }

  /**
   * @param {Item[]} items @param {number} x @param {number} y @param {string} [owner] see `markOwner` @param {number} [otherX] where its right
   * edge goes when there is no room
   */
  function open(items, x, y, owner, otherX = x) {
    attach();
    const level = fill(make('div', { role: 'menu', class: 'menu' }), items, false);
    level.element.style.visibility = 'hidden';
    root.append(level.element);
    const { width, height } = level.element.getBoundingClientRect();
    const left = x + width > innerWidth ? otherX - width : x;
    level.element.style.left = `${Math.max(Math.min(left, innerWidth - width), 0)}px`;
    level.element.style.top = `${Math.max(Math.min(y, innerHeight - height), 0)}px`;
    level.element.style.visibility = '';
    levels.push(level);
    if (owner !== undefined) {
      level.element.dataset.owner = owner;
      markOwner(owner);
    }
    return level;
  }

  /** Open the menu of a row. @param {Level} level @param {number} index */
  function openOf(level, index) {
    const item = level.items[index];
    const depth = depthOf(level);
    closeFrom(depth + 1);
    if (!item?.enabled || item.kind !== 'menu') return undefined;
    const box = level.rows[index].getBoundingClientRect();
    const owner = `${depth} ${index}`;
    return level === bar ? open(item.items, box.left, box.bottom, owner) : open(item.items, box.right - 2, box.top - 5, owner, box.left + 2);
  }

  /** @param {Level} level @param {number} index */
  function hovered(level, index) {
    // The bar answers to the pointer only while one of its menus is open.
    if (level === bar && levels[0]?.element.dataset.owner === undefined) return;
    if (level.rows[index].getAttribute('aria-expanded') === 'true') return;
    focusOn(level, index);
    openOf(level, index);
  }

  /** @param {Level} level @param {number} index @param {boolean} byKey */
  function choose(level, index, byKey) {
    const item = level.items[index];
    if (!item?.enabled) return;
    if (item.kind === 'menu') {
      if (level === bar && !byKey && level.rows[index].getAttribute('aria-expanded') === 'true') return close();
      focusOn(level, index);
      const opened = openOf(level, index);
      if (opened && byKey) step(opened, -1, 1);
      return;
    }
    close();
    activate(item.key);
  }

  /** Focus the next row that can be chosen. @param {Level} level @param {number} from @param {number} by */
  function step(level, from, by) {
    const count = level.items.length;
    for (let i = 1; i <= count; i++) {
      const index = (from + by * i + count * (i + 1)) % count;
      if (isChoosable(level.items[index])) return void focusOn(level, index);
    }
  }

  /** Go to the menu beside the one that is open, in the bar. @param {number} by */
  function beside(by) {
    if (!bar) return;
    const from = levels.length ? Number(levels[0].element.dataset.owner?.split(' ')[1]) : focusedIn(bar);
    const wasOpen = levels.length > 0;
    closeFrom(0);
    step(bar, from, by);
    const opened = wasOpen ? openOf(bar, focusedIn(bar)) : undefined;
    if (opened) step(opened, -1, 1);
  }

  /** @param {Level} level @param {string} letter */
  function chooseByLetter(level, letter) {
    const wanted = letter.toLowerCase();
    const marked = level.items.findIndex((item) => item.mark >= 0 && item.text[item.mark]?.toLowerCase() === wanted);
    if (marked >= 0) return choose(level, marked, true);
    const from = focusedIn(level);
    const count = level.items.length;
    for (let i = 1; i <= count; i++) {
      const index = (from + i) % count;
      if (isChoosable(level.items[index]) && level.items[index].text.toLowerCase().startsWith(wanted)) return focusOn(level, index);
    }
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether a menu has used it */
  function keyInMenu(event) {
    const level = levels[levels.length - 1] ?? bar;
    if (!level || root.activeElement === null) return false;
    const at = focusedIn(level);
    if (at < 0 && !levels.length) return false; // the About dialog has the keyboard
    const inBar = level === bar;
    const fromBar = levels[0]?.element.dataset.owner !== undefined;
    switch (event.key) {
      case 'Escape':
        if (levels.length > 1 || fromBar) {
          const [depth, index] = (level.element.dataset.owner ?? '').split(' ').map(Number);
          closeFrom(levels.length - 1);
          focusOn(depth < 0 && bar ? bar : levels[depth], index);
        } else close();
        return true;
      case 'ArrowDown':
        if (inBar) choose(level, at, true);
        else step(level, at, 1);
        return true;
      case 'ArrowUp':
        if (!inBar) step(level, at < 0 ? 0 : at, -1);
        return true;
      case 'Home':
      case 'End':
        step(level, event.key === 'Home' ? -1 : 0, event.key === 'Home' ? 1 : -1);
        return true;
      case 'ArrowRight':
        if (!inBar && level.items[at]?.kind === 'menu') choose(level, at, true);
        else if (inBar || fromBar) beside(1);
        return true;
      case 'ArrowLeft':
        if (levels.length > 1) {
          const index = Number(level.element.dataset.owner?.split(' ')[1]);
          closeFrom(levels.length - 1);
          focusOn(levels[levels.length - 1], index);
        } else if (inBar || fromBar) beside(-1);
        return true;
      case 'Enter':
      case ' ':
        choose(level, at, true);
        return true;
      case 'Tab':
        close();
        return true;
      default:
        if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) {
          chooseByLetter(level, event.key);
          return true;
        }
        return false;
    }
  }

  /** @param {Item[]} items @param {number} modifiers @param {string} code @returns {Item | undefined} */
  function itemOf(items, modifiers, code) {
    for (const item of items) {
      if (!item.enabled) continue;
      if (item.keys && item.keys[0] === modifiers && item.keys[1] === code) return item;
      const found = itemOf(item.items, modifiers, code);
      if (found) return found;
    }
    return undefined;
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the bar has used it */
  function keyForBar(event) {
    if (!bar || hidden) return false;
    const modifiers = modifiersOf(event);
    const item = itemOf(bar.items, modifiers, event.code);
    if (item) {
      if (levels.length) close();
      activate(item.key);
      return true;
    }
    if (modifiers === 0 && event.key === 'F10') {
      step(bar, -1, 1);
      return true;
    }
    const letter = event.key.toLowerCase();
    const marked = modifiers === 2 ? bar.items.findIndex(({ mark, text }) => mark >= 0 && text[mark]?.toLowerCase() === letter) : -1;
    if (marked >= 0) choose(bar, marked, true);
    return marked >= 0;
  }

  /** @param {KeyboardEvent} event */
  function keyed(event) {
    if (!event.isTrusted || event.isComposing) return;
    const inside = document.activeElement === host;
    if (!(inside && keyInMenu(event)) && !keyForBar(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  addEventListener('keydown', keyed, true);
  addEventListener('pointerdown', (event) => levels.length && !event.composedPath().includes(host) && close(false), true);
  addEventListener('blur', () => levels.length && document.activeElement !== host && close(false));
  addEventListener('resize', () => levels.length && close());

  /** Rows that are open, from the bar or the first menu on, so that a changed menu stays open. */
  const openPath = () => levels.map(({ element }) => Number(element.dataset.owner?.split(' ')[1] ?? -1));

  return {
    /** Show a menu bar; `null` removes it. @param {Item[] | null} items */
    show(items) {
      if (!items) {
        close();
        bar?.element.remove();
        bar = undefined;
        makeRoom(false);
        host.remove();
        return;
      }
      const path = levels[0]?.element.dataset.owner === undefined ? [] : openPath();
      const keys = path.map((index, depth) => (depth === 0 ? bar : levels[depth - 1])?.items[index]?.key);
      const focused = levels.length ? focusedIn(levels[levels.length - 1]) : -1;
      const element = bar?.element ?? make('div', { role: 'menubar', class: 'bar', 'aria-label': 'Menu' });
      const inBar = bar ? focusedIn(bar) : -1;
      if (path.length) closeFrom(0);
      bar = fill(element, items, true);
      element.hidden = hidden;
      element.style.display = hidden ? 'none' : '';
      if (!element.isConnected) root.append(element);
      attach();
      makeRoom(!hidden);
      /** @type {Level} */
      let level = bar;
      for (const [depth, index] of path.entries()) {
        if (level.items[index]?.key !== keys[depth]) return;
        const opened = openOf(level, index);
        if (!opened) return;
        level = opened;
      }
      if (path.length || inBar >= 0) focusOn(level, path.length ? focused : inBar);
    },
    /** @param {boolean} visible */
    setVisible(visible) {
      hidden = !visible;
      if (!bar) return;
      if (hidden) close();
      bar.element.style.display = hidden ? 'none' : '';
      makeRoom(visible);
    },
    /** Open a context menu. @param {Item[]} items @param {[x: number, y: number] | null} position @param {boolean} physical */
    popup(items, position, physical) {
      close();
      const scale = physical ? devicePixelRatio : 1;
      const [x, y] = position ? [position[0] / scale, position[1] / scale + (bar && !hidden ? HEIGHT : 0)] : pointer();
      const level = open(items, x, y);
      step(level, -1, 1);
    },
    /** Do what a predefined item stands for. @param {string} action @param {About} about */
    perform(action, about) {
      if (action === 'Fullscreen') {
        const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
        change.catch((error) => console.warn(`Fullscreen: ${error.message}`));
      } else if (action === 'About') showAbout(about);
      else if (action === 'Paste') {
        if (execute('paste')) return;
        navigator.clipboard.readText().then(
          (text) => execute('insertText', false, text),
          (error) => console.warn(`Paste: ${error.message}`),
        );
      } else execute(action[0].toLowerCase() + action.slice(1));
    },
  };

  /** @param {About} about */
  function showAbout(about) {
    attach();
    const { website, icon, ...lines } = about;
    const dialog = make('div', { role: 'dialog', 'aria-modal': 'true', 'aria-label': 'About', class: 'about' });
    if (icon) dialog.append(picture(icon));
    for (const [name, text] of Object.entries(lines)) if (text) dialog.append(make('p', {}, name === 'name' ? make('b', {}, text) : text));
    if (/^https?:/.test(website ?? '')) dialog.append(make('p', {}, make('a', { href: website, target: '_blank', rel: 'noreferrer' }, website)));
    const button = make('button', {}, 'Close');
    const focused = document.activeElement;
    const end = () => {
      dialog.remove();
      if (!bar) host.remove();
      if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    };
    button.addEventListener('click', end);
    dialog.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Escape') end();
    });
    dialog.append(button);
    root.append(dialog);
    button.focus({ preventScroll: true });
  }
}
