"""Image files made by hand, so that what decodes them is not what made them."""

from __future__ import annotations

import struct
import zlib

# Four pixels, which are easy to tell from each other and from rows in the wrong order.
PIXELS = bytes([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 10, 20, 30, 128])


def png(rgba: bytes = PIXELS, width: int = 2, height: int = 2, *, claimed: tuple[int, int] | None = None) -> bytes:
    """Return a PNG file of these pixels; its header can claim another size."""
    rows = b"".join(b"\0" + rgba[row * width * 4 : (row + 1) * width * 4] for row in range(height))
    header = struct.pack(">IIBBBBB", *(claimed or (width, height)), 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def bitmap(rgba: bytes = PIXELS, width: int = 2, height: int = 2) -> bytes:
    """Return a bitmap as ICO files hold it: rows from the bottom, blue first, and the mask after them."""
    header = struct.pack("<IiiHHIIiiII", 40, width, height * 2, 1, 32, 0, 0, 0, 0, 0, 0)
    rows = [rgba[row * width * 4 : (row + 1) * width * 4] for row in reversed(range(height))]
    swapped = b"".join(
        bytes([row[at + 2], row[at + 1], row[at], row[at + 3]]) for row in rows for at in range(0, len(row), 4)
    )
    return header + swapped + bytes(4 * ((width + 31) // 32) * height)


def ico(*images: tuple[int, bytes]) -> bytes:
    """Return an ICO file of square images, each with its size in pixels."""
    entries, bodies, at = b"", b"", 6 + 16 * len(images)
    for size, body in images:
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(body), at + len(bodies))
        bodies += body
    return struct.pack("<HHH", 0, 1, len(images)) + entries + bodies
