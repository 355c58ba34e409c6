// The page's half of the isolation pattern: every call goes to the isolation application, in a frame of its own, and what comes
// back is sealed with a key that this document does not have. `isolation_frame.js` is the other half.
(() => {
  const { settings, link } = transom;
  const { spansOf } = transom.serialize;
  // Taken before the page can replace them.
  const Channel = MessageChannel;
  const { apply } = Reflect;
  const { postMessage } = MessagePort.prototype;
  const windowOf = /** @type {any} */ (Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, 'contentWindow')).get;
  const append = Element.prototype.append;

  /** @type {Map<number, {resolve: (value: any) => void, reject: (reason: any) => void}>} */
  const open = new Map();
  /** @type {any[]} messages for the frame, until it is there */
  let early = [];
  /** @type {MessagePort | undefined} */
  let port;

  /** @param {unknown} reason */
  function rejectAll(reason) {
    for (const { reject } of open.values()) reject(reason);
    open.clear();
  }

  /** @param {any} message */
  function post(message) {
    if (port) apply(postMessage, port, [message]);
    else early.push(message);
  }

  /** @param {MessageEvent} event */
  function receive({ data: { id, command, body, error } }) {
    const call = open.get(id);
    open.delete(id);
    if (error !== undefined) call?.reject(error);
    else if (typeof body === 'string') call?.resolve({ command, json: `"${body}"`, buffers: [] });
    else call?.resolve({ command, json: 'null', buffers: [{ path: [], kind: 'ArrayBuffer', view: new Uint8Array(body) }] });
  }

  /** @type {transom.Seal} */
  function seal(id, command, json, buffers, headers) {
    return new Promise((resolve, reject) => {
      // A view is cloned with the whole of its buffer, and shared memory not at all.
      const views = buffers.map(({ view }) => (view.byteLength === view.buffer.byteLength && view.buffer instanceof ArrayBuffer ? view : view.slice()));
      open.set(id, { resolve, reject });
      post({ id, command, json, headers, spans: spansOf(buffers, 0), views });
    });
  }

  const frame = document.createElement('iframe');
  // Tauri: the id.
  frame.id = '__tauri_isolation__';
  frame.sandbox.add('allow-scripts');
  frame.hidden = true;
  frame.style.display = 'none';
  frame.src = settings.isolation;
  frame.addEventListener('load', () => {
    const target = /** @type {Window | null} */ (apply(windowOf, frame, []));
    if (!target) return;
    // A page that loads the frame again loses the calls that are in it.
    if (port) rejectAll(new Error('isolation pattern error: the isolation frame was loaded again'));
    const { port1, port2 } = new Channel();
    port1.onmessage = receive;
    port = port1;
    // The frame has no origin that could be named; what it gets here works for the first document only.
    target.postMessage('__TAURI_ISOLATION_READY__', '*', [port2]);
    for (const message of early) post(message);
    early = [];
  });
  const attach = () => apply(append, document.body ?? document.documentElement, [frame]);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', attach, { once: true });
  else attach();

  link.isolate(seal);
})();
