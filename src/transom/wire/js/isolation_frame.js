// The isolation frame's half of the isolation pattern: gives each call to the application's hook, and seals what comes of it.
// Nothing outside this frame has the key; `pages/isolation` opens what it seals.
(() => {
  const { settings } = transom;
  const { serialize, spansOf, place, plainHeaders, batchFrame } = transom.serialize;
  const MAX_TEXT = 32768;
  const NONCE_BYTES = 12;
  const { subtle } = crypto;
  document.currentScript?.remove();
  Object.defineProperty(window, '__TAURI_PATTERN__', { value: Object.freeze({ pattern: 'isolation', side: 'secure' }) });
  const keyBytes = Uint8Array.from(atob(settings.key), (letter) => letter.charCodeAt(0));
  // Without a secure context there is no `subtle`: each call then says so.
  const key = subtle?.importKey('raw', keyBytes, 'AES-GCM', false, ['encrypt']);
  /** @type {MessagePort | undefined} */
  let port;

  /** @param {any} call @returns {any} the message as Tauri's hook gets it */
  function messageOf({ id, command, json, headers, spans, views }) {
    let payload = JSON.parse(json);
    views.forEach((/** @type {Uint8Array<ArrayBuffer>} */ view, /** @type {number} */ i) => {
      const [path, kind] = spans[i];
      const bytes = view.slice().buffer;
      payload = place(payload, [[path, kind, 0, 0, bytes.byteLength]], bytes);
    });
    return { cmd: command, callback: id, error: id, payload, options: headers ? { headers } : {} };
  }

  /** @param {Uint8Array} bytes */
  function base64(bytes) {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  }

  /** @param {any} call */
  async function seal(call) {
    if (!subtle) throw new Error('this page is no secure context, so that nothing can be encrypted; serve it by https or on localhost');
    const hook = /** @type {any} */ (window).__TAURI_ISOLATION_HOOK__;
    const given = messageOf(call);
    const message = hook ? await hook(given) : given;
    if (typeof message !== 'object' || message === null || typeof message.cmd !== 'string')
      throw new TypeError(`the isolation hook returned no message for ${call.command}; it returns the message, or throws to refuse it`);
    const { json, buffers } = serialize(message.payload);
    const headers = plainHeaders(message.options?.headers);
    const frame = batchFrame(`[${json},${JSON.stringify(headers)},${JSON.stringify(spansOf(buffers, 0))}]`, buffers);
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    // What is sent beside it is sealed too: a page can neither give it to another command nor send it twice.
    const additionalData = new TextEncoder().encode(`${call.id} ${message.cmd}`);
    const sealed = new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, await key, frame));
    const body = new Uint8Array(NONCE_BYTES + sealed.length);
    body.set(iv);
    body.set(sealed, NONCE_BYTES);
    return { id: call.id, command: message.cmd, body: body.length > MAX_TEXT ? body.buffer : base64(body) };
  }

  addEventListener('message', ({ data, source, ports }) => {
    // The page's main frame only, and once: every other frame can send messages here as well.
    if (port || source !== parent || parent !== top || parent === window || data !== '__TAURI_ISOLATION_READY__' || !ports[0]) return;
    port = ports[0];
    const { postMessage } = MessagePort.prototype;
    const answer = postMessage.bind(port);
    port.onmessage = ({ data: call }) =>
      seal(call).then(answer, (error) => answer({ id: call.id, error: `isolation pattern error: ${error?.message ?? error}` }));
  });
})();
