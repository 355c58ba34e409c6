// Listeners of this page, by event id (Tauri: the init script of its event plugin, 2.6 and later).
(() => {
  /** @type {Map<number, number>} event id -> callback */
  const handlers = new Map();

  /** @param {number} id @param {number} handler */
  function listening(id, handler) {
    handlers.set(id, handler);
  }

  /** @param {string} event @param {unknown} payload @param {[number, number][]} listeners */
  function deliver(event, payload, listeners) {
    for (const [id, handler] of listeners)
      // An event may be on its way when its listener goes.
      if (handlers.has(id)) transom.callbacks.runCallback(handler, { event, payload, id });
  }

  /** @param {string} _event @param {number} id */
  function unregisterListener(_event, id) {
    const handler = handlers.get(id);
    if (handler === undefined) return;
    handlers.delete(id);
    transom.callbacks.unregisterCallback(handler);
  }

  Object.defineProperty(window, '__TAURI_EVENT_PLUGIN_INTERNALS__', { value: Object.freeze({ unregisterListener }) });
  transom.events = { listening, deliver };
})();
