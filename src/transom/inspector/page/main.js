// The inspector's page: keeps what the application has done, within bounds, and shows what the filter finds.

import { showApplication } from './application.js';
import { Calls, marksOf, textOf } from './calls.js';
import { channel, invoke } from './link.js';
import { Table, number } from './table.js';
import { clock, element, matcher, pretty, size } from './text.js';

/** @typedef {import('./types').Call} Call */
/** @typedef {import('./types').Happening} Happening */
/** @typedef {import('./types').ChannelOf} ChannelOf */
/** @typedef {import('./types').Changes} Changes */

const MOST = 2000; // records of each kind that the page keeps
const LOOK = 1000; // milliseconds between two looks at the application

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const filter = /** @type {HTMLInputElement} */ (byId('filter'));
const pause = byId('pause');
const notice = byId('notice');

const kept = {
  /** @type {Map<number, Call>} */ calls: new Map(),
  /** @type {Map<number, Happening>} */ events: new Map(),
  /** @type {Map<number, ChannelOf>} */ channels: new Map(),
};
/** @type {Map<number, {at: number, sent: number, bytes: number, perSecond: number, bytesPerSecond: number}>} */
const rates = new Map();
let view = 'calls';
let paused = false;
let drawing = false;
let noticeTimer = 0;

/** @param {string} text */
function tell(text) {
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (notice.hidden = true), 4000);
}

const calls = new Calls(byId('calls'), tell);

const events = new Table(byId('events'), (/** @type {Happening} */ event) => {
  const isEvent = event.kind === 'event';
  return {
    cells: [
      clock(event.at),
      isEvent ? event.name : element('span', { className: 'quiet' }, `page ${event.kind}`),
      isEvent ? (event.everybody ? 'everybody' : 'a target') + (event.source && `, from ${event.source}`) : event.name,
      number(isEvent ? size(event.payloadBytes) : ''),
      event.payload,
    ],
  };
});

const channels = new Table(
  byId('channels'),
  (/** @type {ChannelOf} */ found) => {
    const rate = rates.get(found.id);
    return {
      cells: [
        clock(found.at),
        found.page,
        String(found.callback),
        element('span', { className: found.ended ? 'ended' : 'open' }, found.ended ? 'ended' : 'open'),
        number(found.sent.toLocaleString('en')),
        number(size(found.bytes)),
        number(rate && !found.ended ? Math.round(rate.perSecond).toLocaleString('en') : ''),
        number(rate && !found.ended ? size(rate.bytesPerSecond) : ''),
      ],
    };
  },
  showMessages,
);

/** @param {ChannelOf} found */
async function showMessages(found) {
  const messages = await invoke('messages', { channel: found.id });
  const aside = byId('messages');
  aside.hidden = false;
  aside.replaceChildren(
    element('h2', {}, `The last ${messages.length} messages of channel ${found.callback}`),
    element(
      'table',
      {},
      ...messages
        .reverse()
        .map((/** @type {any} */ message) =>
          element(
            'tr',
            {},
            ...[String(message.index), clock(message.at), size(message.bytes)].map((text) => element('td', { className: 'quiet' }, text)),
            element('td', {}, element('code', {}, pretty(message.text, message.bytes))),
          ),
        ),
    ),
  );
}

/** @param {ChannelOf} found */
function measure(found) {
  const before = rates.get(found.id);
  const seconds = before ? (found.last - before.at) / 1000 : 0;
  rates.set(found.id, {
    at: found.last,
    sent: found.sent,
    bytes: found.bytes,
    perSecond: before && seconds > 0 ? (found.sent - before.sent) / seconds : 0,
    bytesPerSecond: before && seconds > 0 ? (found.bytes - before.bytes) / seconds : 0,
  });
}

/**
 * @param {Map<number, any>} records
 * @param {any[]} changed
 */
function keep(records, changed) {
  for (const record of changed) records.set(record.id, record);
  for (const id of records.keys()) {
    if (records.size <= MOST) break;
    records.delete(id);
    rates.delete(id);
  }
}

/** @param {Changes} changes */
function take(changes) {
  if (paused) {
    waiting.push(changes);
    if (waiting.length > MOST) waiting.shift();
    return;
  }
  keep(kept.calls, changes.calls);
  keep(kept.events, changes.events);
  for (const found of changes.channels) measure(found);
  keep(kept.channels, changes.channels);
  draw();
}
/** @type {Changes[]} */
const waiting = [];

function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    const matches = matcher(filter.value);
    count('calls', kept.calls.size);
    count('events', kept.events.size);
    count('channels', kept.channels.size);
    if (view === 'calls') calls.show(newest(kept.calls, (call) => matches(textOf(call), marksOf(call))));
    if (view === 'events') events.show(newest(kept.events, (event) => matches(`${event.name} ${event.payload}`, new Set([event.kind]))));
    if (view === 'channels')
      channels.show(newest(kept.channels, (found) => matches(`${found.page} ${found.callback}`, new Set([found.ended ? 'ended' : 'open']))));
  });
}

/**
 * @template R
 * @param {Map<number, R>} records
 * @param {(record: R) => boolean} wanted
 */
function newest(records, wanted) {
  return [...records.values()].filter(wanted).reverse();
}

/**
 * @param {string} name
 * @param {number} many
 */
function count(name, many) {
  /** @type {HTMLElement} */ (document.querySelector(`#tab-${name} output`)).textContent = many ? String(many) : '';
}

/** @param {string} name */
function choose(name) {
  view = name;
  for (const tab of document.querySelectorAll('[role=tab]')) {
    const isChosen = tab.id === `tab-${name}`;
    tab.setAttribute('aria-selected', String(isChosen));
    byId(/** @type {string} */ (tab.getAttribute('aria-controls'))).hidden = !isChosen;
  }
  draw();
  if (name === 'application') void look();
}

async function look() {
  if (view !== 'application' || paused) return;
  showApplication(byId('application'), await invoke('overview'));
}

function setPaused() {
  paused = !paused;
  pause.setAttribute('aria-pressed', String(paused));
  pause.textContent = paused ? 'Resume' : 'Pause';
  if (!paused) for (const changes of waiting.splice(0)) take(changes);
}

async function clear() {
  await invoke('clear');
  for (const records of [kept.calls, kept.events, kept.channels]) records.clear();
  waiting.length = 0;
  calls.clear();
  events.clear();
  channels.clear();
  byId('messages').hidden = true;
  draw();
}

async function save() {
  const found = await invoke('export');
  const blob = new Blob([JSON.stringify(found, null, 1)], { type: 'application/json' });
  const link = element('a', { href: URL.createObjectURL(blob), download: `${found.overview.name}-inspector.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** @param {Promise<unknown>} work */
const told = (work) => work.catch((reason) => tell(String(reason?.message ?? reason)));

for (const tab of document.querySelectorAll('[role=tab]'))
  tab.addEventListener('click', () => choose(/** @type {string} */ (tab.getAttribute('aria-controls'))));
filter.addEventListener('input', draw);
pause.addEventListener('click', setPaused);
byId('clear').addEventListener('click', () => void told(clear()));
byId('export').addEventListener('click', () => void told(save()));
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== filter) {
    event.preventDefault();
    filter.focus();
  }
});
setInterval(() => void look().catch(() => undefined), LOOK);
setInterval(() => !paused && [...kept.calls.values()].some((call) => call.took === null) && draw(), LOOK / 4);

void told(
  invoke('overview').then((found) => {
    byId('name').textContent = found.name;
    document.title = `${found.name} – inspector`;
  }),
);
void told(invoke('follow', { onChanges: channel(take) }));
