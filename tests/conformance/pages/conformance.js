// Runs every check of `checks.json` with the npm client that `tauri-api` stands for, and reports each through a command.
/* global API_VERSION */
import { invoke } from 'tauri-api/core';

import table from '../checks.json';
import argumentsChecks from './checks/arguments.js';
import cancellation from './checks/cancellation.js';
import channels from './checks/channels.js';
import events from './checks/events.js';
import page, { afterReload } from './checks/page.js';
import results from './checks/results.js';
import streams from './checks/streams.js';
import values from './checks/values.js';
import { show, within } from './expect.js';

const groups = { arguments: argumentsChecks, results, values, channels, streams, events, cancellation, page, reload: afterReload };

async function run(group, name) {
  let detail = '';
  try {
    const check = groups[group][name];
    if (!check) throw new Error('the page has no check of this name');
    await within(check(API_VERSION), 'the check', 60000);
  } catch (error) {
    detail = error instanceof Error ? error.message || String(error) : show(error);
  }
  await invoke('report', { name: `${group}: ${name}`, ok: detail === '', detail });
}

async function surplus(group) {
  for (const name of Object.keys(groups[group]))
    if (!table[group].includes(name)) await invoke('report', { name: `${group}: ${name}`, ok: false, detail: 'checks.json has no check of this name' });
}

/** Report the end, and then, where somebody reads what pages log, what becomes of calls when the application ends. */
async function finish() {
  const open = invoke('wait_for_ever', { key: 'to the end' });
  await invoke('finished');
  const text = (reason) => String(reason && reason.message);
  const first = await open.catch(text);
  console.log(`ended: ${first} / ${await invoke('echo').catch(text)}`);
}

async function main() {
  const reloaded = sessionStorage.getItem('conformance') === 'reloaded';
  for (const group of Object.keys(table)) {
    if ((group === 'reload') !== reloaded) continue;
    await surplus(group);
    for (const name of table[group]) await run(group, name);
  }
  if (reloaded) return finish();
  sessionStorage.setItem('conformance', 'reloaded');
  // These two are in the middle of their work when the page goes; the next page looks what became of them.
  const { endless, resource } = page.beforeReload();
  await Promise.all([endless, resource]);
  await invoke('reload_page');
}

main().catch((error) => console.error(`conformance: ${error && error.stack ? error.stack : error}`));
