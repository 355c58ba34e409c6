"""Menus and their items, and which window shows which."""

from ._builders import CheckMenuItemBuilder, IconMenuItemBuilder, MenuBuilder, MenuItemBuilder, SubmenuBuilder
from ._item import Container, MenuEvent, MenuItemBase, MenuItemHandler, MenuItemKind
from ._items import CheckMenuItem, IconMenuItem, MenuItem, PredefinedMenuItem
from ._menu import ContextMenu, Menu, Submenu
from ._menus import Menus, MenusApplication
from ._table import MenuManager, MenuTable

__all__ = [
    "CheckMenuItem",
    "CheckMenuItemBuilder",
    "Container",
    "ContextMenu",
    "IconMenuItem",
    "IconMenuItemBuilder",
    "Menu",
    "MenuBuilder",
    "MenuEvent",
    "MenuItem",
    "MenuItemBase",
    "MenuItemBuilder",
    "MenuItemHandler",
    "MenuItemKind",
    "MenuManager",
    "MenuTable",
    "Menus",
    "MenusApplication",
    "PredefinedMenuItem",
    "Submenu",
    "SubmenuBuilder",
]
