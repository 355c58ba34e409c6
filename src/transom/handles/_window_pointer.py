"""The methods about the pointer over a window, and about dragging the window with it."""

from __future__ import annotations

from ..runtimes import ops
from ..values import LogicalPosition, PhysicalPosition, Position
from ._window_base import WindowHandle

__all__ = ["WindowPointer"]


class WindowPointer(WindowHandle):
    """Changes the pointer over a window."""

    __slots__ = ()

    def set_cursor_grab(self, grab: bool) -> None:
        """Keep the pointer inside the window, or not."""
        self._perform(ops.SetCursorGrab(self.label, grab))

    def set_cursor_visible(self, visible: bool) -> None:
        """Show the pointer over the window, or not."""
        self._perform(ops.SetCursorVisible(self.label, visible))

    def set_cursor_icon(self, icon: ops.CursorIcon) -> None:
        """Set the pointer's shape over the window."""
        self._perform(ops.SetCursorIcon(self.label, icon))

    def set_cursor_position(self, position: PhysicalPosition | LogicalPosition | Position) -> None:
        """Move the pointer to this place in the window's content."""
        self._perform(ops.SetCursorPosition(self.label, position))

    def set_ignore_cursor_events(self, ignore: bool) -> None:
        """Let clicks go to what is below the window, or not."""
        self._perform(ops.SetIgnoreCursorEvents(self.label, ignore))

    def start_dragging(self) -> None:
        """Move the window with the pointer until its button is released; nothing happens when none is pressed."""
        self._perform(ops.StartDragging(self.label))

    def start_resize_dragging(self, direction: ops.ResizeDirection) -> None:
        """Resize the window with the pointer until its button is released; nothing happens when none is pressed."""
        self._perform(ops.StartResizeDragging(self.label, direction))
