// Listeners of this page, by event id (Tauri: the init script of its event plugin, 2.6 and later).
(() => {
  /** @typedef {{handler: number, event?: string, target?: unknown}} Listener */
  /** @type {Map<number, Listener>} by event id */
  const listeners = new Map();
  /** @type {Map<number, number>} event ids that the page knows -> those of the back end that is there now */
  const renamed = new Map();

  /** @param {number} id @param {number} handler @param {string} [event] @param {unknown} [target] */
  function listening(id, handler, event, target) {
    listeners.set(id, { handler, event, target });
  }

  /** @param {string} event @param {unknown} payload @param {[number, number][]} ids */
  function deliver(event, payload, ids) {
    for (const [id, handler] of ids)
      // An event may be on its way when its listener goes.
      if (listeners.has(id)) transom.callbacks.runCallback(handler, { event, payload, id });
  }

  /** @param {string} event @param {number} id */
  function unregisterListener(event, id) {
    const eventId = renamed.get(id) ?? id;
    const listener = listeners.get(eventId);
    if (listener === undefined) return;
    listeners.delete(eventId);
    // The caller tells the back end the id that it knows.
    if (renamed.delete(id)) transom.link.invoke('plugin:event|unlisten', { event, eventId }).catch(reportError);
    transom.callbacks.unregisterCallback(listener.handler);
  }

  /** Register all listeners in a back end that has taken the place of another one, by the ordinary command. */
  function listenAgain() {
    const known = new Map([...renamed].map(([id, now]) => [now, id]));
    for (const [before, { handler, event, target }] of [...listeners]) {
      listeners.delete(before);
      const id = known.get(before) ?? before;
      transom.link.invoke('plugin:event|listen', { event, target, handler }).then((now) => renamed.set(id, now), reportError);
    }
  }

  Object.defineProperty(window, '__TAURI_EVENT_PLUGIN_INTERNALS__', { value: Object.freeze({ unregisterListener }) });
  transom.events = { listening, deliver, listenAgain };
})();
