// The plugin fs-watch of 1.x, which in 2.x is a part of the plugin fs.
(() => {
  const { older } = transom;
  if (older.generation !== '1.x') return;
  const { invoke } = transom.link;

  /** Resources by the numbers that the guest package gives. @type {Map<number, Promise<number>>} */
  const watching = new Map();

  /** The application may have a plugin of this name. @param {string} command @param {any} message @param {() => Promise<any>} otherwise */
  const own = (command, message, otherwise) =>
    invoke(`plugin:fs-watch|${command}`, message).catch((reason) => (String(reason).startsWith('plugin fs-watch not found') ? otherwise() : Promise.reject(reason)));

  /** @param {any} message */
  const watch = ({ id, paths, options }) => {
    const delayed = typeof options?.delayMs === 'number';
    const onEvent = older.channel((event) => {
      const changed = event.paths.map((/** @type {string} */ path) => ({ kind: 'Any', path }));
      if (delayed) older.deliverHere(`watcher://debounced-event/${id}`, changed);
      else older.deliverHere(`watcher://raw-event/${id}`, event);
    });
    const rid = invoke('plugin:fs|watch', { paths, options: { recursive: options?.recursive === true, delayMs: options?.delayMs }, onEvent });
    watching.set(id, rid);
    return rid.then(
      () => null,
      (reason) => {
        watching.delete(id);
        throw reason;
      },
    );
  };

  /** @param {any} message */
  const unwatch = async ({ id }) => {
    const rid = await watching.get(id);
    watching.delete(id);
    if (rid !== undefined) await invoke('plugin:fs|unwatch', { rid });
    return null;
  };

  older.plugins['plugin:fs-watch|watch'] = (/** @type {any} */ message) => own('watch', message, () => watch(message));
  older.plugins['plugin:fs-watch|unwatch'] = (/** @type {any} */ message) => own('unwatch', message, () => unwatch(message));
})();
