"""Pictures for windows."""

from __future__ import annotations

import contextlib
from importlib import import_module
from typing import Any

from ....errors import WindowError
from ... import ops
from .. import _gi as gi

__all__ = ["pixbuf_of"]

_MAX_SIDE = 4096  # pixels: more is no icon, and a small file can ask for gigabytes


def pixbuf_of(icon: ops.Icon) -> Any:
    """Return a picture as GTK takes it.

    Raises:
        WindowError: It cannot be read, is too large, or has another number of bytes than its size says.
    """
    pixbufs: Any = import_module("gi.repository.GdkPixbuf")
    if not icon.width and not icon.height:
        return _decoded(pixbufs, icon.data)
    if not (0 < icon.width <= _MAX_SIDE and 0 < icon.height <= _MAX_SIDE):
        raise WindowError(f"an icon is 1 to {_MAX_SIDE} pixels wide and high, not {icon.width} x {icon.height}")
    if len(icon.data) != icon.width * icon.height * 4:
        raise WindowError(
            f"an icon of {icon.width} x {icon.height} pixels has {icon.width * icon.height * 4} bytes, not {len(icon.data)}"
        )
    row = icon.width * 4
    data = gi.GLib.Bytes.new(icon.data)
    return pixbufs.Pixbuf.new_from_bytes(data, pixbufs.Colorspace.RGB, True, 8, icon.width, icon.height, row)


def _decoded(pixbufs: Any, data: bytes) -> Any:
    loader = pixbufs.PixbufLoader()
    too_large: list[tuple[int, int]] = []

    def on_size(loader: Any, width: int, height: int) -> None:
        if max(width, height) > _MAX_SIDE:
            too_large.append((width, height))
            loader.set_size(1, 1)

    loader.connect("size-prepared", on_size)
    try:
        loader.write(data)
    except gi.GLib.Error as error:
        _close(loader)
        raise WindowError(f"the icon is no picture that can be read: {error.message}") from None
    _close(loader)
    if too_large:
        width, height = too_large[0]
        raise WindowError(f"an icon is at most {_MAX_SIDE} pixels wide and high, not {width} x {height}")
    pixbuf = loader.get_pixbuf()
    if pixbuf is None:
        raise WindowError("the icon is no picture that can be read: it ends too early")
    return pixbuf


def _close(loader: Any) -> None:
    # It tells that the picture ends too early, which is seen by its result.
    with contextlib.suppress(gi.GLib.Error):
        loader.close()
