"""Places on the screen, in physical pixels."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from ...errors import CommandError
from ...handles import Window
from ...values import PhysicalPosition

__all__ = ["Place", "TrayIcon", "move_window"]


class Place(IntEnum):
    """Where a window is put; the numbers of the npm package."""

    TOP_LEFT = 0
    TOP_RIGHT = 1
    BOTTOM_LEFT = 2
    BOTTOM_RIGHT = 3
    TOP_CENTER = 4
    BOTTOM_CENTER = 5
    LEFT_CENTER = 6
    RIGHT_CENTER = 7
    CENTER = 8
    TRAY_LEFT = 9
    TRAY_BOTTOM_LEFT = 10
    TRAY_RIGHT = 11
    TRAY_BOTTOM_RIGHT = 12
    TRAY_CENTER = 13
    TRAY_BOTTOM_CENTER = 14


class TrayIcon(msgspec.Struct, frozen=True):
    """Where the icon of the tray is.

    Attributes:
        x: Its left edge.
        y: Its upper edge.
        width: Its width.
    """

    x: int
    y: int
    width: int


# Place -> the part of the free width and height that is left of and above the window.
_SHARES = {
    Place.TOP_LEFT: (0.0, 0.0),
    Place.TOP_RIGHT: (1.0, 0.0),
    Place.BOTTOM_LEFT: (0.0, 1.0),
    Place.BOTTOM_RIGHT: (1.0, 1.0),
    Place.TOP_CENTER: (0.5, 0.0),
    Place.BOTTOM_CENTER: (0.5, 1.0),
    Place.LEFT_CENTER: (0.0, 0.5),
    Place.RIGHT_CENTER: (1.0, 0.5),
    Place.CENTER: (0.5, 0.5),
}
_ABOVE = frozenset({Place.TRAY_LEFT, Place.TRAY_RIGHT, Place.TRAY_CENTER})


def move_window(window: Window, place: Place, *, tray: TrayIcon | None = None, constrained: bool = False) -> None:
    """Move a window to a place of its monitor, or beside the tray's icon.

    Args:
        window: The window.
        place: The place.
        tray: Where the tray's icon is, for the places beside it.
        constrained: Whether the window is kept inside its monitor.

    Raises:
        CommandError: The window is on no monitor, or nobody told where the tray's icon is.
        WindowError: The window is gone, or the runtime cannot move it.
    """
    monitor = window.current_monitor() or window.primary_monitor()
    if monitor is None:
        raise CommandError("the window is on no monitor")
    size = window.outer_size()
    left, top = monitor.position.x, monitor.position.y
    free_x, free_y = monitor.size.width - size.width, monitor.size.height - size.height
    if place in _SHARES:
        share_x, share_y = _SHARES[place]
        x, y = left + int(free_x * share_x), top + int(free_y * share_y)
    elif tray is None:
        raise CommandError("Tray position not set")  # Tauri: the sentence
    else:
        x, y = _beside(tray, place, size.width, size.height)
    if constrained:
        x = max(left, min(x, left + max(free_x, 0)))
        y = max(top, min(y, top + max(free_y, 0)))
    window.set_position(PhysicalPosition(x, y))


def _beside(tray: TrayIcon, place: Place, width: int, height: int) -> tuple[int, int]:
    y = tray.y - height if place in _ABOVE else tray.y
    if place in (Place.TRAY_LEFT, Place.TRAY_BOTTOM_LEFT):
        return tray.x, y
    if place in (Place.TRAY_RIGHT, Place.TRAY_BOTTOM_RIGHT):
        return tray.x + tray.width, y
    return tray.x + tray.width // 2 - width // 2, y
