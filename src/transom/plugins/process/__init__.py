"""The plugin `process`: pages end or restart the application (`@tauri-apps/plugin-process`).

Python has `AppHandle.exit` and `AppHandle.restart`.
"""

from ._plugin import init

__all__ = ["init"]
