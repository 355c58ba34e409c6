"""What the menus of an application ask of it, and how its first menu comes to be."""

from __future__ import annotations

import logging
import threading
from abc import abstractmethod
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ..config import Config
from ..errors import ConfigError, ImageError, WindowError
from ..events import RunEvent
from ..handles import AppHandle
from ..pages import Client
from ..runtimes import Op
from ..threads import Threads
from ._hooks import EventHooks, run_logged
from ._parts import AppParts

if TYPE_CHECKING:
    from ..menu import Menu, Menus
    from ..runtimes import MenuActivation, TrayClick
    from ..tray import Trays

__all__ = ["MenuHost", "MenuWindows", "begin_menus", "begin_trays"]

_log = logging.getLogger("transom")


class _Core(Protocol):
    config: Config
    client: Client
    threads: Threads

    @property
    def menus(self) -> Menus: ...

    def perform(self, client: Client, op: Op[Any]) -> Any: ...
    def exit(self, code: int) -> None: ...


class MenuWindows:
    """The application, as its menus see it; see `MenusApplication`."""

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
    """The part of an application that has the menus and tray icons, and the part of the runtimes' `Host` that hears of them.

    Their modules are imported at the first use: most applications begin without, and a start should not wait for them.
    """

    _hooks: EventHooks
    _menus: Menus | None = None
    _trays: Trays | None = None

    def __init__(self, host: MenuWindows) -> None:
        self._menu_windows = host
        self._making_menus = threading.RLock()

    @abstractmethod
    def app_handle(self) -> AppHandle:
        """Return a handle of the application."""

    @property
    def menus(self) -> Menus:
        """The application's menus."""
        return self._menus or self._make_menus()

    @property
    def trays(self) -> Trays:
        """The application's tray icons."""
        return self._trays or self._make_trays()

    def _make_menus(self) -> Menus:
        from ..menu import Menus

        with self._making_menus:
            if self._menus is None:
                self._menus = Menus(self._menu_windows)
            return self._menus

    def _make_trays(self) -> Trays:
        from ..tray import Trays

        with self._making_menus:
            if self._trays is None:
                self._trays = Trays(self._menu_windows)
            return self._trays

    def menu_event(self, activation: MenuActivation) -> None:
        """Tell of an activated menu item, or do what a predefined one stands for."""
        if (event := run_logged(partial(self.menus.activated, activation))) is not None and self._hooks.hears_run:
            self._hooks.run_event(self.app_handle(), RunEvent.MenuEvent(event))

    def tray_event(self, click: TrayClick) -> None:
        """Tell of a click on a tray icon."""
        if (event := self.trays.clicked(click)) is not None and self._hooks.hears_run:
            self._hooks.run_event(self.app_handle(), RunEvent.TrayIconEvent(event))

    def show_menu(self, label: str, menu: Menu | None = None) -> None:
        """Show its menu, or the application's, in a new window; where the runtime shows none, the window does without."""
        if self._menus is None and menu is None:  # a menu that is set from now on finds the window by itself
            return
        try:
            self.menus.window_created(label, menu)
        except WindowError as error:
            _log.warning("the window %r shows no menu: %s", label, error)

    def forget_menu(self, label: str) -> None:
        """Forget what menu a window shows, which is gone."""
        if self._menus is not None:
            self._menus.window_gone(label)


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
    from ..runtimes import Image
    from ..tray import TrayIconBuilder

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
