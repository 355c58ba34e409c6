"""The plugin `log`: one log for pages and Python (`@tauri-apps/plugin-log`).

`Builder().plugin(log.init())` writes what pages log, and what Python's `logging` gets, to the same targets: the terminal, a
file in the application's log folder, and the pages that listen with `attachConsole`.
"""

from ._log import Level, Log, Record, Rotation, Target
from ._plugin import init

__all__ = ["Level", "Log", "Record", "Rotation", "Target", "init"]
