"""Menus of GTK 3: menu bars, context menus and their accelerators."""

from ._bar import WindowMenu

__all__ = ["WindowMenu"]
