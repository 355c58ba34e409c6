// Frames over one WebSocket. Large packs travel as chunks, so that small frames can go between them.
(() => {
  const { settings, link, identity, takeover } = transom;
  const { batchFrame, chunkFrames } = transom.serialize;
  const element = document.currentScript;
  const nonce = element?.nonce ?? '';
  // Its text holds the key, and the page's own scripts should find the document as it was written.
  element?.remove();
  const INLINE_BYTES = 65536;
  const CHUNK_BYTES = 524288;
  // Chunks on their way to the application: a small frame waits for these, and no further one is sent before it.
  const WINDOW_BYTES = 1 << 21;
  const RETRIES_MS = [20, 200, 1000];
  // Taken before the page can replace them: the key is for the server alone.
  const Socket = WebSocket;
  const later = setTimeout.bind(window);
  const openTab = window.open?.bind(window);
  const address = new URL(`${settings.base}/.transom/link`, location.href);
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

  /** @type {Map<number, {data: Uint8Array<ArrayBuffer>, filled: number, done: (data: ArrayBuffer) => void, whole: Promise<ArrayBuffer>}>} */
  const packs = new Map();
  /** @type {ArrayBuffer} */
  let tail = new ArrayBuffer(0);
  /** @type {(string | Uint8Array<ArrayBuffer>)[] | null} frames made before the socket was open */
  let early = [];
  /** @type {(string | Uint8Array<ArrayBuffer>)[] | null} frames that were sent while it is not known whether this page is the window's */
  let unanswered = null;
  /** @type {(Uint8Array<ArrayBuffer> | (() => void))[]} chunks that wait for room, and what is to be done after a pack's last one */
  let waiting = [];
  let unread = 0;
  let lastPack = 0;
  let received = 0;

  /** @type {WebSocket} */
  let socket;

  /** @param {string | Uint8Array<ArrayBuffer>} frame */
  function put(frame) {
    if (typeof frame !== 'string') unread += frame.length;
    if (early) return void early.push(frame);
    unanswered?.push(frame);
    socket.send(frame);
  }

  function putWaiting() {
    while (waiting.length && unread < WINDOW_BYTES) {
      const next = waiting.shift();
      if (typeof next === 'function') next();
      else if (next) put(next);
    }
  }

  /** @param {number} number @param {string} text @param {transom.LiftedBuffer[]} buffers @returns {Promise<void>} */
  function putChunks(number, text, buffers) {
    waiting.push(...chunkFrames(number, buffers, CHUNK_BYTES));
    const sent = /** @type {Promise<void>} */ (new Promise((resolve) => waiting.push(() => resolve(put(text)))));
    putWaiting();
    return sent;
  }

  /** @param {number} number @param {number} size */
  function packOf(number, size) {
    let pack = packs.get(number);
    if (!pack) {
      /** @type {(data: ArrayBuffer) => void} */
      let done = () => {};
      /** @type {Promise<ArrayBuffer>} */
      const whole = new Promise((resolve) => (done = resolve));
      pack = { data: new Uint8Array(Math.max(size, 0)), filled: 0, done, whole };
      packs.set(number, pack);
    }
    if (size >= 0 && pack.data.length !== size) pack.data = new Uint8Array(size);
    return pack;
  }

  /** @param {DataView} head @param {ArrayBuffer} frame */
  function chunk(head, frame) {
    const number = head.getUint32(4, true);
    const size = head.getUint32(8, true) + head.getUint32(12, true) * 2 ** 32;
    const pack = packOf(number, size);
    pack.data.set(new Uint8Array(frame, 16), pack.filled);
    pack.filled += frame.byteLength - 16;
    if (pack.filled !== size) return;
    pack.done(pack.data.buffer);
    // Every message of its frame, which comes before its chunks, has asked for it.
    packs.delete(number);
  }

  /** @param {ArrayBuffer} frame */
  function binary(frame) {
    const head = new DataView(frame);
    if (head.getUint8(0) === 2) return chunk(head, frame);
    const length = head.getUint32(4, true);
    tail = frame.slice(8 + length);
    link.deliver(new TextDecoder().decode(new Uint8Array(frame, 8, length)));
  }

  /** @param {MessageEvent} event */
  function receive({ data }) {
    unanswered = null;
    if (typeof data === 'string' && data.charCodeAt(0) !== 91) {
      unread -= Number(data);
      return putWaiting();
    }
    try {
      if (typeof data === 'string') link.deliver(data);
      else binary(data);
    } finally {
      // The server sends at most 32 frames that are not acknowledged, and only 4 of a pack.
      if (++received % 2 === 0) socket.send(`[[3,${received}]]`);
    }
  }

  /** @param {number} attempt @param {string[]} [words] what the application is told beside who this page is */
  function connect(attempt, words = []) {
    const window_ = settings.ticket ? [`window.${settings.ticket}`] : [];
    socket = new Socket(address, ['transom.1', `key.${settings.key}`, ...window_, ...words]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      unanswered = early || [];
      early = null;
      for (const frame of unanswered) socket.send(frame);
    };
    socket.onmessage = receive;
    socket.onclose = ({ code, reason }) => {
      // Chromium gives up one connection in a thousand before the server hears of it: nothing was sent, so nothing is lost.
      if (early && attempt < RETRIES_MS.length) return void later(connect, RETRIES_MS[attempt], attempt + 1, words);
      if (code === 4010) {
        // The application has read nothing of this page.
        early = unanswered ?? [];
        return takeover.ask(() => connect(0, ['take']));
      }
      waiting = [];
      link.end(new Error(`the connection to the application is closed (${code}${reason ? `: ${reason}` : ''}); load the page again`));
      if (code === 4002) {
        identity.forget();
        window.close();
      }
    };
  }

  /** @type {Record<string, (...rest: any[]) => void>} */
  const operations = {
    become(label, ticket) {
      settings.ticket = ticket;
      identity.become(label, ticket);
    },
    open(url, label, ticket) {
      // A slash at its start means the application's root, which may be under a path of another application.
      const address = new URL(url.replace(/^\/+/, ''), `${location.origin}${settings.base}/`);
      const name = identity.nameOf(label, ticket);
      if (openTab(address, name)) return;
      const notice = document.createElement('button');
      notice.textContent = `Open the window “${label}”`;
      notice.style.cssText = 'position:fixed;z-index:2147483647;right:1rem;bottom:1rem;padding:.6rem 1rem;font:inherit';
      notice.onclick = () => {
        openTab(address, name);
        notice.remove();
      };
      (document.body ?? document.documentElement).append(notice);
    },
    title: (title) => (document.title = title),
    focus: () => window.focus(),
    reload: () => location.reload(),
    error: (text) => console.error(text),
    eval(script) {
      const evaluated = document.createElement('script');
      evaluated.nonce = nonce;
      evaluated.textContent = script;
      document.documentElement.append(evaluated);
      evaluated.remove();
    },
  };

  connect(0);
  // The event itself is not waited for: its listeners are the page's.
  addEventListener('load', () => put('"loaded"'), { once: true });
  // The label, because a browser does not tell the server which window asks.
  transom.protocolBase = (protocol) => `${location.origin}${settings.base}/.transom/${protocol}/${encodeURIComponent(settings.label)}/`;
  link.attach({
    send: put,
    packFor: (size) => (size <= INLINE_BYTES ? 0 : ++lastPack),
    sendBinary: (number, text, buffers) => (number ? putChunks(number, text, buffers) : put(batchFrame(text, buffers))),
    pack: (number) => (number === 0 ? tail : packOf(number, -1).whole),
    perform(operation, rest) {
      operations[operation](...rest);
    },
  });
})();
