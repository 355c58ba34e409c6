// The updater of 1.x has no messages: a page emits an event, and hears others. Here its plugin of 2.x is behind them.
(() => {
  const { older } = transom;
  if (older.generation === '2.x') return;
  const { invoke } = transom.link;
  const { channel, deliverHere } = older;
  /** @type {any} */
  let found = null;

  /** @param {'PENDING' | 'DONE' | 'UPTODATE' | 'ERROR'} status @param {unknown} [error] */
  const tell = (status, error = null) => deliverHere('tauri://update-status', { status, error });
  const fail = (/** @type {any} */ reason) => tell('ERROR', older.reasonOf(reason, 'updater'));

  async function check() {
    found = await invoke('plugin:updater|check', {});
    if (!found) return tell('UPTODATE');
    const { version, date, body } = found;
    deliverHere('tauri://update-available', { version, date, body });
  }

  async function install() {
    if (!found) await check();
    if (!found) return;
    tell('PENDING');
    const { rid } = found;
    let contentLength = 0;
    const onEvent = channel(({ event, data }) => {
      if (event === 'Started') contentLength = data.contentLength ?? 0;
      else if (event === 'Progress') deliverHere('tauri://update-download-progress', { chunkLength: data.chunkLength, contentLength });
    });
    await invoke('plugin:updater|download_and_install', { rid, onEvent });
    tell('DONE');
  }

  // By the event that a page emits.
  Object.assign(older.updates, { 'tauri://update': () => void check().catch(fail), 'tauri://update-install': () => void install().catch(fail) });
})();
