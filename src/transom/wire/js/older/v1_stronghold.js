// The plugin stronghold of 1.x. Its last guest package speaks as that of 2.x does; the earlier one names stores and vaults by an object in
// each call, opens clients by itself, has texts for bytes, and forgets a password after a while. Both open a stronghold without waiting.
(() => {
  const { older } = transom;
  if (older.generation !== '1.x') return;
  const { invoke } = transom.link;
  const call = (/** @type {string} */ command, /** @type {any} */ args) => invoke(`plugin:stronghold|${command}`, args);

  /** What opens a stronghold, by its path: everything else waits for it. @type {Map<string, Promise<any>>} */
  const opening = new Map();
  /** Clients of the earlier form that are loaded. @type {Map<string, Promise<any>>} by path and name */
  const clients = new Map();
  /** @type {Map<string, { timer: ReturnType<typeof setTimeout> | undefined, until: number }>} by path */
  const locks = new Map();
  let interval = 0; // milliseconds until a stronghold that nobody uses is locked, 0 for never

  const seconds = (/** @type {number} */ milliseconds) => ({ secs: Math.floor(milliseconds / 1000), nanos: Math.round(milliseconds % 1000) * 1e6 });
  /** @param {string} path */
  const unlocked = (path) => {
    const lock = locks.get(path);
    return { snapshot: lock?.timer === undefined ? { status: 'unlocked' } : { status: 'unlocked', data: seconds(Math.max(lock.until - Date.now(), 0)) } };
  };
  /** @param {string} snapshotPath @param {any} status */
  const tell = (snapshotPath, status) => older.deliverHere('stronghold://status-change', { snapshotPath, status });

  /** @param {string} path */
  function forget(path) {
    clearTimeout(locks.get(path)?.timer);
    for (const map of [opening, locks]) map.delete(path);
    for (const key of clients.keys()) if (key.startsWith(`${path}\0`)) clients.delete(key);
  }

  /** Somebody uses a stronghold: it is locked later. @param {string} path */
  function touch(path) {
    const lock = locks.get(path);
    if (!lock) return;
    clearTimeout(lock.timer);
    lock.until = Date.now() + interval;
    lock.timer = interval === 0 ? undefined : setTimeout(() => close(path).catch((reason) => console.error(`the stronghold ${path} cannot be locked: ${reason}`)), interval);
  }

  /** @param {string} snapshotPath */
  async function close(snapshotPath) {
    await call('destroy', { snapshotPath });
    forget(snapshotPath);
    tell(snapshotPath, { snapshot: { status: 'locked' } });
    return null;
  }

  /** @param {any} message */
  function open({ snapshotPath, password }) {
    forget(snapshotPath);
    const opened = call('initialize', { snapshotPath, password }).then(() => {
      locks.set(snapshotPath, { timer: undefined, until: 0 });
      touch(snapshotPath);
      tell(snapshotPath, unlocked(snapshotPath));
      return null;
    });
    opening.set(snapshotPath, opened.catch(() => {}));
    return opened;
  }

  /** @param {string} command @param {any} args */
  async function used(command, args) {
    await opening.get(args.snapshotPath);
    touch(args.snapshotPath);
    return call(command, args);
  }

  /** @param {string} snapshotPath @param {string} client */
  function loaded(snapshotPath, client) {
    const key = `${snapshotPath}\0${client}`;
    const load = () => used('load_client', { snapshotPath, client }).catch(() => call('create_client', { snapshotPath, client }));
    const promise = clients.get(key) ?? load();
    clients.set(key, promise);
    promise.catch(() => clients.delete(key));
    return promise;
  }

  /** A message of the earlier form, whose store or vault is a client of 2.x. @param {string} command @param {any} message @param {any} args */
  async function asClient(command, { snapshotPath, store, vault }, args) {
    const client = (store ?? vault).name;
    await loaded(snapshotPath, client);
    return used(command, { snapshotPath, client, ...args });
  }

  /** @param {any} location */
  const keyOf = ({ type, payload }) => JSON.stringify([type, payload.vault, type === 'Counter' ? payload.counter : payload.record]);
  /** @param {any} location */
  const placeOf = (location) => ({ vault: location.payload.vault, record: keyOf(location) });
  const bytesOf = (/** @type {string} */ text) => Array.from(new TextEncoder().encode(text));
  const textOf = (/** @type {number[]} */ bytes) => new TextDecoder().decode(Uint8Array.from(bytes));
  const hexOf = (/** @type {number[]} */ bytes) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const nothing = () => null;

  /** @param {any} message */
  async function procedure(message) {
    const { type, payload } = message.procedure;
    const at = (/** @type {any} */ location) => location && { type: 'Generic', payload: placeOf(location) };
    const { output, input, privateKey, ...rest } = payload;
    delete rest.hint;
    const translated = { ...rest, output: at(output), privateKey: at(privateKey), input: input && { type: input.type, payload: at(input.payload) } };
    const known = type === 'Ed25519PublicKey' ? { type: 'PublicKey', payload: { ...translated, type: 'Ed25519' } } : { type, payload: translated };
    const made = await asClient('execute_procedure', message, { procedure: known });
    return ['SLIP10Derive', 'Ed25519PublicKey', 'Ed25519Sign'].includes(type) ? hexOf(made) : null;
  }

  /** @param {any} message */
  async function status({ snapshotPath }) {
    await opening.get(snapshotPath);
    // Another window may have opened it: asking for a client that nobody has tells.
    const reason = await call('get_store_record', { snapshotPath, client: '\0', key: '' }).catch(String);
    if (String(reason).includes('the client is not loaded')) return unlocked(snapshotPath);
    if (String(reason).includes('not initialized')) return { snapshot: { status: 'locked' } };
    throw reason;
  }

  /** @param {any} message */
  async function got(message) {
    const found = await asClient('get_store_record', message, { key: keyOf(message.location) });
    if (found === null) throw 'the store has no record at this location';
    return textOf(found);
  }

  /** By command: what the earlier form of it is. @type {Record<string, (message: any) => Promise<any>>} */
  const EARLIER = {
    get_store_record: got,
    save_store_record: (message) => asClient('save_store_record', message, { key: keyOf(message.location), value: bytesOf(message.record), lifetime: message.lifetime ?? null }).then(nothing),
    remove_store_record: (message) => asClient('remove_store_record', message, { key: keyOf(message.location) }).then(nothing),
    save_record: ({ location, record, ...message }) => asClient('save_secret', message, { vault: location.payload.vault, recordPath: keyOf(location), secret: bytesOf(record) }).then(nothing),
    remove_record: ({ location, ...message }) => asClient('remove_secret', message, { vault: location.payload.vault, recordPath: keyOf(location) }).then(nothing),
    execute_procedure: procedure,
  };
  /** Commands that are the earlier form's alone. @type {Record<string, (message: any) => Promise<any>>} */
  const ALONE = {
    init: open,
    initialize: open,
    destroy: ({ snapshotPath }) => close(snapshotPath),
    save_snapshot: ({ snapshotPath }) => used('save', { snapshotPath }),
    get_status: status,
    async set_password_clear_interval({ interval: { secs = 0, millis = 0, nanos = 0 } }) {
      interval = secs * 1000 + millis + nanos / 1e6;
      for (const path of locks.keys()) touch(path);
      return null;
    },
  };
  const NETWORK = 'spawn_communication stop_communication start_listening get_swarm_info add_peer change_relay_direction remove_relay allow_all_requests reject_all_requests allow_requests reject_requests remove_firewall_rules get_remote_store_record save_remote_store_record execute_remote_procedure';
  const refused = (/** @type {string} */ command) => Promise.reject(`plugin stronghold: ${command} is for strongholds of other computers, which no version after 1.0 of Tauri's plugin has; use strongholds of this computer`);

  /** @param {string} name @param {(message: any) => Promise<any>} run */
  const add = (name, run) => (older.plugins[`plugin:stronghold|${name}`] = run);
  for (const [name, run] of Object.entries(ALONE)) add(name, run);
  for (const name of NETWORK.split(' ')) add(name, () => refused(name));
  for (const name of ['save', 'load_client', 'create_client', 'save_secret']) add(name, (message) => used(name, message));
  // A guest package between the two gives the location instead of its record.
  add('remove_secret', ({ location, ...message }) => used('remove_secret', { ...message, recordPath: message.recordPath ?? location?.payload.record }));
  for (const [name, run] of Object.entries(EARLIER)) add(name, (message) => (typeof (message.store ?? message.vault)?.name === 'string' ? run(message) : used(name, message)));
})();
