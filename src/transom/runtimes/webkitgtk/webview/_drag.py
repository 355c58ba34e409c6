"""Files that people drag over a webview: their paths, which the page itself does not learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import _gi as gi

__all__ = ["FileDrag"]

_URIS = 2  # what WebKit calls the form of the data that is a list of addresses


class FileDrag:
    """Follows one drag at a time.

    WebKit asks for the data at the first motion, so that the paths are there at the next one. `drag-leave` comes before
    `drag-drop`, and has a time then. What is no file, such as a text of the page, goes to the page as ever.

    Args:
        tell: Takes the name of an event and its payload.
    """

    def __init__(self, tell: Callable[[str, Any], None]) -> None:
        self._tell = tell
        self._paths: list[str] = []
        self._entered = False

    def follow(self, view: Any) -> None:
        """Follow what is dragged over a view."""
        view.connect("drag-motion", self._on_motion)
        view.connect("drag-data-received", self._on_data)
        view.connect("drag-leave", self._on_leave)
        view.connect("drag-drop", self._on_drop)

    def _on_data(self, view: Any, context: Any, x: int, y: int, data: Any, info: int, time: int) -> None:
        if info == _URIS and not self._paths:
            files = (gi.Gio.File.new_for_uri(uri).get_path() for uri in data.get_uris() or ())
            self._paths = [path for path in files if path]

    def _on_motion(self, view: Any, context: Any, x: int, y: int, time: int) -> bool:
        if self._entered:
            self._tell("drag-over", {"position": _position(view, x, y)})
        elif self._paths:
            self._entered = True
            self._tell("drag-enter", {"paths": self._paths, "position": _position(view, x, y)})
        return False

    def _on_leave(self, view: Any, context: Any, time: int) -> None:
        if time == 0:
            entered, self._entered, self._paths = self._entered, False, []
            if entered:
                self._tell("drag-leave", None)

    def _on_drop(self, view: Any, context: Any, x: int, y: int, time: int) -> bool:
        paths, self._paths, self._entered = self._paths, [], False
        if not paths:
            return False
        # A page without a listener of its own would be replaced by the file.
        gi.Gtk.drag_finish(context, True, False, time)
        self._tell("drag-drop", {"paths": paths, "position": _position(view, x, y)})
        return True


def _position(view: Any, x: int, y: int) -> dict[str, int]:
    scale = view.get_scale_factor()
    return {"x": x * scale, "y": y * scale}
