// Bodies of requests to the application's own schemes, in every document of the application in a window of WebKitGTK.
// WebKitGTK crashes when an application reads a body that holds a Blob. So `fetch` and `XMLHttpRequest` send each body
// as plain bytes, and mark the request with a token that only these functions know: no other request's body is read.
(() => {
  const { origins, schemes, token } = transom.settings;
  if (!origins.includes(self.origin)) return;

  // Taken before the page can replace them: it must not learn the token, nor put a Blob where bytes are meant. Objects are
  // known by what a captured getter reads of them, as frames have classes of their own and `instanceof` can be overridden.
  const { apply } = Reflect;
  const { Request, Response, Headers, Blob, FormData, URL, WeakMap, Promise, DOMException } = window;
  const plainFetch = window.fetch;
  const { arrayBuffer } = Response.prototype;
  const requestBuffer = Request.prototype.arrayBuffer;
  const { forEach } = Headers.prototype;
  const forEachField = FormData.prototype.forEach;
  const { open, send, setRequestHeader } = XMLHttpRequest.prototype;
  const { get, set } = WeakMap.prototype;
  const { toUpperCase } = String.prototype;
  const { then } = Promise.prototype;
  /** @param {object} prototype @param {string} name @returns {() => any} */
  const getterOf = (prototype, name) => /** @type {any} */ (Object.getOwnPropertyDescriptor(prototype, name)).get;
  const protocolOf = getterOf(URL.prototype, 'protocol');
  const baseOf = getterOf(Node.prototype, 'baseURI');
  const lengthOf = getterOf(ArrayBuffer.prototype, 'byteLength');
  const sizeOf = getterOf(Blob.prototype, 'size');
  const { url: urlOf, method: methodOf, headers: headersOf } = Object.fromEntries(
    ['url', 'method', 'headers'].map((name) => [name, getterOf(Request.prototype, name)]),
  );
  const COPIED = ['credentials', 'cache', 'redirect', 'referrer', 'referrerPolicy', 'integrity', 'keepalive', 'signal'];
  /** @type {[string, () => any][]} */
  const copied = COPIED.map((name) => [name, getterOf(Request.prototype, name)]);
  const MARK = 'transom-body';
  /** @type {Record<string, boolean>} */
  const own = Object.assign(Object.create(null), Object.fromEntries(schemes.map((/** @type {string} */ name) => [`${name}:`, true])));
  /** @type {Record<string, boolean>} */
  const bodiless = Object.assign(Object.create(null), { GET: true, HEAD: true });

  /** Whether a function of a built-in class takes the value for one of its own. @param {Function} member @param {any} value @param {any[]} given */
  function takes(member, value, ...given) {
    try {
      apply(member, value, given);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {any} value */
  const isRequest = (value) => takes(urlOf, value);
  /** @param {any} value */
  const isBlob = (value) => takes(sizeOf, value);
  /** @param {any} value */
  const isForm = (value) => takes(forEachField, value, () => {});

  /** @param {string} url */
  function isOwn(url) {
    try {
      return own[apply(protocolOf, new URL(url, apply(baseOf, document, [])), [])] === true;
    } catch {
      return false; // the original says what is wrong with it
    }
  }

  /** @param {any} object @param {PropertyKey} name @param {Function} value */
  function replace(object, name, value) {
    const before = Object.getOwnPropertyDescriptor(object, name);
    Object.defineProperty(value, 'name', { value: name, configurable: true });
    Object.defineProperty(object, name, { ...before, value });
  }

  /** Encode a form as WebKit itself would: its own way to read a form that holds a file fails. @param {FormData} form */
  function multipart(form) {
    const boundary = `----transom${crypto.randomUUID()}`;
    const escaped = (/** @type {string} */ text) => text.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22');
    /** @type {BlobPart[]} */
    const parts = [];
    apply(forEachField, form, [(/** @type {string | File} */ value, /** @type {string} */ name) => {
      parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`);
      if (typeof value === 'string') parts.push(`\r\n\r\n${value.replace(/\r\n|\r|\n/g, '\r\n')}\r\n`);
      else parts.push(`; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`, value, '\r\n');
    }]);
    parts.push(`--${boundary}--\r\n`);
    // A Blob's own type is in lower case, which the boundary is.
    return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
  }

  /** @param {Request} request @param {string} url */
  function fetchBytes(request, url) {
    return new Promise((resolve, reject) => {
      const sendBytes = (/** @type {ArrayBuffer} */ bytes) => {
        const headers = /** @type {any} */ ({ __proto__: null });
        apply(forEach, apply(headersOf, request, []), [(/** @type {string} */ value, /** @type {string} */ name) => void (headers[name] = value)]);
        headers[MARK] = token;
        // Without CORS the mark would not be sent; the application's own documents may read the answers anyway.
        const init = /** @type {any} */ ({ __proto__: null, method: apply(methodOf, request, []), mode: 'cors', headers });
        for (let i = 0; i < copied.length; i++) init[copied[i][0]] = apply(copied[i][1], request, []);
        if (apply(lengthOf, bytes, [])) init.body = bytes;
        resolve(apply(plainFetch, window, [url, init]));
      };
      const unreadable = (/** @type {unknown} */ reason) =>
        reject(new TypeError(`the body of the request to ${url} cannot be read (${reason}); give a FormData to fetch itself, not to a Request`));
      apply(then, apply(requestBuffer, request, []), [sendBytes, unreadable]);
    });
  }

  replace(window, 'fetch', function fetch(/** @type {any} */ input, /** @type {any} */ init) {
    const made = isRequest(input);
    const asked = made ? input : `${input}`;
    if (!isOwn(made ? apply(urlOf, input, []) : asked))
      return arguments.length > 1 ? plainFetch(asked, init) : plainFetch(asked);
    let request;
    try {
      const given = isForm(init?.body) ? Object.create(init, { body: { value: multipart(init.body) } }) : init;
      request = new Request(asked, given);
    } catch (error) {
      return Promise.reject(error);
    }
    return bodiless[apply(methodOf, request, [])] ? plainFetch(request) : fetchBytes(request, apply(urlOf, request, []));
  });

  // What is known of an XMLHttpRequest to one of the schemes; a new `open` makes another, or none.
  /** @typedef {{opened: any[], method: string, async: boolean, typed: boolean, headers: [string, string][]}} Kept */
  /** @type {WeakMap<XMLHttpRequest, Kept | undefined>} */
  const requests = new WeakMap();
  const methods = XMLHttpRequest.prototype;
  replace(methods, 'open', /** @this {XMLHttpRequest} */ function (/** @type {any[]} */ ...given) {
    // Each is read once: a page must not show another address here than there, where the mark would go.
    for (let i = 0; i < given.length && i < 2; i++) given[i] = `${given[i]}`;
    /** @type {Kept | undefined} */
    const kept = isOwn(given[1])
      ? { opened: given, method: apply(toUpperCase, given[0], []), async: given.length < 3 || Boolean(given[2]), typed: false, headers: [] }
      : undefined;
    apply(open, this, given);
    apply(set, requests, [this, kept]);
  });
  replace(methods, 'setRequestHeader', /** @this {XMLHttpRequest} */ function (/** @type {string} */ name, /** @type {string} */ value) {
    apply(setRequestHeader, this, [name, value]);
    const kept = apply(get, requests, [this]);
    if (!kept) return;
    kept.headers[kept.headers.length] = [`${name}`, `${value}`];
    if (apply(toUpperCase, `${name}`, []) === 'CONTENT-TYPE') kept.typed = true;
  });
  /**
   * Send with the mark. It is opened again before: a frame's `open`, which knows nothing of this one, may have led it elsewhere.
   * @param {XMLHttpRequest} request @param {Kept} kept @param {any} body
   */
  function sendMarked(request, kept, body) {
    apply(open, request, kept.opened);
    for (let i = 0; i < kept.headers.length; i++) apply(setRequestHeader, request, kept.headers[i]);
    apply(setRequestHeader, request, [MARK, token]);
    apply(send, request, [body]);
  }
  replace(methods, 'send', /** @this {XMLHttpRequest} */ function (/** @type {any} */ body) {
    const kept = apply(get, requests, [this]);
    if (!kept || bodiless[kept.method]) return apply(send, this, [body]);
    const form = isForm(body);
    if (!form && !isBlob(body)) return sendMarked(this, kept, body);
    if (!kept.async)
      throw new DOMException('a Blob or FormData cannot be sent synchronously to a scheme of the application; send an ArrayBuffer', 'NotSupportedError');
    const response = new Response(form ? multipart(body) : body);
    const type = response.headers.get('content-type');
    apply(then, apply(arrayBuffer, response, []), [
      (/** @type {ArrayBuffer} */ bytes) => {
        if (apply(get, requests, [this]) !== kept) return; // opened again meanwhile
        apply(lengthOf, bytes, []); // nothing but bytes goes with the mark
        if (!kept.typed && type) kept.headers[kept.headers.length] = ['content-type', type];
        sendMarked(this, kept, bytes);
      },
      () => this.abort(),
    ]);
  });
})();
