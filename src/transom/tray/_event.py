"""What happens to a tray icon (Tauri: `TrayIconEvent`)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import msgspec

from ..runtimes import MouseButton
from ..values import PhysicalPosition, PhysicalSize, Position, Rect, Size

__all__ = ["TrayIconEvent", "click_event"]


class TrayIconEvent(msgspec.Struct, frozen=True):
    """Something that has happened to a tray icon. Its kinds are classes with Tauri's names: `TrayIconEvent.Click`.

    Linux desktops tell of `Click` only, with `button_state` `Up`; see `docs/menus.md`.

    Attributes:
        id: The icon's id.
        position: Where the pointer is on the screen; zeros where the desktop does not tell.
        rect: Where the icon is; zeros where the desktop does not tell.
    """

    id: str
    position: PhysicalPosition
    rect: Rect

    Click: ClassVar[type[_Click]]
    DoubleClick: ClassVar[type[_DoubleClick]]
    Enter: ClassVar[type[_Enter]]
    Move: ClassVar[type[_Move]]
    Leave: ClassVar[type[_Leave]]

    def to_js(self) -> dict[str, Any]:
        """Return the event as the npm package's `TrayIcon` hears it."""
        found: dict[str, Any] = {
            "type": type(self).__name__.lstrip("_"),
            "id": self.id,
            "position": {"x": self.position.x, "y": self.position.y},
            "rect": self.rect,
        }
        if isinstance(self, _Click | _DoubleClick):
            found["button"] = self.button
        if isinstance(self, _Click):
            found["buttonState"] = self.button_state
        return found


class _Click(TrayIconEvent, frozen=True):
    """A button was pressed or let go."""

    button: MouseButton
    button_state: Literal["Up", "Down"]


class _DoubleClick(TrayIconEvent, frozen=True):
    """A button was pressed twice. Windows only."""

    button: MouseButton


class _Enter(TrayIconEvent, frozen=True):
    """The pointer has come over the icon. Not on Linux."""


class _Move(TrayIconEvent, frozen=True):
    """The pointer has moved over the icon. Not on Linux."""


class _Leave(TrayIconEvent, frozen=True):
    """The pointer has left the icon. Not on Linux."""


TrayIconEvent.Click = _Click
TrayIconEvent.DoubleClick = _DoubleClick
TrayIconEvent.Enter = _Enter
TrayIconEvent.Move = _Move
TrayIconEvent.Leave = _Leave


def click_event(id: str, button: MouseButton, x: int, y: int) -> TrayIconEvent:  # noqa: A002 - Tauri's name
    """Return the event of a click; where the icon is no Linux desktop tells."""
    nowhere = Rect(Position(physical=PhysicalPosition(0, 0)), Size(physical=PhysicalSize(0, 0)))
    return _Click(id, PhysicalPosition(x, y), nowhere, button, "Up")
