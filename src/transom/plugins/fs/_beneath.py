"""Working on a checked path so that nothing can be put in its way: no link is followed between the check and the use."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

__all__ = ["Place", "file_at", "opened", "place_of"]

_BY_FOLDER = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW") and hasattr(os, "O_DIRECTORY")
_FOLDER = (
    getattr(os, "O_DIRECTORY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_PATH", 0)
)
_FILE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
# A page must not wait for the other end of a pipe; on ordinary files this changes nothing.
_PATIENT = getattr(os, "O_NONBLOCK", 0)


class Place(NamedTuple):
    """A file by its name in an open folder; where the system has no such thing, by its path.

    Attributes:
        name: The name, or the path.
        folder: The folder, as `dir_fd` of functions in `os`; `None`: the name is a path.
    """

    name: str
    folder: int | None


@contextmanager
def place_of(path: Path) -> Iterator[Place]:
    """Open the folder that a path is in, one name after the other, none of which may have become a link.

    Args:
        path: An absolute path without any link in it.

    Raises:
        OSError: A folder is not there, or is a link now.
    """
    if not _BY_FOLDER or path.parent == path:
        yield Place(str(path), None)
        return
    folder = os.open("/", _FOLDER)
    try:
        for name in path.parts[1:-1]:
            inner = os.open(name, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield Place(path.name, folder)
    finally:
        os.close(folder)


def file_at(path: Path, flags: int, mode: int = 0o666) -> int:
    """Open a file and return its descriptor.

    Args:
        path: An absolute path without any link in it.
        flags: See `os.open`.
        mode: The mode of a file that is created, before the process's mask.

    Raises:
        OSError: It cannot be opened, is a folder, or is a link now.
    """
    with place_of(path) as place:
        descriptor = os.open(place.name, flags | _FILE | _PATIENT, mode, dir_fd=place.folder)
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    return descriptor


@contextmanager
def opened(path: Path, flags: int, mode: int = 0o666) -> Iterator[int]:
    """Open a file, as `file_at` does, and close it in the end."""
    descriptor = file_at(path, flags, mode)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
