"""The methods about the pointer over a window, and about dragging the window with it."""

from __future__ import annotations

from ..runtimes import (
    CursorIcon,
    ResizeDirection,
    SetCursorGrab,
    SetCursorIcon,
    SetCursorPosition,
    SetCursorVisible,
    SetIgnoreCursorEvents,
    StartDragging,
    StartResizeDragging,
)
from ..values import LogicalPosition, PhysicalPosition, Position
from ._window_base import WindowHandle

__all__ = ["WindowPointer"]


class WindowPointer(WindowHandle):
    """Changes the pointer over a window."""

    __slots__ = ()

    def set_cursor_grab(self, grab: bool) -> None:
        """Keep the pointer inside the window, or not."""
        self._perform(SetCursorGrab(self.label, grab))

    def set_cursor_visible(self, visible: bool) -> None:
        """Show the pointer over the window, or not."""
        self._perform(SetCursorVisible(self.label, visible))

    def set_cursor_icon(self, icon: CursorIcon) -> None:
        """Set the pointer's shape over the window."""
        self._perform(SetCursorIcon(self.label, icon))

    def set_cursor_position(self, position: PhysicalPosition | LogicalPosition | Position) -> None:
        """Move the pointer to this place in the window's content."""
        self._perform(SetCursorPosition(self.label, position))

    def set_ignore_cursor_events(self, ignore: bool) -> None:
        """Let clicks go to what is below the window, or not."""
        self._perform(SetIgnoreCursorEvents(self.label, ignore))

    def start_dragging(self) -> None:
        """Move the window with the pointer until its button is released; nothing happens when none is pressed."""
        self._perform(StartDragging(self.label))

    def start_resize_dragging(self, direction: ResizeDirection) -> None:
        """Resize the window with the pointer until its button is released; nothing happens when none is pressed."""
        self._perform(StartResizeDragging(self.label, direction))
