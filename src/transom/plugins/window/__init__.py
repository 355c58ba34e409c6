"""`plugin:window|*`: how pages use windows, monitors and the pointer."""

from ._plugin import window_plugin

__all__ = ["window_plugin"]
