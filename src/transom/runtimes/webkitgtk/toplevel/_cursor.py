"""The pointer over a window: its shape, its place, and dragging with it."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, Final

from ... import ops
from .. import _gi as gi
from ._desktop import pointer

__all__ = ["cursor_of", "ignore_pointer", "start_dragging", "start_resizing"]

# Shapes that CSS, whose names GDK takes, calls otherwise.
_NAMES: Final = {ops.CursorIcon.ARROW: "default", ops.CursorIcon.HAND: "pointer"}


def cursor_of(icon: ops.CursorIcon | None) -> Any:
    """Return the cursor of GDK for a shape; `None` for no pointer at all."""
    name = (
        "none"
        if icon is None
        else _NAMES.get(icon) or re.sub("[A-Z]", lambda found: f"-{found[0].lower()}", icon.value)
    )
    return gi.Gdk.Cursor.new_from_name(gi.Gdk.Display.get_default(), name)


def ignore_pointer(window: Any, ignore: bool) -> None:
    """Let clicks go to what is below a GTK window that is realized, or not."""
    if not ignore:
        window.input_shape_combine_region(None)
        return
    cairo: Any = import_module("cairo")
    # An empty region means the whole window, so one pixel outside of every page is left.
    window.get_window().input_shape_combine_region(cairo.Region(cairo.RectangleInt(0, 0, 1, 1)), 0, 0)


def _pressed() -> tuple[int, int] | None:
    """Return where the pointer is, on the desktop, while its first button is pressed; else `None`."""
    device = pointer()
    if device is None:
        return None
    root = gi.Gdk.get_default_root_window()
    _, x, y, mask = root.get_device_position(device)
    return (x, y) if mask & gi.Gdk.ModifierType.BUTTON1_MASK else None


def start_dragging(window: Any) -> None:
    """Let the pointer move a GTK window until its button is released; without a button nothing happens."""
    # Without this a window would stick to the pointer until the next click.
    if (place := _pressed()) is not None:
        window.begin_move_drag(1, *place, gi.Gdk.CURRENT_TIME)


def start_resizing(window: Any, direction: ops.ResizeDirection) -> None:
    """Let the pointer resize a GTK window until its button is released; without a button nothing happens."""
    if (place := _pressed()) is not None:
        edge = getattr(gi.Gdk.WindowEdge, direction.name)  # the names are the same
        window.begin_resize_drag(edge, 1, *place, gi.Gdk.CURRENT_TIME)
