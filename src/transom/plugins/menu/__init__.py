"""`plugin:menu|*`: menus that pages make."""

from ._commands import menu_plugin

__all__ = ["menu_plugin"]
