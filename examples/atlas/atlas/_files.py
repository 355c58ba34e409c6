"""Open files from a scan safely, even if a name is no longer an ordinary file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
# A pipe would block the thread that opens it, and a link could lead out of the scanned folder.
_FLAGS |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)


class NotRegular(OSError):
    """The path is a pipe, a device, a socket, a folder or a link."""

    def __init__(self) -> None:
        super().__init__("it is not an ordinary file")
        self.strerror = "it is not an ordinary file"


@contextmanager
def open_regular(path: str) -> Iterator[tuple[int, os.stat_result]]:
    """Open an ordinary file for reading, and yield its descriptor and its status.

    Raises:
        OSError: It cannot be opened, does not exist, or is not an ordinary file.
    """
    handle = os.open(path, _FLAGS)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise NotRegular
        yield handle, status
    finally:
        os.close(handle)
