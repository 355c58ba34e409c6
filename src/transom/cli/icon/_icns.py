"""Writes `icon.icns`, the file of macOS."""

from __future__ import annotations

import io
import itertools
import struct
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["icns", "png_bytes"]

_LONGEST_RUN = 130
_LONGEST_LITERAL = 128


def png_bytes(image: Image.Image) -> bytes:
    """Return a picture as a PNG file."""
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def icns(draw: Callable[[int], Image.Image], png: Mapping[str, int], old: Mapping[tuple[str, str], int]) -> bytes:
    """Return a file with a picture for each type.

    Args:
        draw: Draws a picture with this many pixels a side.
        png: Type of an entry that is a PNG file -> pixels of a side.
        old: Types of an entry with 24 bits a pixel, and of the entry with its opacity -> pixels of a side.
    """
    entries: list[tuple[str, bytes]] = []
    for (colors, mask), size in old.items():
        red, green, blue, opacity = (band.tobytes() for band in draw(size).split())
        entries += [(colors, b"".join(map(_packed, (red, green, blue)))), (mask, opacity)]
    files = {size: png_bytes(draw(size)) for size in sorted(set(png.values()))}
    entries += [(kind, files[size]) for kind, size in png.items()]
    body = b"".join(kind.encode() + struct.pack(">I", 8 + len(data)) + data for kind, data in entries)
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def _packed(channel: bytes) -> bytes:
    """Compress one colour of all pixels: 128 + n, byte: n + 3 times this byte; n, bytes: the next n + 1 bytes as they are."""
    out = bytearray()
    literal = bytearray()

    def end_literal() -> None:
        for start in range(0, len(literal), _LONGEST_LITERAL):
            part = literal[start : start + _LONGEST_LITERAL]
            out.extend((len(part) - 1, *part))
        literal.clear()

    for value, run in itertools.groupby(channel):
        count = sum(1 for _ in run)
        while count >= 3:
            end_literal()
            taken = min(count, _LONGEST_RUN)
            out.extend((taken + 125, value))
            count -= taken
        literal.extend([value] * count)
    end_literal()
    return bytes(out)
