"""The menus of an application's windows, and who hears of activated items."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Protocol

from ..config import Config
from ..errors import MenuError, WindowError
from ..runtimes import MenuActivation, MenuTree, Op, PerformPredefined, PopupMenu, SetMenuVisible, SetWindowMenu
from ..threads import OrderedCalls, Threads
from ._item import Container, MenuEvent, MenuItemBase, MenuItemHandler
from ._items import CheckMenuItem, PredefinedMenuItem
from ._menu import Menu
from ._table import MenuTable

__all__ = ["Menus", "MenusApplication"]


class MenusApplication(Protocol):
    """The application, as its menus see it."""

    config: Config
    threads: Threads

    def window_labels(self) -> Iterable[str]:
        """Return the labels of all windows."""
        ...

    def focused_window(self) -> str | None:
        """Return the label of the window with the keyboard; `None` when no window of the application has it."""
        ...

    def perform_op(self, op: Op[Any]) -> Any:
        """Ask the window system for something.

        Raises:
            WindowError: There is no such window, or the runtime cannot do this.
        """
        ...

    def exit(self, code: int) -> None:
        """End the application."""


class Menus(MenuTable):
    """The menus of one application: which window shows which, and the listeners. Any thread.

    Args:
        app: The application.
    """

    def __init__(self, app: MenusApplication) -> None:
        super().__init__(app.threads)
        self._app = app
        self._app_menu: Menu | None = None
        # Menus that windows have beside the application's; `None` for a window that is to have none.
        self._own: dict[str, Menu | None] = {}
        self._hidden: set[str] = set()
        self._listeners: list[tuple[str | None, OrderedCalls]] = []

    # The menu bars.

    def app_menu(self) -> Menu | None:
        """Return the menu of every window that has none of its own."""
        return self._app_menu

    def set_app_menu(self, menu: Menu | None) -> Menu | None:
        """Show a menu in every window that has none of its own, now and later, and return the one before it.

        Raises:
            WindowError: The runtime shows no menu bars.
        """
        _check_menu(menu)
        with self.lock:
            before, self._app_menu = self._app_menu, menu
            labels = [label for label in self._app.window_labels() if label not in self._own]
        for label in labels:
            try:
                self._show(label, menu)
            except WindowError:
                if label in self._app.window_labels():  # else it was closed meanwhile
                    self._app_menu = before
                    raise
        return before

    def window_menu(self, label: str) -> Menu | None:
        """Return the menu that a window shows."""
        with self.lock:
            return self._own.get(label, self._app_menu)

    def set_window_menu(self, label: str, menu: Menu | None) -> Menu | None:
        """Show a menu in a window and return the one before it; `None` for no menu, not even the application's.

        Raises:
            WindowError: The window is gone, or the runtime shows no menu bars.
        """
        _check_menu(menu)
        with self.lock:
            before = self.window_menu(label)
            kept = dict(self._own)
            self._own[label] = menu
        try:
            self._show(label, menu)
        except WindowError:
            with self.lock:
                self._own.pop(label, None)
                if label in kept:
                    self._own[label] = kept[label]
            raise
        return before

    def _show(self, label: str, menu: Menu | None) -> None:
        if menu is not None:
            self.place(f"window:{label}", menu, partial(self._show_tree, label))
            return
        self.remove_place(f"window:{label}")
        self._app.perform_op(SetWindowMenu(label, None, self.next_version()))

    def _show_tree(self, label: str, tree: MenuTree) -> None:
        self._app.perform_op(SetWindowMenu(label, tree, tree.version))

    def set_visible(self, label: str, visible: bool) -> None:
        """Show or hide the menu bar of a window.

        Raises:
            WindowError: The window is gone, or the runtime shows no menu bars.
        """
        self._app.perform_op(SetMenuVisible(label, visible))
        with self.lock:
            (self._hidden.discard if visible else self._hidden.add)(label)

    def is_visible(self, label: str) -> bool:
        """Tell whether a window has a menu bar that is not hidden."""
        with self.lock:
            return self.window_menu(label) is not None and label not in self._hidden

    def popup(
        self, label: str, menu: Container, position: tuple[float, float] | None = None, *, physical: bool = False
    ) -> None:
        """Open a context menu in a window and return at once.

        Args:
            label: The window.
            menu: A menu or a submenu.
            position: Where in the window, from its top left; `None` for where the pointer is.
            physical: Whether the position is in physical pixels.

        Raises:
            WindowError: The window is gone, or the runtime opens no menus.
        """
        # It lives while it is open; the runtime closes it at the next one.
        self.place(f"popup:{label}", menu, lambda _: None)
        try:
            self._app.perform_op(PopupMenu(label, self.tree(menu), position, physical))
        except WindowError:
            self.remove_place(f"popup:{label}")
            raise

    def window_created(self, label: str, menu: Menu | None = None) -> None:
        """Show a menu in a new window: its own, or else the application's.

        Raises:
            WindowError: The runtime shows no menu bars.
        """
        if menu is not None:
            self.set_window_menu(label, menu)
        elif self._app_menu is not None and label not in self._own:
            self._show(label, self._app_menu)

    def window_gone(self, label: str) -> None:
        """Forget what belonged to a window."""
        with self.lock:
            self._own.pop(label, None)
            self._hidden.discard(label)
            self._listeners = [listener for listener in self._listeners if listener[0] != label]
        self.remove_place(f"window:{label}")
        self.remove_place(f"popup:{label}")

    # Activated items.

    def listen(self, handler: MenuItemHandler, window: str | None = None) -> None:
        """Call a function with every `MenuEvent`, whichever menu it is from.

        Args:
            handler: `def` runs in a worker, `async def` on the event loop, one event after the other.
            window: Label of the window with whose end this ends; `None` for the end of the application.
        """
        with self.lock:
            self._listeners.append((window, OrderedCalls(self.threads, handler, "a handler of menu events")))

    def activated(self, activation: MenuActivation) -> MenuEvent | None:
        """Tell of an activated item and return the event; of a predefined one do what it stands for. The window system's thread."""
        item = self.find(activation.key)
        if isinstance(item, PredefinedMenuItem):
            self._perform(item, activation.window or self._app.focused_window())
        elif item is not None:
            if isinstance(item, CheckMenuItem) and activation.checked is not None:
                item.set_checked(activation.checked)  # in its other places too
            return self._tell(item)
        return None

    def _perform(self, item: PredefinedMenuItem, window: str | None) -> None:
        if item.item == "Quit":
            self._app.exit(0)
            return
        label = window or next(iter(self._app.window_labels()), None)
        if label is not None:
            self._app.perform_op(PerformPredefined(label, item.item, item.metadata))

    def _tell(self, item: MenuItemBase) -> MenuEvent:
        event = MenuEvent(item.id)
        with self.lock:
            listeners = [listener for _, listener in self._listeners]
        item.tell(event)
        for listener in listeners:
            listener(event)
        return event


def _check_menu(menu: object) -> None:
    if menu is not None and not isinstance(menu, Menu):
        raise MenuError(f"a window has a Menu, not a {type(menu).__name__}; put it into one with Menu.with_items(...)")
