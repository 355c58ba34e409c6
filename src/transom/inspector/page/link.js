// The page's link to the inspector: the functions that every transom page has, without a build step.

const internals = /** @type {any} */ (window).__TAURI_INTERNALS__;

/**
 * Call a command of the inspector.
 * @param {string} command
 * @param {Record<string, unknown>} [args]
 * @returns {Promise<any>}
 */
export const invoke = (command, args = {}) => internals.invoke(command, args);

/**
 * Return the argument for a parameter that is a channel. Messages arrive in order.
 * @param {(message: any) => void} heard
 */
export function channel(heard) {
  let next = 0;
  /** @type {Map<number, unknown>} */
  const early = new Map();
  const id = internals.transformCallback((/** @type {any} */ { index, message, end }) => {
    if (end) return;
    early.set(index, message);
    while (early.has(next)) {
      const first = early.get(next);
      early.delete(next++);
      heard(first);
    }
  });
  return `__CHANNEL__:${id}`;
}
