// Bodies of requests to the application's own schemes, in every document of the application in a window of WebKitGTK.
// WebKitGTK crashes when an application reads a body that holds a Blob. So `fetch` and `XMLHttpRequest` send each body
// as plain bytes, and mark the request with a token that only these functions know: no other request's body is read.
(() => {
  const { origins, schemes, token } = transom.settings;
  if (!origins.includes(self.origin)) return;

  // Taken before the page can replace them; what the token is given to has no prototype that the page could change.
  const { apply } = Reflect;
  const { Request, Response, Headers, Blob, FormData, URL, WeakMap, DOMException } = window;
  const plainFetch = window.fetch;
  const { arrayBuffer } = Response.prototype;
  const requestBuffer = Request.prototype.arrayBuffer;
  const { forEach } = Headers.prototype;
  const { open, send, setRequestHeader } = XMLHttpRequest.prototype;
  const { get, set } = WeakMap.prototype;
  const { toUpperCase } = String.prototype;
  const { then } = Promise.prototype;
  const MARK = 'transom-body';
  /** @type {Record<string, boolean>} */
  const own = Object.assign(Object.create(null), Object.fromEntries(schemes.map((/** @type {string} */ name) => [`${name}:`, true])));
  /** @type {Record<string, boolean>} */
  const bodiless = Object.assign(Object.create(null), { GET: true, HEAD: true });

  /** @param {string} url */
  function isOwn(url) {
    try {
      return own[new URL(url, document.baseURI).protocol] === true;
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
    form.forEach((value, name) => {
      parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`);
      if (typeof value === 'string') parts.push(`\r\n\r\n${value.replace(/\r\n|\r|\n/g, '\r\n')}\r\n`);
      else parts.push(`; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || 'application/octet-stream'}\r\n\r\n`, value, '\r\n');
    });
    parts.push(`--${boundary}--\r\n`);
    // A Blob's own type is in lower case, which the boundary is.
    return new Blob(parts, { type: `multipart/form-data; boundary=${boundary}` });
  }

  /** @param {Request} request */
  async function fetchBytes(request) {
    const body = await apply(requestBuffer, request, []).catch((/** @type {unknown} */ reason) => {
      throw new TypeError(`the body of the request to ${request.url} cannot be read (${reason}); give a FormData to fetch itself, not to a Request`);
    });
    const headers = Object.create(null);
    apply(forEach, request.headers, [(/** @type {string} */ value, /** @type {string} */ name) => void (headers[name] = value)]);
    headers[MARK] = token;
    const { url, method, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal } = request;
    const init = Object.assign(Object.create(null), { method, credentials, cache, redirect, referrer, referrerPolicy, integrity, keepalive, signal });
    // Without CORS the mark would not be sent; the application's own documents may read the answers anyway.
    init.mode = 'cors';
    init.headers = headers;
    if (body.byteLength) init.body = body;
    return apply(plainFetch, window, [url, init]);
  }

  replace(window, 'fetch', function fetch(/** @type {any} */ input, /** @type {any} */ init) {
    const url = input instanceof Request ? input.url : `${input}`;
    if (!isOwn(url)) return arguments.length > 1 ? plainFetch(input, init) : plainFetch(input);
    let request;
    try {
      const given = init?.body instanceof FormData ? Object.create(init, { body: { value: multipart(init.body) } }) : init;
      request = new Request(input instanceof Request ? input : url, given);
    } catch (error) {
      return Promise.reject(error);
    }
    return bodiless[request.method] ? plainFetch(request) : fetchBytes(request);
  });

  // What is known of an XMLHttpRequest to one of the schemes; a new `open` or `abort` makes another, or none.
  /** @type {WeakMap<XMLHttpRequest, {method: string, async: boolean, typed: boolean} | undefined>} */
  const requests = new WeakMap();
  const methods = XMLHttpRequest.prototype;
  replace(methods, 'open', /** @this {XMLHttpRequest} */ function (/** @type {any[]} */ ...given) {
    const [method, url] = given;
    const kept = isOwn(`${url}`) ? { method: apply(toUpperCase, `${method}`, []), async: given.length < 3 || Boolean(given[2]), typed: false } : undefined;
    apply(open, this, given);
    apply(set, requests, [this, kept]);
  });
  replace(methods, 'setRequestHeader', /** @this {XMLHttpRequest} */ function (/** @type {string} */ name, /** @type {string} */ value) {
    apply(setRequestHeader, this, [name, value]);
    const kept = apply(get, requests, [this]);
    if (kept && apply(toUpperCase, `${name}`, []) === 'CONTENT-TYPE') kept.typed = true;
  });
  replace(methods, 'send', /** @this {XMLHttpRequest} */ function (/** @type {any} */ body) {
    const kept = apply(get, requests, [this]);
    if (!kept || bodiless[kept.method]) return apply(send, this, [body]);
    if (!(body instanceof Blob || body instanceof FormData)) {
      apply(setRequestHeader, this, [MARK, token]);
      return apply(send, this, [body]);
    }
    if (!kept.async)
      throw new DOMException('a Blob or FormData cannot be sent synchronously to a scheme of the application; send an ArrayBuffer', 'NotSupportedError');
    const response = new Response(body instanceof FormData ? multipart(body) : body);
    const type = response.headers.get('content-type');
    apply(then, apply(arrayBuffer, response, []), [
      (/** @type {ArrayBuffer} */ bytes) => {
        if (apply(get, requests, [this]) !== kept) return; // opened again meanwhile
        if (!kept.typed && type) apply(setRequestHeader, this, ['content-type', type]);
        apply(setRequestHeader, this, [MARK, token]);
        apply(send, this, [bytes]);
      },
      () => this.abort(),
    ]);
  });
})();
