"""The webviews of one window: one may fill it, and others are placed above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ....values import LogicalPosition, LogicalSize
from .. import _gi as gi

__all__ = ["WebviewStack"]

_MOST = 32767  # pixels, as X11 has them; WebKit would paint on a larger one and fail


@dataclass(slots=True)
class _Place:
    """The place of a view, in logical pixels.

    Attributes:
        position: Its upper left corner in the window.
        size: Its size.
        share: The same four numbers as shares of the window, while the view is resized with it; else `None`.
        frames: For how many frames the view stays a pixel higher.
    """

    position: LogicalPosition
    size: LogicalSize
    share: tuple[float, float, float, float] | None = None
    frames: int = 0


class WebviewStack:
    """Keeps views in a window. `widget` is the window's content, and destroys the views with it."""

    def __init__(self) -> None:
        self.widget: Any = gi.Gtk.Overlay()
        # A view must not decide the window's size: what is over the content does not, and what fills it may.
        self._places: dict[Any, _Place] = {}
        self.widget.connect("get-child-position", self._on_child_position)
        self.widget.connect("size-allocate", self._on_size)
        self.widget.show()

    def fill(self, view: Any) -> None:
        """Let a view fill the window, under the others."""
        self.widget.add(view)

    def place(self, view: Any, position: LogicalPosition, size: LogicalSize, *, auto_resize: bool) -> None:
        """Put a view over the others."""
        self._places[view] = _Place(position, size)
        self.widget.add_overlay(view)
        self.set_auto_resize(view, auto_resize)

    def place_from_another(self, view: Any, position: LogicalPosition, size: LogicalSize) -> None:
        """Put a view of another window over the others. WebKit may paint it in the new window only at a change of its size."""
        self.place(view, position, size, auto_resize=False)
        place = self._places[view]
        place.frames = 3

        def count(painted: Any, _clock: Any) -> bool:
            place.frames -= 1
            if not place.frames:
                painted.queue_resize()
            return place.frames > 0

        view.add_tick_callback(count)

    def remove(self, view: Any) -> None:
        """Take a view out; it is not destroyed."""
        self._places.pop(view, None)
        self.widget.remove(view)
        self.widget.queue_draw()

    def clear(self) -> None:
        """Forget the views, which are destroyed."""
        self._places.clear()

    def bounds(self, view: Any) -> tuple[LogicalPosition, LogicalSize]:
        """Return where a view is."""
        place = self._places.get(view)
        if place is None:
            area = view.get_allocation()
            return LogicalPosition(0, 0), LogicalSize(area.width, area.height)
        return place.position, place.size

    def set_bounds(self, view: Any, position: LogicalPosition | None, size: LogicalSize | None) -> bool:
        """Put a view somewhere else; tell whether that is possible: the one that fills the window stays."""
        place = self._places.get(view)
        if place is None:
            return False
        place.position, place.size = position or place.position, size or place.size
        if place.share is not None:
            place.share = self._share(place)
        self.widget.queue_resize()
        return True

    def set_auto_resize(self, view: Any, auto_resize: bool) -> None:
        """Let a view keep its share of the window. The one that fills it does anyway."""
        if (place := self._places.get(view)) is not None:
            place.share = self._share(place) if auto_resize else None

    def _share(self, place: _Place) -> tuple[float, float, float, float]:
        area = self.widget.get_allocation()
        width, height = max(area.width, 1), max(area.height, 1)
        return (
            place.position.x / width,
            place.position.y / height,
            place.size.width / width,
            place.size.height / height,
        )

    def _on_size(self, widget: Any, area: Any) -> None:
        for place in self._places.values():
            _take_share(place, area)

    def _on_child_position(self, widget: Any, view: Any, area: Any) -> bool:
        place = self._places.get(view)
        if place is None:
            return False
        _take_share(place, self.widget.get_allocation())  # GTK asks before the signal of the new size
        area.x, area.y = (min(max(round(at), -_MOST), _MOST) for at in (place.position.x, place.position.y))
        area.width, area.height = (min(max(round(side), 1), _MOST) for side in (place.size.width, place.size.height))
        area.height += place.frames > 0
        return True


def _take_share(place: _Place, area: Any) -> None:
    """Give a view its share of the window's content, if it has one."""
    if place.share is not None:
        x, y, width, height = place.share
        place.position = LogicalPosition(x * area.width, y * area.height)
        place.size = LogicalSize(width * area.width, height * area.height)
