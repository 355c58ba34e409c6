"""The monitors, as pywebview knows them."""

from __future__ import annotations

from typing import Any

from ...values import PhysicalPosition, PhysicalSize
from ..ops import AvailableMonitors, DesktopOp, Monitor, MonitorFromPoint, PhysicalRect, PrimaryMonitor

__all__ = ["monitor_at", "monitors_of", "read_desktop"]


def monitors_of(screens: list[Any]) -> tuple[Monitor, ...]:
    """Return monitors for pywebview's screens."""
    return tuple(map(_monitor, screens))


def _monitor(screen: Any) -> Monitor:
    size = PhysicalSize(screen.physical_width, screen.physical_height)
    position = PhysicalPosition(screen.physical_x, screen.physical_y)
    return Monitor(
        name=None,
        size=size,
        position=position,
        scale_factor=screen.scale,
        work_area=PhysicalRect(position, size),
    )


def monitor_at(monitors: tuple[Monitor, ...], x: float, y: float) -> Monitor | None:
    """Return the monitor that has a point, in physical pixels; `None` for none."""
    for monitor in monitors:
        left, top = monitor.position.x, monitor.position.y
        if left <= x < left + monitor.size.width and top <= y < top + monitor.size.height:
            return monitor
    return None


def read_desktop(op: DesktopOp[Any], monitors: tuple[Monitor, ...]) -> Any:
    """Return what an operation asks of the desktop."""
    match op:
        case MonitorFromPoint():
            return monitor_at(monitors, op.x, op.y)
        case PrimaryMonitor():
            # The desktop's coordinates begin there.
            return monitor_at(monitors, 0, 0) or next(iter(monitors), None)
        case _:
            assert isinstance(op, AvailableMonitors)
            return monitors
