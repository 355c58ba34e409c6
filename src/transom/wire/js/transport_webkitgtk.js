// Frames over WebKitGTK's message handler with reply. Every message up opens a slot that one frame comes down through, so
// there is always one open; buffers travel as requests of the `ipc` scheme, because messages carry text only.
(() => {
  const { settings, link } = transom;
  const { batchFrame } = transom.serialize;
  // Taken before the page can replace them.
  const request = window.fetch.bind(window);
  const handler = /** @type {any} */ (window).webkit.messageHandlers.transom;
  /** @type {(text: string) => Promise<string | undefined>} */
  const post = handler.postMessage.bind(handler);
  const base = `ipc://localhost/${settings.key}/`;
  const MIN_SLOTS = 2;
  const MAX_HEADER = 1000;

  /** @type {Map<number, Promise<ArrayBuffer>>} packs of the frame being delivered */
  let fetches = new Map();
  let tail = new ArrayBuffer(0);
  let slots = 0;

  /** @param {string} text */
  function send(text) {
    slots++;
    post(settings.key + text).then(receive, lost);
  }

  function keepOpen() {
    while (slots < MIN_SLOTS) send('[]');
  }

  /** @param {unknown} reason */
  function lost(reason) {
    slots--;
    link.end(new Error(`the application does not take messages from this page (${reason}); load the page again`));
  }

  /** A frame is JSON text, with its buffers as base64 before it. An empty one gives a slot back. @param {string | undefined} frame */
  function receive(frame) {
    // WebKit resolves with undefined when nobody keeps the message: it was refused, or this page is no longer the current one.
    if (frame === undefined) return lost('refused');
    slots--;
    try {
      if (frame !== '') deliver(frame);
    } finally {
      keepOpen();
    }
  }

  /** @param {string} frame */
  function deliver(frame) {
    const start = frame.charCodeAt(0) === 91 ? 0 : frame.indexOf('[');
    if (start > 0) tail = decode(frame.slice(0, start));
    fetches = new Map();
    link.deliver(start > 0 ? frame.slice(start) : frame);
  }

  /** @param {string} base64 */
  function decode(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes.buffer;
  }

  /** @param {number} number */
  function pack(number) {
    let found = fetches.get(number);
    if (!found) {
      // POST, because WebKit keeps what it got by GET.
      found = request(`${base}pack/${number}`, { method: 'POST' }).then((response) => {
        if (!response.ok) throw new Error(`pack ${number} cannot be fetched: ${response.status}`);
        return response.arrayBuffer();
      });
      fetches.set(number, found);
    }
    return found;
  }

  /** One buffer goes as the body, uncopied, beside its text. @param {string} text @param {transom.LiftedBuffer[]} buffers @returns {RequestInit} */
  function upload(text, buffers) {
    const body = buffers[0].view;
    if (buffers.length > 1 || text.length > MAX_HEADER || !(body.buffer instanceof ArrayBuffer))
      return { method: 'POST', body: batchFrame(text, buffers) };
    // Escaped, because header fields are Latin-1.
    return { method: 'POST', body: /** @type {Uint8Array<ArrayBuffer>} */ (body), headers: { 'transom-batch': encodeURIComponent(text) } };
  }

  transom.protocolBase = (protocol) => `${protocol}://localhost/`;
  link.attach({
    send,
    // Tauri: calls with raw bodies may overtake others and be overtaken, as each is a request of its own.
    async sendBinary(text, buffers) {
      let reason;
      try {
        const response = await request(`${base}up`, upload(text, buffers));
        if (response.ok) return;
        reason = await response.text();
      } catch (error) {
        reason = String(error);
      }
      // The batch holds this one call, which nobody will answer now.
      link.deliver(`[[1,${JSON.parse(text)[0][1]},${JSON.stringify(reason)}]]`);
    },
    bulk: () => 0,
    packs(numbers) {
      if (numbers.every((number) => number === 0)) {
        const current = tail;
        return () => current;
      }
      return Promise.all(numbers.map(async (number) => /** @type {[number, ArrayBuffer]} */ ([number, await pack(number)]))).then((all) => {
        const found = new Map(all);
        return (number) => /** @type {ArrayBuffer} */ (found.get(number));
      });
    },
    perform(operation, rest) {
      if (operation === 'error') console.error(...rest);
    },
  });
  keepOpen();
})();
