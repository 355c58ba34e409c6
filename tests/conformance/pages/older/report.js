// Runs the checks of one generation in their order, and reports each through a command.
import { show, within } from '../expect.js';

/** @param {(command: string, args?: any) => unknown} send Calls a command. */
export async function runChecks(names, checks, send) {
  for (const name of new Set([...names, ...Object.keys(checks)])) {
    let detail = '';
    try {
      if (!checks[name]) throw new Error('the page has no check of this name');
      await within(Promise.resolve().then(checks[name]), 'the check', 30000);
    } catch (error) {
      detail = error instanceof Error ? error.message || String(error) : show(error);
    }
    await send('report', { name, ok: detail === '', detail });
  }
  await send('finished', {});
}
