"""What the menus of an application ask of it, and how its first menu comes to be."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from typing import Any, Protocol

from ..config import Config
from ..errors import ConfigError, ImageError, WindowError
from ..handles import AppHandle
from ..menu import Menu, Menus
from ..pages import Client
from ..runtimes import Image, MenuActivation, Op, TrayClick
from ..threads import Threads
from ..tray import TrayIconBuilder, Trays
from ._hooks import run_logged
from ._parts import AppParts

__all__ = ["MenuHost", "MenuWindows", "begin_menus", "begin_trays", "show_menu"]

_log = logging.getLogger("transom")


class _Core(Protocol):
    config: Config
    client: Client
    threads: Threads
    menus: Menus

    def perform(self, client: Client, op: Op[Any]) -> Any: ...
    def exit(self, code: int) -> None: ...


class MenuWindows:
    """What the menus ask of the application; see `MenusApplication`."""

    def __init__(self, core: _Core) -> None:
        self._core = core
        self.config = core.config
        self.threads = core.threads

    @property
    def menus(self) -> Menus:
        """The application's menus."""
        return self._core.menus

    def window_labels(self) -> Iterable[str]:
        """Return the labels of all windows."""
        return list(self._core.client.windows)

    def focused_window(self) -> str | None:
        """Return the label of the window with the keyboard; `None` when no window of the application has it."""
        return self._core.client.focused

    def perform_op(self, op: Op[Any]) -> Any:
        """Ask the window system for something.

        Raises:
            WindowError: There is no such window, or the runtime cannot do this.
        """
        return self._core.perform(self._core.client, op)

    def exit(self, code: int) -> None:
        """End the application."""
        self._core.exit(code)


class MenuHost:
    """The part of the runtimes' `Host` that hears of menus and tray icons.

    Attributes:
        menus: The application's menus.
        trays: Its tray icons.
    """

    menus: Menus
    trays: Trays

    def menu_event(self, activation: MenuActivation) -> None:
        """Tell of an activated menu item, or do what a predefined one stands for."""
        run_logged(partial(self.menus.activated, activation))

    def tray_event(self, click: TrayClick) -> None:
        """Tell of a click on a tray icon."""
        self.trays.clicked(click)


def begin_menus(app: AppHandle, parts: AppParts) -> None:
    """Register the builder's handlers and make the application's menu, before any window is there."""
    for handler in parts.on_menu_event:
        app.on_menu_event(handler)
    if parts.menu is not None:
        app.set_menu(parts.menu(app))


def begin_trays(app: AppHandle, parts: AppParts) -> None:
    """Register the builder's handlers and make the tray icon of the configuration.

    Raises:
        ConfigError: Its picture cannot be read.
    """
    for handler in parts.on_tray_icon_event:
        app.on_tray_icon_event(handler)
    options = app.config().app.tray_icon
    if options is None:
        return
    builder = TrayIconBuilder.with_id(options.id or "main")  # Tauri: the same
    try:
        builder.icon(Image.from_path(app.config().folder / options.icon_path))
    except ImageError as error:
        raise ConfigError(f"app.trayIcon.iconPath ({options.icon_path}): {error}") from None
    if options.tooltip is not None:
        builder.tooltip(options.tooltip)
    if options.title is not None:
        builder.title(options.title)
    on_left = options.show_menu_on_left_click
    builder.show_menu_on_left_click(options.menu_on_left_click if on_left is None else on_left)
    try:
        builder.build(app)
    except WindowError as error:
        _log.warning("app.trayIcon: %s", error)


def show_menu(menus: Menus, label: str, menu: Menu | None = None) -> None:
    """Show its menu, or the application's, in a new window; where the runtime shows none, the window does without."""
    try:
        menus.window_created(label, menu)
    except WindowError as error:
        _log.warning("the window %r shows no menu: %s", label, error)
