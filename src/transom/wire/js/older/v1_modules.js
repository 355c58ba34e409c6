// The messages of 1.x's own modules, each the command of 2.x that it becomes. Files, requests and windows have files of their own.
(() => {
  const { older } = transom;
  if (older.generation === '2.x') return;
  const { invoke } = transom.link;
  const { channel, runCallback } = older;

  /**
   * A row: the command, its arguments from the message, the result of 1.x from that of 2.x, and what the allowlist calls it.
   * @param {string} command @param {(message: any) => any} [args] @param {((value: any, message: any) => any) | null} [result] @param {string} [api]
   */
  function row(command, args = () => ({}), result = null, api) {
    const call = async (/** @type {any} */ message) => {
      const value = await invoke(command, args(message));
      return result ? result(value, message) : value;
    };
    return Object.assign(call, { command, api });
  }

  // Tauri 1 -> Tauri 2: the numbers of `BaseDirectory`. App and Log are old names of AppConfig and AppLog.
  const DIRECTORIES = [0, 1, 2, 3, 4, 5, 18, 6, 7, 19, 20, 21, 8, 9, 22, 23, 10, 11, 13, 17, 12, 13, 14, 15, 16, 17];

  /** @param {unknown} number @returns {number | undefined} */
  function directoryOf(number) {
    if (number === undefined || number === null) return undefined;
    const found = typeof number === 'number' ? DIRECTORIES[number] : 0;
    if (!found) throw `invalid value: ${number} is no BaseDirectory of Tauri 1, which has the numbers 1 to ${DIRECTORIES.length - 1}`;
    return found;
  }

  const SYSTEM = {
    platform: { linux: 'linux', macos: 'darwin', windows: 'win32' },
    type: { linux: 'Linux', macos: 'Darwin', windows: 'Windows_NT' },
  };

  /** @param {string} command @param {Record<string, string>} [names] what 1.x calls the values of 2.x */
  const system = (command, names = {}) => row(`plugin:os|${command}`, undefined, (value) => names[value] ?? value, 'os > all');

  /** @param {string} command */
  const question = (command) =>
    row(
      `plugin:dialog|${command}`,
      ({ message, title, type, buttonLabels: [okButtonLabel, cancelButtonLabel] = [] }) => ({ message, title, kind: type, okButtonLabel, cancelButtonLabel }),
      null,
      `dialog > ${command}`,
    );

  /** @param {any} message */
  const process = ({ program, args, options }) => ({ program, args, options });
  /** @param {string} command @param {(message: any) => any} args */
  const path = (command, args) => row(`plugin:path|${command}`, args, null, 'path > all');
  /** @param {string} command @param {(message: any) => any} [args] */
  const shortcut = (command, args) => row(`plugin:global-shortcut|${command}`, args, null, 'globalShortcut > all');
  const pressed = (/** @type {number} */ handler) => channel(({ shortcut: keys, state }) => state === 'Pressed' && runCallback(handler, keys));
  /** @param {string} command @param {(message: any) => any} [args] */
  const notification = (command, args) => row(`plugin:notification|${command}`, args, null, 'notification > all');

  Object.assign(older, { row, directoryOf });
  Object.assign(older.modules, {
    App: {
      getAppVersion: row('plugin:app|version'),
      getAppName: row('plugin:app|name'),
      getTauriVersion: row('plugin:app|tauri_version'),
      show: row('plugin:app|app_show'),
      hide: row('plugin:app|app_hide'),
    },
    Cli: { cliMatches: row('plugin:cli|cli_matches') },
    Clipboard: {
      writeText: row('plugin:clipboard-manager|write_text', ({ data }) => ({ text: data })),
      readText: row('plugin:clipboard-manager|read_text'),
    },
    Dialog: {
      openDialog: row('plugin:dialog|open', ({ options }) => ({ options: options ?? {} }), null, 'dialog > open'),
      saveDialog: row('plugin:dialog|save', ({ options }) => ({ options: options ?? {} }), null, 'dialog > save'),
      messageDialog: row(
        'plugin:dialog|message',
        ({ message, title, type, buttonLabel }) => ({ message, title, kind: type, buttons: buttonLabel === undefined ? undefined : { OkCustom: buttonLabel } }),
        () => null,
        'dialog > message',
      ),
      askDialog: question('ask'),
      confirmDialog: question('confirm'),
    },
    GlobalShortcut: {
      register: shortcut('register', ({ shortcut: keys, handler }) => ({ shortcuts: [keys], handler: pressed(handler) })),
      registerAll: shortcut('register', ({ shortcuts, handler }) => ({ shortcuts, handler: pressed(handler) })),
      isRegistered: shortcut('is_registered', ({ shortcut: keys }) => ({ shortcut: keys })),
      unregister: shortcut('unregister', ({ shortcut: keys }) => ({ shortcuts: [keys] })),
      unregisterAll: shortcut('unregister_all'),
    },
    Notification: {
      isNotificationPermissionGranted: notification('is_permission_granted'),
      requestNotificationPermission: row('plugin:notification|request_permission', undefined, (state) => (state.startsWith('prompt') ? 'default' : state), 'notification > all'),
      notification: notification('notify', ({ options }) => ({ options: typeof options === 'string' ? { title: options } : options })),
    },
    Os: {
      platform: system('platform', SYSTEM.platform),
      version: system('version'),
      osType: system('os_type', SYSTEM.type),
      arch: system('arch'),
      tempdir: row('plugin:path|resolve_directory', () => ({ directory: 12 }), null, 'os > all'),
      locale: system('locale'),
    },
    Path: {
      resolvePath: path('resolve_directory', ({ path: name, directory }) => ({ path: name ?? undefined, directory: directoryOf(directory) })),
      resolve: path('resolve', ({ paths }) => ({ paths })),
      normalize: path('normalize', ({ path: name }) => ({ path: name })),
      join: path('join', ({ paths }) => ({ paths })),
      dirname: path('dirname', ({ path: name }) => ({ path: name })),
      extname: path('extname', ({ path: name }) => ({ path: name })),
      basename: path('basename', ({ path: name, ext }) => ({ path: name, ext })),
      isAbsolute: path('is_absolute', ({ path: name }) => ({ path: name })),
    },
    Process: {
      exit: row('plugin:process|exit', ({ exitCode }) => ({ code: exitCode ?? 0 })),
      relaunch: row('plugin:process|restart'),
    },
    Shell: {
      execute: row('plugin:shell|spawn', (message) => ({ ...process(message), onEvent: channel((event) => runCallback(message.onEventFn, event)) })),
      executeAndReturn: row('plugin:shell|execute', process, null, 'shell > execute'),
      stdinWrite: row('plugin:shell|stdin_write', ({ pid, buffer }) => ({ pid, buffer }), null, 'shell > execute'),
      killChild: row('plugin:shell|kill', ({ pid }) => ({ cmd: 'killChild', pid }), null, 'shell > execute'),
      open: row('plugin:shell|open', ({ path: target, with: program }) => ({ path: target, with: program })),
    },
  });
})();
