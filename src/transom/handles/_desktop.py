"""The methods about the desktop: its monitors and its pointer."""

from __future__ import annotations

from ..runtimes import AvailableMonitors, CursorPosition, Monitor, MonitorFromPoint, PrimaryMonitor
from ..values import PhysicalPosition
from ._handle import Handle

__all__ = ["DesktopMethods"]


class DesktopMethods(Handle):
    """Tells about monitors and the pointer. Every method raises `Unsupported` when the runtime does not know."""

    __slots__ = ()

    def primary_monitor(self) -> Monitor | None:
        """Return the main monitor; `None` when the system does not know one."""
        return self._app.perform(self._client, PrimaryMonitor())

    def available_monitors(self) -> tuple[Monitor, ...]:
        """Return all monitors."""
        return self._app.perform(self._client, AvailableMonitors())

    def monitor_from_point(self, x: float, y: float) -> Monitor | None:
        """Return the monitor that has this point of the desktop, in physical pixels; `None` for none."""
        return self._app.perform(self._client, MonitorFromPoint(x, y))

    def cursor_position(self) -> PhysicalPosition:
        """Return the place of the pointer on the desktop."""
        return self._app.perform(self._client, CursorPosition())
