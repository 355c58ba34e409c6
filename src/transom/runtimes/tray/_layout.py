"""A menu as `com.canonical.dbusmenu` describes it, in plain values; no D-Bus here.

Numbers name the items on the bus. A menu that changes its form gets new ones, so that no desktop takes a new item for an
old one that it remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, NamedTuple

from .. import image, menus

__all__ = ["ROOT", "Item", "Layout", "MenuChange"]

ROOT = 0
_NOT_ON_LINUX = frozenset({"Hide", "HideOthers", "ShowAll", "Services", "BringAllToFront"})
_MODIFIERS = {
    menus.Modifier.CONTROL: "Control",
    menus.Modifier.ALT: "Alt",
    menus.Modifier.SHIFT: "Shift",
    menus.Modifier.SUPER: "Super",
}


class Item(NamedTuple):
    """One item on the bus.

    Attributes:
        id: Its number.
        properties: Names and plain values as the protocol has them; what has its usual value is left out. An `icon-data`
            is an `Image`.
        children: What is in it.
    """

    id: int
    properties: Mapping[str, Any]
    children: tuple[Item, ...] = ()


class MenuChange(NamedTuple):
    """The changes to announce to desktops.

    Attributes:
        layout: Whether the form has changed, so that they ask for it again.
        updated: Items with the properties that have changed.
        removed: Items with the names of the properties that have their usual value again.
    """

    layout: bool = False
    updated: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    removed: tuple[tuple[int, tuple[str, ...]], ...] = ()


class Layout:
    """The menu that is shown, and what a desktop may ask about it.

    Attributes:
        revision: Grows with every change of the form.
    """

    def __init__(self) -> None:
        self.revision = 1
        self._ids = count(1)
        self._nodes: tuple[menus.MenuNode, ...] = ()
        self._items: dict[int, Item] = {ROOT: Item(ROOT, {"children-display": "submenu"})}
        self._by_id: dict[int, menus.MenuNode] = {}

    def show(self, nodes: tuple[menus.MenuNode, ...]) -> MenuChange:
        """Take another menu and return what has changed."""
        before, self._nodes = self._nodes, nodes
        if len(before) == len(nodes) and all(old.is_like(new) for old, new in zip(before, nodes, strict=True)):
            return self._update(nodes)
        self._items, self._by_id = {}, {}
        self._add(ROOT, {"children-display": "submenu"}, nodes, self._ids)
        self.revision += 1
        return MenuChange(layout=True)

    def _update(self, nodes: tuple[menus.MenuNode, ...]) -> MenuChange:
        old = self._items
        ids = iter(
            [number for number in old if number != ROOT]
        )  # in the order in which they were added, which is the form's
        self._items, self._by_id = {}, {}
        self._add(ROOT, {"children-display": "submenu"}, nodes, ids)
        updated, removed = [], []
        for number, item in self._items.items():
            were = old[number].properties
            changed = {name: value for name, value in item.properties.items() if were.get(name) != value}
            gone = tuple(name for name in were if name not in item.properties)
            updated += [(number, changed)] if changed else []
            removed += [(number, gone)] if gone else []
        return MenuChange(updated=tuple(updated), removed=tuple(removed))

    def _add(
        self,
        number: int,
        properties: Mapping[str, Any],
        nodes: Iterable[menus.MenuNode],
        ids: Iterator[int],
    ) -> Item:
        self._items[number] = Item(number, properties)  # in its place in the order, before its children
        children = []
        for node in nodes:
            child = next(ids)
            self._by_id[child] = node
            children.append(self._add(child, _properties(node), node.items, ids))
        item = self._items[number] = Item(number, properties, tuple(children))
        return item

    def item(self, number: int) -> Item | None:
        """Return the item with a number, `None` when there is none (any more)."""
        return self._items.get(number)

    def node(self, number: int) -> menus.MenuNode | None:
        """Return what the item with a number shows; `None` for the menu itself and for unknown numbers."""
        return self._by_id.get(number)

    def all(self) -> list[Item]:
        """Return every item, and the menu itself first."""
        return list(self._items.values())


def _properties(node: menus.MenuNode) -> dict[str, Any]:
    if node.predefined == "Separator":
        return {"type": "separator"}
    found: dict[str, Any] = {"label": menus.plain_text(node.text, "_")}
    if not node.enabled:
        found["enabled"] = False
    if node.predefined in _NOT_ON_LINUX:
        found["visible"] = False
    if node.kind == "Check":
        found |= {"toggle-type": "checkmark", "toggle-state": int(node.checked)}
    if node.kind == "Submenu":
        found["children-display"] = "submenu"
    if node.accelerator is not None:
        found["shortcut"] = [_keys(node.accelerator)]
    if isinstance(node.icon, image.Image):
        found["icon-data"] = node.icon
    return found


def _keys(accelerator: menus.Accelerator) -> list[str]:
    code = accelerator.key
    key = code[3:] if code.startswith("Key") else code.removeprefix("Digit")
    return [*(name for modifier, name in _MODIFIERS.items() if modifier & accelerator.modifiers), key]
