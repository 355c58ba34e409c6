"""The plugin `global-shortcut`: keys that reach the application whatever has the focus (`@tauri-apps/plugin-global-shortcut`).

`Builder().plugin(global_shortcut.init())`, on X11 and by the desktop's portal. Python has the same functions:

    global_shortcut.register(app, "CommandOrControl+Shift+K", lambda event: print(event["state"]))
"""

from ._plugin import init, is_registered, register, unregister, unregister_all
from ._shortcut import Shortcut
from ._unavailable import ShortcutsUnavailable

__all__ = [
    "Shortcut",
    "ShortcutsUnavailable",
    "init",
    "is_registered",
    "register",
    "unregister",
    "unregister_all",
]
