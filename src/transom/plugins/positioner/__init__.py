"""The plugin `positioner`: windows at well-known places of the screen (`@tauri-apps/plugin-positioner`).

`Builder().plugin(positioner.init())` lets pages move their own window; Python moves any with `move_window`.
"""

from ._place import Place, TrayIcon, move_window
from ._plugin import init

__all__ = ["Place", "TrayIcon", "init", "move_window"]
