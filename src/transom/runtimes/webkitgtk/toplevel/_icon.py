"""Pictures for windows."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...image import Image
from .. import _gi as gi

__all__ = ["pixbuf_of"]


def pixbuf_of(image: Image) -> Any:
    """Return a picture as GTK takes it."""
    pixbufs: Any = import_module("gi.repository.GdkPixbuf")
    pixels = gi.GLib.Bytes.new(image.rgba)
    return pixbufs.Pixbuf.new_from_bytes(
        pixels, pixbufs.Colorspace.RGB, True, 8, image.width, image.height, image.width * 4
    )
