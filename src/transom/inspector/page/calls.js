// The calls: a table with a waterfall, and the one that is chosen.

import { asJavaScript, asPython } from './code.js';
import { invoke } from './link.js';
import { Table, number } from './table.js';
import { clock, duration, element, pretty, size } from './text.js';

/** @typedef {import('./types').Call} Call */

const SLOW = 100; // milliseconds
const STATES = /** @type {Record<string, string>} */ ({ gone: 'page gone' });

/**
 * Return what the filter's `is:` finds a call by.
 * @param {Call} call
 */
export function marksOf(call) {
  const marks = new Set([call.state]);
  if (call.state === 'rejected') marks.add('failed');
  if (call.denial) marks.add('denied');
  if (call.error) marks.add('error');
  if (call.replayed) marks.add('replayed');
  if ((call.took ?? 0) > SLOW) marks.add('slow');
  return marks;
}

/** @param {Call} call */
export const textOf = (call) => `${call.command} ${call.page} ${call.args} ${call.result} ${call.error}`;

/** @param {Call} call */
const stateOf = (call) => (call.denial ? 'denied' : (STATES[call.state] ?? call.state));

export class Calls {
  /**
   * @param {HTMLElement} section
   * @param {(text: string) => void} tell
   */
  constructor(section, tell) {
    this.section = section;
    this.detail = /** @type {HTMLElement} */ (section.querySelector('#detail'));
    this.tell = tell;
    this.base = 0; // the first call's time; the numbers of CSS are too small for the time itself
    this.table = new Table(
      section,
      (/** @type {Call} */ call) => ({
        className: `row-${call.state}`,
        cells: [
          clock(call.at),
          call.page,
          call.replayed ? `${call.command} (replay)` : call.command,
          element('span', { className: call.denial ? 'denied' : call.state }, stateOf(call)),
          number(duration(call.took)),
          number(size(call.argsBytes + sum(call.buffers))),
          number(call.took === null ? '' : size(call.resultBytes)),
          this.#bar(call),
        ],
      }),
      (call) => this.#show(call),
    );
  }

  /** @param {Call[]} calls the newest first */
  show(calls) {
    if (!this.base && calls.length) this.base = calls[calls.length - 1].at;
    this.table.show(calls);
    const shown = [...this.table.rows.values()].map(({ record }) => record);
    const now = Date.now();
    const from = Math.min(...shown.map((call) => call.at));
    // A call that goes on for long would leave no room for the others.
    const ends = shown.flatMap((call) => (call.took === null ? [] : [call.at + call.took]));
    const until = ends.length ? Math.max(...ends) : now;
    this.section.style.setProperty('--from', String(from - this.base));
    this.section.style.setProperty('--span', String(Math.max(until - from, 1)));
    for (const { row, record } of this.table.rows.values())
      if (record.took === null)
        /** @type {HTMLElement} */ (row.querySelector('.fall'))?.style.setProperty('--took', String(Math.max(now - record.at, 0)));
  }

  clear() {
    this.table.clear();
    this.detail.hidden = true;
    this.base = 0;
  }

