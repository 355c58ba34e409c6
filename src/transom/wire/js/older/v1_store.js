// The plugin store of 1.x, whose guest package names a store by its path in every call; 2.x loads it once, as a resource.
(() => {
  const { older } = transom;
  if (older.generation !== '1.x') return;
  const { invoke } = transom.link;

  /** Numbers of stores. @type {Map<string, Promise<number>>} by path */
  const stores = new Map();
  /** @type {Map<number, string>} */
  const paths = new Map();

  /** @param {string} path @returns {Promise<number>} */
  function ridOf(path) {
    let rid = stores.get(path);
    if (!rid) {
      // Tauri 1: nothing is saved before `save`.
      rid = invoke('plugin:store|load', { path, options: { autoSave: false } });
      stores.set(path, rid);
      rid.then(
        (number) => paths.set(number, path),
        () => stores.delete(path),
      );
    }
    return rid;
  }

  /** @param {string} command @param {(value: any) => any} [result] */
  const row = (command, result = (value) => value) => async (/** @type {any} */ { path, ...args }) => result(await invoke(`plugin:store|${command}`, { rid: await ridOf(path), ...args }));

  /** Loading again reads the file again. @param {any} message */
  async function load({ path }) {
    const known = stores.has(path);
    const rid = await ridOf(path);
    if (known) await invoke('plugin:store|reload', { rid });
    return null;
  }

  const COMMANDS = {
    load,
    get: row('get', ([value, exists]) => (exists ? value : null)),
    ...Object.fromEntries(['set', 'has', 'delete', 'clear', 'reset', 'keys', 'values', 'entries', 'length', 'save'].map((name) => [name, row(name)])),
  };
  for (const [name, call] of Object.entries(COMMANDS)) older.plugins[`plugin:store|${name}`] = (/** @type {any} */ message) => (typeof message.path === 'string' && message.rid === undefined ? call(message) : undefined);

  // Listeners of 1.x compare the path with the one that they gave.
  older.renamed['store://change'] = ['store://change', (/** @type {any} */ payload) => ({ ...payload, path: paths.get(payload.resourceId) ?? payload.path })];
})();
