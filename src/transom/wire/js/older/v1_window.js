// Windows of 1.x: the types of `manage`, new windows, and what 1.x puts into every page.
(() => {
  const { older } = transom;
  if (older.generation === '2.x') return;
  const { invoke } = transom.link;
  const { row, modules, metadata } = older;

  const GETTERS = ['scaleFactor', 'innerPosition', 'outerPosition', 'innerSize', 'outerSize', 'isFullscreen', 'isMinimized', 'isMaximized', 'isFocused', 'isDecorated', 'isResizable', 'isMaximizable', 'isMinimizable', 'isClosable', 'isVisible', 'title', 'theme'];
  const MONITORS = ['currentMonitor', 'primaryMonitor', 'availableMonitors'];
  const ACTIONS = ['center', 'maximize', 'unmaximize', 'toggleMaximize', 'minimize', 'unminimize', 'show', 'hide', 'setFocus', 'startDragging'];
  const SETTERS = ['requestUserAttention', 'setResizable', 'setMaximizable', 'setMinimizable', 'setClosable', 'setTitle', 'setDecorations', 'setAlwaysOnTop', 'setContentProtected', 'setFullscreen', 'setSkipTaskbar', 'setCursorGrab', 'setCursorVisible', 'setCursorIcon', 'setIgnoreCursorEvents'];
  const MEASURES = ['setSize', 'setMinSize', 'setMaxSize', 'setPosition', 'setCursorPosition'];

  const snake = (/** @type {string} */ name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  /** @typedef {{label?: string, payload?: any}} Managed */
  /** @param {string} type @param {(managed: Managed) => any} args @param {string} [command] */
  const managed = (type, args, command = `plugin:window|${snake(type)}`) => row(command, args, null, `window > ${type}`);
  /** @param {string[]} types @param {(managed: Managed) => any} args */
  const all = (types, args) => Object.fromEntries(types.map((type) => [type, managed(type, args)]));
  const labelled = ({ label = '' }) => ({ label });

  /** @type {Record<string, ReturnType<typeof row>>} by type */
  const MANAGE = {
    ...all([...GETTERS, ...ACTIONS], labelled),
    ...all(MONITORS, () => ({})),
    ...all(SETTERS, ({ label = '', payload = null }) => ({ label, value: payload })),
    ...all(MEASURES, ({ label = '', payload }) => ({ label, value: payload ? { [payload.type]: payload.data } : null })),
    // Tauri: the window goes at once, and the page is not asked: `onCloseRequested` of 1.x ends with it.
    close: managed('close', labelled, 'plugin:window|destroy'),
    setIcon: managed('setIcon', ({ label = '', payload }) => ({ label, value: payload?.icon })),
    print: managed('print', labelled, 'plugin:webview|print'),
    __toggleMaximize: managed('maximize', labelled, 'plugin:window|internal_toggle_maximize'),
    __toggleDevtools: managed('devtools', labelled, 'plugin:webview|internal_toggle_devtools'),
  };

  /** @param {any} message */
  async function manage({ data }) {
    const { type, payload } = data?.cmd ?? {};
    if (typeof type !== 'string' || !Object.prototype.hasOwnProperty.call(MANAGE, type))
      throw `unknown variant \`${type}\`, expected one of ${Object.keys(MANAGE).map((known) => `\`${known}\``).join(', ')}`;
    try {
      return await MANAGE[type]({ label: data.label, payload });
    } catch (reason) {
      throw older.reasonOf(reason, MANAGE[type].api);
    }
  }

  const createWebview = row(
    'plugin:webview|create_webview_window',
    (/** @type {any} */ { data }) => {
      const { fileDropEnabled, ...options } = data?.options ?? {};
      return { options: fileDropEnabled === undefined ? options : { ...options, dragDropEnabled: fileDropEnabled } };
    },
    // Where it will be told of it soon, the page may look for the window at once.
    (/** @type {any} */ _, /** @type {any} */ { data }) => void addWindow(data.options.label),
    'window > create',
  );
  modules.Window = { createWebview, manage };
  older.manage = MANAGE;

  /** @param {string} label */
  function addWindow(label) {
    if (!metadata.__windows.some((/** @type {any} */ known) => known.label === label)) metadata.__windows.push({ label });
  }

  /** @param {string} label */
  function removeWindow(label) {
    metadata.__windows = metadata.__windows.filter((/** @type {any} */ known) => known.label !== label);
  }

  // What a runtime without these commands rejects costs nothing: the page then knows what the configuration says.
  older.listenHere('tauri://window-created', (/** @type {any} */ { payload }) => addWindow(payload.label)).catch(() => {});
  older.listenHere('tauri://destroyed', (/** @type {any} */ { windowLabel }) => removeWindow(windowLabel)).catch(() => {});
  invoke('plugin:window|get_all_windows').then(
    (labels) => labels.forEach(addWindow),
    () => {},
  );

  const plainAlert = window.alert?.bind(window);
  const plainConfirm = window.confirm?.bind(window);
  const ask = (/** @type {string} */ cmd, /** @type {unknown} */ message) => modules.Dialog[cmd]({ cmd, message: String(message) });
  const dialogs = {
    // Without the plugin the browser's own do it.
    alert: (/** @type {any} */ message = '') => void ask('messageDialog', message).catch(() => plainAlert?.(message)),
    confirm: (/** @type {any} */ message = '') => ask('confirmDialog', message).catch(() => plainConfirm?.(message)),
  };
  for (const [name, value] of Object.entries(dialogs)) Object.defineProperty(window, name, { value, writable: true, configurable: true });

  // What the package's notifications are made with. Without the plugin the browser's own does it, where it has one.
  const Plain = window.Notification;
  const plainly = (/** @type {any} */ reason, /** @type {() => any} */ work) => (Plain ? work() : Promise.reject(reason));
  /** @type {NotificationPermission} */
  let permission = 'default';
  /** @param {string} title @param {NotificationOptions} [options] */
  function Notification(title, options) {
    const given = { ...options, title: String(title) };
    modules.Notification.notification({ options: given }).catch((/** @type {any} */ reason) => plainly(reason, () => new Plain(given.title, options)).catch?.((/** @type {any} */ why) => console.error(why)));
  }
  async function requestPermission() {
    permission = await modules.Notification.requestNotificationPermission({}).catch((/** @type {any} */ reason) => plainly(reason, () => Plain.requestPermission()));
    return permission;
  }
  Object.defineProperty(Notification, 'permission', { get: () => permission, enumerable: true });
  Object.assign(Notification, { requestPermission });
  Object.defineProperty(window, 'Notification', { value: Notification, writable: true, configurable: true });

  // Tauri: an attribute of the element itself, not of one around it.
  window.addEventListener('mousedown', (event) => {
    const { target } = event;
    if (event.defaultPrevented || event.button !== 0 || !(target instanceof Element) || !target.hasAttribute('data-tauri-drag-region')) return;
    event.preventDefault();
    manage({ data: { cmd: { type: event.detail === 2 ? '__toggleMaximize' : 'startDragging' } } }).catch((reason) => console.error(reason));
  });

  window.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (event.defaultPrevented || !link || link.target !== '_blank' || !/^(https?:\/\/|mailto:|tel:)/.test(link.href)) return;
    event.preventDefault();
    const { href } = link;
    modules.Shell.open({ path: href }).catch(() => void window.open(href, '_blank', 'noopener'));
  });
})();
