// Every command that the runtime cannot answer, called as its npm package does: it says so, and why.
import { invoke } from '@tauri-apps/api/core';
import * as autostart from '@tauri-apps/plugin-autostart';
import * as clipboard from '@tauri-apps/plugin-clipboard-manager';
import * as deepLink from '@tauri-apps/plugin-deep-link';
import * as dialog from '@tauri-apps/plugin-dialog';
import * as shortcut from '@tauri-apps/plugin-global-shortcut';
import * as notification from '@tauri-apps/plugin-notification';
import * as opener from '@tauri-apps/plugin-opener';
import * as positioner from '@tauri-apps/plugin-positioner';
import * as windowState from '@tauri-apps/plugin-window-state';

import { equal, ok, rejected } from '../expect.js';

// Command -> a call of it. Add here what a plugin refuses in some runtime.
const calls = {
  'autostart|enable': autostart.enable,
  'autostart|disable': autostart.disable,
  'autostart|is_enabled': autostart.isEnabled,
  'clipboard-manager|write_text': () => clipboard.writeText('x'),
  'clipboard-manager|read_text': clipboard.readText,
  'clipboard-manager|write_image': () => clipboard.writeImage([0, 0, 0, 0]),
  'clipboard-manager|read_image': clipboard.readImage,
  'clipboard-manager|write_html': () => clipboard.writeHtml('<b>x</b>', 'x'),
  'clipboard-manager|clear': clipboard.clear,
  'deep-link|register': () => deepLink.register('x'),
  'deep-link|unregister': () => deepLink.unregister('x'),
  'deep-link|is_registered': () => deepLink.isRegistered('x'),
  'dialog|open': () => dialog.open(),
  'dialog|save': () => dialog.save(),
  'global-shortcut|register': () => shortcut.register('F8', () => {}),
  'global-shortcut|unregister': () => shortcut.unregister('F8'),
  'global-shortcut|unregister_all': shortcut.unregisterAll,
  'global-shortcut|is_registered': () => shortcut.isRegistered('F8'),
  'notification|notify': () => invoke('plugin:notification|notify', { options: { title: 'x' } }), // the package uses the page's own class
  'notification|request_permission': () => invoke('plugin:notification|request_permission'),
  'notification|check_permissions': () => invoke('plugin:notification|check_permissions'),
  'notification|request_permissions': () => invoke('plugin:notification|request_permissions'),
  'notification|register_listener': () => invoke('plugin:notification|register_listener'),
  'notification|remove_listener': () => invoke('plugin:notification|remove_listener'),
  'notification|register_action_types': () => notification.registerActionTypes([]),
  'notification|get_pending': notification.pending,
  'notification|cancel': () => notification.cancel([1]),
  'notification|get_active': notification.active,
  'notification|remove_active': () => notification.removeActive([]),
  'notification|create_channel': () => notification.createChannel({ id: 'a', name: 'a' }),
  'notification|delete_channel': () => notification.removeChannel('a'),
  'notification|list_channels': notification.channels,
  'opener|open_path': () => opener.openPath('/x'),
  'opener|reveal_item_in_dir': () => opener.revealItemInDir('/x'),
  'positioner|move_window': () => positioner.moveWindow(positioner.Position.Center),
  'positioner|move_window_constrained': () => positioner.moveWindowConstrained(positioner.Position.Center),
  'window-state|save_window_state': () => windowState.saveWindowState(windowState.StateFlags.ALL),
  'window-state|restore_state': () => windowState.restoreStateCurrent(windowState.StateFlags.ALL),
};

export const refusals = {
  'refusals: what the runtime cannot do': async () => {
    const { refused, runtime } = await invoke('outside');
    equal(refused.filter(([command]) => !(command in calls)), [], 'commands without a call');
    for (const [command, reason] of refused) {
      const said = await rejected(calls[command]());
      equal([said.kind, said.runtime, said.reason], ['unsupported', runtime, reason], command);
      ok(said.message.includes(command), said.message);
    }
  },
};
