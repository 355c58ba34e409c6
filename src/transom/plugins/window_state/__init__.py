"""`plugin:window-state|*`: size, place and state of windows, kept over restarts (Tauri: `tauri_plugin_window_state`)."""

from ._plugin import init
from ._state import StateFlags
from ._states import DEFAULT_FILENAME, filename, restore_state, save_window_state

__all__ = ["DEFAULT_FILENAME", "StateFlags", "filename", "init", "restore_state", "save_window_state"]
