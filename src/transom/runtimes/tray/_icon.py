"""One tray icon on the bus: the interface `org.kde.StatusNotifierItem`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from .. import menus, trays
from ._interfaces import ITEM
from ._menu import PATH as MENU_PATH
from ._menu import BusMenu
from ._values import Gio, GLib, encode_pixmaps

__all__ = ["BusIcon"]

_logger = logging.getLogger("transom")

_PATH = "/StatusNotifierItem"
_NAME = "org.kde.StatusNotifierItem"
_WATCHER = "org.kde.StatusNotifierWatcher"
_NO_MENU = "/NO_DBUSMENU"  # what desktops take for none
# Method -> button of Tauri's event.
_CLICKS: dict[str, trays.MouseButton] = {"Activate": "Left", "SecondaryActivate": "Middle", "ContextMenu": "Right"}


class BusIcon:
    """A tray icon with a connection of its own to the session bus, whose end removes the icon. The main thread.

    Args:
        tray: What is shown first.
        activate: Called with an activated menu item's key, and with the new state of a check item.
        clicked: Called at a click on the icon.

    Raises:
        GLib.Error: There is no session bus.
    """

    def __init__(
        self,
        tray: trays.TrayState,
        activate: Callable[[int, bool | None], None],
        clicked: Callable[[trays.TrayClick], None],
    ) -> None:
        self._tray = tray
        self._clicked = clicked
        # Tauri's icons and ours have no parent: with a connection each, all of them are at the usual place on the bus.
        address = Gio.dbus_address_get_for_bus_sync(Gio.BusType.SESSION, None)
        flags = Gio.DBusConnectionFlags
        self._connection = Gio.DBusConnection.new_for_address_sync(
            address, flags.AUTHENTICATION_CLIENT | flags.MESSAGE_BUS_CONNECTION, None, None
        )
        self._connection.set_exit_on_close(False)
        self._menu = BusMenu(self._connection, activate)
        self._menu.show(_items(tray.menu))
        interface = Gio.DBusNodeInfo.new_for_xml(ITEM).interfaces[0]
        self._connection.register_object(_PATH, interface, self._on_call, self._on_get, None)
        # Also when a panel is restarted, and when there is none yet.
        self._watch = Gio.bus_watch_name_on_connection(
            self._connection, _WATCHER, Gio.BusNameWatcherFlags.NONE, _register, None
        )

    def show(self, tray: trays.TrayState) -> None:
        """Show what has changed; what is older than what is shown is ignored."""
        before = self._tray
        if tray.version < before.version:
            return
        self._tray = tray
        self._menu.show(_items(tray.menu))
        if tray.icon is not before.icon:
            self._emit("NewIcon")
        if tray.tooltip != before.tooltip:
            self._emit("NewToolTip")
        if tray.title != before.title:
            self._emit("NewTitle")
            self._emit("XAyatanaNewLabel", GLib.Variant("(ss)", (tray.title or "", "")))
        if tray.visible != before.visible:
            self._emit("NewStatus", GLib.Variant("(s)", (self._status(),)))
        menu_before = (before.menu is None, before.menu_on_left_click)
        if (tray.menu is None, tray.menu_on_left_click) != menu_before:
            self._emit("NewMenu")

    def remove(self) -> None:
        """Take the icon away."""
        Gio.bus_unwatch_name(self._watch)
        # An item of its menu may have ended the application, and the desktop waits for the answer.
        with suppress(GLib.Error):
            self._connection.flush_sync(None)
            self._connection.close_sync(None)

    def _emit(self, name: str, arguments: Any = None) -> None:
        self._connection.emit_signal(None, _PATH, _NAME, name, arguments)

    def _status(self) -> str:
        return "Active" if self._tray.visible else "Passive"

    def _on_get(self, connection: Any, sender: str, path: str, interface: str, name: str) -> Any:
        tray = self._tray
        if name == "IconPixmap":
            return encode_pixmaps(tray.icon)
        if name.endswith("Pixmap"):
            return encode_pixmaps(None)
        if name == "ToolTip":
            return GLib.Variant("(sa(iiay)ss)", ("", [], tray.tooltip or "", ""))
        if name == "Menu":
            return GLib.Variant("o", _NO_MENU if tray.menu is None else MENU_PATH)
        if name == "ItemIsMenu":
            return GLib.Variant("b", tray.menu is not None and tray.menu_on_left_click)
        if name == "WindowId":
            return GLib.Variant("i", 0)
        texts = {
            "Category": "ApplicationStatus",
            "Id": tray.id,
            "Title": tray.title or tray.tooltip or GLib.get_application_name() or tray.id,
            "Status": self._status(),
            "XAyatanaLabel": tray.title or "",
        }
        return GLib.Variant("s", texts.get(name, ""))

    def _on_call(
        self, connection: Any, sender: str, path: str, interface: str, name: str, arguments: Any, invocation: Any
    ) -> None:
        button = _CLICKS.get(name)
        if button is not None:
            x, y = arguments.unpack()
            self._clicked(trays.TrayClick(self._tray.key, button, x, y))
        invocation.return_value(None)


def _items(menu: menus.MenuTree | None) -> tuple[menus.MenuNode, ...]:
    return () if menu is None else menu.items


def _register(connection: Any, *_: str) -> None:
    arguments = GLib.Variant("(s)", (connection.get_unique_name(),))
    connection.call(
        _WATCHER,
        "/StatusNotifierWatcher",
        _WATCHER,
        "RegisterStatusNotifierItem",
        arguments,
        None,
        Gio.DBusCallFlags.NONE,
        -1,
        None,
        _registered,
    )


def _registered(connection: Any, result: Any) -> None:
    try:
        connection.call_finish(result)
    except GLib.Error as error:
        _logger.warning("the desktop does not show a tray icon: %s", error.message)
