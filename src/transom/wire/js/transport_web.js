// Frames over one WebSocket. Large packs travel as chunks, so that small frames can go between them.
(() => {
  const { settings, link, identity, takeover, windowState } = transom;
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
  // The same after a connection was lost; the last one again and again.
  const AGAIN_MS = [50, 200, 500, 1000, 2000, 5000];
  // The reason of an application that ends: who answers at its address next, nobody knows.
  const ENDED = 'the application has ended';
  // How long a page that was to be replaced, and is still there, gives the next one.
  const NEXT_MS = 10000;
  // Codes of a connection that is worth another: its server or a proxy goes away or starts again, or nobody has closed it.
  const LOST = [1001, 1005, 1006, 1012, 1013, 1014];
  // By then a browser that closes the page has asked its `beforeunload` listeners.
  const CLOSES_MS = 300;
  // Taken before the page can replace them: the key is for the server alone.
  const Socket = WebSocket;
  const later = setTimeout.bind(window);
  const cancelTimer = clearTimeout.bind(window);
  const request = fetch.bind(window);
  const beacon = globalThis.navigator?.sendBeacon?.bind(navigator); // Node.js has none before version 21
  // Names of tabs hold tickets.
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
  const received = transom.receipts();
  /** What was sent, and which frame was the last binary one. */
  const sent = transom.replay(settings.keepBytes);
  let lastBinary = 0;
  /** @type {Error | undefined} why the connection was lost, until the page has it again */
  let lost;
  /** Whether the connection was lost for so long that the calls were rejected, and whether a pack was on its way then. */
  let gaveUp = false;
  let torn = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry;
  /** @type {(() => void) | undefined} what is done about a connection that the browser closed early, if the page stays */
  let parted;
  /** @type {string[] | undefined} batches that were sent since the page is being left */
  let last;
  let lastNumber = 0;
  /** @type {WebSocket} */
  let socket;

  /** @param {string | Uint8Array<ArrayBuffer>} frame */
  function put(frame) {
    if (typeof frame !== 'string') unread += frame.length;
    if (early) return void early.push(frame);
    unanswered?.push(frame);
    transmit(frame);
  }

  /** @param {string | Uint8Array<ArrayBuffer>} frame */
  function transmit(frame) {
    sent.note(frame);
    if (typeof frame !== 'string') lastBinary = sent.sent();
    socket.send(frame);
  }

  /** @param {string} batch */
  function send(batch) {
    if (!last) return put(early ? batch : received.ahead(batch));
    last.push(`${++lastNumber}${batch}`);
    put(`"last ${lastNumber}"${batch}`);
  }

  // A browser may close the socket before it has sent what a page sends on leaving. So that goes a second time; the numbers let
  // each batch be handled once. Firefox drops a beacon, but no `keepalive` request, if the page's process ends with the page.
  function sendLast() {
    const url = `${location.origin}${settings.base}/.transom/last`;
    const body = [`${settings.key} ${settings.ticket ?? ''}`, ...(last ?? [])].join('\n');
    if ('keepalive' in Request.prototype) request(url, { method: 'POST', body, keepalive: true }).catch(() => {});
    else beacon?.(url, body);
  }

  /** @param {boolean} left */
  function leave(left) {
    last = left ? (last ?? []) : undefined;
    // The beacon needs no connection.
    if (gaveUp && left) link.resume();
    else if (gaveUp && lost) link.end(lost);
    else if (!left && !lost) parted?.();
    // Behind the page's own listeners.
    if (left) addEventListener('pagehide', sendLast, { once: true });
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
      if (data.charCodeAt(0) === 34) {
        const [word, count] = JSON.parse(data).split(' ');
        return word === 'got' ? sent.acknowledge(Number(count)) : goOn(Number(count));
      }
      unread -= Number(data);
      return putWaiting();
    }
    try {
      if (typeof data === 'string') link.deliver(data);
      else binary(data);
    } finally {
      received.note();
      // The server sends at most 32 frames that are not acknowledged, and only 4 of a pack.
      if (received.due() >= 2) transmit(received.ahead(']'));
    }
  }

  /** @param {number} attempt @param {string[]} [words] what the application is told beside who this page is */
  function connect(attempt, words = []) {
    const window_ = settings.ticket ? [`window.${settings.ticket}`] : [];
    socket = new Socket(address, ['transom.1', `key.${settings.key}`, ...window_, ...words]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (lost) return;
      unanswered = early || [];
      early = null;
      for (const frame of unanswered) transmit(frame);
    };
    socket.onmessage = receive;
    socket.onclose = ({ code, reason }) => {
      if (lost) return stillLost(code, reason, attempt);
      // Chromium gives up one connection in a thousand before the server hears of it: nothing was sent, so nothing is lost.
      if (early && attempt < RETRIES_MS.length) return void later(connect, RETRIES_MS[attempt], attempt + 1, words);
      if (code === 4010 || code === 4013) {
        // The application has read nothing of this page.
        early = unanswered ?? [];
        lastBinary = 0;
        sent.reset(0);
        if (code === 4010) return takeover.ask(() => connect(0, ['take']));
        // Another process of the server has the session.
        return void later(connect, AGAIN_MS[Math.min(attempt, 2)] * (0.75 + Math.random() / 2), attempt + 1, words);
      }
      // A server that pings a page which sleeps ends its connection with 1011; our own says so when it has failed.
      const mayConnect = !early && reason !== ENDED && (LOST.includes(code) || (code === 1011 && reason.includes('ping')));
      if (last && mayConnect) {
        // Firefox closes connections when it begins to load the next page: this one is still there, and may stay.
        early = [];
        parted = () => lose(code, reason);
      } else if (mayConnect) lose(code, reason);
      else close(code, reason);
    };
  }

  /** @param {string} remedy @param {number} code @param {string} reason */
  function problem(remedy, code, reason) {
    const error = new Error(`the connection to the application is closed (${code}${reason ? `: ${reason}` : ''}); ${remedy}`);
    return Object.assign(error, { kind: 'disconnected', code });
  }

  /** The connection has ended for good. @param {number} code @param {string} reason */
  function close(code, reason) {
    waiting = [];
    // 4003 has the next window for a reason.
    link.end(problem('load the page again', code, code === 4003 ? 'the window was closed' : reason));
    if (code === 4002) go();
    else if (code === 4003) go(reason ? nextOf(reason) : undefined);
  }

  /** The connection was lost: the page connects again, and what it calls meanwhile waits. @param {number} code @param {string} reason */
  function lose(code, reason) {
    unanswered = null;
    early ??= []; // not empty if Firefox closed the connection and the page called before it was known that it stays
    const error = problem('the page connects again by itself', code, reason);
    console.warn(`transom: ${error.message}`);
    lost = error;
    patience = later(giveUp, settings.keepMs);
    connectAgain(0);
  }

  /** The connection was lost for too long: calls that wait for an answer reject now. */
  function giveUp() {
    if (!lost) return;
    gaveUp = true;
    torn = waiting.length > 0;
    waiting = [];
    early = (early ?? []).filter(isWord); // the rest belongs to calls that are rejected
    if (!last) link.end(lost);
  }

  /** @param {string | Uint8Array<ArrayBuffer>} frame */
  function isWord(frame) {
    return typeof frame === 'string' && frame[0] === '"';
  }

  /** @param {number} attempt */
  function connectAgain(attempt) {
    const wait = AGAIN_MS[Math.min(attempt, AGAIN_MS.length - 1)] * (0.75 + Math.random() / 2);
    retry = later(() => {
      retry = undefined;
      if (last) connectAgain(attempt);
      else connect(attempt, [`again.${received.count()}`]);
    }, wait);
  }

  /** Connecting again has failed. @param {number} code @param {string} reason @param {number} attempt */
  function stillLost(code, reason, attempt) {
    // To load the page again would end the loading of the next one.
    if (code === 4001 || code === 4011) {
      cancelTimer(patience);
      giveUp();
      later(reload, parted ? NEXT_MS : 0, reason);
    }
    else if (code === 4002 || code === 4003) close(code, reason);
    else connectAgain(attempt + 1);
  }

  /** Connect now and not after the wait: the network, or the user, is back. */
  function hurry() {
    if (retry === undefined || document.visibilityState === 'hidden') return;
    cancelTimer(retry);
    connectAgain(0);
  }

  /** The application has continued this page's link. @param {number} count how many of this page's frames it has received */
  function goOn(count) {
    // What the calls sent that were rejected is not sent again.
    const holed = gaveUp && (torn || count < lastBinary);
    if (gaveUp) sent.reset(count);
    const again = holed ? undefined : sent.after(count);
    if (!again) return reload('a part of what the page sent was lost');
    cancelTimer(patience);
    const next = (early ?? []).filter((frame) => !gaveUp || isWord(frame));
    const resumes = gaveUp;
    lost = parted = undefined;
    early = null;
    gaveUp = false;
    unread = [...again, ...next].reduce((bytes, frame) => bytes + (typeof frame === 'string' ? 0 : frame.length), 0);
    for (const frame of again) socket.send(frame);
    if (resumes) link.resume();
    console.warn('transom: the connection to the application is open again');
    for (const frame of next) transmit(frame);
    link.leave(false); // the application may have missed that a page which was being left stays
    if (resumes && document.readyState === 'complete') put('"loaded"');
    putWaiting();
  }

  /** @param {string} reason */
  function reload(reason) {
    console.warn(`transom: the page is loaded again: ${reason}`);
    location.reload();
  }

  /** @typedef {{address: URL, label: string, ticket: string, look?: string}} NextWindow */
  /** @type {Map<string, Window>} windows that were opened and have not connected yet, by label */
  const opened = new Map();
  /** @type {Map<string, {next: NextWindow, notice: HTMLElement}>} windows that the browser did not let us open, by label */
  const refused = new Map();

  /**
   * A slash at the start of an address means the application's root, which may be under a path of another application.
   * @param {string} url @param {string} label @param {string} ticket @param {string} [look] @returns {NextWindow}
   */
  function windowOf(url, label, ticket, look) {
    return { address: new URL(url.replace(/^\/+/, ''), `${location.origin}${settings.base}/`), label, ticket, look };
  }

  /** Read the window in a reason for closing: ticket, label and address. @param {string} reason @returns {NextWindow} */
  function nextOf(reason) {
    const [ticket, label, url = ''] = reason.split(' ');
    return windowOf(url, decodeURIComponent(label), ticket);
  }

  /** Open the page of a window, and tell whether the browser does. @param {NextWindow} next */
  function openWindow({ address, label, ticket, look }) {
    const other = openTab(address, identity.nameOf(label, ticket), look);
    if (other) opened.set(label, other);
    return other !== null;
  }

  /** @param {string} label */
  function forget(label) {
    refused.get(label)?.notice.remove();
    refused.delete(label);
    opened.delete(label);
  }

  /**
   * Close this page, or let the page of another window take its place, which would have none otherwise.
   * @param {NextWindow} [next] that window
   */
  function go(next) {
    const [waits] = refused.values();
    const heir = waits?.next ?? (opened.size === 0 ? next : undefined);
    identity.follow(heir);
    if (!heir) return window.close();
    const { href } = location;
    location.replace(heir.address);
    // The same document, but for the part behind `#`: the browser would stay in it.
    if (heir.address.hash && heir.address.href.split('#')[0] === href.split('#')[0]) location.reload();
  }

  /** @type {Record<string, (...rest: any[]) => void>} */
  const operations = {
    become(label, ticket) {
      settings.ticket = ticket;
      identity.become(label, ticket);
    },
    open(url, label, ticket, look) {
      const window_ = windowOf(url, label, ticket, look);
      forget(label);
      if (openWindow(window_)) return;
      const notice = document.createElement('button');
      notice.textContent = `Open the window “${label}”`;
      notice.style.cssText = 'position:fixed;z-index:2147483647;right:1rem;bottom:1rem;padding:.6rem 1rem;font:inherit';
      notice.onclick = () => {
        forget(label);
        openWindow(window_);
      };
      refused.set(label, { next: window_, notice });
      (document.body ?? document.documentElement).append(notice);
    },
    opened: forget,
    withdraw(label) {
      opened.get(label)?.close();
      forget(label);
    },
    leave(url, label, ticket) {
      let goes = false;
      addEventListener('beforeunload', () => (goes = true), { capture: true, once: true });
      transom.leaving.begin(false);
      go(label === undefined ? undefined : windowOf(url, label, ticket));
      // Browsers do not let a script close every page.
      later(() => goes || location.replace('about:blank'), CLOSES_MS);
    },
    // The runtime takes the native window of this page away, when the page has gone.
    depart() {
      transom.leaving.begin(false);
      location.replace('about:blank');
    },
    visible(visible) {
      const root = document.documentElement;
      root.inert = !visible;
      root.style.opacity = visible ? '' : '0';
    },
    menu: (name, ...rest) => transom.drawMenus(put, name, rest),
    title: (title) => (document.title = title),
    focus: () => window.focus(),
    reload: () => location.reload(),
    error: (text) => console.error(text),
    eval(script) {
      // Tauri: a script does not run before its document has been read.
      if (document.readyState === 'loading') return void document.addEventListener('DOMContentLoaded', () => operations.eval(script), { once: true });
      const evaluated = document.createElement('script');
      evaluated.nonce = nonce;
      evaluated.textContent = script;
      document.documentElement.append(evaluated);
      evaluated.remove();
    },
  };

  connect(0);
  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  // The event itself is not waited for: its listeners are the page's.
  addEventListener('load', () => put('"loaded"'), { once: true });
  transom.leaving.watch((word) => {
    if (word === 'stays') identity.follow(undefined);
    put(`"${word}"`);
  });
  windowState.watch(put);
  // The label, because a browser does not tell the server which window asks; before it the session, where there are many.
  const session = () => (settings.ticket?.length > 32 ? `${settings.ticket.slice(0, 32)}.` : '');
  transom.protocolBase = (protocol) => `${location.origin}${settings.base}/.transom/${protocol}/${session()}${encodeURIComponent(settings.label)}/`;
  link.attach({
    send,
    leave,
    packFor: (size) => (size <= INLINE_BYTES ? 0 : ++lastPack),
    sendBinary: (number, text, buffers) => (number ? putChunks(number, text, buffers) : put(batchFrame(text, buffers))),
    pack: (number) => (number === 0 ? tail : packOf(number, -1).whole),
    perform(operation, rest) {
      operations[operation](...rest);
    },
  });
})();
