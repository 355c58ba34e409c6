"""The operations on the pointer of a window, and on dragging it. Each asks for what its first line says."""

from __future__ import annotations

from ...values import LogicalPosition, PhysicalPosition, Position
from ._op import WindowOp
from ._types import CursorIcon, ResizeDirection

__all__ = [
    "SetCursorGrab",
    "SetCursorIcon",
    "SetCursorPosition",
    "SetCursorVisible",
    "SetIgnoreCursorEvents",
    "StartDragging",
    "StartResizeDragging",
]


class SetCursorGrab(WindowOp[None], frozen=True):
    """Keep the pointer inside the window, or not."""

    grab: bool


class SetCursorVisible(WindowOp[None], frozen=True):
    """Show the pointer over the window, or not."""

    visible: bool


class SetCursorIcon(WindowOp[None], frozen=True):
    """Set the pointer's shape over the window."""

    icon: CursorIcon


class SetCursorPosition(WindowOp[None], frozen=True):
    """Move the pointer to this place in the window's content."""

    position: Position | PhysicalPosition | LogicalPosition


class SetIgnoreCursorEvents(WindowOp[None], frozen=True):
    """Let clicks go to what is below the window, or not."""

    ignore: bool


class StartDragging(WindowOp[None], frozen=True):
    """Move the window with the pointer until its button is released."""


class StartResizeDragging(WindowOp[None], frozen=True):
    """Resize the window with the pointer until its button is released."""

    direction: ResizeDirection