  /** @param {Call} call */
  #bar(call) {
    const took = call.took ?? Math.max(Date.now() - call.at, 0);
    const bar = element('div', { className: 'fall' }, element('span', { className: 'w' }), element('span', { className: 'r' }));
    bar.style.setProperty('--at', String(call.at - this.base));
    bar.style.setProperty('--waited', String(call.waited ?? 0));
    bar.style.setProperty('--took', String(took));
    bar.title = call.waited === null ? duration(call.took) : `waited ${duration(call.waited)}, all in all ${duration(call.took)}`;
    return bar;
  }

  /** @param {Call} call */
  #show(call) {
    const javaScript = asJavaScript(call);
    const python = asPython(call);
    const replay = element('button', { disabled: !call.replayable }, 'Replay');
    if (!call.replayable) replay.title = 'Its arguments were not kept whole, or hold raw bytes or a channel';
    replay.addEventListener('click', () =>
      invoke('replay', { call: call.id }).then(
        () => this.tell(`${call.command} was called again`),
        (reason) => this.tell(String(reason)),
      ),
    );
    this.detail.hidden = false;
    this.detail.replaceChildren(
      element('h2', {}, call.command),
      element(
        'div',
        { className: 'row' },
        replay,
        this.#copy('Copy as JavaScript', javaScript),
        this.#copy('Copy as Python', python),
      ),
      facts([
        ['State', element('span', { className: call.denial ? 'denied' : call.state }, stateOf(call))],
        ['Page', `${call.page}, ${call.origin || 'local'}`],
        ['Arrived', clock(call.at)],
        ['Began', call.waited === null ? (call.took === null ? 'not yet' : 'never') : `after ${duration(call.waited)}, on the ${THREADS[call.where] ?? call.where}`],
        ['Answered', call.took === null ? 'not yet' : `after ${duration(call.took)}`],
        ...Object.entries(call.headers).map(([name, value]) => /** @type {[string, string]} */ ([`Header ${name}`, value])),
      ]),
      ...part('Refused', call.denial && denial(call.denial, call.advice)),
      ...part('Error', call.error && element('pre', { className: 'rejected' }, call.error)),
      ...part('Arguments', element('pre', {}, call.raw ? 'raw bytes' : pretty(call.args, call.argsBytes)), buffers(call.buffers)),
      ...part('Answer', call.took !== null && element('pre', {}, pretty(call.result, call.resultBytes)), buffers(call.resultBuffers)),
      ...part('As JavaScript', javaScript && element('pre', { id: 'as-javascript' }, javaScript)),
      ...part('As Python', python && element('pre', { id: 'as-python' }, python)),
    );
  }

  /**
   * @param {string} label
   * @param {string | null} text
   */
  #copy(label, text) {
    const button = element('button', { disabled: text === null }, label);
    if (text === null) button.title = 'Its arguments were not kept whole';
    else
      button.addEventListener('click', () =>
        navigator.clipboard.writeText(text).then(
          () => this.tell('Copied'),
          () => this.tell('The browser did not allow copying; the code is below'),
        ),
      );
    return button;
  }
}

const THREADS = /** @type {Record<string, string>} */ ({ loop: 'event loop', worker: 'workers', main: 'main thread' });

/** @param {number[]} sizes */
const sum = (sizes) => sizes.reduce((all, one) => all + one, 0);

/** @param {number[]} sizes */
const buffers = (sizes) => (sizes.length ? element('p', { className: 'quiet' }, `Raw buffers: ${sizes.map(size).join(', ')}`) : null);

/**
 * @param {string} title
 * @param {...any} content nothing is shown without the first
 */
const part = (title, ...content) => (content[0] ? [element('h2', {}, title), ...content.filter(Boolean)] : []);

/** @param {[string, Node | string][]} pairs */
const facts = (pairs) =>
  element('dl', {}, ...pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));

/**
 * @param {Record<string, any>} found
 * @param {string} advice
 */
function denial(found, advice) {
  const entries = (/** @type {any[]} */ list) =>
    list.map((entry) => `${entry.permission} in ${entry.capability}`).join('; ');
  /** @type {[string, string][]} */
  const pairs = [['Reason', found.reason ?? found.message]];
  if (found.window) pairs.push(['Caller', `window ${found.window}, webview ${found.webview}, ${found.origin}`]);
  if (found.decidedBy?.length) pairs.push(['Denied by', entries(found.decidedBy)]);
  if (found.allowedElsewhere?.length) pairs.push(['Allowed to others', entries(found.allowedElsewhere)]);
  if (found.permissions?.length) pairs.push(['Would allow it', found.permissions.join(', ')]);
  return element('div', {}, facts(pairs), ...(advice ? [element('pre', {}, advice)] : []));
}
