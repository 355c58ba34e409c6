"""Packs on their way to a page of WebKitGTK, in parts: through the file that is shared with it, or by the `ipc` scheme."""

from __future__ import annotations

from collections.abc import Callable

from ....wire import Pack, PackQueue, Part
from ._bulk import FILE_BYTES, Bulk

__all__ = ["Packs", "part_number"]

# What fits into the file is read at once, which is the fastest. What does not goes in parts, of which no more are on their way
# than small messages should have to wait for.
_FILE_PART_BYTES = 2 * 1024 * 1024
_AHEAD_BYTES = 2 * _FILE_PART_BYTES
# WebKit reads the answer of a scheme in pieces of 8 KiB, a turn of the window's loop each, and little else gets through.
_SCHEME_PART_BYTES = 1024 * 1024
_MAX_DIGITS = 15


def part_number(text: bytes) -> int | None:
    """Return the number of a part that a page names, `None` when it is not one."""
    return int(text) if text.isdigit() and len(text) <= _MAX_DIGITS else None


class Packs:
    """Packs that a page does not have yet.

    Args:
        bulk: The file; `None` for a page that gets none.
        sent: Called with the number of a pack when the page has it.
    """

    def __init__(self, bulk: Bulk | None, sent: Callable[[int], None]) -> None:
        self._bulk = bulk
        self._sent = sent
        self._queue = PackQueue()
        self._parts: dict[int, Part] = {}  # those that the page was told of
        self._left: dict[int, int] = {}  # pack -> bytes that the page does not have
        self._last = 0
        self._by_scheme = 0  # the part that goes this way, one after the other; 0 before the first
        self._fetched: set[int] = set()  # parts that were asked for, and that the page has not told of since

    def add(self, pack: Pack) -> None:
        """Append a pack."""
        self._queue.add(pack)
        self._left[pack.number] = pack.size

    def announce(self) -> bytes:
        """Return what tells the page of the parts that it can get now: `@part,size,place,pack,size of the pack;...@`.

        The place is one in the file, or -1 for a part that is to be fetched. Empty when there is nothing to tell.
        """
        told = []
        while (found := self._cut()) is not None:
            place, part = found
            self._parts[self._last] = part
            told.append(b"%d,%d,%d,%d,%d" % (self._last, part.size, place, part.pack.number, part.pack.size))
        return b"@%b@" % b";".join(told) if told else b""

    def _cut(self) -> tuple[int, Part] | None:
        """Return the next part and its place, `None` when there is none or no room for it; `_last` is its number."""
        found = self._queue.next
        if found is None:
            return None
        pack, left = found
        if self._bulk is not None and self._bulk.is_open():
            long = pack.size > FILE_BYTES
            if long and sum(part.size for part in self._parts.values()) >= _AHEAD_BYTES:
                return None
            size = min(left, _FILE_PART_BYTES if long else FILE_BYTES)
            place = self._bulk.place(self._last + 1, size)
            if place is None:
                return None
            self._last += 1
            part = self._queue.cut(size)
            self._bulk.write(place, part.buffers)
            return place, part
        if self._by_scheme in self._parts:
            return None
        self._last = self._by_scheme = self._last + 1
        return -1, self._queue.cut(_SCHEME_PART_BYTES)

    def fetch(self, number: int) -> bytes | memoryview | None:
        """Return a part for the one request that the page makes for it, `None` when there is none (any more)."""
        if self._bulk:
            self._bulk.failed(number)
        part = self._parts.get(number)
        if part is None or number in self._fetched:
            return None
        self._fetched.add(number)
        return part.buffers[0] if len(part.buffers) == 1 else b"".join(part.buffers)

    def received(self, number: int) -> None:
        """Note that the page has a part, or cannot get it in any way; an unknown number is ignored."""
        part = self._parts.pop(number, None)
        if part is None:
            return
        self._fetched.discard(number)
        if self._bulk:
            self._bulk.free(number)
        pack = part.pack.number
        self._left[pack] -= part.size
        if not self._left[pack]:
            del self._left[pack]
            self._sent(pack)
