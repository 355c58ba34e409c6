"""The items of one application, and the places where its menus are shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple, Protocol
from weakref import WeakValueDictionary

from ..config import Config
from ..errors import WindowError
from ..runtimes import MenuNode, MenuTree
from ..threads import Threads

__all__ = ["MenuManager", "MenuTable"]


class _Application(Protocol):
    config: Config

    @property
    def menus(self) -> MenuTable: ...


class MenuManager(Protocol):
    """Any handle of the application: what menus, items and their builders take as `manager`."""

    @property
    def _app(self) -> _Application: ...


class _Item(Protocol):
    """An item, as the table sees it; `_item.py` describes both classes."""

    def above(self) -> set[Any]: ...


class _Container(_Item, Protocol):
    def nodes(self) -> tuple[MenuNode, ...]: ...


class _Place(NamedTuple):
    """A place where a menu is shown.

    Attributes:
        menu: The menu, which lives as long as it is shown.
        show: Shows it as it is now.
    """

    menu: _Container
    show: Callable[[MenuTree], None]


class MenuTable:
    """Finds items by their keys, and shows a menu again in each of its places when something in it changes.

    Args:
        threads: The application's threads.

    Attributes:
        lock: Guards every item of the application. Never held while a window system works.
        threads: Where the handlers of items run.
    """

    def __init__(self, threads: Threads) -> None:
        self.threads = threads
        self.lock = threading.RLock()
        self._keys = count(1)
        self._versions = count(1)
        self._items: WeakValueDictionary[int, Any] = WeakValueDictionary()
        self._places: dict[str, _Place] = {}

    def add(self, item: _Item) -> int:
        """Return a key for an item. The table does not keep the item alive."""
        with self.lock:
            key = next(self._keys)
            self._items[key] = item
        return key

    def find(self, key: int) -> Any:
        """Return the item with a key, `None` if nothing uses it any more."""
        return self._items.get(key)

    def next_version(self) -> int:
        """Return a number for what is shown from now on; see `MenuTree.version`."""
        return next(self._versions)

    def tree(self, menu: _Container) -> MenuTree:
        """Return a menu as it is now."""
        with self.lock:
            return MenuTree(next(self._versions), menu.nodes())

    def place(self, name: str, menu: _Container, show: Callable[[MenuTree], None]) -> None:
        """Show a menu in a place, now and whenever something in it changes.

        Args:
            name: Names the place; a menu that was there before is not shown again.
            menu: The menu.
            show: Shows it.

        Raises:
            WindowError: It cannot be shown there; nothing has changed.
        """
        with self.lock:  # before it is shown, so that no change in between is missed
            before, self._places[name] = self._places.get(name), _Place(menu, show)
            tree = self.tree(menu)
        try:
            show(tree)
        except BaseException:
            with self.lock:
                self._places.pop(name, None)
                if before is not None:
                    self._places[name] = before
            raise

    def remove_place(self, name: str) -> None:
        """Show no menu in a place again."""
        with self.lock:
            self._places.pop(name, None)

    def changed(self, item: _Item) -> None:
        """Show every menu again that an item is in.

        Raises:
            WindowError: The window system cannot show it.
        """
        with self.lock:
            above = item.above()
            # Here, so that a menu that comes into the place of this one has a later version.
            places = [
                (name, place.show, self.tree(place.menu)) for name, place in self._places.items() if place.menu in above
            ]
        for name, show, tree in places:
            try:
                show(tree)
            except WindowError:
                if name in self._places:  # else its window was closed meanwhile
                    raise
