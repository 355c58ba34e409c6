"""The commands of menus. In workers: what they change is shown by the window system's thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...errors import CommandError, ImageError, MenuError, Unsupported, WindowError
from ...handles import AppHandle, Webview, Window
from ...menu import CheckMenuItem, ContextMenu, IconMenuItem, Menu, MenuItem, MenuItemBase, PredefinedMenuItem, Submenu
from ...values import JavaScriptChannelId, Position
from ._options import MenuFactory, held, icon_of

__all__ = ["menu_plugin"]


@contextmanager
def _rejecting() -> Iterator[None]:
    """Let the call reject with the sentence of what went wrong."""
    try:
        yield
    except Unsupported:
        raise
    except (MenuError, ImageError, WindowError) as error:
        raise CommandError(str(error)) from None


def _held(webview: Webview, rid: int, kind: str, *wanted: type[MenuItemBase]) -> Any:
    """Return what the page holds, if it is of a class that can do what is wanted."""
    item = held(webview, rid, kind)
    if not isinstance(item, wanted):
        raise CommandError("unexpected menu item kind")  # Tauri: the sentence
    return item


def _told(webview: Webview, item: MenuItemBase | None) -> tuple[int, str, str] | None:
    """Hold an item for the page, and return what its classes are made of."""
    return None if item is None else (webview.resources_table().add(item), item.id, item.kind)


def _told_menu(webview: Webview, menu: Menu | None) -> tuple[int, str] | None:
    return None if menu is None else (webview.resources_table().add(menu), menu.id)


@command
def new(
    webview: Webview, kind: str, handler: JavaScriptChannelId | None = None, options: dict[str, Any] | None = None
) -> tuple[int, str]:
    """Make a menu or an item, and return its resource id and its id."""
    with _rejecting():
        item = MenuFactory(webview, "new").make(kind, options or {}, handler)
        return webview.resources_table().add(item), item.id


@command
def create_default(webview: Webview) -> tuple[int, str]:
    """Make the menu that most applications have."""
    menu = Menu.default(webview)
    return webview.resources_table().add(menu), menu.id


@command
def append(webview: Webview, rid: int, kind: str, items: list[Any]) -> None:
    """Add items at the end."""
    with _rejecting():
        _held(webview, rid, kind, ContextMenu).append_items(MenuFactory(webview, "append").items(items))


@command
def prepend(webview: Webview, rid: int, kind: str, items: list[Any]) -> None:
    """Add items at the beginning."""
    with _rejecting():
        _held(webview, rid, kind, ContextMenu).prepend_items(MenuFactory(webview, "prepend").items(items))


@command
def insert(webview: Webview, rid: int, kind: str, items: list[Any], position: int) -> None:
    """Add items before the one at a position."""
    with _rejecting():
        _held(webview, rid, kind, ContextMenu).insert_items(MenuFactory(webview, "insert").items(items), position)


@command
def remove(webview: Webview, rid: int, kind: str, item: tuple[int, str]) -> None:
    """Take an item out."""
    with _rejecting():
        _held(webview, rid, kind, ContextMenu).remove(held(webview, *item))


@command
def remove_at(webview: Webview, rid: int, kind: str, position: int) -> tuple[int, str, str] | None:
    """Take the item at a position out and return it."""
    with _rejecting():
        return _told(webview, _held(webview, rid, kind, ContextMenu).remove_at(position))


@command
def items(webview: Webview, rid: int, kind: str) -> list[tuple[int, str, str] | None]:
    """Return all items."""
    return [_told(webview, item) for item in _held(webview, rid, kind, ContextMenu).items()]


@command
def get(webview: Webview, rid: int, kind: str, id: str) -> tuple[int, str, str] | None:  # noqa: A002 - Tauri's name
    """Return the item with an id."""
    return _told(webview, _held(webview, rid, kind, ContextMenu).get(id))


@command
def popup(
    webview: Webview, current: Window, rid: int, kind: str, window: str | None = None, at: Position | None = None
) -> None:
    """Open a context menu in a window; without a label in the calling page's own."""
    menu = _held(webview, rid, kind, ContextMenu)
    with _rejecting():
        target = _window(current, window)
        if at is None:
            target.popup_menu(menu)
        else:
            target.popup_menu_at(menu, at)


