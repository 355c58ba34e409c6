"""Bulk to a page of WebKitGTK: a file in memory that the application writes and the page reads.

WebKit reads the answer of a custom scheme in pieces of 8 KiB. It reads a `File` several times as fast, and does not
notice that the content of one that lies in memory changes: it looks at the file's time, which stays as it is while we
write, through a mapping, to memory that the mapping has already. So a page is given one `File`, once, and is then told
which part of it to read.

A page gets a file from a chooser only, and a chooser opens only for a user's gesture, which is what WebKit takes a script
of the application's for. The chooser's request shows which kinds of file its input element accepts: that of our script
names the generation's token, so that no other frame, and no other document, can get the file in its place.
"""

from __future__ import annotations

import logging
import mmap
import os
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from itertools import count
from typing import ClassVar

__all__ = ["FILE_BYTES", "Bulk", "SharedFile", "is_request"]

FILE_BYTES = 16 * 1024 * 1024
"""Size of the file. It has addresses first, and memory when that is needed; this it keeps."""
# A page that could not read this many parts is not given another one.
_MAX_FAILURES = 3
_MEDIA_TYPE = "application/x-transom-"
_MADV_POPULATE_WRITE = 23  # Linux 5.14; the module has no name for it

_logger = logging.getLogger(__name__)


class SharedFile:
    """A file without a name in the file system, mapped into this process; parts of packs take places in it.

    To give the mapping memory changes the file's time for a moment, in which WebKit could not read it. So that is done
    only while no place is in use.

    Raises:
        OSError: The machine has no such files, or no descriptor or address space is left.
    """

    # Descriptors of files that are gone. A page knows its file as `/proc/<pid>/fd/<n>`; `n` must become nothing else.
    _spent: ClassVar[list[int]] = []
    # WebKit refuses to read a file whose time, in seconds, is not that of the one it was given: no two have the same.
    _times: ClassVar[Iterator[int]] = count(1_000_000_000)

    def __init__(self) -> None:
        made = os.memfd_create("transom", os.MFD_CLOEXEC)
        if self._spent:
            self._fd = os.dup2(made, self._spent.pop(), inheritable=False)
            os.close(made)
        else:
            self._fd = made
        try:
            os.ftruncate(self._fd, FILE_BYTES)
            self._map = mmap.mmap(self._fd, FILE_BYTES)
        except OSError:
            self._spend()
            raise
        self._time = next(self._times) * 10**9
        self._used: dict[int, tuple[int, int]] = {}
        self._ready = self._wanted = 0

    @property
    def path(self) -> str:
        """The path at which other processes of the same user find the file."""
        return f"/proc/{os.getpid()}/fd/{self._fd}"

    def place(self, number: int, size: int) -> int | None:
        """Take a place for a part of `size` bytes, at most `FILE_BYTES`, and return where; `None` while there is no room."""
        start = 0
        for used, end in sorted(self._used.values()):
            if used - start >= size:
                break
            start = end
        end = start + size
        if not self._used:
            self._make_ready(max(end, self._wanted))
        if end > self._ready or self._wanted:
            if self._ready < FILE_BYTES:
                # Nothing more until all are read: then there can be more memory.
                self._wanted = max(self._wanted, end)
            return None
        self._used[number] = (start, end)
        return start

    def write(self, at: int, buffers: Sequence[memoryview | bytes]) -> None:
        """Write buffers into a place, one after the other."""
        for buffer in buffers:
            self._map[at : at + len(buffer)] = buffer
            at += len(buffer)
        self._keep_time()

    def _make_ready(self, wanted: int) -> None:
        self._wanted = 0
        # By powers of two, so that it is seldom.
        ready = min(1 << (wanted - 1).bit_length(), FILE_BYTES)
        if ready > self._ready:
            try:
                self._map.madvise(_MADV_POPULATE_WRITE, self._ready, ready - self._ready)
            except OSError:  # an older kernel
                self._map[self._ready : ready] = bytes(ready - self._ready)
            self._ready = ready
            self._keep_time()

    def _keep_time(self) -> None:
        # It changes here only if the machine has swapped the memory out.
        if os.fstat(self._fd).st_mtime_ns != self._time:
            os.utime(self._fd, ns=(self._time, self._time))

    def free(self, number: int) -> bool:
        """Let others take the place of a part and return whether it had one."""
        return self._used.pop(number, None) is not None

    def close(self) -> None:
        """Give the memory back."""
        self._map.close()
        self._spend()

    def _spend(self) -> None:
        nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        os.dup2(nothing, self._fd, inheritable=False)
        os.close(nothing)
        self._spent.append(self._fd)


