"""The tray icons of one application, and who hears of clicks on them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any, Protocol

import msgspec

from ..errors import MenuError
from ..menu import ContextMenu, MenuEvent, MenuManager, Menus
from ..runtimes import MenuTree, Op, RemoveTray, SetTray, TrayClick, TrayState
from ..threads import OrderedCalls, Threads
from ._event import TrayIconEvent, click_event

__all__ = ["Trays", "TraysApplication", "TraysManager", "clean_text"]

_MAX_ICONS = 16  # each has a connection to the session bus
_MAX_TEXT = 1000


class TraysApplication(Protocol):
    """The application, as its tray icons see it."""

    threads: Threads

    @property
    def menus(self) -> Menus:
        """The application's menus."""
        ...

    def perform_op(self, op: Op[Any]) -> Any:
        """Ask the window system for something.

        Raises:
            WindowError: The runtime cannot do this.
        """
        ...


class _Application(Protocol):
    @property
    def trays(self) -> Trays: ...


class TraysManager(MenuManager, Protocol):
    """Any handle of the application: what a tray icon and its builder take as `manager`."""

    @property
    def _app(self) -> Any: ...

    def app_handle(self) -> Any:
        """Return a handle of the application."""
        ...


class _Icon(Protocol):
    @property
    def id(self) -> str: ...
    def state(self) -> TrayState: ...
    def menu(self) -> ContextMenu | None: ...


def clean_text(text: str | None) -> str | None:
    """Return a text as a desktop takes it, without NUL characters and halves of characters.

    Raises:
        MenuError: It is too long.
    """
    if text is None:
        return None
    if len(text) > _MAX_TEXT:
        raise MenuError(f"the text of a tray icon has {len(text)} characters; the limit is {_MAX_TEXT}")
    return text.replace("\0", "").encode("utf-8", "replace").decode()


class Trays:
    """The tray icons of one application. Any thread.

    Args:
        app: The application.

    Attributes:
        lock: Guards every icon. Never held while a window system works.
    """

    def __init__(self, app: TraysApplication) -> None:
        self.lock = threading.RLock()
        self._app = app
        self._keys = count(1)
        self._icons: dict[int, Any] = {}
        # With the key of the icon that is heard; `None` for all.
        self._listeners: list[tuple[int | None, OrderedCalls]] = []

    def next_key(self) -> int:
        """Return a number that no other icon has."""
        return next(self._keys)

    def by_id(self, id: str) -> Any:  # noqa: A002 - Tauri's name
        """Return the icon with an id, `None` when there is none."""
        with self.lock:
            return next((icon for icon in self._icons.values() if icon.id == id), None)

    def has(self, icon: _Icon) -> bool:
        """Tell whether an icon is there."""
        return self._icons.get(icon.state().key) is icon

    def add(self, icon: _Icon) -> None:
        """Show a new icon; one with the same id is removed.

        Raises:
            MenuError: There are too many.
            WindowError: The runtime has no tray.
        """
        before = self.by_id(icon.id)
        if before is not None:
            self.remove(before)
        key = icon.state().key
        try:
            with self.lock:
                if len(self._icons) >= _MAX_ICONS:
                    raise MenuError(f"an application has at most {_MAX_ICONS} tray icons; remove one first")
                self._icons[key] = icon
            self.show(icon)
        except BaseException:
            self._forget(key)
            raise

    def _forget(self, key: int) -> bool:
        """Forget an icon and who listens to it; tell whether it was there."""
        with self.lock:
            found = self._icons.pop(key, None)
            self._listeners = [listener for listener in self._listeners if listener[0] != key]
        self._app.menus.remove_place(f"tray:{key}")
        return found is not None

    def show(self, icon: _Icon) -> None:
        """Show an icon as it is now, and again whenever its menu changes.

        Raises:
            WindowError: The runtime has no tray.
        """
        menus, name, menu = self._app.menus, f"tray:{icon.state().key}", icon.menu()
        if menu is not None:
            menus.place(name, menu, partial(self._show, icon))
        else:
            menus.remove_place(name)
            self._show(icon, None)

    def _show(self, icon: _Icon, menu: MenuTree | None) -> None:
        version = self._app.menus.next_version() if menu is None else menu.version
        self._app.perform_op(SetTray(msgspec.structs.replace(icon.state(), menu=menu, version=version)))

    def remove(self, icon: _Icon) -> None:
        """Take an icon away; one that is not there is ignored."""
        key = icon.state().key
        if self._forget(key):
            self._app.perform_op(RemoveTray(key))

    def listen(self, handler: Callable[[TrayIconEvent], object], icon: _Icon | None = None) -> None:
        """Call a function with every event of an icon; `None` for those of all icons."""
        calls = OrderedCalls(self._app.threads, handler, "a handler of tray events")
        with self.lock:
            self._listeners.append((None if icon is None else icon.state().key, calls))

    def listen_menu(self, handler: Callable[[MenuEvent], object]) -> None:
        """Call a function with every event of menus."""
        self._app.menus.listen(handler)

    def clicked(self, click: TrayClick) -> TrayIconEvent | None:
        """Tell of a click and return the event; `None` for an icon that is gone. The window system's thread; returns at once."""
        with self.lock:
            icon = self._icons.get(click.key)
            listeners = [listener for key, listener in self._listeners if key in (None, click.key)]
        if icon is None:
            return None
        event = click_event(icon.id, click.button, click.x, click.y)
        for listener in listeners:
            listener(event)
        return event
