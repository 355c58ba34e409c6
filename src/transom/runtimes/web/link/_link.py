"""The runtime's end of a page's link, without I/O: a WebSocket gives it the page's messages and takes those for the page.

Some texts are not frames: words in quotation marks, such as the page's `"loaded"` or the application's `"got 32"`, and a number
to the page, which counts the bytes of its binary messages that were read.
"""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from ....runtimes import Session
from ....wire import Frame, PackQueue, Replay, batch_frame, chunk_frame, fitting

__all__ = [
    "CLOSED",
    "DIRECT",
    "ELSEWHERE",
    "ENDED",
    "FAILED",
    "KEEP",
    "KEEP_BYTES",
    "LINK_PATH",
    "LOST",
    "MOVED",
    "REFUSED",
    "REPLACED",
    "SUBPROTOCOL",
    "LinkSocket",
    "Message",
    "WebLink",
]

LINK_PATH = "/.transom/link"
SUBPROTOCOL = "transom.1"
# The extension in ASGI's scope of a server whose class can carry a link itself: a `LinkSocket` (`sockets/_protocol.py`).
DIRECT = "transom.link"
# Reasons for closing, or for not opening.
CLOSED = "the window was closed"
ENDED = "the application has ended"
ELSEWHERE = "this window is open in another page"
MOVED = "the session goes on in another process"
FAILED = "the application failed"
LOST = "the connection was lost for too long, or a message with it"
REPLACED = "the page has connected again"
REFUSED = "refused: the key of this page is unknown or used; load the page again"
_logger = logging.getLogger("transom")
_FRAME_BYTES = 256 * 1024
_INLINE_BYTES = 64 * 1024
_CHUNK_BYTES = 256 * 1024
# Frames on their way to a page that has not acknowledged them; it acknowledges every second one (`transport_web.js`).
_WINDOW = 32
# The same when the next is a chunk: what is on its way holds small frames back, 1 MiB by some milliseconds.
_BULK_WINDOW = 4
# The page is told what was read whenever it is so much; it sends chunks of 2 MiB ahead (`transport_web.js`).
_TELL_BYTES = 256 * 1024
# What Chromium's JavaScript engine holds in one text; others hold more.
MAX_TEXT_BYTES = 2**29 - 24
_LOADED = '"loaded"'
# Seconds that a page whose connection was lost keeps its listeners, channels and resources, and bytes of frames that may not
# have arrived; `Builder.web` has settings.
KEEP = 5.0
KEEP_BYTES = 16 * 1024 * 1024
# The page is told what has arrived whenever it is so much, so that it need not keep it (`transport_web.js`).
_TELL_FRAMES = 32
_MAX_WORD = 192
_NUMBER = re.compile(r"[0-9]{1,9}")


class Message(NamedTuple):
    """A WebSocket message for the page.

    Attributes:
        data: Its content; UTF-8 when it is text.
        is_text: Whether it is a text message.
    """

    data: bytes
    is_text: bool


class LinkSocket(Protocol):
    """The WebSocket that carries a link; it lives on one event loop.

    It passes each of the page's messages to `WebLink.receive`, and then sends what `WebLink.next` returns until that is
    `None` or the network cannot take more.
    """

    def wake(self) -> None:
        """Send what `WebLink.next` has, soon. Any thread, returns at once."""

    async def run(self, link: WebLink) -> bool:
        """Carry messages both ways until the socket ends, and return whether the page may still be there.

        That is so when nobody has closed the connection, or when the browser did with 1001: Firefox does it when the page
        is to be replaced, and the page stays for long, or for good, when the next one is slow or a download.
        """
        ...

    def ignore(self) -> None:
        """Take nothing from the page and send it nothing from now on: another socket carries the link."""

    async def close(self, code: int, reason: str) -> None:
        """Close the socket; the page rejects its pending calls with the reason. Nothing happens if it is closed already."""