class _State(Enum):
    UNUSED = auto()
    ASKED = auto()
    CHOSEN = auto()
    OPEN = auto()
    OFF = auto()


class Bulk:
    """The shared file of one page generation, from its first pack on. What does not go this way goes another.

    Args:
        token: What only the generation's own script knows.
        evaluate: Runs a script, as a gesture of the user, in the main frame but out of the page's reach.
    """

    def __init__(self, token: str, evaluate: Callable[[str], None]) -> None:
        self._token = token
        self._evaluate = evaluate
        self._state = _State.UNUSED
        self._file: SharedFile | None = None
        self._failures = 0

    def is_open(self) -> bool:
        """Tell whether the page has the file; the first time that this is asked, the page is given it."""
        if self._state is _State.UNUSED:
            self._state = _State.ASKED
            # The page's end hears it, and opens its chooser.
            self._evaluate(f"window.dispatchEvent(new Event('transom-{self._token}'))")
        return self._state is _State.OPEN

    def place(self, number: int, size: int) -> int | None:
        """Take a place in the open file; see `SharedFile.place`."""
        assert self._file is not None
        return self._file.place(number, size)

    def write(self, at: int, buffers: Sequence[memoryview]) -> None:
        """Write buffers into a place; see `SharedFile.write`."""
        assert self._file is not None
        self._file.write(at, buffers)

    def choose(self, accepted: Sequence[str]) -> str | None:
        """Return the path that answers a chooser for these kinds of file; `None` when it is not the one we wait for."""
        if self._state is not _State.ASKED or list(accepted) != [_MEDIA_TYPE + self._token]:
            return None
        try:
            self._file = SharedFile()
        except OSError as error:
            _logger.info("large buffers travel slowly: no memory can be shared with the page: %s", error)
            self._state = _State.OFF
            return None
        text = self._token.encode()
        self._file.place(0, len(text))
        self._file.write(0, [text])
        self._state = _State.CHOSEN
        return self._file.path

    def opened(self, text: bytes) -> None:
        """Note what the page has read from the beginning of the file it was given: it may have found another one."""
        if self._file is not None and self._state is _State.CHOSEN and text == self._token.encode():
            self._file.free(0)
            self._state = _State.OPEN
        else:
            self.refused()

    def refused(self) -> None:
        """Note that the page cannot read the file."""
        if self._state is not _State.OFF:
            _logger.info("large buffers travel slowly: the page cannot read the memory that is shared with it")
        self._state = _State.OFF

    def free(self, number: int) -> None:
        """Let others take the place of a part, if it has one."""
        if self._file is not None:
            self._file.free(number)

    def failed(self, number: int) -> None:
        """Note that the page takes a part another way; one that has a place in the file could not be read there."""
        if self._file is not None and self._file.free(number):
            self._failures += 1
            if self._failures == _MAX_FAILURES:
                self.refused()

    def close(self) -> None:
        """End with the generation."""
        self._state = _State.OFF
        file, self._file = self._file, None
        if file is not None:
            file.close()


def is_request(accepted: Sequence[str]) -> bool:
    """Tell whether a chooser for these kinds of file is one of our scripts', or wants to be taken for it."""
    return any(kind.startswith(_MEDIA_TYPE) for kind in accepted)
