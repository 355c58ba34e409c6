// Frames over WebKitGTK's message handler with reply. Every message up opens a slot that one frame comes down through, so
// there is always one open. Messages carry text only: buffers go up as requests of the `ipc` scheme, and come down in parts,
// from a file that the application writes or by that scheme.
(() => {
  const { settings, link } = transom;
  const { batchFrame, chunkFrames } = transom.serialize;
  // Taken before the page can replace them.
  const request = window.fetch.bind(window);
  const later = setTimeout.bind(window);
  // Its name is a secret too, so that frames have nothing to send messages to.
  const handler = /** @type {any} */ (window).webkit.messageHandlers[settings.handler];
  /** @type {(text: string) => Promise<string | undefined>} */
  const post = handler.postMessage.bind(handler);
  /** @type {((text: string) => Uint8Array<ArrayBuffer>) | undefined} */
  const fromBase64 = /** @type {any} */ (Uint8Array).fromBase64?.bind(Uint8Array);
  const base = `ipc://localhost/${settings.key}/`;
  const MIN_SLOTS = 2;
  const MAX_HEADER = 1000;
  // What the page sends meanwhile waits for a request that is on its way.
  const MAX_WHOLE_BYTES = 17 << 20;
  const CHUNK_BYTES = 1 << 20;
  // What was read is told with the next message, or at once when it is so much that the application may wait for it.
  const MAX_UNTOLD_BYTES = 4 << 20;
  const MAX_UNTOLD_MS = 4;

  /** @typedef {{told: number, over: number, data: Uint8Array<ArrayBuffer> | undefined, done: (data: ArrayBuffer) => void, failed: (reason: unknown) => void, whole: Promise<ArrayBuffer>}} Pack */
  /** @type {Map<number, Pack>} */
  const packs = new Map();
  let tail = new ArrayBuffer(0);
  let slots = 0;
  let lastPack = 0;
  /** @type {Promise<void>} */
  let packsSent = Promise.resolve();
  // Answers that come while the next page is loaded would run this page's code with the next one's window.
  let left = false;
  window.addEventListener('pagehide', ({ isTrusted }) => (left ||= isTrusted), { capture: true });
  // What the next message says before its batch: see `_webkitgtk_link.py`. A text, as a page that has replaced the methods of
  // arrays would read the token in it.
  let notes = '';
  let untoldBytes = 0;

  /** @param {string} text */
  function send(text) {
    slots++;
    if (notes) {
      text = `@${notes}${text}`;
      notes = '';
      untoldBytes = 0;
    }
    post(settings.key + text).then(receive, lost);
  }

  /** @param {string} note @param {number} [bytes] */
  function tell(note, bytes = Infinity) {
    const isFirst = !notes;
    notes += isFirst ? note : `,${note}`;
    untoldBytes += bytes;
    if (untoldBytes >= MAX_UNTOLD_BYTES) send('[]');
    else if (isFirst) later(() => notes && send('[]'), MAX_UNTOLD_MS);
  }

  // The file that the application writes and this page reads. What touches it is taken before the page can replace it, so
  // that it stays in here: `_webkitgtk_bulk.py` says how it comes.
  const { apply } = Reflect;
  const Reader = FileReader;
  const { readAsArrayBuffer } = Reader.prototype;
  const { slice } = Blob.prototype;
  const filesOf = /** @type {any} */ (Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'files')).get;
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = `application/x-transom-${settings.bulkToken}`;
  const openChooser = input.click.bind(input);
  /** @type {File} */
  let file;
  input.onchange = async () => {
    file = apply(filesOf, input, [])[0];
    try {
      const start = await read(0, settings.bulkToken.length);
      tell(`+${String.fromCharCode(...new Uint8Array(start))}`);
    } catch {
      tell('-');
    }
  };
  window.addEventListener(`transom-${settings.bulkToken}`, () => openChooser(), { capture: true, once: true });

  /** @param {number} at @param {number} size @returns {Promise<ArrayBuffer>} */
  function read(at, size) {
    return new Promise((resolve, reject) => {
      const reader = new Reader();
      reader.onload = () => resolve(/** @type {ArrayBuffer} */ (reader.result));
      reader.onerror = () => reject(reader.error);
      apply(readAsArrayBuffer, reader, [apply(slice, file, [at, at + size])]);
    });
  }

  function keepOpen() {
    while (slots < MIN_SLOTS) send('[]');
  }

  /** @param {unknown} reason */
  function lost(reason) {
    if (left) return;
    slots--;
    link.end(new Error(`the application does not take messages from this page (${reason}); load the page again`));
  }

  /** A frame is JSON text, behind what `_webkitgtk_link.py` has put before it. An empty one gives a slot back. @param {string | undefined} frame */
  function receive(frame) {
    if (left) return;
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
    const parts = frame.charCodeAt(0) === 64 ? frame.indexOf('@', 1) + 1 : 0;
    for (const part of parts ? frame.slice(1, parts - 1).split(';') : []) take(part.split(',').map(Number));
    const start = frame.charCodeAt(parts) === 91 ? parts : frame.indexOf('[', parts);
    if (start > parts) tail = decode(frame.slice(parts, start));
    link.deliver(start ? frame.slice(start) : frame);
  }

  /** @param {string} base64 @returns {ArrayBuffer} */
  function decode(base64) {
    // WebKitGTK 2.48 and later; twenty times as fast.
    if (fromBase64) return fromBase64(base64).buffer;
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes.buffer;
  }

  /** @param {number} part */
  async function fetchPart(part) {
    // POST, because WebKit keeps what it got by GET.
    try {
      const response = await request(`${base}part/${part}`, { method: 'POST' });
      if (!response.ok) throw new Error(`part ${part} of a message cannot be fetched: ${response.status}`);
      return await response.arrayBuffer();
    } finally {
      // After a failure too: the application keeps it until then, and waits with what would be fetched next.
      tell(`${part}`);
    }
  }

  /** @param {number} part @param {number} size @param {number} at */
  async function readPart(part, size, at) {
    try {
      const data = await read(at, size);
      if (data.byteLength !== size) throw new RangeError('a part of the file is missing');
      tell(`${part}`, size);
      return data;
    } catch {
      return fetchPart(part);
    }
  }

  /** @param {number} number */
  function packOf(number) {
    let pack = packs.get(number);
    if (!pack) {
      /** @type {any} */
      const made = { told: 0, over: 0 };
      made.whole = new Promise((done, failed) => Object.assign(made, { done, failed }));
      made.whole.catch(() => {}); // each of its messages hears it
      packs.set(number, (pack = /** @type {Pack} */ (made)));
    }
    return pack;
  }

  /** Get a part of a pack, whose parts are told of in their order. @param {number[]} told */
  async function take([part, size, at, number, total]) {
    const pack = packOf(number);
    const start = pack.told;
    pack.told += size;
    try {
      const data = await (at < 0 ? fetchPart(part) : readPart(part, size, at));
      if (size < total) {
        pack.data ??= new Uint8Array(total);
        pack.data.set(new Uint8Array(data), start);
      }
      pack.over += size;
      if (pack.over === total) pack.done(pack.data?.buffer ?? data);
    } catch (error) {
      pack.over += size;
      pack.failed(error);
    }
    // By now every message of its frame has asked for it.
    if (pack.over === total) packs.delete(number);
  }

  /** @param {Uint8Array<ArrayBuffer>} body @param {Record<string, string>} [headers] */
  async function sendUp(body, headers) {
    // With its size, because WebKit does not tell the application.
    const response = await request(`${base}up`, { method: 'POST', body, headers: { 'transom-size': String(body.byteLength), ...headers } });
    if (!response.ok) throw await response.text();
  }

  /** One buffer goes as the body, uncopied, beside its text. @param {string} text @param {transom.LiftedBuffer[]} buffers */
  function upload(text, buffers) {
    const body = buffers[0].view;
    if (buffers.length > 1 || text.length > MAX_HEADER || !(body.buffer instanceof ArrayBuffer)) return sendUp(batchFrame(text, buffers));
    // Escaped, because header fields are Latin-1.
    return sendUp(/** @type {Uint8Array<ArrayBuffer>} */ (body), { 'transom-batch': encodeURIComponent(text) });
  }

  /** One after the other, because the application's limit is for all packs that are on their way. @param {string} text @param {Uint8Array<ArrayBuffer>[]} chunks */
  function sendPack(text, chunks) {
    const sent = packsSent.then(async () => {
      try {
        for (const chunk of chunks) await sendUp(chunk);
      } finally {
        send(text); // after a failure too: so the application lets go of what it has
      }
    });
    packsSent = sent.catch(() => {});
    return sent;
  }

  transom.protocolBase = (protocol) => `${protocol}://localhost/`;
  link.attach({
    send,
    packFor: (size) => (size <= MAX_WHOLE_BYTES ? 0 : ++lastPack),
    // Tauri: calls with raw bodies may overtake others and be overtaken, as each is a request of its own.
    async sendBinary(number, text, buffers) {
      try {
        await (number === 0 ? upload(text, buffers) : sendPack(text, chunkFrames(number, buffers, CHUNK_BYTES)));
      } catch (error) {
        // The batch holds this one call, which nobody will answer now.
        link.deliver(`[[1,${JSON.parse(text)[0][1]},${JSON.stringify(String(error))}]]`);
      }
    },
    pack: (number) => (number === 0 ? tail : packOf(number).whole),
    perform(operation, rest) {
      if (operation === 'error') console.error(...rest);
      else if (operation === 'leave') {
        transom.leaving.begin(/** @type {boolean} */ (rest[0]));
        tell('leaves');
      }
    },
  });
  // At once: a page that is left runs no timer.
  transom.leaving.watch((word) => tell(word));
  keepOpen();
})();
