"""The plugin `shell`: programs that a capability names, with arguments that it checks (`@tauri-apps/plugin-shell`).

`Builder().plugin(shell.init())` lets pages start them. No shell is ever between: arguments reach the program as they are.
Python has `subprocess` and `asyncio.subprocess` for that; `sidecar` finds a program that the application brings along.
"""

from ._plugin import init
from ._sidecar import sidecar, target_triple

__all__ = ["init", "sidecar", "target_triple"]
