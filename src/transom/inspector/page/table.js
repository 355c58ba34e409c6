// A table of records, the newest first, which changes only the rows that have changed.

import { element } from './text.js';

const MOST_ROWS = 300;

/**
 * @template {{id: number, change: number}} R
 */
export class Table {
  /**
   * @param {HTMLElement} section holds the table
   * @param {(record: R) => {cells: (Node | string)[], className?: string}} render
   * @param {(record: R) => void} [choose] called with the record of a row that is chosen
   */
  constructor(section, render, choose) {
    this.body = /** @type {HTMLElement} */ (section.querySelector('tbody'));
    this.empty = /** @type {HTMLElement} */ (section.querySelector('.empty'));
    this.render = render;
    this.choose = choose;
    /** @type {number | null} */
    this.chosen = null;
    /** @type {Map<number, {row: HTMLElement, change: number, record: R}>} */
    this.rows = new Map();
  }

  /**
   * Show records.
   * @param {R[]} records the newest first
   */
  show(records) {
    const shown = records.slice(0, MOST_ROWS);
    const wanted = new Set(shown.map((record) => record.id));
    for (const [id, { row }] of this.rows) {
      if (!wanted.has(id)) {
        row.remove();
        this.rows.delete(id);
      }
    }
    /** @type {Element | null} */
    let place = this.body.firstElementChild;
    for (const record of shown) {
      let known = this.rows.get(record.id);
      if (!known) {
        known = { row: this.#row(record.id), change: -1, record };
        this.rows.set(record.id, known);
      }
      if (known.row === place) place = place.nextElementSibling;
      else this.body.insertBefore(known.row, place);
      if (known.change !== record.change) this.#fill(known, record);
    }
    this.empty.hidden = shown.length > 0;
  }

  /** @param {number} id */
  #row(id) {
    const row = element('tr', {});
    row.dataset.id = String(id);
    if (this.choose) {
      row.tabIndex = 0;
      row.addEventListener('click', () => this.select(id));
      row.addEventListener('focus', () => this.select(id));
      row.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
        const next = event.key === 'ArrowDown' ? row.nextElementSibling : event.key === 'ArrowUp' ? row.previousElementSibling : null;
        if (next) {
          event.preventDefault();
          next.focus();
        }
      });
    }
    return row;
  }

  /**
   * @param {{row: HTMLElement, change: number, record: R}} known
   * @param {R} record
   */
  #fill(known, record) {
    const { cells, className = '' } = this.render(record);
    known.row.className = className;
    known.row.replaceChildren(
      ...cells.map((cell) => {
        const made = element('td', {}, cell);
        if (typeof cell === 'string') made.title = cell;
        else if (cell instanceof HTMLElement && cell.dataset.number !== undefined) made.className = 'number';
        return made;
      }),
    );
    known.change = record.change;
    known.record = record;
    if (this.chosen === record.id) this.choose?.(record);
  }

  /** @param {number | null} id */
  select(id) {
    if (this.chosen !== null) this.rows.get(this.chosen)?.row.setAttribute('aria-selected', 'false');
    this.chosen = id;
    const known = id === null ? undefined : this.rows.get(id);
    known?.row.setAttribute('aria-selected', 'true');
    if (known) this.choose?.(known.record);
  }

  /** Forget what was shown. */
  clear() {
    this.chosen = null;
    this.rows.clear();
    this.body.replaceChildren();
    this.empty.hidden = false;
  }
}

/** @param {string} text */
export const number = (text) => {
  const made = element('span', {}, text);
  made.dataset.number = '';
  return made;
};
