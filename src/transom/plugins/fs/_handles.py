"""Open files, which pages know by numbers, and the lines of text files."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, Literal

import msgspec

from ...commands import command
from ...errors import CommandError
from ...handles import BaseDirectory, Webview
from ...values import Response
from ._beneath import file_at
from ._errors import rejecting
from ._info import FileInfo, info_of
from ._scope import Access

__all__ = ["COMMANDS"]

_MOST: Final = 16 << 20
"""Bytes that one `read` returns at most; a page that asks for more reads again."""


_LONGEST: Final = 64 << 20
"""Bytes of one line; a file without ends of lines, such as one of zeros, must not fill the memory."""


class OpenOptions(msgspec.Struct, rename="camel"):
    """How to open a file; by default to read it."""

    base_dir: BaseDirectory | None = None
    read: bool = True
    write: bool = False
    append: bool = False
    truncate: bool = False
    create: bool = False
    create_new: bool = False
    mode: int | None = None


class TextOptions(msgspec.Struct, rename="camel"):
    """Where a text file is, and how its characters are written."""

    base_dir: BaseDirectory | None = None
    encoding: str | None = None


class OpenFile:
    """An open file of a page, which does one call after the other.

    Args:
        descriptor: The open file; it is closed with this.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    @contextmanager
    def using(self) -> Iterator[int]:
        """Have the descriptor alone.

        Raises:
            OSError: The file is closed.
        """
        with self._lock:
            if self._descriptor < 0:
                raise OSError(errno.EBADF, os.strerror(errno.EBADF))
            yield self._descriptor

    def close(self) -> None:
        """See `Resource`."""
        with self._lock:
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1


class Lines:
    """The lines of a text file, in its own encoding.

    Args:
        file: The file.
        encoding: The encoding's name, as a browser writes it.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._newline, self._return = {
            "utf-16le": (b"\n\0", b"\r\0"),
            "utf-16be": (b"\0\n", b"\0\r"),
        }.get(encoding, (b"\n", b"\r"))

    def next(self) -> bytes | None:
        """Return the next line without its end, `None` after the last.

        Raises:
            OSError: The file cannot be read.
            ValueError: The line is too long.
        """
        with self._lock:
            line = self._read()
        if not line:
            return None
        return bytes(line.removesuffix(self._newline).removesuffix(self._return))

    def _read(self) -> bytearray:
        line = bytearray()
        while piece := self._file.readline(_LONGEST + 1 - len(line)):
            line += piece
            if len(line) > _LONGEST:
                raise ValueError(f"a line has more than {_LONGEST >> 20} MiB; read it in parts with open()")
            if len(self._newline) == 1:
                break
            # A line feed is the first or the second half of a character.
            if self._newline[0] == 0x0A and len(line) % 2:
                line += self._file.read(1)
            if len(line) % 2 == 0 and line.endswith(self._newline):
                break
        return line

    def close(self) -> None:
        """See `Resource`."""
        with self._lock:
            self._file.close()


@command
def create(access: Access, webview: Webview, path: str, options: TextOptions | None = None) -> int:
    """Create a file, or empty the one that is there, and return its number."""
    found = access.path(path, None if options is None else options.base_dir)
    with rejecting("failed to create file", found):
        descriptor = file_at(found, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    return webview.resources_table().add(OpenFile(descriptor))


@command(name="open")
def open_(access: Access, webview: Webview, path: str, options: OpenOptions | None = None) -> int:
    """Open a file and return its number."""
    options = options or OpenOptions()
    found = access.path(path, options.base_dir)
    mode = 0o666 if options.mode is None else options.mode & 0o777
    with rejecting("failed to open file", found):
        descriptor = file_at(found, _flags(options), mode)
    return webview.resources_table().add(OpenFile(descriptor))


def _flags(options: OpenOptions) -> int:
    """Return the flags of `os.open`.

    Raises:
        OSError: The options contradict each other, in the same cases as in Rust.
    """
    writes = options.write or options.append
    if not (options.read or writes) or (options.append and options.truncate and not options.create_new):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    if not writes and (options.truncate or options.create or options.create_new):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    flags = (os.O_RDWR if options.read else os.O_WRONLY) if writes else os.O_RDONLY
    flags |= os.O_APPEND if options.append else 0
    if options.create_new:
        return flags | os.O_CREAT | os.O_EXCL
    return flags | (os.O_CREAT if options.create else 0) | (os.O_TRUNC if options.truncate else 0)


@command
def read(webview: Webview, rid: int, len: int) -> Response:  # noqa: A002 - the argument's name
    """Return the next bytes of an open file, and their number in the eight bytes after them; at its end, 0."""
    with (
        rejecting("failed to read bytes from file"),
        webview.resources_table().get(rid, OpenFile).using() as descriptor,
    ):
        data = os.read(descriptor, max(0, min(len, _MOST)))
    return Response(data + _length(data).to_bytes(8, "big"))


def _length(data: bytes) -> int:
    return len(data)


@command
def seek(webview: Webview, rid: int, offset: int, whence: Literal[0, 1, 2]) -> int:
    """Move the place of the next call in an open file, from its start, from where it is or from its end; return it."""
    with rejecting("failed to seek file"), webview.resources_table().get(rid, OpenFile).using() as descriptor:
        return os.lseek(descriptor, offset, whence)


@command
def fstat(webview: Webview, rid: int) -> FileInfo:
    """Return the metadata of an open file."""
    with (
        rejecting("failed to get metadata of file"),
        webview.resources_table().get(rid, OpenFile).using() as descriptor,
    ):
        return info_of(os.fstat(descriptor))


@command
def ftruncate(webview: Webview, rid: int, len: int | None = None) -> None:  # noqa: A002 - the argument's name
    """Give an open file another length; without one, none."""
    with rejecting("failed to truncate file"), webview.resources_table().get(rid, OpenFile).using() as descriptor:
        os.ftruncate(descriptor, len or 0)


@command
def write(webview: Webview, rid: int, data: bytes) -> int:
    """Write bytes into an open file and return their number."""
    with rejecting("failed to write bytes to file"), webview.resources_table().get(rid, OpenFile).using() as descriptor:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    return _length(data)


@command
def read_text_file_lines(access: Access, webview: Webview, path: str, options: TextOptions | None = None) -> int:
    """Open a text file and return the number by which its lines are read."""
    options = options or TextOptions()
    found = access.path(path, options.base_dir)
    with rejecting("failed to open file", found):
        descriptor = file_at(found, os.O_RDONLY)
    file = open(descriptor, "rb")  # noqa: PTH123, SIM115 - the page closes it
    return webview.resources_table().add(Lines(file, options.encoding or "utf-8"))


@command
def read_text_file_lines_next(webview: Webview, rid: int) -> Response:
    """Return the next line, and a byte after it: 0 for a line, 1 after the last, when the file is closed."""
    table = webview.resources_table()
    lines = table.get(rid, Lines)
    try:
        with rejecting("failed to read lines from file"):
            line = lines.next()
    except CommandError:
        table.close(rid)
        raise
    if line is not None:
        return Response(line + b"\0")
    table.close(rid)
    return Response(b"\1")


COMMANDS = (
    create,
    open_,
    read,
    seek,
    fstat,
    ftruncate,
    write,
    read_text_file_lines,
    read_text_file_lines_next,
)
