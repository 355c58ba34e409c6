"""PNG and ICO files to pixels, by GdkPixbuf, which is there wherever GTK is."""

from __future__ import annotations

import struct
from collections.abc import Callable
from importlib import import_module
from typing import Any

from ...errors import ImageError

__all__ = ["MAX_PIXELS", "decode_image", "draw_svg"]

MAX_PIXELS = 4096 * 4096
"""The most pixels that an image has: 64 MiB of memory. A file of a few bytes may claim any size."""

_PNG = b"\x89PNG\r\n\x1a\n"
_ICO = b"\x00\x00\x01\x00"
_ENTRY = struct.Struct("<BBBBHHII")


def decode_image(data: bytes) -> tuple[bytes, int, int]:
    """Return the RGBA bytes of a PNG or ICO file, its width and its height in pixels.

    Raises:
        ImageError: The bytes are neither, are damaged, or this machine has no decoder.
    """
    if data.startswith(_PNG):
        return _decode_png(data)
    if data.startswith(_ICO):
        return _decode_ico(data)
    raise ImageError("failed to process image: it is neither a PNG nor an ICO file")


def _decode_png(data: bytes) -> tuple[bytes, int, int]:
    if len(data) < 24:
        raise ImageError("failed to process image: the PNG file is damaged")
    _check_size(*struct.unpack_from(">II", data, 16))
    return _decode_by_pixbuf(data, "png")


def _decode_ico(data: bytes) -> tuple[bytes, int, int]:
    """Decode the largest image of an ICO file; a byte of 0 in its directory means 256 pixels."""
    count = struct.unpack_from("<H", data, 4)[0] if len(data) >= 6 else 0
    if not count or len(data) < 6 + count * _ENTRY.size:
        raise ImageError("failed to process image: the ICO file is damaged")
    entries = [_ENTRY.unpack_from(data, 6 + number * _ENTRY.size) for number in range(count)]
    best = max(entries, key=lambda entry: ((entry[0] or 256) * (entry[1] or 256), entry[5]))
    image = data[best[7] : best[7] + best[6]]
    if image.startswith(_PNG):
        return _decode_png(image)
    if len(image) < 40:
        raise ImageError("failed to process image: the ICO file is damaged")
    width, height = struct.unpack_from("<ii", image, 4)
    _check_size(abs(width), abs(height) // 2)  # the bitmap holds the mask below the picture
    alone = _ICO + struct.pack("<H", 1) + _ENTRY.pack(*best[:6], len(image), 6 + _ENTRY.size) + image
    return _decode_by_pixbuf(alone, "ico")


def draw_svg(data: bytes, pixels: int) -> tuple[bytes, tuple[int, int]]:
    """Return the RGBA bytes of a square SVG file, drawn with this many pixels a side, and its own width and height.

    Raises:
        ImageError: The bytes are no SVG, or this machine cannot draw one.
    """
    sizes: list[tuple[int, int]] = []

    def prepared(loader: Any, width: int, height: int) -> None:
        sizes.append((width, height))
        loader.set_size(pixels, pixels)

    try:
        rgba, _, _ = _decode_by_pixbuf(data, "svg", prepared)
    except ImageError as error:
        raise ImageError(f"{error}; SVG files are drawn by librsvg (apt install librsvg2-common)") from None
    return rgba, sizes[0]


def _check_size(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        raise ImageError(
            f"failed to process image: it claims {width} x {height} pixels, and an image has 1 to {MAX_PIXELS}"
        )


def _pixbuf_module() -> tuple[Any, Any]:
    try:
        import gi

        gi.require_version("GdkPixbuf", "2.0")
        return import_module("gi.repository.GdkPixbuf"), import_module("gi.repository.GLib")
    except (ImportError, ValueError):
        raise ImageError(
            "PNG and ICO files are decoded by GdkPixbuf, which this machine does not have: install transom[gtk] and "
            "gir1.2-gdkpixbuf-2.0, or make the image from pixels with Image(rgba, width, height)"
        ) from None


def _decode_by_pixbuf(
    data: bytes, kind: str, prepared: Callable[[Any, int, int], None] | None = None
) -> tuple[bytes, int, int]:
    pixbuf_module, glib = _pixbuf_module()
    try:
        loader = pixbuf_module.PixbufLoader.new_with_type(kind)
    except glib.Error as error:
        raise ImageError(f"failed to process image: GdkPixbuf cannot decode {kind}: {error.message}") from None
    if prepared is not None:
        loader.connect("size-prepared", prepared)
    try:
        try:
            loader.write(data)
        finally:
            loader.close()  # one that is not closed prints a warning when it goes
        pixbuf = loader.get_pixbuf()
    except glib.Error as error:
        raise ImageError(f"failed to process image: {error.message}") from None
    if pixbuf is None:
        raise ImageError(f"failed to process image: the {kind.upper()} file is damaged")
    pixbuf = pixbuf.add_alpha(False, 0, 0, 0)
    width, height, stride = pixbuf.get_width(), pixbuf.get_height(), pixbuf.get_rowstride()
    pixels = bytes(pixbuf.get_pixels())
    if stride != width * 4:
        pixels = b"".join(pixels[row * stride : row * stride + width * 4] for row in range(height))
    return pixels[: width * height * 4], width, height
