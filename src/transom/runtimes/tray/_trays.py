"""All tray icons of an application."""

from __future__ import annotations

import logging
from collections.abc import Callable

from .. import trays
from ._icon import BusIcon
from ._values import GLib

__all__ = ["TrayIcons"]

_logger = logging.getLogger("transom")


class TrayIcons:
    """All tray icons of an application. The main thread.

    Args:
        activate: Called with an activated menu item's key, and with the new state of a check item.
        clicked: Called at a click on an icon.
    """

    def __init__(
        self, activate: Callable[[int, bool | None], None], clicked: Callable[[trays.TrayClick], None]
    ) -> None:
        self._activate = activate
        self._clicked = clicked
        self._icons: dict[int, BusIcon] = {}
        self._missing: set[int] = set()  # icons of which the warning is logged

    def set(self, tray: trays.TrayState) -> None:
        """Show an icon, or what has changed of it. Without a session bus nothing is shown, and one warning is logged."""
        icon = self._icons.get(tray.key)
        if icon is not None:
            icon.show(tray)
            return
        try:
            self._icons[tray.key] = BusIcon(tray, self._activate, self._clicked)
        except GLib.Error as error:
            if tray.key in self._missing:
                return
            self._missing.add(tray.key)
            _logger.warning("the tray icon %r is not shown: there is no D-Bus session bus (%s)", tray.id, error.message)

    def remove(self, key: int) -> None:
        """Take an icon away; one that is not there is ignored."""
        self._missing.discard(key)
        icon = self._icons.pop(key, None)
        if icon is not None:
            icon.remove()

    def end(self) -> None:
        """Take all icons away."""
        for key in list(self._icons):
            self.remove(key)

    def __repr__(self) -> str:
        return f"<TrayIcons {sorted(self._icons)}>"
