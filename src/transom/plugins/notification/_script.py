"""The script that replaces `window.Notification`, on which the npm package relies."""

from __future__ import annotations

__all__ = ["SCRIPT"]

# Tauri: the same object, with the same calls. `permission` is read-only for the page.
SCRIPT = """(() => {
  const { invoke } = window.__TAURI_INTERNALS__;
  let permission = 'default';
  const settle = (value) => { permission = value === 'prompt' || value === 'prompt-with-rationale' ? 'default' : value; };

  class Notification extends EventTarget {
    constructor(title, options) {
      super();
      const sent = { ...options, title: String(title) };
      Object.assign(this, sent);
      invoke('plugin:notification|notify', { options: sent }).then(
        () => this.dispatchEvent(new Event('show')),
        (reason) => {
          console.error(reason);
          this.dispatchEvent(new Event('error'));
        },
      );
    }
    close() {}
    static async requestPermission(callback) {
      settle(await invoke('plugin:notification|request_permission'));
      callback?.(permission);
      return permission;
    }
    static get permission() {
      return permission;
    }
  }
  for (const name of ['show', 'error', 'click', 'close']) {
    let listener = null;
    Object.defineProperty(Notification.prototype, `on${name}`, {
      get() { return this[`_${name}`] ?? null; },
      set(value) {
        if (listener) this.removeEventListener(name, listener);
        this[`_${name}`] = listener = value;
        if (value) this.addEventListener(name, value);
      },
    });
  }
  Object.defineProperty(window, 'Notification', { value: Notification, writable: true, configurable: true });
  invoke('plugin:notification|is_permission_granted').then(
    (granted) => settle(granted === null ? 'default' : granted ? 'granted' : 'denied'),
    () => {},
  );
})();"""
