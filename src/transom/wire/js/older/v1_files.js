// Files and requests of 1.x. What 1.x does in one message, 2.x often does in several commands.
(() => {
  const { older, settings } = transom;
  if (older.generation === '2.x') return;
  const { invoke } = transom.link;
  const { row, directoryOf, withoutBuffers } = older;
  const later = setTimeout.bind(window);

  /** @param {any} options */
  const baseDir = (options) => ({ baseDir: directoryOf(options?.dir) });
  /** @param {any} value @returns {Uint8Array<ArrayBuffer>} 2.x may answer with a list of numbers */
  const bytes = (value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : Uint8Array.from(value));
  /** @param {any} value */
  const text = (value) => new TextDecoder().decode(bytes(value));

  /** @param {string} command @param {string} api @param {(message: any) => any} args @param {((value: any, message: any) => any) | null} [result] */
  const file = (command, api, args, result = null) => row(`plugin:fs|${command}`, args, result, `fs > ${api}`);
  /** @param {any} message */
  const one = ({ path, options }) => ({ path, options: baseDir(options) });

  /** @param {any} message */
  async function writeFile({ path, contents, options }) {
    const body = typeof contents === 'string' ? new TextEncoder().encode(contents) : bytes(contents);
    const headers = { path: encodeURIComponent(path), options: JSON.stringify({ ...baseDir(options), append: options?.append }) };
    await invoke('plugin:fs|write_file', body, { headers });
    return null;
  }

  /**
   * @param {string} path where 2.x looks @param {string} shown the same, as 1.x names it @param {any} options @param {boolean} recursive @returns {Promise<any[]>}
   */
  async function entries(path, shown, options, recursive) {
    const separator = settings.pathSeparator;
    const under = (/** @type {string} */ folder, /** @type {string} */ name) => (folder.endsWith(separator) ? folder + name : `${folder}${separator}${name}`);
    const found = await invoke('plugin:fs|read_dir', { path, options });
    return Promise.all(
      found.map(async (/** @type {any} */ { name, isDirectory }) => {
        const [inside, named] = [under(path, name), under(shown, name)];
        // Tauri: a folder that was not looked into has no children.
        const children = isDirectory ? (recursive ? await entries(inside, named, options, true) : []) : null;
        return { path: named, name, children };
      }),
    );
  }

  /** @param {any} message */
  async function readDir({ path, options }) {
    const base = baseDir(options);
    const shown = base.baseDir === undefined ? path : await invoke('plugin:path|resolve_directory', { directory: base.baseDir, path });
    return entries(path, shown, base, options?.recursive === true);
  }

  /** @param {string[]} names */
  const bothEnds = (names) => (/** @type {any} */ options) => Object.fromEntries(names.map((name) => [name, directoryOf(options?.dir)]));
  const ofCopy = bothEnds(['fromPathBaseDir', 'toPathBaseDir']);
  const ofRename = bothEnds(['oldPathBaseDir', 'newPathBaseDir']);

  older.modules.Fs = {
    readTextFile: file('read_text_file', 'readFile', one, (value) => (typeof value === 'string' ? value : text(value))),
    readFile: file('read_file', 'readFile', one, (value) => Array.from(bytes(value))),
    writeFile: Object.assign(writeFile, { command: 'plugin:fs|write_file', api: 'fs > writeFile' }),
    readDir: Object.assign(readDir, { command: 'plugin:fs|read_dir', api: 'fs > readDir' }),
    createDir: file('mkdir', 'createDir', ({ path, options }) => ({ path, options: { ...baseDir(options), recursive: options?.recursive } })),
    removeDir: file('remove', 'removeDir', ({ path, options }) => ({ path, options: { ...baseDir(options), recursive: options?.recursive } })),
    removeFile: file('remove', 'removeFile', one),
    copyFile: file('copy_file', 'copyFile', ({ source, destination, options }) => ({ fromPath: source, toPath: destination, options: ofCopy(options) }), () => null),
    renameFile: file('rename', 'renameFile', ({ oldPath, newPath, options }) => ({ oldPath, newPath, options: ofRename(options) })),
    exists: file('exists', 'exists', one),
  };

  /** Clients by number. @type {Map<number, {maxRedirections?: number, connectTimeout?: number}>} */
  const clients = new Map();
  let lastClient = 0;

  /** Seconds, or seconds and nanoseconds, as milliseconds. @param {any} duration @returns {number | undefined} */
  function milliseconds(duration) {
    if (duration === undefined || duration === null) return undefined;
    return typeof duration === 'number' ? duration * 1000 : duration.secs * 1000 + duration.nanos / 1e6;
  }

  /** @param {any} part a value of a form: a text, or a file as bytes or a path */
  async function formValue(part) {
    if (typeof part === 'string') return part;
    const content = part.file ?? part;
    const data = typeof content === 'string' ? bytes(await invoke('plugin:fs|read_file', { path: content, options: {} })) : bytes(content);
    const name = part.fileName ?? (typeof content === 'string' ? content.split(/[/\\]/).pop() : 'file');
    return new File([data], name, { type: part.mime ?? 'application/octet-stream' });
  }

  /** @param {any} body @param {Record<string, string>} headers @returns {Promise<{data: number[] | null, type: string | null}>} */
  async function bodyOf(body, headers) {
    if (!body) return { data: null, type: null };
    const encoded = (/** @type {string} */ value) => Array.from(new TextEncoder().encode(value));
    if (body.type === 'Text') return { data: encoded(body.payload), type: null };
    if (body.type === 'Json') return { data: encoded(JSON.stringify(body.payload)), type: 'application/json' };
    if (body.type === 'Bytes') return { data: Array.from(bytes(body.payload)), type: null };
    if (body.type !== 'Form') throw `unknown variant \`${body.type}\`, expected one of \`Form\`, \`Json\`, \`Text\`, \`Bytes\``;
    const parts = Object.entries(body.payload);
    const multipart = Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'content-type' && value.startsWith('multipart/form-data'));
    if (!multipart && parts.every(([, value]) => typeof value === 'string'))
      return { data: encoded(new URLSearchParams(body.payload).toString()), type: 'application/x-www-form-urlencoded' };
    const form = new FormData();
    for (const [name, value] of parts) form.append(name, /** @type {any} */ (await formValue(value)));
    const made = new Response(form);
    return { data: Array.from(new Uint8Array(await made.arrayBuffer())), type: made.headers.get('content-type') };
  }

  /** @param {number} rid @returns {Promise<Uint8Array<ArrayBuffer>>} */
  async function readBody(rid) {
    /** @type {Uint8Array<ArrayBuffer>[]} */
    const parts = [];
    for (;;) {
      const part = bytes(await invoke('plugin:http|fetch_read_body', { rid }));
      // The last byte tells whether this is the end, which brings no data.
      if (part[part.length - 1] === 1 || part.length === 0) break;
      parts.push(part.subarray(0, -1));
    }
    return bytes(await new Blob(parts).arrayBuffer());
  }

  /** @param {any} message */
  async function httpRequest({ client, options }) {
    const config = clients.get(client);
    if (!config) throw `the client ${client} does not exist, or was dropped`;
    const url = new URL(options.url);
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.append(name, /** @type {any} */ (value));
    /** @type {Record<string, string>} */
    const headers = { ...options.headers };
    const { data, type } = await bodyOf(options.body, headers);
    const own = Object.keys(headers).find((name) => name.toLowerCase() === 'content-type');
    // The type of a form names the boundary that was made here.
    if (type && own && type.startsWith('multipart/')) delete headers[own];
    if (type && (!own || type.startsWith('multipart/'))) headers['content-type'] = type;
    const rid = await invoke('plugin:http|fetch', { clientConfig: { method: options.method, url: url.href, headers: Object.entries(headers), data, ...config } });
    const limit = milliseconds(options.timeout);
    const answered = answer(rid, options.responseType);
    if (limit === undefined) return answered;
    const late = new Promise((_, reject) => later(() => reject(`operation timed out after ${limit} ms`), limit));
    answered.catch(() => {}); // the time may be over before
    return Promise.race([answered, late]).catch((reason) => {
      invoke('plugin:http|fetch_cancel', { rid }).catch(() => {});
      throw reason;
    });
  }

  /** @param {number} rid @param {number} [responseType] */
  async function answer(rid, responseType) {
    const { status, url, headers: pairs, rid: bodyId } = await invoke('plugin:http|fetch_send', { rid });
    const body = await readBody(bodyId);
    /** @type {Record<string, string[]>} */
    const rawHeaders = {};
    for (const [name, value] of pairs) (rawHeaders[name] ??= []).push(value);
    const headers = Object.fromEntries(Object.entries(rawHeaders).map(([name, values]) => [name, values[values.length - 1]]));
    const data = responseType === 3 ? withoutBuffers(body) : responseType === 1 ? JSON.parse(text(body.buffer)) : text(body.buffer);
    return { url, status, headers, rawHeaders, data };
  }

  /** @param {any} message */
  async function createClient({ options }) {
    clients.set(++lastClient, { maxRedirections: options?.maxRedirections, connectTimeout: milliseconds(options?.connectTimeout) });
    return lastClient;
  }

  /** @param {any} message */
  async function dropClient({ client }) {
    clients.delete(client);
    return null;
  }

  older.modules.Http = {
    createClient: Object.assign(createClient, { command: 'plugin:http|fetch', api: 'http > request' }),
    dropClient: Object.assign(dropClient, { command: 'plugin:http|fetch', api: 'http > request' }),
    httpRequest: Object.assign(httpRequest, { command: 'plugin:http|fetch', api: 'http > request' }),
  };
})();
