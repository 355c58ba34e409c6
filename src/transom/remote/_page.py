"""The back end's end of a page's link, whose other end is in the process with the windows."""

from __future__ import annotations

from collections.abc import Callable

from ..runtimes import Session
from ._peer import Peer
from ._portable import frame_to_send

__all__ = ["RemotePage"]

# As the link of WebKitGTK takes them.
_FRAME_BYTES = 512 * 1024
_INLINE_BYTES = 128 * 1024
# Frames on their way: what more there is stays in the page's queue, with its bounds.
_AHEAD = 8


class RemotePage:
    """Sends the frames of one page, a few ahead of those that its link has taken.

    Args:
        number: The page's number in the other process.
        peer: The connection to it.
        post: Runs a function on the main thread, soon.

    Attributes:
        session: The application's end.
    """

    session: Session

    def __init__(self, number: int, peer: Peer, post: Callable[[Callable[[], object]], None]) -> None:
        self._number = number
        self._peer = peer
        self._post = post
        self._room = _AHEAD
        self._posted = False

    def wake(self) -> None:
        """See `Link`."""
        if not self._posted:
            self._posted = True
            self._post(self._pump)

    def acknowledged(self, frames: int) -> None:
        """Do nothing: the other end counts."""

    def taken(self) -> None:
        """Note that the page's link has taken a frame."""
        self._room += 1
        self._pump()

    def _pump(self) -> None:
        self._posted = False
        while self._room and (frame := self.session.take(_FRAME_BYTES, _INLINE_BYTES)) is not None:
            self._room -= 1
            self._peer.send("frame", self._number, frame_to_send(frame))