def _window(current: Window, label: str | None) -> Window:
    found = current.get_window(label) if label else current
    if found is None:
        raise CommandError(f"window not found: no window has the label `{label}`")
    return found


@command
def set_as_app_menu(app: AppHandle, webview: Webview, rid: int) -> tuple[int, str] | None:
    """Show a menu in every window without its own, and return the one before it."""
    menu = _held(webview, rid, "Menu", Menu)
    with _rejecting():
        return _told_menu(webview, app.set_menu(menu))


@command
def set_as_window_menu(
    webview: Webview, current: Window, rid: int, window: str | None = None
) -> tuple[int, str] | None:
    """Show a menu in a window, and return the one before it; without a label in the calling page's own."""
    menu = _held(webview, rid, "Menu", Menu)
    with _rejecting():
        return _told_menu(webview, _window(current, window).set_menu(menu))


@command
def text(webview: Webview, rid: int, kind: str) -> str:
    """Return the text of an item."""
    return str(_held(webview, rid, kind, MenuItem, Submenu, PredefinedMenuItem).text())


@command
def set_text(webview: Webview, rid: int, kind: str, text: str) -> None:
    """Set the text of an item."""
    with _rejecting():
        _held(webview, rid, kind, MenuItem, Submenu, PredefinedMenuItem).set_text(text)


@command
def is_enabled(webview: Webview, rid: int, kind: str) -> bool:
    """Tell whether an item can be activated."""
    return bool(_held(webview, rid, kind, MenuItem, Submenu).is_enabled())


@command
def set_enabled(webview: Webview, rid: int, kind: str, enabled: bool) -> None:
    """Let an item be activated, or not."""
    with _rejecting():
        _held(webview, rid, kind, MenuItem, Submenu).set_enabled(enabled)


@command
def set_accelerator(webview: Webview, rid: int, kind: str, accelerator: str | None = None) -> None:
    """Set the keys that activate an item."""
    with _rejecting():
        _held(webview, rid, kind, MenuItem).set_accelerator(accelerator)


@command
def set_as_windows_menu_for_nsapp(webview: Webview, rid: int) -> None:
    """Do nothing: this is for macOS."""
    _held(webview, rid, "Submenu", Submenu)


@command
def set_as_help_menu_for_nsapp(webview: Webview, rid: int) -> None:
    """Do nothing: this is for macOS."""
    _held(webview, rid, "Submenu", Submenu)


@command
def is_checked(webview: Webview, rid: int) -> bool:
    """Tell whether a check item has its mark."""
    return bool(_held(webview, rid, "Check", CheckMenuItem).is_checked())


@command
def set_checked(webview: Webview, rid: int, checked: bool) -> None:
    """Set or remove the mark of a check item."""
    with _rejecting():
        _held(webview, rid, "Check", CheckMenuItem).set_checked(checked)


@command
def set_icon(webview: Webview, rid: int, kind: str = "Icon", icon: Any = None) -> None:  # 2.0: without a kind
    """Set or remove the picture of an item."""
    with _rejecting():
        _held(webview, rid, kind, IconMenuItem, Submenu).set_icon(icon_of(webview, icon))


_COMMANDS = (
    new,
    create_default,
    append,
    prepend,
    insert,
    remove,
    remove_at,
    items,
    get,
    popup,
    set_as_app_menu,
    set_as_window_menu,
    text,
    set_text,
    is_enabled,
    set_enabled,
    set_accelerator,
    set_as_windows_menu_for_nsapp,
    set_as_help_menu_for_nsapp,
    is_checked,
    set_checked,
    set_icon,
)


def menu_plugin() -> Plugin:
    """Return the plugin of menus; as in Tauri, its default permission allows all of its commands."""
    handler = generate_handler(*_COMMANDS, lazy=True)
    default = tuple(f"allow-{name.replace('_', '-')}" for name in handler.names)
    return PluginBuilder("menu").invoke_handler(handler).permissions(default=default).build()
