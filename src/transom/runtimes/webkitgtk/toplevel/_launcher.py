"""The badge and the progress bar at the application's icon in a launcher."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ....errors import WindowError
from ... import ops
from .. import _gi as gi

__all__ = ["LAUNCHER_OPS", "Launcher"]

_INTERFACE = "com.canonical.Unity.LauncherEntry"
_PATH = "/com/canonical/unity/launcherentry/transom"


class Launcher:
    """Sends signals about the application to launchers.

    Args:
        name: The name of the application's desktop file, without its ending.
    """

    def __init__(self, name: str) -> None:
        self._uri = f"application://{name}.desktop"
        self._progress = 0.0
        # Kept: a launcher forgets what it was told when the connection is gone.
        self._bus: Any = None

    def set_badge_count(self, count: int | None) -> None:
        """Show a number; `None` and 0 remove it.

        Raises:
            WindowError: The number is too large, or there is no session bus.
        """
        if count is not None and not -(2**63) <= count < 2**63:
            raise WindowError(f"a badge shows a number of 64 bits, not {count}")
        self._tell({"count": gi.GLib.Variant("x", count or 0), "count-visible": gi.GLib.Variant("b", bool(count))})

    def set_progress(self, state: ops.ProgressBarState) -> None:
        """Show how far something is.

        Raises:
            WindowError: There is no session bus.
        """
        if state.progress is not None:
            self._progress = min(max(state.progress, 0), 100) / 100
        entries = {"progress": gi.GLib.Variant("d", self._progress)}
        if state.status is not None:
            hidden = (ops.ProgressBarStatus.NONE, ops.ProgressBarStatus.INDETERMINATE)
            entries["progress-visible"] = gi.GLib.Variant("b", state.status not in hidden)
        self._tell(entries)

    def _tell(self, entries: dict[str, Any]) -> None:
        try:
            self._bus = self._bus or gi.Gio.bus_get_sync(gi.Gio.BusType.SESSION, None)
        except gi.GLib.Error as error:
            raise WindowError(f"there is no session bus to tell a launcher by: {error.message}") from None
        self._bus.emit_signal(None, _PATH, _INTERFACE, "Update", gi.GLib.Variant("(sa{sv})", (self._uri, entries)))


# Operation -> what a launcher is told. These are for the whole application, whatever their window.
LAUNCHER_OPS: Final[dict[type[ops.Op[Any]], Callable[[Launcher, Any], None]]] = {
    ops.SetBadgeCount: lambda launcher, op: launcher.set_badge_count(op.count),
    ops.SetProgressBar: lambda launcher, op: launcher.set_progress(op.state),
}
