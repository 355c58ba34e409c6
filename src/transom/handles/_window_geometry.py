"""The methods about a window's size and place."""

from __future__ import annotations

from ..runtimes import ops
from ..values import LogicalPosition, LogicalSize, PhysicalPosition, PhysicalSize, Position, Size
from ._window_base import WindowHandle

__all__ = ["WindowGeometry"]


class WindowGeometry(WindowHandle):
    """Changes a window's size and place."""

    __slots__ = ()

    def set_size(self, size: PhysicalSize | LogicalSize | Size) -> None:
        """Set the size of the window's content.

        Raises:
            WindowError: The size is impossible: a side is 0, or larger than any screen.
        """
        self._perform(ops.SetSize(self.label, size))

    def set_min_size(self, size: PhysicalSize | LogicalSize | Size | None) -> None:
        """Set the least size of the window's content; `None` removes it."""
        self._perform(ops.SetMinSize(self.label, size))

    def set_max_size(self, size: PhysicalSize | LogicalSize | Size | None) -> None:
        """Set the largest size of the window's content; `None` removes it."""
        self._perform(ops.SetMaxSize(self.label, size))

    def set_size_constraints(self, constraints: ops.WindowSizeConstraints) -> None:
        """Set the least and the largest size of the window's content; what is `None` is not limited."""
        self._perform(ops.SetSizeConstraints(self.label, constraints))

    def set_position(self, position: PhysicalPosition | LogicalPosition | Position) -> None:
        """Move the window's outer top left corner to this place of the desktop."""
        self._perform(ops.SetPosition(self.label, position))

    def center(self) -> None:
        """Move the window into the middle of its monitor."""
        self._perform(ops.CenterWindow(self.label))

    def set_fullscreen_on_monitor(self, position: PhysicalPosition) -> None:
        """Let the window cover the monitor that has this point of the desktop.

        Raises:
            WindowError: No monitor has it.
        """
        self._perform(ops.SetFullscreenOnMonitor(self.label, position))
