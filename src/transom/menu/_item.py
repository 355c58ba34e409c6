"""What is in a menu: the base of all items, and of what holds items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Literal, NamedTuple, TypeAlias
from weakref import WeakSet

from ..errors import MenuError
from ..runtimes import Accelerator, MenuNode
from ..threads import OrderedCalls
from ._table import MenuManager, MenuTable

__all__ = [
    "Container",
    "MenuEvent",
    "MenuItemBase",
    "MenuItemHandler",
    "MenuItemKind",
    "TextItem",
    "accelerator_of",
    "clean",
]

MenuItemKind: TypeAlias = Literal["Menu", "MenuItem", "Submenu", "Check", "Icon", "Predefined"]

_MAX_TEXT = 1000
_MAX_ITEMS = 5000  # in one menu with all its submenus; an item that is in it twice counts twice
_MAX_DEPTH = 16
_MAX_ABOVE = 200  # menus and submenus that one item is in; each is looked at when the item changes


class MenuEvent(NamedTuple):
    """A menu item was activated.

    Attributes:
        id: The item's id.
    """

    id: str


MenuItemHandler: TypeAlias = Callable[[MenuEvent], object]


def clean(text: str, what: str) -> str:
    """Return a text as a window system takes it, without NUL characters and halves of characters.

    Raises:
        MenuError: It is too long.
    """
    if len(text) > _MAX_TEXT:
        raise MenuError(f"the {what} has {len(text)} characters; the limit is {_MAX_TEXT}")
    return text.replace("\0", "").encode("utf-8", "replace").decode()


class MenuItemBase:
    """The part that all items and menus share. Any thread.

    Args:
        manager: Any handle of the application.
        id: What events call it; `None` for one that no other item has.
    """

    kind: ClassVar[MenuItemKind]

    def __init__(self, manager: MenuManager, id: str | None = None) -> None:  # noqa: A002 - Tauri's name
        self._table: MenuTable = manager._app.menus  # noqa: SLF001 - a handle, as this item is
        self._parents: WeakSet[Container] = WeakSet()
        self._handler: OrderedCalls | None = None
        self._key = self._table.add(self)
        self._id = str(self._key) if id is None else clean(id, "id of a menu item")

    @property
    def id(self) -> str:
        """The id of the item in events."""
        return self._id

    @property
    def key(self) -> int:
        """A number that no other item of the application has."""
        return self._key

    def on_menu_event(self, handler: MenuItemHandler | None) -> None:
        """Call `handler` with a `MenuEvent` whenever this very item is activated; another call replaces it.

        `def` runs in a worker, `async def` on the event loop. `None` removes it.
        """
        threads = self._table.threads
        self._handler = None if handler is None else OrderedCalls(threads, handler, f"the handler of {self!r}")

    def tell(self, event: MenuEvent) -> None:
        """Call the item's own handler soon."""
        handler = self._handler
        if handler is not None:
            handler(event)

    def close(self) -> None:
        """Do nothing: a page's hold on the item ends. What is shown stays. See `Resource`."""

    def above(self) -> set[MenuItemBase]:
        """Return the item and everything that it is inside of. Under the table's lock."""
        found: set[MenuItemBase] = set()
        waiting: list[MenuItemBase] = [self]
        while waiting:
            item = waiting.pop()
            if item not in found:
                found.add(item)
                waiting.extend(item._parents)  # noqa: SLF001 - of the same class
        return found

    def node(self) -> MenuNode:
        """Return the item as it is now. Under the table's lock."""
        raise NotImplementedError

    def size(self) -> tuple[int, int]:
        """Return how many items this is with all inside of it, and how deep. Under the table's lock."""
        return 1, 1

    def _changed(self) -> None:
        self._table.changed(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._id!r}>"


class TextItem(MenuItemBase):
    """An item with a text that can be enabled and disabled.

    Args:
        manager: Any handle of the application.
        text: Its text; `&` before a character makes that the one to press, `&&` is an ampersand.
        enabled: Whether it can be activated.
        id: What events call it; `None` for one that no other item has.

    Raises:
        MenuError: The text or the id is too long.
    """

    def __init__(
        self,
        manager: MenuManager,
        text: str,
        enabled: bool = True,
        *,
        id: str | None = None,  # noqa: A002 - Tauri's name
    ) -> None:
        super().__init__(manager, id)
        self._text = clean(text, "text of a menu item")
        self._enabled = bool(enabled)

    def text(self) -> str:
        """Return its text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Set its text.

        Raises:
            MenuError: The text is too long.
            WindowError: A window system that shows it has ended.
        """
        self._text = clean(text, "text of a menu item")
        self._changed()

    def is_enabled(self) -> bool:
        """Tell whether it can be activated."""
        return self._enabled

    def set_enabled(self, enabled: bool) -> None:
        """Let it be activated, or not."""
        self._enabled = bool(enabled)
        self._changed()


