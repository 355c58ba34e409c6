"""A link over one connection of uvicorn: from bytes to the link's messages and back, with no task in between.

The `websockets` package speaks the protocol: the handshake, frames and their limits, pings, the closing handshake. Whole
small texts, which are nearly all that is sent, pass it by (`_frames.py`): its parser takes longer than a call.
uvicorn creates an object of the class in its setting `ws` for every WebSocket. Its own classes pause and resume reading
around each message and hand it to a task through a queue; this one calls the link from where the bytes arrive.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Awaitable
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, cast

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import SEND_EOF, Event, State
from websockets.server import ServerProtocol

from ..link import ENDED, FAILED, WebLink
from ._frames import FrameBounds, small_text_frame, take_small_text

if TYPE_CHECKING:
    from uvicorn.server import ServerState

__all__ = ["LinkConnection"]

# Seconds for the other side to complete the closing handshake.
_CLOSE_TIMEOUT = 10.0
# What is read at once: little from a page that sends little, as every page of thousands has a buffer.
_SMALL_READ = 512
_READ_BYTES = 256 * 1024
# Frames that carry next to nothing in what is read at once: parsing 40,000 empty ones would hold all pages for a second.
_MAX_FUTILE = 100
_NOT_HANDLED = "a message from a page could not be handled; its connection is closed"
_logger = logging.getLogger("transom")
# uvicorn's own, whose level its settings set: with a logger that lets debug messages through, every frame is one.
_protocol_logger = logging.getLogger("uvicorn.error")


class LinkConnection(asyncio.BufferedProtocol, asyncio.Protocol):
    """Carries a link over one connection; see `LinkSocket`. A class behind it decides about the request.

    While the page does not read what it is sent, messages from it are not handled, and then not read either: so the
    answers to a page that only sends cannot pile up.

    Args:
        state: uvicorn's record of connections and tasks.
        max_size: The largest message to accept, in bytes; a larger one closes the connection.
    """

    def __init__(self, state: ServerState, max_size: int) -> None:
        self._state = state
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        # What a message starts must not see the context variables of a call that happened to wake the link.
        self._context = copy_context()
        self._max_size = max_size
        # From the first frame on; `None` also when it is not known where that began.
        self._bounds: FrameBounds | None = None
        self._protocol = ServerProtocol(max_size=max_size, logger=_protocol_logger)
        self._transport: asyncio.Transport = cast("asyncio.Transport", None)  # until `connection_made`
        self._link: WebLink | None = None
        self._events: deque[Event] = deque()  # not handled yet
        self._fragments: bytearray | None = None
        self._fragments_are_text = False
        self._buffer = bytearray(_SMALL_READ)
        self._is_full = False  # the last read filled the buffer
        self._writable = True
        self._discarding = False  # the application has closed the link: what still arrives is of no interest
        self._eof_sent = False
        self._ended = asyncio.Event()
        self._close_timer: asyncio.TimerHandle | None = None

    # LinkSocket

    def wake(self) -> None:
        """See `LinkSocket`."""
        if threading.get_ident() == self._thread:
            self._loop.call_soon(self._send_all, context=self._context)
            return
        with suppress(RuntimeError):  # the loop has ended, and every page with it
            self._loop.call_soon_threadsafe(self._send_all, context=self._context)

    async def run(self, link: WebLink) -> bool:
        """See `LinkSocket`."""
        self._link = link
        self._loop.call_soon(self._continue, context=self._context)
        await self._ended.wait()
        protocol = self._protocol
        if protocol.close_rcvd is not None:
            return bool(protocol.close_rcvd_then_sent) and protocol.close_rcvd.code == CloseCode.GOING_AWAY
        return protocol.close_sent is None

    def ignore(self) -> None:
        """See `LinkSocket`."""
        self._discard()
        self._link = None

    async def close(self, code: int, reason: str) -> None:
        """See `LinkSocket`."""
        self._close(code, reason)

    # asyncio.Protocol, and what uvicorn expects beside it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take over a connection on which uvicorn has read the request for a WebSocket."""
        self._transport = cast("asyncio.Transport", transport)
        self._state.connections.add(cast("Any", self))

    # Buffered: for `data_received` alone, asyncio would allocate 256 KiB for every small message, by three system calls.
    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where asyncio puts what it reads."""
        if self._is_full != (len(self._buffer) > _SMALL_READ):
            self._buffer = bytearray(_READ_BYTES if self._is_full else _SMALL_READ)
        return memoryview(self._buffer)

    def buffer_updated(self, nbytes: int) -> None:
        """Handle what asyncio has read."""
        self._is_full = nbytes >= _SMALL_READ
        self.data_received(bytes(memoryview(self._buffer)[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Handle the messages that are complete with this data; uvicorn passes the request for a WebSocket here."""
        if self._bounds is None:
            self._protocol.receive_data(data)
            events = self._protocol.events_received()
            if events and isinstance(events[0], Request) and data.endswith(b"\r\n\r\n"):
                self._bounds = FrameBounds()
            self._handle(events)
            return
        if self._bounds.at_frame and (read := self._take_small(data)):
            if read == len(data):
                return
            data = data[read:]
        if self._bounds.follow(data) > _MAX_FUTILE:
            self._give_up()
            return
        self._protocol.receive_data(data)
        self._handle(self._protocol.events_received())

    def _give_up(self) -> None:
        """Close the connection of a client that sends frames to no end."""
        if self._protocol.state is State.OPEN:
            _logger.warning("the connection of a page is closed: it sent too many frames without content")
            self._fail(CloseCode.POLICY_VIOLATION, "too many frames without content")
        else:
            self._transport.abort()

    def _take_small(self, data: bytes) -> int:
        """Handle the whole small texts that data begins with, as far as the page reads its answers; return their size."""
        at = 0
        if self._events or self._fragments is not None:
            return at
        while self._takes_more() and (taken := take_small_text(data, at, self._max_size)) is not None:
            text, at = taken
            self._receive_safely(text)
        return at

    def _takes_more(self) -> bool:
        return not (self._discarding or self._must_wait()) and self._protocol.state is State.OPEN

    def _receive_safely(self, text: bytes) -> None:
        try:
            self._receive(text, True)
        except BaseException:
            _logger.exception(_NOT_HANDLED)
            self._fail(CloseCode.INTERNAL_ERROR, FAILED)

    def eof_received(self) -> None:
        """Note that the page sends nothing more; the transport then closes itself."""
        self._protocol.receive_eof()
        self._handle(self._protocol.events_received())

    def connection_lost(self, exc: Exception | None) -> None:
        """End the link: nothing can be sent or received any more."""
        self._state.connections.discard(cast("Any", self))
        self._protocol.receive_eof()
        self._discard()
        self._end()
        if self._close_timer is not None:
            self._close_timer.cancel()

    def pause_writing(self) -> None:
        """Stop sending until `resume_writing`."""
        self._writable = False

    def resume_writing(self) -> None:
        """Go on: the page has read most of what was sent."""
        self._writable = True
        self._continue()

    def shutdown(self) -> None:
        """Close the connection, because the server ends."""
        self._close(CloseCode.GOING_AWAY, ENDED)

    # From the page

    def _continue(self) -> None:
        """Handle messages and send again, after either had to wait."""
        self._handle([])
        self._send_all()
        if not self._must_wait():
            self._transport.resume_reading()

    def _must_wait(self) -> bool:
        # Once the other side has closed the connection, it reads nothing more that could be waited for.
        return self._link is None or not (self._writable or self._eof_sent)

    def _handle(self, events: list[Event]) -> None:
        """Handle what has been received, as far as the page reads its answers."""
        self._write()
        if not self._discarding:
            self._events += events
        while self._events:
            event = self._events[0]
            if isinstance(event, Frame) and self._must_wait():
                self._transport.pause_reading()
                return
            self._events.popleft()
            try:
                if isinstance(event, Frame):
                    self._handle_frame(event)
                elif isinstance(event, Request):
                    self._handle_request(event)
            except BaseException:
                _logger.exception(_NOT_HANDLED)
                self._fail(CloseCode.INTERNAL_ERROR, FAILED)
        if self._eof_sent:
            self._end()

    def _handle_request(self, request: Request) -> None:
        """Decide about the request for a WebSocket, now or in a task, and answer it."""
        raise NotImplementedError

    def _begin(self, carrying: Awaitable[None]) -> None:
        """Let a task carry the link, and close the connection after it."""
        task = self._loop.create_task(self._carry(carrying), context=self._context)
        self._state.tasks.add(task)
        task.add_done_callback(self._state.tasks.discard)

    async def _carry(self, carrying: Awaitable[None]) -> None:
        try:
            await carrying
        except Exception:
            _logger.exception("the link of a page failed; its connection is closed")
            self._fail(CloseCode.INTERNAL_ERROR, FAILED)
        finally:
            self._close(CloseCode.GOING_AWAY, ENDED)

    def _handle_frame(self, frame: Frame) -> None:
        """Handle a whole message, or keep a fragment; pings and the closing handshake are the protocol's."""
        if frame.opcode is Opcode.TEXT or frame.opcode is Opcode.BINARY:
            if frame.fin:
                self._receive(bytes(frame.data), frame.opcode is Opcode.TEXT)
            else:
                self._fragments = bytearray(frame.data)
                self._fragments_are_text = frame.opcode is Opcode.TEXT
        elif frame.opcode is Opcode.CONT:
            assert self._fragments is not None
            self._fragments += frame.data
            if frame.fin:
                message, self._fragments = bytes(self._fragments), None
                self._receive(message, self._fragments_are_text)

    def _receive(self, data: bytes, is_text: bool) -> None:
        assert self._link is not None
        try:
            message = data.decode() if is_text else data
        except UnicodeDecodeError as error:
            _logger.warning("the connection of a page is closed: it sent a text that is not UTF-8: %s", error.reason)
            self._fail(CloseCode.INVALID_DATA, "a text message is not UTF-8")
            return
        self._link.receive(message)
        self._send_all()

    # To the page

    def _send_all(self) -> None:
        """Send messages until there are none, the page has to read first, or the network takes no more."""
        if self._link is None:
            return
        protocol = self._protocol
        try:
            while self._writable and protocol.state is State.OPEN and (message := self._link.next()) is not None:
                if message.is_text:
                    if (frame := small_text_frame(message.data)) is not None:
                        self._transport.write(frame)
                        continue
                    protocol.send_text(message.data)
                else:
                    protocol.send_binary(message.data)
                self._write()
        except BaseException:
            _logger.exception("a message for a page could not be sent; its connection is closed")
            self._fail(CloseCode.INTERNAL_ERROR, FAILED)

    def _write(self) -> None:
        """Write what the protocol has to send."""
        for data in self._protocol.data_to_send():
            if data == SEND_EOF:
                self._eof_sent = True
                if self._transport.can_write_eof():
                    self._transport.write_eof()
                else:  # TLS has no half-closed connections
                    self._transport.close()
            else:
                self._transport.write(data)

    # The end

    def _close(self, code: int, reason: str) -> None:
        """Begin the closing handshake, unless the connection is closed or closing."""
        if self._protocol.state is State.OPEN:
            self._discard()
            self._protocol.send_close(code, reason)
            self._write()
            self._transport.resume_reading()  # the other side's part of the handshake
            self._end()

    def _fail(self, code: int, reason: str) -> None:
        """Close the connection without waiting for the other side, unless it is closed or closing."""
        if self._protocol.state is State.OPEN:
            self._discard()
            self._protocol.fail(code, reason)
            self._write()
            self._transport.resume_reading()
            self._end()
        elif self._protocol.state is State.CONNECTING:
            self._transport.abort()

    def _discard(self) -> None:
        self._discarding = True
        self._events.clear()
        self._fragments = None

    def _end(self) -> None:
        """End the link, and give the other side time to close the connection."""
        if self._ended.is_set():
            return
        self._ended.set()
        error = self._protocol.parser_exc
        if error is not None and not isinstance(error, EOFError):
            _logger.warning("the connection of a page is closed: %s", error)
        self._close_timer = self._loop.call_later(_CLOSE_TIMEOUT, self._transport.abort)
