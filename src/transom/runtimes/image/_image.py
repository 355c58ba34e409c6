"""The image value that windows, menus and tray icons share."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

from ...errors import ImageError
from ._decode import MAX_PIXELS, decode_image

__all__ = ["Image"]

# More than any icon has; a file may be a device or grow while it is read.
_MAX_FILE_BYTES = 64 * 1024 * 1024


class Image:
    """An RGBA image in memory (Tauri: `image::Image`). Immutable; any thread.

    Args:
        rgba: The pixels, row by row from the top, four bytes each: red, green, blue, alpha.
        width: In pixels, at least 1.
        height: In pixels, at least 1.

    Raises:
        ImageError: The number of bytes is not `width * height * 4`, or the size is not possible.
    """

    __slots__ = ("height", "rgba", "width")

    def __init__(self, rgba: bytes | bytearray | memoryview, width: int, height: int) -> None:
        if not (min(width, height) > 0 and width * height <= MAX_PIXELS):
            raise ImageError(f"an image of {width} x {height} pixels is not possible: it has 1 to {MAX_PIXELS} pixels")
        if memoryview(rgba).nbytes != width * height * 4:
            raise ImageError(
                f"{memoryview(rgba).nbytes} bytes are not an RGBA image of {width} x {height} pixels, "
                f"which has {width * height * 4}"
            )
        self.rgba = bytes(rgba)
        self.width = width
        self.height = height

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview) -> Image:
        """Decode a PNG or ICO file; of an ICO file the largest image counts.

        Raises:
            ImageError: The bytes are neither, are damaged, or this machine has no decoder.
        """
        return cls(*decode_image(bytes(data)))

    @classmethod
    def from_path(cls, path: str | os.PathLike[str]) -> Image:
        """Read and decode a PNG or ICO file; see `from_bytes`.

        Raises:
            ImageError: The file cannot be read, or `from_bytes` refuses it. The text does not contain the path.
        """
        return cls.from_bytes(_read(Path(path)))

    def close(self) -> None:
        """Do nothing: a page's hold on the image ends, and the pixels go with their last user. See `Resource`."""

    def __repr__(self) -> str:
        return f"<Image {self.width} x {self.height}>"

    def __eq__(self, other: Any) -> bool:
        if not isinstance(other, Image):
            return NotImplemented
        return (self.width, self.height, self.rgba) == (other.width, other.height, other.rgba)

    def __hash__(self) -> int:
        return hash((self.width, self.height, self.rgba))


def _read(path: Path) -> bytes:
    try:
        # Without blocking: a page may name a pipe that nobody writes to.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            # Files of the kernel's own have no size, and reading some of them waits.
            if not stat.S_ISREG(found.st_mode) or not 0 < found.st_size <= _MAX_FILE_BYTES:
                raise ImageError("failed to process image: it is not a file of 1 byte to 64 MiB")
            return file.read(_MAX_FILE_BYTES)
    except (OSError, ValueError) as error:  # a path with a NUL character is a ValueError
        reason = error.strerror if isinstance(error, OSError) else "the path is invalid"
        raise ImageError(f"failed to process image: the file cannot be read: {reason}") from None
