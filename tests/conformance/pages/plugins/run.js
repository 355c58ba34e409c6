// Runs checks one after the other and reports each; then the page starts the application again, and ends it.
import { invoke } from '@tauri-apps/api/core';

import { within } from '../expect.js';

/** Run checks; `exit` and `relaunch` are of the package `process`. Only windows are there again after a new start. */
export async function run(checks, { exit, relaunch }) {
  const { starts, runtime } = await invoke('outside');
  if (starts > 1) return exit(7);
  const where = runtime === 'webkitgtk' ? runtime : 'web';
  for (const [name, check] of Object.entries(checks)) {
    let detail = '';
    try {
      await within(check(where), name, 40000);
    } catch (error) {
      detail = error instanceof Error ? `${error.message} ${error.stack}` : JSON.stringify(error);
    }
    await invoke('report', { name, ok: detail === '', detail });
  }
  await invoke('finished');
  return runtime === 'web' ? exit(7) : relaunch();
}
