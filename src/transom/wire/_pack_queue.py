"""Which pack of a page goes next: packs travel in parts, so that none holds back the others."""

from __future__ import annotations

from collections import deque
from operator import attrgetter
from typing import NamedTuple

from ._outbox import Pack

__all__ = ["PackQueue", "Part"]


class Part(NamedTuple):
    """The next bytes of a pack.

    Attributes:
        pack: What it is a part of.
        buffers: The bytes, one buffer after the other.
        size: Their number.
        last: Whether the pack ends with them.
    """

    pack: Pack
    buffers: list[memoryview]
    size: int
    last: bool


class _Rest:
    """The part of a pack that has not been sent."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.left = pack.size
        self._buffers = deque(pack.buffers)

    def cut(self, max_bytes: int) -> Part:
        room = min(max_bytes, self.left)
        size = room
        pieces: list[memoryview] = []
        while room:
            buffer = self._buffers.popleft()
            if len(buffer) > room:
                self._buffers.appendleft(buffer[room:])
                buffer = buffer[:room]
            pieces.append(buffer)
            room -= len(buffer)
        self.left -= size
        return Part(self.pack, pieces, size, self.left == 0)


class PackQueue:
    """Packs that wait to be sent.

    Parts are cut in turn from the oldest pack and from the one with the least left: a short pack overtakes a long one, and
    every pack is sent in the end.
    """

    def __init__(self) -> None:
        self._rests: list[_Rest] = []  # oldest first
        self._oldest_next = True

    def add(self, pack: Pack) -> None:
        """Append a pack, which is not empty."""
        self._rests.append(_Rest(pack))

    @property
    def next(self) -> tuple[Pack, int] | None:
        """The pack that `cut` takes from, and how many bytes are left of it; `None` when there is none."""
        rest = self._find()
        return (rest.pack, rest.left) if rest else None

    def cut(self, max_bytes: int) -> Part:
        """Take the next part, up to a number of bytes.

        Raises:
            LookupError: There is no pack.
        """
        rest = self._find()
        if rest is None:
            raise LookupError("no pack waits")
        part = rest.cut(max_bytes)
        if part.last:
            self._rests.remove(rest)
        self._oldest_next = not self._oldest_next
        return part

    def _find(self) -> _Rest | None:
        if not self._rests:
            return None
        return self._rests[0] if self._oldest_next else min(self._rests, key=attrgetter("left"))

    def clear(self) -> None:
        """Forget all packs."""
        self._rests.clear()
