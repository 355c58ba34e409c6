"""The methods about the desktop: its monitors and its pointer."""

from __future__ import annotations

from ..runtimes import ops
from ..values import PhysicalPosition
from ._handle import Handle

__all__ = ["DesktopMethods"]


class DesktopMethods(Handle):
    """Tells about monitors and the pointer. Every method raises `Unsupported` when the runtime does not know."""

    __slots__ = ()

    def primary_monitor(self) -> ops.Monitor | None:
        """Return the main monitor; `None` when the system does not know one."""
        return self._app.perform(self._client, ops.PrimaryMonitor())

    def available_monitors(self) -> tuple[ops.Monitor, ...]:
        """Return all monitors."""
        return self._app.perform(self._client, ops.AvailableMonitors())

    def monitor_from_point(self, x: float, y: float) -> ops.Monitor | None:
        """Return the monitor that has this point of the desktop, in physical pixels; `None` for none."""
        return self._app.perform(self._client, ops.MonitorFromPoint(x, y))

    def cursor_position(self) -> PhysicalPosition:
        """Return the place of the pointer on the desktop."""
        return self._app.perform(self._client, ops.CursorPosition())
