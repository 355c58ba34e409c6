"""The size and the place of a GTK window."""

from __future__ import annotations

from typing import Any

from ....config import WindowConfig
from ....errors import WindowError
from ....values import LogicalPosition, LogicalSize, PhysicalPosition, PhysicalSize, PixelUnit, Position, Size
from ... import ops
from .. import _gi as gi
from ._desktop import current_monitor, monitor_at

__all__ = ["Geometry"]

_MAX_SIDE = 16384  # logical pixels; X11 counts to 32767 physical ones
_UNBOUNDED = 2**15 - 1


class Geometry:
    """A window's size and place. Sizes are those of its content, places those of its outer top left corner.

    Args:
        window: The GTK window.
        content: The widget in it whose size is the window's inner size; a menu bar may be above it.
        look: The window's options.
    """

    def __init__(self, window: Any, content: Any, look: WindowConfig) -> None:
        self._window = window
        self._content = content
        self._limits = ops.WindowSizeConstraints(
            *(None if side is None else PixelUnit(logical=side) for side in (look.min_width, look.min_height)),
            *(None if side is None else PixelUnit(logical=side) for side in (look.max_width, look.max_height)),
        )
        # A place that was set while the window was hidden, which X11 forgets.
        self._place: tuple[int, int] | None = None
        width, height = self._fitting(look)
        window.set_default_size(width, height)
        if not look.resizable:
            # GTK gives a window that cannot be resized the size that its content asks for.
            content.set_size_request(width, height)
        window.set_resizable(look.resizable)
        self._apply_limits()
        if look.x is not None and look.y is not None:
            self._move(round(look.x), round(look.y))
        elif look.center:
            window.set_position(gi.Gtk.WindowPosition.CENTER)

    def _fitting(self, look: WindowConfig) -> tuple[int, int]:
        """Return the size of a new window, which may have to fit into a monitor."""
        width, height = max(round(look.width), 1), max(round(look.height), 1)
        if not look.prevent_overflow:
            return width, height
        display = gi.Gdk.Display.get_default()
        monitor = display.get_primary_monitor() or display.get_monitor(0)
        if monitor is None:
            return width, height
        margin = look.prevent_overflow if isinstance(look.prevent_overflow, dict) else {}
        area, scale = monitor.get_workarea(), monitor.get_scale_factor()
        room = area.width - margin.get("width", 0) // scale, area.height - margin.get("height", 0) // scale
        return max(min(width, room[0]), 1), max(min(height, room[1]), 1)

    @property
    def scale_factor(self) -> int:
        """Physical pixels for each logical one."""
        return int(self._window.get_scale_factor())

    @property
    def _bar(self) -> int:
        """Logical pixels above the content, which a menu bar takes."""
        parent = self._content.get_parent()
        if parent is None or not self._content.get_mapped():
            return 0
        return max(int(self._content.get_allocation().y - parent.get_allocation().y), 0)

    # Size

    def inner_size(self) -> PhysicalSize:
        """Return the size of the content."""
        width, height = self._window.get_size()
        height -= self._bar
        return PhysicalSize(width * self.scale_factor, height * self.scale_factor)

    def outer_size(self) -> PhysicalSize:
        """Return the size with borders."""
        window = self._window.get_window()
        if window is None:
            return self.inner_size()
        frame = window.get_frame_extents()
        return PhysicalSize(frame.width * self.scale_factor, frame.height * self.scale_factor)

    def set_size(self, size: PhysicalSize | LogicalSize | Size) -> None:
        """Set the size of the content.

        Raises:
            WindowError: No window has this size.
        """
        logical = size.to_logical(self.scale_factor)
        width, height = round(logical.width), round(logical.height)
        if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
            raise WindowError(
                f"a window is 1 to {_MAX_SIDE} logical pixels wide and high, not {logical.width:g} x {logical.height:g}"
            )
        if not self._window.get_resizable():
            self._fix(width, height)
        self._window.resize(width, height + self._bar)

    def _fix(self, width: int, height: int) -> None:
        """Set the size of a window that cannot be resized: GTK takes the larger of what is asked for and of the default."""
        self._content.set_size_request(width, height)
        self._window.set_default_size(width, height + self._bar)

    def set_min_size(self, size: PhysicalSize | LogicalSize | Size | None) -> None:
        """Set the least size; `None` for none."""
        width, height = self._sides(size)
        self.set_limits(ops.WindowSizeConstraints(width, height, self._limits.max_width, self._limits.max_height))

    def set_max_size(self, size: PhysicalSize | LogicalSize | Size | None) -> None:
        """Set the largest size; `None` for none."""
        width, height = self._sides(size)
        self.set_limits(ops.WindowSizeConstraints(self._limits.min_width, self._limits.min_height, width, height))

    def _sides(self, size: PhysicalSize | LogicalSize | Size | None) -> tuple[PixelUnit | None, PixelUnit | None]:
        if size is None:
            return None, None
        logical = size.to_logical(self.scale_factor)
        return PixelUnit(logical=logical.width), PixelUnit(logical=logical.height)

    def set_limits(self, limits: ops.WindowSizeConstraints) -> None:
        """Set the least and the largest size."""
        self._limits = limits
        self._apply_limits()

    def _apply_limits(self) -> None:
        if not self._window.get_resizable():
            return
        scale = self.scale_factor
        least = [self._limits.min_width, self._limits.min_height]
        most = [self._limits.max_width, self._limits.max_height]
        geometry = gi.Gdk.Geometry()
        geometry.min_width, geometry.min_height = (
            1 if side is None else max(min(round(side.to_logical(scale)), _MAX_SIDE), 1) for side in least
        )
        # A largest size below the least one would be none.
        geometry.max_width, geometry.max_height = (
            _UNBOUNDED if side is None else max(min(round(side.to_logical(scale)), _UNBOUNDED), at_least)
            for side, at_least in zip(most, (geometry.min_width, geometry.min_height), strict=True)
        )
        hints = gi.Gdk.WindowHints(0)
        if any(side is not None for side in least):
            hints |= gi.Gdk.WindowHints.MIN_SIZE
        if any(side is not None for side in most):
            hints |= gi.Gdk.WindowHints.MAX_SIZE
        self._window.set_geometry_hints(None, geometry, hints)

    def set_resizable(self, resizable: bool) -> None:
        """Let people change the size, or not; the present one stays."""
        if resizable == self._window.get_resizable():
            return
        width, height = self._window.get_size()
        if resizable:
            self._content.set_size_request(-1, -1)
        else:
            self._fix(width, height - self._bar)
        self._window.set_resizable(resizable)
        self._apply_limits()
        self._window.resize(width, height)

    # Place

    def inner_position(self) -> PhysicalPosition:
        """Return the place of the content."""
        window = self._window.get_window()
        if window is None or not self._window.get_visible():
            return self.outer_position()
        _, x, y = window.get_origin()
        return PhysicalPosition(x * self.scale_factor, (y + self._bar) * self.scale_factor)

    def outer_position(self) -> PhysicalPosition:
        """Return the place of the window."""
        x, y = self._place or self._window.get_position()
        return PhysicalPosition(x * self.scale_factor, y * self.scale_factor)

    def set_position(self, position: PhysicalPosition | LogicalPosition | Position) -> None:
        """Move the window."""
        logical = position.to_logical(self.scale_factor)
        # X11 has 16 bits for a coordinate.
        x, y = (max(-_UNBOUNDED, min(round(part), _UNBOUNDED)) for part in (logical.x, logical.y))
        self._move(x, y)

    def _move(self, x: int, y: int) -> None:
        self._window.move(x, y)
        if not self._window.get_visible():
            self._place = (x, y)

    def restore_place(self) -> None:
        """Move a window that is shown again to where it was moved while it was hidden."""
        if self._place is not None:
            self._window.move(*self._place)
            self._place = None

    def center(self) -> None:
        """Move the window into the middle of the work area of its monitor."""
        monitor = current_monitor(self._window.get_window())
        if monitor is None:
            self._window.set_position(gi.Gtk.WindowPosition.CENTER)
            return
        area, size = monitor.get_workarea(), self.outer_size().to_logical(self.scale_factor)
        self._move(area.x + round(area.width - size.width) // 2, area.y + round(area.height - size.height) // 2)

    def fullscreen_on(self, position: PhysicalPosition) -> None:
        """Cover the monitor that has this point.

        Raises:
            WindowError: No monitor has it.
        """
        found = monitor_at(position.x, position.y)
        if found is None:
            raise WindowError(
                f"no monitor has the point {position.x}, {position.y}; available_monitors() tells what each has"
            )
        self._window.fullscreen_on_monitor(self._window.get_screen(), found[0])