def accelerator_of(accelerator: str | Accelerator | None) -> Accelerator | None:
    """Return an accelerator from its text.

    Raises:
        MenuError: The text is not one.
    """
    if isinstance(accelerator, str):
        return Accelerator.parse(accelerator) if accelerator else None
    return accelerator


class Container(MenuItemBase):
    """A menu or a submenu, which holds items. The methods that change it raise `MenuError` where a rule is broken."""

    def __init__(self, manager: MenuManager, id: str | None = None) -> None:  # noqa: A002 - Tauri's name
        super().__init__(manager, id)
        self._items: list[MenuItemBase] = []

    def items(self) -> list[MenuItemBase]:
        """Return what is in it, in order."""
        with self._table.lock:
            return list(self._items)

    def get(self, id: str) -> Any:  # noqa: A002 - Tauri's name
        """Return the item with an id, `None` when there is none; items of submenus are not searched."""
        return next((item for item in self.items() if item.id == id), None)

    def append(self, item: MenuItemBase) -> None:
        """Add an item at the end."""
        self.insert_items([item], None)

    def append_items(self, items: Iterable[MenuItemBase]) -> None:
        """Add items at the end."""
        self.insert_items(items, None)

    def prepend(self, item: MenuItemBase) -> None:
        """Add an item at the beginning."""
        self.insert_items([item], 0)

    def prepend_items(self, items: Iterable[MenuItemBase]) -> None:
        """Add items at the beginning."""
        self.insert_items(items, 0)

    def insert(self, item: MenuItemBase, position: int) -> None:
        """Add an item before the one at a position."""
        self.insert_items([item], position)

    def insert_items(self, items: Iterable[MenuItemBase], position: int | None) -> None:
        """Add items before the one at a position; `None` for the end.

        Raises:
            MenuError: The position is past the end, an item would be inside itself or is of another application, or the
                menu would be too large or too deep. Nothing is added.
            WindowError: A window system that shows the menu has ended.
        """
        new = list(items)
        with self._table.lock:
            before = list(self._items)
            at = len(before) if position is None else position
            if not 0 <= at <= len(before):
                raise MenuError(f"the position {at} is past the end: the menu has {len(before)} items")
            above = self.above()
            for item in new:
                self._check(item, above)
            self._items[at:at] = new
            try:
                for container in above:
                    container.size()
            except MenuError:
                self._items = before
                raise
            for item in new:
                item._parents.add(self)  # noqa: SLF001 - of the same class
        self._changed()

    def _check(self, item: MenuItemBase, above: set[MenuItemBase]) -> None:
        if item.kind == "Menu":
            raise MenuError("unexpected menu item kind: a Menu cannot be inside of a menu; make it a Submenu")
        if item._table is not self._table:  # noqa: SLF001 - of the same class
            raise MenuError(f"the menu item {item.id!r} belongs to another application")
        if len(above) + len(item.above()) > _MAX_ABOVE:
            raise MenuError(f"the menu item {item.id!r} is in more than {_MAX_ABOVE} menus and submenus")
        if item in above:
            raise MenuError(f"the submenu {item.id!r} cannot be inside of itself")

    def remove(self, item: MenuItemBase) -> None:
        """Take an item out.

        Raises:
            MenuError: It is not in this menu.
        """
        with self._table.lock:
            if item not in self._items:
                raise MenuError(f"the menu item {item.id!r} is not a child of this menu or submenu")
            self._take(self._items.index(item))
        self._changed()

    def remove_at(self, position: int) -> Any:
        """Take the item at a position out and return it; `None` when there is none."""
        with self._table.lock:
            if not 0 <= position < len(self._items):
                return None
            item = self._take(position)
        self._changed()
        return item

    def _take(self, position: int) -> MenuItemBase:
        item = self._items.pop(position)
        if item not in self._items:
            item._parents.discard(self)  # noqa: SLF001 - of the same class
        return item

    def nodes(self) -> tuple[MenuNode, ...]:
        """Return what is in it as it is now. Under the table's lock."""
        return tuple(item.node() for item in self._items)

    def size(self) -> tuple[int, int]:
        """Return how many items this is with all inside of it, and how deep. Under the table's lock."""
        total, depth = 1, 1
        for item in self._items:
            number, deep = item.size()
            total, depth = total + number, max(depth, deep + 1)
            # At once: to count a submenu that is in a menu a thousand times over, a thousand times, would take for ever.
            if total > _MAX_ITEMS + 1:
                raise MenuError(f"a menu with its submenus has at most {_MAX_ITEMS} items")
            if depth > _MAX_DEPTH + 1:
                raise MenuError(f"submenus are at most {_MAX_DEPTH} deep")
        return total, depth
