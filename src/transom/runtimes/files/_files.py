"""Files that runtimes serve: opened first, then checked as what was opened, and served from that descriptor.

A path says nothing about the next moment: a program that may write to its folder can put a link in its place between a
check and the opening.
"""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

__all__ = ["MAX_PATH_BYTES", "OpenFile", "open_file", "path_of_descriptor"]

MAX_PATH_BYTES: Final = 4096
"""The longest path that is looked up: Linux's PATH_MAX, beyond which no file can be opened."""

# A FIFO must not block, a terminal must not become ours, and Windows must not translate line ends. Absent flags are 0.
_FLAGS: Final = sum(
    {getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK")}, os.O_RDONLY
)


class OpenFile:
    """An open regular file, which is checked. Close it, from any thread.

    Args:
        descriptor: Its descriptor, which is closed with the object.
        status: What `fstat` says.
        media_type: A whole `Content-Type`.

    Attributes:
        size: Its size in bytes when it was opened.
        modified: When it was changed, in seconds since 1970.
        etag: An entity tag of this content (RFC 9110, 8.8.3), from size and time, as web servers make it.
        media_type: A whole `Content-Type`.
    """

    def __init__(self, descriptor: int, status: os.stat_result, media_type: str) -> None:
        self.size = status.st_size
        self.modified = status.st_mtime
        self.etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
        self.media_type = media_type
        self._file = os.fdopen(descriptor, "rb", buffering=0)
        self._lock = threading.Lock()
        self._reading = self._closed = False

    def read(self, start: int, size: int) -> bytes:
        """Return up to `size` bytes from `start` on; fewer only at the end of the file. One thread at a time.

        Raises:
            OSError: The file cannot be read, or is closed.
        """
        with self._lock:
            if self._closed:
                raise OSError(errno.EBADF, "the file is closed")
            self._reading = True
        try:
            self._file.seek(start)
            content = bytearray()
            while len(content) < size and (piece := self._file.read(size - len(content))):
                content += piece
            return bytes(content)
        finally:
            self._end_reading()

    def _end_reading(self) -> None:
        with self._lock:
            self._reading = False
            if self._closed:
                self._file.close()

    def read_all(self) -> bytes:
        """Return the whole content, as it is now, and close the file.

        Raises:
            OSError: The file cannot be read.
        """
        try:
            return self._file.readall()
        finally:
            self.close()

    def detach(self) -> int:
        """Return the descriptor, which is the caller's to close now. The file must not be used any more."""
        with self._lock:
            self._closed = True
            descriptor = os.dup(self._file.fileno())
            self._file.close()
        return descriptor

    def close(self) -> None:
        """Close the file; at once, or when the thread that is reading it has read. May be called twice."""
        with self._lock:
            self._closed = True
            # Not under a reader: its next call would be on whatever got the number of the descriptor meanwhile.
            if not self._reading:
                self._file.close()


def open_file(path: Path, allowed: Callable[[Path], bool], media_type: str) -> OpenFile | None:
    """Open a regular file for reading, if it may be read.

    Args:
        path: The absolute path; links in it are followed.
        allowed: Tells whether a file may be read. Gets an absolute path with no link left in it: first where the path
            leads, and then where the file that was opened is.
        media_type: The file's whole `Content-Type`.

    Returns:
        The file; `None` if it may not be read, whether it exists or not.

    Raises:
        OSError: It may be read, but there is no such file, or it is no regular file, or the system refuses.
    """
    try:
        too_long = len(os.fsencode(path)) > MAX_PATH_BYTES
        if too_long or not path.is_absolute() or not allowed(path := path.resolve()):
            return None
    except (ValueError, RuntimeError):  # NUL or a lone surrogate; a loop of links before Python 3.13
        return None
    descriptor = os.open(path, _FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(path))
        if not allowed(path_of_descriptor(descriptor, path)):
            raise _Moved
        return OpenFile(descriptor, status, media_type)
    except _Moved:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise


class _Moved(Exception):
    """The opened file is not the allowed one."""


def path_of_descriptor(descriptor: int, path: Path) -> Path:
    """Return where the file of a descriptor is, as the kernel knows it.

    Args:
        descriptor: The descriptor.
        path: The path that was opened, for systems whose kernel cannot tell. They compare the file with what is at the
            path now, which a program that wins two races can deceive.
    """
    try:
        return Path(f"/proc/self/fd/{descriptor}").readlink()  # Linux
    except OSError:
        pass
    try:
        import fcntl

        answer = fcntl.fcntl(descriptor, vars(fcntl)["F_GETPATH"], bytes(MAX_PATH_BYTES // 4))  # macOS
        return Path(os.fsdecode(answer.partition(b"\0")[0]))
    except (ImportError, KeyError, OSError):
        pass
    now = path.resolve(strict=True)
    if not os.path.samestat(os.fstat(descriptor), now.stat()):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(path))
    return now
