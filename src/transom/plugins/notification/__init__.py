"""The plugin `notification`: the desktop's notifications (`@tauri-apps/plugin-notification`).

`Builder().plugin(notification.init())` replaces `window.Notification` in windows of WebKitGTK; in a browser the page keeps
the browser's own. Python sends one with `notify`.
"""

from ._desktop import notify
from ._plugin import init

__all__ = ["init", "notify"]
