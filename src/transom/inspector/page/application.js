// The application as it is now: windows, pages, listeners, resources and managed objects.

import { element, size } from './text.js';

/**
 * @param {HTMLElement} section
 * @param {any} found what the command `overview` returns
 */
export function showApplication(section, found) {
  const top = section.scrollTop;
  section.replaceChildren(
    element('p', { className: 'quiet' }, `Runtime ${found.runtime}, process ${found.pid}, Python ${found.python}, ${found.threads} threads`),
    ...table('Windows', ['Label', 'Webviews', 'Keyboard'], found.windows, (/** @type {any} */ window) => [
      window.label,
      window.webviews.join(', '),
      window.focused ? 'has it' : '',
    ]),
    ...table(
      'Pages',
      ['Webview', 'Window', 'Origin', 'Calls in flight', 'Queued', 'Up', 'Down', 'Resources'],
      found.pages,
      (/** @type {any} */ page) => [
        page.label,
        page.window,
        page.origin,
        String(page.calls),
        size(page.queuedBytes) + (page.behind ? ', behind' : ''),
        `${size(page.bytesUp)} in ${page.batchesUp}`,
        `${size(page.bytesDown)} in ${page.framesDown}`,
        page.resources.map((/** @type {any} */ resource) => `${resource.type} ${resource.id}`).join(', '),
      ],
    ),
    ...table(`Listeners (${found.listenerCount})`, ['Event', 'Listens as', 'Where'], found.listeners, (/** @type {any} */ listener) => [
      listener.event,
      listener.target,
      listener.page === null ? 'Python' : `page ${listener.page}`,
    ]),
    ...table('Resources', ['Owner', 'Type', 'Id'], found.resources, (/** @type {any} */ resource) => [
      resource.owner,
      resource.type,
      String(resource.id),
    ]),
    ...table('Managed state', ['Type', 'Value'], found.state, (/** @type {any} */ object) => [object.type, object.value]),
  );
  section.scrollTop = top;
}

/**
 * @param {string} title
 * @param {string[]} columns
 * @param {any[]} rows
 * @param {(row: any) => string[]} cells
 */
function table(title, columns, rows, cells) {
  const body = rows.length
    ? element(
        'table',
        {},
        element('thead', {}, element('tr', {}, ...columns.map((name) => element('th', {}, name)))),
        element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells(row).map((text) => element('td', { title: text }, text))))),
      )
    : element('p', { className: 'quiet' }, 'None.');
  return [element('h2', {}, title), body];
}
