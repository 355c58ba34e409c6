"""The operations on the desktop as a whole. Each asks for what its first line says."""

from __future__ import annotations

from ...values import PhysicalPosition
from ._op import DesktopOp
from ._types import Monitor

__all__ = [
    "AvailableMonitors",
    "CursorPosition",
    "MonitorFromPoint",
    "PrimaryMonitor",
]


class PrimaryMonitor(DesktopOp[Monitor | None], frozen=True):
    """Return the main monitor; `None` when the system does not know one."""


class AvailableMonitors(DesktopOp[tuple[Monitor, ...]], frozen=True):
    """Return all monitors."""


class MonitorFromPoint(DesktopOp[Monitor | None], frozen=True):
    """Return the monitor that has this point, in physical pixels; `None` for none."""

    x: float
    y: float


class CursorPosition(DesktopOp[PhysicalPosition], frozen=True):
    """Return the place of the pointer on the desktop."""
