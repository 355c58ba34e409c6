"""Notifications of the freedesktop.org standard, over D-Bus. In a worker: it waits for the session bus."""

from __future__ import annotations

from html import escape
from typing import Any

from ...errors import CommandError
from ...handles import AppHandle

__all__ = ["notify"]

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_MILLISECONDS = 5000
_LONGEST = 4096  # characters of title and body; desktops cut earlier


def notify(
    app: AppHandle, title: str, body: str | None = None, *, icon: str | None = None, sound: str | None = None
) -> int:
    """Show a notification and return its number on the desktop.

    Args:
        app: The application.
        title: First line.
        body: More text; markup in it is shown as it is.
        icon: Name of an icon of the desktop's theme, or the path of a file; `None` for the application's own.
        sound: Name of a sound of the desktop's theme, such as `message-new-instant`; `None` for the desktop's choice.

    Raises:
        CommandError: There is no session bus, or no program on it that shows notifications.
    """
    try:
        from gi.repository import Gio, GLib
    except ImportError:
        raise CommandError(
            "the plugin notification needs PyGObject, which is not installed; install it with `pip install 'transom[gtk]'`"
        ) from None

    def ask(method: str, arguments: Any) -> Any:
        flags = Gio.DBusCallFlags.NONE
        answer = bus.call_sync(_NAME, _PATH, _NAME, method, arguments, None, flags, _MILLISECONDS, None)
        return answer.unpack()

    try:
        bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        (abilities,) = ask("GetCapabilities", None)
        text = (body or "")[:_LONGEST]
        if "body-markup" in abilities:
            text = escape(text, quote=False)
        hints = {"desktop-entry": GLib.Variant("s", app.config().identifier)}
        if sound is not None:
            hints["sound-name"] = GLib.Variant("s", sound)
        name = app.package_info().name
        sent: Any = (name, 0, icon or "", title[:_LONGEST], text, [], hints, -1)
        (number,) = ask("Notify", GLib.Variant("(susssasa{sv}i)", sent))
    except GLib.Error as error:
        raise CommandError(f"no notification can be shown: {error.message}") from None
    return int(number)
