// Functions of the page that the back end may call, by number (Tauri: transformCallback and its companions).
(() => {
  /** @type {Map<number, (data: unknown) => unknown>} */
  const callbacks = new Map();
  /** @type {Set<number>} */
  const missed = new Set();

  /** @param {((data: any) => unknown) | undefined} callback @param {boolean} [once] */
  function transformCallback(callback, once = false) {
    let id;
    do id = crypto.getRandomValues(new Uint32Array(1))[0];
    while (callbacks.has(id));
    callbacks.set(id, (data) => {
      if (once) callbacks.delete(id);
      return callback && callback(data);
    });
    return id;
  }

  /** @param {number} id @param {unknown} data */
  function runCallback(id, data) {
    const callback = callbacks.get(id);
    if (!callback) {
      if (!missed.has(id)) console.warn(`[TAURI] Couldn't find callback id ${id}. The page dropped it while the back end still sends to it.`);
      missed.add(id);
      // The sender learns it, so that a channel's producer can stop.
      return transom.link.forget(id);
    }
    try {
      callback(data);
    } catch (error) {
      // One broken handler must not keep the others from their messages.
      reportError(error);
    }
  }

  /** @param {number} id */
  function unregisterCallback(id) {
    if (callbacks.delete(id)) transom.link.forget(id);
  }

  transom.callbacks = { callbacks, transformCallback, runCallback, unregisterCallback };
})();
