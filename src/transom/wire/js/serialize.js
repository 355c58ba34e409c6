// Arguments as JSON text, and beside it the raw buffers in them (Tauri: process-ipc-message-fn, except that nested bytes stay bytes).
(() => {
  const TO_IPC = '__TAURI_TO_IPC_KEY__';
  // Tauri: what serde_json refuses. Deeper ones would not fail alone: the batch that holds them could not be read.
  const MAX_DEPTH = 128;
  const boxes = new Set(['BigInt', 'Boolean', 'Number', 'String']);
  /** @type {Set<string>} classes whose values were sent as `{}` */
  const lost = new Set();
  const plainPrototypes = new Set([Object.prototype, Array.prototype, null]);

  /**
   * Whether JSON.stringify alone writes the value right. Deep or wide values are not walked to their end: the answer is then no.
   * @param {any} value @param {{left: number}} budget @returns {boolean}
   */
  function isPlain(value, budget) {
    if (typeof value !== 'object' || value === null) return true;
    if (budget.left-- <= 0 || !plainPrototypes.has(Object.getPrototypeOf(value))) return false;
    for (const key in value) if (!isPlain(value[key], budget)) return false;
    return !(TO_IPC in value) && typeof value.toJSON !== 'function';
  }

  /** @param {object} value */
  const className = (value) => Object.prototype.toString.call(value).slice(8, -1);

  /**
   * Whether a value is of a built-in class, in whatever realm it was made: a frame has classes of its own, and `instanceof` knows
   * none of them. Only real members of the class have what the getter reads.
   * @param {any} value @param {string} name What `className` says. @param {Function} Class @param {string} property
   */
  function isOf(value, name, Class, property) {
    if (name !== Class.name && !(value instanceof Class)) return false;
    try {
      Reflect.get(Class.prototype, property, value);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {any} value @param {string} name What `className` says. @returns {transom.LiftedBuffer['view'] | undefined} */
  function bytesOf(value, name) {
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return isOf(value, name, ArrayBuffer, 'byteLength') ? new Uint8Array(value) : undefined;
  }

  /** JSON writes `{}` for a Set, a Blob, an Error, or a Promise without `await`: say so once a class. @param {string} name */
  function warnOfLoss(name) {
    if (name === 'Object' || lost.has(name)) return;
    lost.add(name);
    console.warn(`transom: an argument holds a ${name}, which JSON has no form for: it arrives as {}. Send its content, such as [...set], await blob.arrayBuffer() or String(error)`);
  }

  /**
   * Copy a value for JSON, with the buffers taken out. toJSON runs before the IPC hook, as in Tauri.
   * @param {any} value @param {(string | number)[]} path @param {transom.LiftedBuffer[]} buffers @returns {any}
   */
  function lift(value, path, buffers) {
    if (typeof value !== 'object' || value === null) return value;
    const name = className(value);
    const view = bytesOf(value, name);
    if (view) {
      buffers.push({ path, kind: name, view });
      return null;
    }
    if (typeof value.toJSON === 'function') return lift(value.toJSON(String(path[path.length - 1] ?? '')), path, buffers);
    if (typeof value[TO_IPC] === 'function') return lift(value[TO_IPC](), path, buffers);
    if (boxes.has(name)) return value.valueOf();
    if (path.length >= MAX_DEPTH) throw new RangeError(`the arguments are nested deeper than ${MAX_DEPTH} levels, or hold themselves`);
    if (Array.isArray(value)) return value.map((item, index) => lift(item, [...path, index], buffers));
    /** @type {Record<string, any>} */
    const copy = Object.create(null);
    const entries = isOf(value, name, Map, 'size') ? Map.prototype.entries.call(value) : Object.entries(value);
    for (const [key, item] of entries) copy[key] = lift(item, [...path, String(key)], buffers);
    if (Array.isArray(entries) && entries.length === 0) warnOfLoss(name);
    return copy;
  }

  /**
   * @param {any} payload @returns {{json: string, buffers: transom.LiftedBuffer[]}}
   * @throws {TypeError} A BigInt: JSON has no form for it.
   * @throws {RangeError} A cycle, or more than 128 levels.
   */
  function serialize(payload) {
    // Tauri: an array as the whole payload is a raw body. There fetch sends its text; the bytes are what was meant.
    if (Array.isArray(payload)) return { json: 'null', buffers: [{ path: [], kind: 'ArrayBuffer', view: Uint8Array.from(payload) }] };
    if (isPlain(payload, { left: 64 })) return { json: JSON.stringify(payload) ?? 'null', buffers: [] };
    const name = className(payload);
    const view = bytesOf(payload, name);
    if (view) return { json: 'null', buffers: [{ path: [], kind: name, view }] };
    /** @type {transom.LiftedBuffer[]} */
    const buffers = [];
    return { json: JSON.stringify(lift(payload, [], buffers)) ?? 'null', buffers };
  }

  /** Where the buffers of a call are: one after the other in a pack. @param {transom.LiftedBuffer[]} buffers @param {number} number */
  function spansOf(buffers, number) {
    let offset = 0;
    return buffers.map(({ path, kind, view }) => {
      /** @type {transom.Span} */
      const span = [path, kind, number, offset, view.byteLength];
      offset += view.byteLength;
      return span;
    });
  }

  /** Put the buffers of a pack where their spans say. @param {any} value @param {transom.Span[]} spans @param {ArrayBuffer} pack */
  function place(value, spans, pack) {
    for (const [path, kind, , offset, length] of spans) {
      const bytes = pack.byteLength === length ? pack : pack.slice(offset, offset + length);
      const Kind = /** @type {any} */ (globalThis)[kind];
      const buffer = kind === 'ArrayBuffer' ? bytes : new Kind(bytes);
      if (path.length === 0) return buffer;
      let holder = value;
      for (const key of path.slice(0, -1)) holder = holder[key];
      holder[path[path.length - 1]] = buffer;
    }
    return value;
  }

  /** @param {HeadersInit | undefined} headers @returns {Record<string, string> | null} */
  function plainHeaders(headers) {
    if (!headers) return null;
    /** @type {Record<string, string>} */
    const plain = {};
    new Headers(headers).forEach((value, name) => (plain[name] = value));
    return plain;
  }

  /** The binary frame of a batch and its tail; `_binary.py` is the other half. @param {string} text @param {transom.LiftedBuffer[]} buffers */
  function batchFrame(text, buffers) {
    const json = new TextEncoder().encode(text);
    const size = buffers.reduce((sum, { view }) => sum + view.byteLength, 8 + json.length);
    const frame = new Uint8Array(size);
    const head = new DataView(frame.buffer);
    head.setUint8(0, 1);
    head.setUint32(4, json.length, true);
    frame.set(json, 8);
    let offset = 8 + json.length;
    for (const { view } of buffers) {
      frame.set(view, offset);
      offset += view.byteLength;
    }
    return frame;
  }

  /**
   * The binary frames of a pack, a copy of its buffers: the caller's are his again. There is one at least, as Python waits for it.
   * @param {number} number @param {transom.LiftedBuffer[]} buffers @param {number} chunkBytes
   */
  function chunkFrames(number, buffers, chunkBytes) {
    const total = buffers.reduce((sum, { view }) => sum + view.byteLength, 0);
    /** @param {Uint8Array} part */
    const frameOf = (part) => {
      const frame = new Uint8Array(16 + part.length);
      const head = new DataView(frame.buffer);
      head.setUint8(0, 2);
      head.setUint32(4, number, true);
      head.setUint32(8, total % 2 ** 32, true);
      head.setUint32(12, Math.floor(total / 2 ** 32), true);
      frame.set(part, 16);
      return frame;
    };
    const frames = [];
    for (const { view } of buffers)
      for (let at = 0; at < view.byteLength; at += chunkBytes) frames.push(frameOf(view.subarray(at, at + chunkBytes)));
    return frames.length ? frames : [frameOf(new Uint8Array(0))];
  }

  transom.serialize = { serialize, spansOf, place, plainHeaders, batchFrame, chunkFrames };
})();
