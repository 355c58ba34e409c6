"""The menus of the web runtime, which its pages draw."""

from ._menus import WebMenus

__all__ = ["WebMenus"]
