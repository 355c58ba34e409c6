"""The menu of one tray icon on the bus: the interface `com.canonical.dbusmenu`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import menus
from ._interfaces import MENU
from ._layout import Item, Layout
from ._values import Gio, GLib, encode_item, encode_properties

__all__ = ["BusMenu"]

PATH = "/MenuBar"
_NAME = "com.canonical.dbusmenu"
_PROPERTIES = {
    "Version": ("u", 3),
    "TextDirection": ("s", "ltr"),
    "Status": ("s", "normal"),
    "IconThemePath": ("as", []),
}


class BusMenu:
    """Answers what desktops ask about a menu, and tells them of its changes. The main thread.

    Args:
        connection: The icon's own connection to the bus.
        activate: Called with an activated item's key, and with the new state of a check item.
    """

    def __init__(self, connection: Any, activate: Callable[[int, bool | None], None]) -> None:
        self._connection = connection
        self._activate = activate
        self._layout = Layout()
        interface = Gio.DBusNodeInfo.new_for_xml(MENU).interfaces[0]
        connection.register_object(PATH, interface, self._on_call, self._on_get, None)

    def show(self, nodes: tuple[menus.MenuNode, ...]) -> None:
        """Show another menu, or the same one with other looks."""
        change = self._layout.show(nodes)
        if change.layout:
            self._emit("LayoutUpdated", GLib.Variant("(ui)", (self._layout.revision, 0)))
        elif change.updated or change.removed:
            updated = [(number, encode_properties(properties)) for number, properties in change.updated]
            self._emit("ItemsPropertiesUpdated", GLib.Variant("(a(ia{sv})a(ias))", (updated, list(change.removed))))

    def _emit(self, name: str, arguments: Any) -> None:
        self._connection.emit_signal(None, PATH, _NAME, name, arguments)

    def _on_get(self, connection: Any, sender: str, path: str, interface: str, name: str) -> Any:
        return GLib.Variant(*_PROPERTIES[name])

    def _on_call(
        self, connection: Any, sender: str, path: str, interface: str, name: str, arguments: Any, invocation: Any
    ) -> None:
        try:
            answer = self._answer(name, arguments)
        except LookupError as error:
            invocation.return_dbus_error("org.freedesktop.DBus.Error.InvalidArgs", str(error))
            return
        invocation.return_value(answer)

    def _answer(self, name: str, arguments: Any) -> Any:
        """Return the answer of a call, a variant; `None` for calls without one.

        Raises:
            LookupError: No item has the number, or it has no such property.
        """
        given = arguments.unpack()
        if name == "GetLayout":
            parent, depth, names = given
            layout = encode_item(self._item(parent), depth, names)
            revision = GLib.Variant("u", self._layout.revision)
            return GLib.Variant.new_tuple(revision, layout)
        if name == "GetGroupProperties":
            ids, names = given
            items = [self._item(number) for number in ids if self._layout.item(number)] if ids else self._layout.all()
            found = [(item.id, encode_properties(item.properties, names)) for item in items]
            return GLib.Variant("(a(ia{sv}))", (found,))
        if name == "GetProperty":
            properties = encode_properties(self._item(given[0]).properties, [given[1]])
            if given[1] not in properties:
                raise LookupError(f"the item {given[0]} has no property {given[1]!r}")
            return GLib.Variant("(v)", (properties[given[1]],))
        if name == "Event":
            self._item(given[0])
            self._event(given[0], given[1])
            return None
        if name == "EventGroup":
            for number, event, _, _ in given[0]:
                self._event(number, event)
            return GLib.Variant("(ai)", ([number for number, *_ in given[0] if self._layout.item(number) is None],))
        if name == "AboutToShow":
            self._item(given[0])
            return GLib.Variant("(b)", (False,))
        return GLib.Variant("(aiai)", ([], [number for number in given[0] if self._layout.item(number) is None]))

    def _item(self, number: int) -> Item:
        item = self._layout.item(number)
        if item is None:
            raise LookupError(f"no menu item has the number {number}")
        return item

    def _event(self, number: int, event: str) -> None:
        node = self._layout.node(number)
        if event != "clicked" or node is None or not node.enabled or node.kind == "Submenu":
            return
        self._activate(node.key, not node.checked if node.kind == "Check" else None)
