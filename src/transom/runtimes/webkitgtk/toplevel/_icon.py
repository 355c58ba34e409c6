"""Pictures for windows."""

from __future__ import annotations

import logging
import os
from importlib import import_module
from pathlib import Path
from typing import Any

from ...image import Image
from .. import _gi as gi

__all__ = ["pixbuf_of", "set_default_icon"]

_logger = logging.getLogger("transom")


def pixbuf_of(image: Image) -> Any:
    """Return a picture as GTK takes it."""
    pixbufs: Any = import_module("gi.repository.GdkPixbuf")
    pixels = gi.GLib.Bytes.new(image.rgba)
    return pixbufs.Pixbuf.new_from_bytes(
        pixels, pixbufs.Colorspace.RGB, True, 8, image.width, image.height, image.width * 4
    )


def set_default_icon(file: Path) -> bool:
    """Set the icon of every window without one of its own. A file without a picture is logged. Returns `False`, for idle work."""
    pixbufs: Any = import_module("gi.repository.GdkPixbuf")
    try:
        icon = pixbufs.Pixbuf.new_from_file(os.fspath(file))
    except gi.GLib.Error as error:
        _logger.warning("bundle.icon (%s) is not used for the windows: %s", file.name, error.message)
        return False
    gi.Gtk.Window.set_default_icon(icon)
    for window in gi.Gtk.Window.list_toplevels():  # GTK leaves those alone that are shown
        if window.get_icon() is None:
            window.set_icon(icon)
    return False
