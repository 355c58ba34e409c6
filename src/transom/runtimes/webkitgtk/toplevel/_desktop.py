"""Monitors and the pointer of the desktop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ....values import PhysicalPosition, PhysicalSize
from ... import ops
from .. import _gi as gi

__all__ = ["DESKTOP_OPS", "current_monitor", "describe_current", "monitor_at", "pointer"]


def _monitors() -> list[Any]:
    display = gi.Gdk.Display.get_default()
    return [display.get_monitor(index) for index in range(display.get_n_monitors())]


def _described(monitor: Any) -> ops.Monitor | None:
    """Return what there is to know of a monitor of GDK, which counts in logical pixels; `None` for `None`."""
    if monitor is None:
        return None
    scale = monitor.get_scale_factor()
    position, size = _rectangle(monitor.get_geometry(), scale)
    work_area = ops.PhysicalRect(*_rectangle(monitor.get_workarea(), scale))
    return ops.Monitor(monitor.get_model(), size, position, float(scale), work_area)


def _rectangle(area: Any, scale: int) -> tuple[PhysicalPosition, PhysicalSize]:
    return PhysicalPosition(area.x * scale, area.y * scale), PhysicalSize(area.width * scale, area.height * scale)


def current_monitor(window: Any) -> Any:
    """Return the monitor of GDK that has a GDK window; `None` for a window that is not there yet, or no monitor."""
    return None if window is None else gi.Gdk.Display.get_default().get_monitor_at_window(window)


def monitor_at(x: float, y: float) -> tuple[int, ops.Monitor] | None:
    """Return the monitor that has a point, in physical pixels, and its number; `None` for none."""
    for number, monitor in enumerate(map(_described, _monitors())):
        assert monitor is not None
        place, size = monitor.position, monitor.size
        if 0 <= x - place.x < size.width and 0 <= y - place.y < size.height:
            return number, monitor
    return None


def pointer() -> Any:
    """Return the pointer device of the display; `None` where there is none."""
    seat = gi.Gdk.Display.get_default().get_default_seat()
    return None if seat is None else seat.get_pointer()


def describe_current(window: Any) -> ops.Monitor | None:
    """Return the monitor that has a GDK window; `None` for none."""
    return _described(current_monitor(window))


def _cursor_position(_: ops.CursorPosition) -> PhysicalPosition:
    device = pointer()
    if device is None:
        return PhysicalPosition(0, 0)
    _, x, y = device.get_position()
    monitor = gi.Gdk.Display.get_default().get_monitor_at_point(x, y)
    scale = 1 if monitor is None else monitor.get_scale_factor()
    return PhysicalPosition(x * scale, y * scale)


def _from_point(op: ops.MonitorFromPoint) -> ops.Monitor | None:
    found = monitor_at(op.x, op.y)
    return None if found is None else found[1]


# Operation -> what it returns. Add here what is asked of the desktop as a whole.
DESKTOP_OPS: Final[dict[type[ops.Op[Any]], Callable[[Any], Any]]] = {
    ops.AvailableMonitors: lambda _: tuple(map(_described, _monitors())),
    ops.CursorPosition: _cursor_position,
    ops.MonitorFromPoint: _from_point,
    ops.PrimaryMonitor: lambda _: _described(gi.Gdk.Display.get_default().get_primary_monitor()),
}
