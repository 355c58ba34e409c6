"""The plugin `autostart`: starts the application when the user logs in (`@tauri-apps/plugin-autostart`).

`Builder().plugin(autostart.init())` lets pages turn it on and off; the functions here are for Python.
"""

from ._desktop_file import Autostart, exec_line, program
from ._plugin import disable, enable, init, is_enabled

__all__ = ["Autostart", "disable", "enable", "exec_line", "init", "is_enabled", "program"]
