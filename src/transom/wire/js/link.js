// The page's end of the link: calls go up in batches, those of one turn of the event loop together or, when they are many, in
// a few; messages come down and go where they belong.
// `_message.py` and `_down.py` are the other halves of the two tables. A transport file attaches what carries the frames.
(() => {
  const { runCallback } = transom.callbacks;
  const { serialize, plainHeaders, spansOf } = transom.serialize;

  /** @type {Map<number, {resolve: (value: any) => void, reject: (reason: any) => void}>} */
  const calls = new Map();
  /** @type {string[]} */
  let batch = [];
  /** @type {Map<number, Promise<void>>} calls whose buffers are on their way, by number */
  const uploads = new Map();
  /** @typedef {{message: any[], spans: transom.Span[] | undefined, pack: ArrayBuffer | Promise<ArrayBuffer> | undefined}} Waiting */
  /** @type {Map<string, Waiting[]>} messages that come behind one that waits for its pack, by what must stay in order */
  const waiting = new Map();
  /** @type {transom.Transport} */
  let transport;
  /** @type {unknown} why no call can be made any more */
  let ended;
  let lastCall = 0;
  /** @type {transom.Seal | undefined} what calls go through before they are sent; see `isolation.js` */
  let seal;
  const { maxMessageBytes } = transom.settings;
  // A larger batch may hold only one message; in UTF-8 and with its commas this stays under the limit in `_message.py`.
  const maxBatchLength = Math.min(1 << 17, maxMessageBytes / 4);
  let batchLength = 0;
  // So many calls, and as many as were open before them, need not wait for the end of the turn: the application works on them
  // while the page goes on.
  const MIN_EARLY = 25;
  const MAX_TIMER_MS = 2 ** 31 - 1;

  function flush() {
    if (batch.length === 0) return;
    const text = `[${batch.join()}]`;
    batch = [];
    batchLength = 0;
    transport.send(text);
  }

  /** @param {string} message */
  function send(message) {
    // A batch travels as one message, so its calls together keep to the limit of one.
    if (batchLength + message.length > maxBatchLength) flush();
    batchLength += message.length;
    const length = batch.push(message);
    if (length === 1) queueMicrotask(flush);
    else if (length >= MIN_EARLY && length * 2 >= calls.size) flush();
  }

  /** Bytes of a text in UTF-8; texts that are far from the limit are not counted. @param {string} text */
  function sizeOf(text) {
    return text.length * 3 > maxMessageBytes ? new TextEncoder().encode(text).length : text.length;
  }

  /**
   * JSON.stringify writes half a pair as an escape, and it writes no other surrogate so. No JSON reader of the other side
   * takes it (Tauri: neither does serde_json), and the whole batch would be lost. @param {string} json
   */
  function hasLoneSurrogate(json) {
    return json.includes('\\ud') && /(?:^|[^\\])(?:\\\\)*\\ud[89a-f]/.test(json);
  }

  /** @param {number} id @param {string} command @param {any} payload @param {HeadersInit | undefined} headers */
  function sendCall(id, command, payload, headers) {
    const { json, buffers } = serialize(payload);
    const plain = plainHeaders(headers);
    if (!seal) return void sendSerialized(id, command, json, buffers, plain);
    messageOf(id, command, json, buffers, plain, 0); // what cannot be sent rejects as it does without the pattern
    const forgetUpload = () => void uploads.delete(id);
    const sent = seal(id, command, json, buffers, plain).then(
      (sealed) => calls.has(id) && sendSerialized(id, sealed.command, sealed.json, sealed.buffers, null),
    );
    const done = sent.then(forgetUpload, (error) => {
      forgetUpload();
      answer(id, 'reject', error);
    });
    uploads.set(id, done);
  }

  /**
   * @param {number} id @param {string} command @param {string} json @param {transom.LiftedBuffer[]} buffers
   * @param {Record<string, string> | null} headers @param {number} number Of the pack that holds the buffers.
   */
  function messageOf(id, command, json, buffers, headers, number) {
    const head = `[0,${id},${JSON.stringify(command)},${json}`;
    const spans = buffers.length ? `,${JSON.stringify(spansOf(buffers, number))}` : '';
    const message = `${head}${headers || spans ? `,${JSON.stringify(headers)}` : ''}${spans}]`;
    if (hasLoneSurrogate(head))
      throw new TypeError(`the arguments of ${command} hold half of a surrogate pair, which is no text; String.prototype.toWellFormed mends it`);
    // With the brackets of its batch: what the application counts must be the same.
    const size = bytesOf(buffers) + sizeOf(message) + 2;
    if (size > maxMessageBytes)
      throw new RangeError(
        `the arguments of ${command} have ${size} bytes, the limit is ${maxMessageBytes}; ` +
          'send less at once, or raise max_message_bytes in the application',
      );
    return message;
  }

  /** @param {transom.LiftedBuffer[]} buffers */
  function bytesOf(buffers) {
    return buffers.reduce((sum, { view }) => sum + view.byteLength, 0);
  }

  /**
   * Send a call, and return a promise if it is on its way for longer.
   * @param {number} id @param {string} command @param {string} json @param {transom.LiftedBuffer[]} buffers
   * @param {Record<string, string> | null} headers @returns {Promise<void> | void}
   */
  function sendSerialized(id, command, json, buffers, headers) {
    const number = buffers.length ? transport.packFor(json.length + bytesOf(buffers)) : 0;
    const message = messageOf(id, command, json, buffers, headers, number);
    if (buffers.length === 0) return send(message);
    flush();
    const sent = transport.sendBinary(number, `[${message}]`, buffers);
    if (sent) {
      const done = sent.then(() => void uploads.delete(id));
      uploads.set(id, done);
      return done;
    }
  }

  /** Tell the back end that nobody waits for a call any more, and not before it has the call. @param {number} id */
  function cancel(id) {
    const upload = uploads.get(id);
    if (upload) upload.then(() => send(`[1,${id}]`));
    else send(`[1,${id}]`);
  }

  /**
   * @param {string} command @param {any} payload @param {transom.InvokeOptions} [options] @returns {Promise<any>}
   */
  function invoke(command, payload = {}, options = {}) {
    return new Promise((resolve, reject) => {
      if (ended !== undefined) throw ended;
      const { headers, signal, timeout } = options || {};
      if (signal) signal.throwIfAborted();
      const id = ++lastCall;
      if (!signal && timeout === undefined) calls.set(id, { resolve, reject });
      else abortable(id, command, resolve, reject, signal, timeout);
      try {
        sendCall(id, String(command), payload, headers);
      } catch (error) {
        calls.get(id)?.reject(error);
        calls.delete(id);
      }
    });
  }

  /**
   * Register a call that its caller may give up: the promise rejects at once and the back end is told.
   * @param {number} id @param {string} command @param {(value: any) => void} resolve @param {(reason: any) => void} reject
   * @param {AbortSignal | undefined} signal @param {number | undefined} timeout
   */
  function abortable(id, command, resolve, reject, signal, timeout) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    /** @param {any} reason */
    const abort = (reason) => {
      if (!calls.has(id)) return;
      cancel(id);
      settle(reject, reason);
      calls.delete(id);
    };
    const aborted = () => signal && abort(signal.reason);
    /** @param {(value: any) => void} how @param {any} value */
    const settle = (how, value) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      how(value);
    };
    signal?.addEventListener('abort', aborted);
    // A timer for longer would fire at once.
    if (timeout !== undefined && timeout <= MAX_TIMER_MS)
      timer = setTimeout(() => abort(new DOMException(`${command} was not answered within ${timeout} ms`, 'TimeoutError')), timeout);
    calls.set(id, { resolve: (value) => settle(resolve, value), reject: (reason) => settle(reject, reason) });
  }

  /** @param {number} id @param {'resolve' | 'reject'} how @param {any} value */
  function answer(id, how, value) {
    const call = calls.get(id);
    if (call) {
      calls.delete(id);
      call[how](value);
    }
  }

  /** One entry a kind of message from the back end; the value, where it can hold buffers, is the element named in `valueAt`. */
  /** @type {((message: any[]) => void)[]} */
  const handlers = [
    ([, id, value]) => answer(id, 'resolve', value),
    ([, id, value]) => answer(id, 'reject', value),
    ([, callback, index, message]) => runCallback(callback, { message, id: index, index }),
    // A client older than 2.5 does not know the end marker: id -1 is what it ignores.
    ([, callback, index]) => runCallback(callback, { end: true, index, id: -1 }),
    ([, event, payload, listeners]) => transom.events.deliver(event, payload, listeners),
    ([, id, handler, event, target]) => transom.events.listening(id, handler, event, target),
    ([, callback, value]) => runCallback(callback, value),
    ([, operation, ...rest]) => {
      if (operation === 'end') end(new Error(rest[0]));
      // Only during development, when `overlay.js` listens.
      else if (operation === 'failed' || operation === 'broken')
        dispatchEvent(new CustomEvent(`transom-${operation}`, { detail: rest[0] }));
      else if (operation === 'gone') gone(rest[0], rest[1]);
      else if (operation === 'back') back();
      else transport.perform(operation, rest);
    },
    ([, callback, first, messages]) =>
      messages.forEach((/** @type {any} */ message, /** @type {number} */ i) => runCallback(callback, { message, id: first + i, index: first + i })),
  ];
  const valueAt = [2, 2, 3, 0, 2, 0, 2, 0, 0];
  // What must stay in order: a channel's messages and its end, an event's name.
  const orderOf = [null, null, 'c', 'c', 'e', null, null, null, 'c'];

  /** @param {any[]} message */
  function handle(message) {
    const kind = message[0];
    const at = valueAt[kind];
    const spans = at ? message[at + (kind === 4 ? 2 : 1)] : undefined;
    const order = orderOf[kind];
    const key = order && order + message[1];
    const before = key ? waiting.get(key) : undefined;
    if (!spans && !before) return handlers[kind](message);
    const pack = spans && transport.pack(spans[0][2]);
    if (before) return void before.push({ message, spans, pack });
    if (pack && 'byteLength' in pack) return finish(message, spans, pack);
    finishAll(key, [{ message, spans, pack }]);
  }

  /** @param {any[]} message @param {transom.Span[] | undefined} spans @param {ArrayBuffer | undefined} pack */
  function finish(message, spans, pack) {
    const at = valueAt[message[0]];
    if (spans && pack) message[at] = transom.serialize.place(message[at], spans, pack);
    handlers[message[0]](message);
  }

  /**
   * Finish messages in their order, and those that come behind them meanwhile.
   * @param {string | null} key @param {Waiting[]} messages
   */
  async function finishAll(key, messages) {
    while (messages.length) {
      /** @type {Waiting[]} */
      const later = [];
      if (key) waiting.set(key, later);
      for (const { message, spans, pack } of messages)
        try {
          finish(message, spans, await pack);
        } catch (error) {
          failed(message, error);
        }
      messages = later;
    }
    if (key) waiting.delete(key);
  }

  /** Take one frame from the back end: the text of a JSON array of messages. @param {string} text */
  function deliver(text) {
    const messages = JSON.parse(text);
    for (let i = 0; i < messages.length; i++)
      try {
        handle(messages[i]);
      } catch (error) {
        failed(messages[i], error);
      }
  }

  /** A message that cannot be handled costs no other, and a call its promise never. @param {any[]} message @param {unknown} error */
  function failed(message, error) {
    if (message[0] <= 1) answer(message[1], 'reject', error);
    else reportError(error);
  }

  /** No answer can come any more: every open call rejects, and every later one. @param {unknown} reason */
  function end(reason) {
    ended = reason;
    for (const id of [...calls.keys()]) answer(id, 'reject', reason);
  }

  /**
   * During development the back end was replaced, or is gone, and the page stays: no open call gets an answer.
   * @param {string} kind @param {string} text
   */
  function gone(kind, text) {
    const error = Object.assign(new Error(text), { kind });
    flush();
    for (const id of [...calls.keys()]) answer(id, 'reject', error);
    // What the page has sent before this was for the back end that is gone (`_session.py`).
    transport.send('[[5]]');
    dispatchEvent(new CustomEvent('transom:gone', { detail: { kind } }));
  }

  /** Another back end has taken its place: it does not know the page's listeners. */
  function back() {
    transom.events.listenAgain();
    dispatchEvent(new CustomEvent('transom:back'));
  }

  /** @param {number} callback */
  function forget(callback) {
    if (ended === undefined) send(`[2,${callback}]`);
  }

  /** Note whether the page is being left: the calls that it makes then run though it is gone. @param {boolean} left */
  function leave(left) {
    transport.leave?.(left);
    if (ended === undefined) send(`[4,${left ? lastCall + 1 : Number.MAX_SAFE_INTEGER}]`);
  }

  /** Calls can be made again. */
  function resume() {
    ended = undefined;
  }

  /** @param {transom.Transport} chosen */
  function attach(chosen) {
    transport = chosen;
  }

  /** @param {transom.Seal} chosen */
  function isolate(chosen) {
    seal = chosen;
  }

  transom.link = { invoke, send, deliver, end, resume, forget, leave, attach, isolate };
})();
