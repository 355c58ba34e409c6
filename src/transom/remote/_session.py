"""A page in the process with the windows: its link stays while the back ends behind it change."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from typing import Any

from ..runtimes import Link, Page
from ..values import encode_json
from ..wire import Frame, channel_end, page_operation, reject
from ._peer import Peer
from ._portable import frame_from

__all__ = ["DOWN", "HostSession"]

# What the page sends when it has rejected the calls of the back end that is gone: what came before it was for that one.
_MARK = b"[[5]]"
# Of what a page sends while no back end is there.
_MAX_KEPT_BYTES = 16 * 1024 * 1024
DOWN = {
    "kind": "backendDown",
    "message": "the back end has failed, so no command can be called; mend its code and save it",
}
_FULL = {"kind": "backendDown", "message": "too many calls wait for the next back end"}
_CHANNEL_MESSAGE, _CHANNEL_END, _CHANNEL_MESSAGES = 2, 3, 8


class HostSession:
    """One page generation. All of it runs on the window system's thread.

    Args:
        number: Its number in the connection.
        page: What the runtime knows of it.
        link: The runtime's end.
        ended: Called when the generation ends.
    """

    def __init__(self, number: int, page: Page, link: Link, ended: Callable[[HostSession], object]) -> None:
        self.number = number
        self.page = page
        self._link = link
        self._ended = ended
        self._peer: Peer | None = None
        self._frames: deque[tuple[Frame, Peer | None]] = deque()
        self._kept: list[tuple[Any, ...]] = []
        self._kept_bytes = 0
        self._channels: dict[int, int] = {}  # callback -> the number of its next message
        self._had_one = self._dropping = self.is_down = self._closed = False

    # What the application's process sends

    def open_at(self, peer: Peer) -> None:
        """Open the page in a back end, and hand it what the page has sent meanwhile."""
        self.is_down = False
        self._peer = peer
        peer.send("page", self.number, "open", self.page)
        for kept in self._kept:
            peer.send("page", self.number, *kept)
        self._drop_kept()
        if self._had_one:
            self.tell(page_operation("back"))
        self._had_one = True

    def add(self, frame: Frame, peer: Peer) -> None:
        """Add a frame for the page."""
        if peer is not self._peer:
            return
        self._note_channels(frame.text)
        self._frames.append((frame_from(frame), peer))
        self._link.wake()

    def _note_channels(self, text: bytes) -> None:
        if not any(b"[%d," % kind in text for kind in (_CHANNEL_MESSAGE, _CHANNEL_END, _CHANNEL_MESSAGES)):
            return
        for kind, *rest in json.loads(text):
            if kind == _CHANNEL_MESSAGE:
                self._channels[rest[0]] = rest[1] + 1
            elif kind == _CHANNEL_MESSAGES:
                self._channels[rest[0]] = rest[1] + len(rest[2])
            elif kind == _CHANNEL_END:
                self._channels.pop(rest[0], None)

    def cut(self, kind: str, text: str) -> None:
        """Let go of the back end: the page's pending calls reject, and its channels end.

        Args:
            kind: `backendReplaced` or `backendGone`.
            text: The message of the error.
        """
        if self._peer is None:
            return
        self._peer = None
        self._dropping = True
        ends = [channel_end(callback, count) for callback, count in self._channels.items()]
        self._channels.clear()
        self.tell(*ends, page_operation("gone", kind, text))

    def tell(self, *messages: bytes) -> None:
        """Send messages of our own to the page."""
        self._frames.append((Frame(b"[%b]" % b",".join(messages)), None))
        self._link.wake()

    def go_down(self) -> None:
        """Reject what waits for a back end, and what is called from now on: none is coming."""
        if self._peer is None:
            self.is_down = True
            kept = list(self._kept)
            self._drop_kept()
            for what, *arguments in kept:
                self._refuse(DOWN, what, *arguments)

    # What the page's link asks: `runtimes.Session`

    def receive(self, batch: str | bytes | memoryview, tail: memoryview | None = None) -> None:
        """See `Session`."""
        plain = batch.encode() if isinstance(batch, str) else bytes(batch)
        if plain == _MARK:
            self._dropping = False
        else:
            self._hand("receive", plain, None if tail is None else bytes(tail))

    def receive_last(self, batch: str) -> None:
        """See `Session`."""
        self._hand("receive_last", batch)

    def receive_chunk(self, frame: bytes | memoryview) -> None:
        """See `Session`."""
        self._hand("receive_chunk", bytes(frame))

    def take(self, max_bytes: int, inline_bytes: int) -> Frame | None:
        """See `Session`."""
        if not self._frames:
            return None
        frame, peer = self._frames.popleft()
        if peer is not None and peer is self._peer:
            peer.send("page", self.number, "taken")
        return frame

    def operate(self, name: str, *arguments: Any) -> None:
        """See `Session`."""
        if self._peer is None:
            self.tell(page_operation(name, *arguments))
        else:
            self._peer.send("page", self.number, "operate", name, *arguments)

    def pack_sent(self, number: int) -> None:
        """See `Session`."""
        if self._peer is not None:
            self._peer.send("page", self.number, "pack_sent", number)

    def close(self) -> None:
        """See `Session`."""
        if self._closed:
            return
        self._closed = True
        if self._peer is not None:
            self._peer.send("page", self.number, "close")
        self._ended(self)

    # Without a back end

    def _hand(self, what: str, *arguments: Any) -> None:
        if self._dropping:
            return
        if self._peer is not None:
            self._peer.send("page", self.number, what, *arguments)
        elif self.is_down:
            self._refuse(DOWN, what, *arguments)
        else:
            size = sum(len(part) for part in arguments if part is not None)
            if self._kept_bytes + size > _MAX_KEPT_BYTES:
                self._refuse(_FULL, what, *arguments)
                return
            self._kept_bytes += size
            self._kept.append((what, *arguments))

    def _drop_kept(self) -> None:
        self._kept.clear()
        self._kept_bytes = 0

    def _refuse(self, why: dict[str, str], what: str, *arguments: Any) -> None:
        """Reject the calls of a batch."""
        if what != "receive":
            return
        try:
            calls = [message[1] for message in json.loads(arguments[0]) if message[0] == 0]
        except (ValueError, LookupError, TypeError):
            return
        if calls:
            self.tell(*(reject(call, encode_json(why)) for call in calls if isinstance(call, int)))
