"""Frames that were sent over a connection which can break, until the other end has them.

Both ends count what they have received. Over the next connection each tells the other its count, and the other sends what
comes behind it: so every frame arrives once and in order, or it is known that some are gone. `transport_web.js` does the
same for what the page sends.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

__all__ = ["Replay"]

F = TypeVar("F")


class Replay(Generic[F]):
    """The sender's half.

    Args:
        max_bytes: Above this, the oldest frames are forgotten, and can be sent no second time.

    Attributes:
        sent: How many frames were sent.
        arrived: How many of them the other end is known to have.
    """

    __slots__ = ("_bytes", "_frames", "_max_bytes", "arrived", "sent")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._frames: deque[tuple[F, int]] = deque()
        self._bytes = 0
        self.sent = self.arrived = 0

    @property
    def kept_bytes(self) -> int:
        """The size of the frames that are kept."""
        return self._bytes

    def note(self, frame: F, size: int) -> None:
        """Note that a frame of this size in bytes is sent."""
        self.sent += 1
        self._frames.append((frame, size))
        self._bytes += size
        while self._bytes > self._max_bytes:
            self._bytes -= self._frames.popleft()[1]

    def acknowledge(self, count: int) -> None:
        """Note that the other end has this many frames; a count that it cannot have, or had before, changes nothing."""
        if self.arrived < count <= self.sent:
            self.arrived = count
            self._forget_before(count)

    def after(self, count: int) -> list[F] | None:
        """Return the frames to send again to an end that has received this many, and note that it has those.

        Returns:
            `None` when some of them are kept no more, or the count is of no frame that was sent: then it is not known what
            the other end has missed.
        """
        if not self.sent - len(self._frames) <= count <= self.sent:
            return None
        self.arrived = max(self.arrived, count)
        self._forget_before(count)
        return [frame for frame, _ in self._frames]

    def clear(self) -> None:
        """Forget every frame."""
        self._frames.clear()
        self._bytes = 0

    def _forget_before(self, count: int) -> None:
        for _ in range(len(self._frames) - (self.sent - count)):
            self._bytes -= self._frames.popleft()[1]