class WebLink:
    """The runtime's end of a page's link.

    Args:
        socket: The accepted WebSocket, on whose loop the link lives.
        keep: Seconds in which a page whose connection was lost may connect again.
        keep_bytes: The most bytes of frames that are kept to be sent again.
    """

    def __init__(self, socket: LinkSocket, keep: float = KEEP, keep_bytes: int = KEEP_BYTES) -> None:
        self._socket = socket
        self._thread = threading.get_ident()
        self._receiving = False
        self._keep = keep
        self._read = self._received = self._told = self._untold_bytes = 0
        self._replay: Replay[Message] = Replay(keep_bytes)
        self._again: deque[Message] = deque()  # of frames that are sent again
        self._expiry: asyncio.TimerHandle | None = None
        self._greeting: Message | None = None  # what a page that has connected again is told first
        self._ends: list[Callable[[], object]] = []
        self._packs = PackQueue()
        self._cut: deque[Message] = deque()  # of a frame that was too large for one message
        self._ended_pack: int | None = None  # its last chunk has been handed to the socket
        self.session: Session | None = None
        self._opening = threading.Lock()
        self._operations: list[tuple[str, tuple[Any, ...]]] = []  # what the page is to do once there is a session
        # Whether the page's generation has ended, and whether because its connection was lost for too long.
        self.has_ended = self.has_expired = False
        # Set while no connection carries the link, and when the page was left.
        self.away = asyncio.Event()
        # Called once, when the page says that its document has loaded.
        self.loaded: Callable[[], None] = lambda: None
        # Called with every other word of the page: what it means is in `WebRuntime`.
        self.heard: Callable[[str], None] = lambda _: None
        self.focused = False
        self._last = 0
        self._early_last: Sequence[str] = ()  # what the page sent on leaving before there was a session
        # Whether the page has sent everything that it sends when it is left, and what is called then.
        self.is_left = False
        # Whether the runtime has asked the page to go, because its window is closed.
        self.was_told_to_go = False
        self.left: Callable[[], None] = lambda: None

    def open(self, session: Session) -> None:
        """Join the link to the host's end, and let the page do what it was to do before."""
        with self._opening:
            self.session = session
            for name, arguments in self._operations:
                session.operate(name, *arguments)
            self._operations.clear()
        early, self._early_last = self._early_last, ()
        self._take_all_last(early)

    def operate(self, name: str, *arguments: Any) -> None:
        """Let the page do something, as soon as there is a session: calls may be answered while it is opened. Any thread."""
        with self._opening:
            session = self.session
            if session is None:
                self._operations.append((name, arguments))
        if session is not None:
            session.operate(name, *arguments)

    def wake(self) -> None:
        """See `Link`."""
        # The socket sends what is answered while a message is being received right after it.
        if not (self._receiving and threading.get_ident() == self._thread):
            self._socket.wake()

    def acknowledged(self, frames: int) -> None:
        """See `Link`."""
        self._replay.acknowledge(frames)

    async def run(self) -> None:
        """Carry frames both ways until the socket ends.

        The page's generation ends with a socket that was closed, and with the beacon of a page that is left. When the page
        may still be there, it may connect again within `keep` seconds.
        """
        socket, lost = self._socket, False
        try:
            lost = await socket.run(self)
        finally:
            if self._socket is socket:
                if lost and not self.is_left and not self.was_told_to_go and not self.has_ended:
                    self._expiry = asyncio.get_running_loop().call_later(self._keep, self._expire)
                    self.away.set()
                else:
                    self.end()

    @property
    def is_lost(self) -> bool:
        """Whether the connection was lost and the page has not connected again yet."""
        return self._expiry is not None

    @property
    def is_away(self) -> bool:
        """Whether the page needs its window no more for now: its connection was lost, or it was left."""
        return self.is_lost or self.is_left

    def again(self, socket: LinkSocket, frames: int) -> LinkSocket | None:
        """Continue over another socket of the same page, and return the one before.

        Frames that have not arrived are sent again.

        Args:
            socket: The socket; `run` must be called next.
            frames: How many frames the page has handled.

        Returns:
            `None` when the generation has ended, or a frame was lost that is kept no more: then the page must be loaded
            again.
        """
        if self.has_ended or self.session is None:
            return None
        missed = self._replay.after(frames)
        if missed is None:
            return None
        self._again = deque(missed)
        self._forget_expiry()
        before, self._socket = self._socket, socket
        before.ignore()
        self._read = 0
        self._told, self._untold_bytes = self._received, 0
        # The page sends again what is behind this number.
        self._greeting = Message(b'"again %d"' % self._received, True)
        return before

    def when_ended(self, callback: Callable[[], object]) -> None:
        """Let a function be called once, on the link's event loop, when the page's generation has ended."""
        self._ends.append(callback)

    def end(self) -> None:
        """End the page's generation. Nothing happens if it has ended already."""
        self._forget_expiry()
        if self.has_ended:
            return
        self.has_ended = True
        self.away.set()
        self._packs.clear()  # what keeps a channel keeps the link
        self._replay.clear()
        self._again.clear()
        if self.session is not None:
            self.session.close()
        ends, self._ends = self._ends, []
        for callback in ends:
            callback()

    def _expire(self) -> None:
        self.has_expired = True
        self.end()

    def _forget_expiry(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
            self.away.clear()

    async def close(self, code: int, reason: str) -> None:
        """Close the socket; see `LinkSocket.close`. A page whose connection was lost ends at once."""
        if self.is_lost:
            self.end()
        await self._socket.close(code, reason)

    def receive(self, message: str | bytes) -> None:
        """Take a message of the page: a batch, a chunk, or its word that it has loaded. Only once the link is open."""
        assert self.session is not None
        self._received += 1
        self._untold_bytes += len(message)
        self._receiving = True
        try:
            if not isinstance(message, str):
                self.session.receive_chunk(message)
                self._read += len(message)
            elif message == _LOADED:
                loaded, self.loaded = self.loaded, lambda: None
                loaded()
            elif message[:1] == '"':
                self._take_word(message)
            else:
                self.session.receive(message)
        finally:
            self._receiving = False

    def _take_word(self, message: str) -> None:
        word, _, batch = message[1:].partition('"')
        if batch:
            self._take_last(word.removeprefix("last "), batch)
        elif len(word) <= _MAX_WORD:
            self.heard(word)

    def _take_last(self, number: str, batch: str) -> None:
        """Take a batch of a page that is left, unless it came the other way already."""
        if _NUMBER.fullmatch(number) and int(number) > self._last and self.session is not None:
            self._last = int(number)
            self.session.receive_last(batch)

    def receive_last(self, batches: Sequence[str]) -> None:
        """Take what the page has sent beside its link while it was left: each batch behind its number.

        A page may be left while its window still waits for the page before it, or its session is begun.
        """
        if self.session is None:
            self._early_last = batches
        else:
            self._take_all_last(batches)
        left, self.left = self.left, lambda: None
        self.is_left = True
        if self.is_lost:  # it does not connect again
            self.end()
        self.away.set()
        left()

    def _take_all_last(self, batches: Sequence[str]) -> None:
        for batch in batches:
            number, bracket, rest = batch.partition("[")
            self._take_last(number, bracket + rest)

    def next(self) -> Message | None:
        """Return the next message for the page, `None` when there is none or the page has to read first.

        It counts as sent: the socket calls this when the network can take it.
        """
        session = self.session
        if session is None:
            return None
        if self._greeting is not None:
            greeting, self._greeting = self._greeting, None
            return greeting
        if self._ended_pack is not None:
            number, self._ended_pack = self._ended_pack, None
            session.pack_sent(number)
        if self._read >= _TELL_BYTES:
            told, self._read = self._read, 0
            return Message(b"%d" % told, True)
        if self._received - self._told >= _TELL_FRAMES or self._untold_bytes >= _TELL_BYTES:
            self._told, self._untold_bytes = self._received, 0
            return Message(b'"got %d"' % self._told, True)
        if self._again:
            return self._again.popleft()
        replay = self._replay
        if replay.sent - replay.arrived >= _WINDOW:
            return None
        message = self._next_frame(session)
        if message is not None:
            replay.note(message, len(message.data))
        return message

    def _next_frame(self, session: Session) -> Message | None:
        """Return the next frame or, when there is none, the next chunk of a pack."""
        if self._cut:
            return self._cut.popleft()
        frame = session.take(_FRAME_BYTES, _INLINE_BYTES)
        if frame is not None:
            if frame.pack is not None:
                self._packs.add(frame.pack)
            if len(frame.text) > MAX_TEXT_BYTES:
                return self._cut_up(frame)
            return Message(batch_frame(frame.text, frame.tail), False) if frame.tail else Message(frame.text, True)
        if self._packs.next is None or self._replay.sent - self._replay.arrived >= _BULK_WINDOW:
            return None
        part = self._packs.cut(_CHUNK_BYTES)
        if part.last:
            self._ended_pack = part.pack.number
        return Message(chunk_frame(part.pack.number, part.pack.size, part.buffers), False)

    def _cut_up(self, frame: Frame) -> Message:
        """Return the first message of a frame that is too large for one, and keep the others for the next times."""
        texts, complaints = fitting(frame.text, MAX_TEXT_BYTES)
        for complaint in complaints:
            _logger.warning("%s", complaint)
        # The tail belongs to messages of the whole frame, and a page keeps the one that came last.
        tail = frame.tail
        self._cut.extend(Message(batch_frame(text, tail), False) if tail else Message(text, True) for text in texts)
        return self._cut.popleft()
