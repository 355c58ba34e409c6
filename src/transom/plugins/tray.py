"""`plugin:tray|*`: tray icons that pages make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..errors import ChannelError, CommandError, ImageError, MenuError, Unsupported, WindowError
from ..handles import AppHandle, Webview
from ..menu import ContextMenu, Menu, Submenu
from ..runtimes import Image, JsImage
from ..tray import TrayIcon, TrayIconBuilder, TrayIconEvent
from ..values import Channel

__all__ = ["tray_plugin"]

_MENUS: dict[str, type[ContextMenu]] = {"Menu": Menu, "Submenu": Submenu}


class _Held:
    """A page's hold on a tray icon. The end of the page removes an icon that it has made, and no other.

    Args:
        tray: The icon.
        made: Whether the page has made it.
    """

    def __init__(self, tray: TrayIcon, made: bool) -> None:
        self.tray = tray
        self._made = made

    def close(self) -> None:
        if self._made:
            self.tray.close()


@contextmanager
def _rejecting() -> Iterator[None]:
    """Let the call reject with the sentence of what went wrong."""
    try:
        yield
    except Unsupported:
        raise
    except (MenuError, ImageError, WindowError) as error:
        raise CommandError(str(error)) from None


def _held(webview: Webview, rid: int) -> TrayIcon:
    return webview.resources_table().get(rid, _Held).tray


def _menu_of(webview: Webview, menu: Any) -> ContextMenu:
    if isinstance(menu, list | tuple) and len(menu) == 2 and type(menu[0]) is int and menu[1] in ("Menu", "Submenu"):
        return webview.resources_table().get(menu[0], _MENUS[menu[1]])
    raise CommandError("unexpected menu item kind")  # Tauri: the sentence


def _icon_of(webview: Webview, icon: Any) -> Image | None:
    return None if icon is None else JsImage(icon).into_img(webview)


def _send(channel: Channel[Any], _: TrayIcon, event: TrayIconEvent) -> None:
    # The page was left, or reads nothing; the application's own handlers hear of the event all the same.
    with suppress(ChannelError):
        channel.send(event.to_js())


def _option(options: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = options.get(name)
    if value is not None and not isinstance(value, kind):
        got = type(value).__name__
        raise CommandError(
            f"invalid args `options` for command `new`: expected `{kind.__name__}`, got `{got}` (`{name}`)"
        )
    return value


# In workers: the window system's thread shows what they change.
@command
def new(webview: Webview, options: dict[str, Any], handler: Channel[Any]) -> tuple[int, str]:
    """Make a tray icon, and return its resource id and its id."""
    name = _option(options, "id", str)
    with _rejecting():
        builder = TrayIconBuilder() if name is None else TrayIconBuilder.with_id(name)
        if options.get("menu") is not None:
            builder.menu(_menu_of(webview, options["menu"]))
        icon = _icon_of(webview, options.get("icon"))
        if icon is not None:
            builder.icon(icon)
        for key, take in (("tooltip", builder.tooltip), ("title", builder.title)):
            text = _option(options, key, str)
            if text is not None:
                take(text)
        for key in ("menuOnLeftClick", "showMenuOnLeftClick"):  # the older name, and the newer one, which counts
            on_left = _option(options, key, bool)
            if on_left is not None:
                builder.show_menu_on_left_click(on_left)
        tray = builder.on_tray_icon_event(partial(_send, handler)).build(webview)
        return webview.resources_table().add(_Held(tray, True)), tray.id


@command
def get_by_id(app: AppHandle, webview: Webview, id: str) -> int | None:  # noqa: A002 - Tauri's name
    """Return the resource id of a tray icon."""
    tray = app.tray_by_id(id)
    return None if tray is None else webview.resources_table().add(_Held(tray, False))


@command
def remove_by_id(app: AppHandle, id: str) -> None:  # noqa: A002 - Tauri's name
    """Remove a tray icon."""
    if app.remove_tray_by_id(id) is None:
        raise CommandError(f"Can't find a tray associated with this id: {id}")  # Tauri: how it begins


@command
def set_icon(webview: Webview, rid: int, icon: Any = None) -> None:
    """Set or remove the picture."""
    with _rejecting():
        _held(webview, rid).set_icon(_icon_of(webview, icon))


@command
def set_menu(webview: Webview, rid: int, menu: tuple[int, str] | None = None) -> None:
    """Set or remove the menu."""
    with _rejecting():
        _held(webview, rid).set_menu(None if menu is None else _menu_of(webview, menu))


@command
def set_tooltip(webview: Webview, rid: int, tooltip: str | None = None) -> None:
    """Set or remove the tooltip."""
    with _rejecting():
        _held(webview, rid).set_tooltip(tooltip)


@command
def set_title(webview: Webview, rid: int, title: str | None = None) -> None:
    """Set or remove the text beside the icon."""
    with _rejecting():
        _held(webview, rid).set_title(title)


@command
def set_visible(webview: Webview, rid: int, visible: bool) -> None:
    """Show or hide the icon."""
    with _rejecting():
        _held(webview, rid).set_visible(visible)


@command
def set_temp_dir_path(webview: Webview, rid: int, path: str | None = None) -> None:
    """Do nothing: no picture is written to a file."""
    with _rejecting():
        _held(webview, rid).set_temp_dir_path(path)


@command
def set_icon_as_template(webview: Webview, rid: int, as_template: bool) -> None:
    """Do nothing: this is for macOS."""
    with _rejecting():
        _held(webview, rid).set_icon_as_template(as_template)


@command
def set_icon_with_as_template(webview: Webview, rid: int, as_template: bool, icon: Any = None) -> None:
    """Set or remove the picture."""
    with _rejecting():
        _held(webview, rid).set_icon_with_as_template(_icon_of(webview, icon), as_template)


@command
def set_show_menu_on_left_click(webview: Webview, rid: int, on_left: bool) -> None:
    """Let the left button open the menu, or only tell of its click."""
    with _rejecting():
        _held(webview, rid).set_show_menu_on_left_click(on_left)


_COMMANDS = (
    new,
    get_by_id,
    remove_by_id,
    set_icon,
    set_menu,
    set_tooltip,
    set_title,
    set_visible,
    set_temp_dir_path,
    set_icon_as_template,
    set_icon_with_as_template,
    set_show_menu_on_left_click,
)


def tray_plugin() -> Plugin:
    """Return the plugin of tray icons; as in Tauri, its default permission allows all of its commands."""
    handler = generate_handler(*_COMMANDS, lazy=True)
    default = tuple(f"allow-{name.replace('_', '-')}" for name in handler.names)
    return PluginBuilder("tray").invoke_handler(handler).permissions(default=default).build()
