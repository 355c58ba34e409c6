// Events as 1.x delivers them: newest listener first, with the label of the window that they come from.
(() => {
  const { older } = transom;
  if (older.generation === '2.x') return;
  const { invoke } = transom.link;
  const { runCallback } = older;
  const { listening, deliver } = transom.events;

  /** Names of 1.x -> the event of 2.x and what becomes of its payload. Add here to introduce another. */
  /** @type {Record<string, [string, (payload: any) => any]>} */
  const RENAMED = {
    'tauri://file-drop': ['tauri://drag-drop', (payload) => payload.paths],
    'tauri://file-drop-hover': ['tauri://drag-enter', (payload) => payload.paths],
    'tauri://file-drop-cancelled': ['tauri://drag-leave', () => null],
  };

  /** @typedef {{event: string, windowLabel: string | null, run: (delivered: any) => void, map: (payload: any) => any}} Listener */
  /** @type {Map<number, Listener>} callbacks that are about to be registered */
  const coming = new Map();
  /** @type {Map<number, Listener>} by event id */
  const listeners = new Map();

  /** @param {number} id @param {number} handler */
  transom.events.listening = (id, handler) => {
    const listener = coming.get(handler);
    if (!listener) return listening(id, handler);
    coming.delete(handler);
    listeners.set(id, listener);
    older.began(listener.event);
  };

  /** @param {string} event @param {any} payload @param {any[]} ids */
  transom.events.deliver = (event, payload, ids) => {
    const last = ids[ids.length - 1];
    const source = typeof last === 'string' ? last : null;
    const others = ids.filter((item) => typeof item !== 'string' && !listeners.has(item[0]));
    if (others.length) deliver(event, payload, others);
    /** @type {Record<string, any>} */
    const delivered = { event, windowLabel: source, payload };
    for (let at = ids.length - 1; at >= 0; at--) {
      const listener = listeners.get(ids[at][0]);
      if (!listener || !(listener.windowLabel === null || source === null || listener.windowLabel === source)) continue;
      Object.assign(delivered, { event: listener.event, payload: listener.map(payload), id: ids[at][0] });
      listener.run(delivered);
    }
  };

  /** Run the listeners of this page alone. @param {string} event @param {any} payload */
  function deliverHere(event, payload) {
    const ids = [...listeners].filter(([, listener]) => listener.event === event).map(([id]) => [id]);
    transom.events.deliver(event, payload, ids);
  }

  /** @param {string} event @param {string | null} windowLabel @param {(delivered: any) => void} run */
  async function register(event, windowLabel, run) {
    // A number that nothing else has; what is called is not a callback of 2.x.
    const handler = transom.callbacks.transformCallback(undefined);
    transom.callbacks.callbacks.delete(handler);
    const [name, map] = RENAMED[event] ?? [event, (/** @type {any} */ payload) => payload];
    coming.set(handler, { event, windowLabel, run, map });
    try {
      return await invoke('plugin:event|listen', { event: name, target: windowLabel === null ? { kind: 'Any' } : { kind: 'WebviewWindow', label: windowLabel }, handler });
    } finally {
      coming.delete(handler);
    }
  }

  /** @param {any} message */
  const listen = ({ event, windowLabel = null, handler }) => register(event, windowLabel, (delivered) => runCallback(handler, delivered));

  /** Listen by a function of ours. @param {string} event @param {(delivered: any) => void} run */
  const listenHere = (event, run) => register(event, null, run);

  /** @param {any} message */
  function unlisten({ eventId }) {
    // The betas do not name the event.
    const event = listeners.get(eventId)?.event ?? '';
    // An event may be on its way.
    listeners.delete(eventId);
    return invoke('plugin:event|unlisten', { event: (RENAMED[event] ?? [event])[0], eventId });
  }

  /** @param {any} message */
  function emit({ event, windowLabel, payload }) {
    if (Object.prototype.hasOwnProperty.call(older.updates, event)) older.updates[event]();
    return invoke('plugin:event|emit', { event, payload: payload ?? null, fromWindow: true, onlyWindow: windowLabel ?? null });
  }

  older.modules.Event = { listen, unlisten, emit };
  older.updates = {};
  // Called with the event of every new listener.
  const began = () => {};
  Object.assign(older, { began, deliverHere, listenHere, renamed: RENAMED });
})();
