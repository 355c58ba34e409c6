"""One page's WebSocket: frames from the session down, batches and chunks up.

Two texts are no frames: `"loaded"` from the page, and a number to it: so many bytes of its binary frames were read.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from ...runtimes import Session
from ...wire import PackQueue, batch_frame, chunk_frame

__all__ = ["WebLink"]

_FRAME_BYTES = 256 * 1024
_INLINE_BYTES = 64 * 1024
_CHUNK_BYTES = 256 * 1024
# Frames on their way to a page that has not acknowledged them; it does so every second (`transport_web.js`).
_WINDOW = 32
# The same when the next is a chunk: what is on its way holds small frames back, 1 MiB by some milliseconds.
_BULK_WINDOW = 4
# The page is told what was read whenever it is so much; it sends chunks of 2 MiB ahead (`transport_web.js`).
_TELL_BYTES = 256 * 1024
_LOADED = '"loaded"'


class WebLink:
    """The runtime's end of a page's link.

    Args:
        socket: The accepted WebSocket, on whose loop the link lives.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._more = asyncio.Event()
        self._receiving = self._sending = False
        self._sent = self._seen = self._read = 0
        self._packs = PackQueue()
        self.session: Session | None = None
        self._opening = threading.Lock()
        self._operations: list[tuple[str, tuple[Any, ...]]] = []  # what the page is to do once there is a session
        # Called when the page's document is there whole, at the page's word.
        self.loaded: Callable[[], None] = lambda: None

    def open(self, session: Session) -> None:
        """Join the link to the host's end, and let the page do what it was to do before."""
        with self._opening:
            self.session = session
            for name, arguments in self._operations:
                session.operate(name, *arguments)
            self._operations.clear()

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
        # What is answered while a message is being received is sent right after it.
        if not (self._receiving and threading.get_ident() == self._thread):
            with suppress(RuntimeError):  # the loop has ended, and every page with it
                self._loop.call_soon_threadsafe(self._more.set)

    def acknowledged(self, frames: int) -> None:
        """See `Link`."""
        # The page's word: it can neither take back what it said nor have seen what was not sent.
        self._seen = max(self._seen, min(frames, self._sent))

    async def run(self, session: Session) -> None:
        """Carry frames both ways until the page or the application closes the socket."""
        pump = asyncio.ensure_future(self._pump(session))
        try:
            while True:
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                self._receiving = True
                try:
                    self._receive(session, message)
                finally:
                    self._receiving = False
                await self._tell()
                await self._send_all(session)
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            pump.cancel()
            self._packs.clear()  # what keeps a channel keeps the link
            session.close()

    async def close(self, code: int, reason: str) -> None:
        """Close the socket; the page rejects what it still waits for with the reason."""
        with suppress(RuntimeError, WebSocketDisconnect):  # closed already, or gone meanwhile
            await self._socket.close(code, reason)

    def _receive(self, session: Session, message: Message) -> None:
        text = message.get("text")
        if text == _LOADED:
            loaded, self.loaded = self.loaded, lambda: None
            loaded()
        elif text is not None:
            session.receive(text)
        else:
            session.receive_chunk(message["bytes"])
            self._read += len(message["bytes"])

    async def _tell(self) -> None:
        """Tell the page how much was read, when it is much."""
        if self._read >= _TELL_BYTES:
            told, self._read = self._read, 0
            await self._socket.send({"type": "websocket.send", "text": str(told)})

    async def _pump(self, session: Session) -> None:
        """Send what there is whenever `wake` was called."""
        while True:
            await self._more.wait()
            self._more.clear()
            await self._send_all(session)

    async def _send_all(self, session: Session) -> None:
        """Send frames until there is none or the page has to read first, unless another task is at it: it will go on."""
        if self._sending:
            return
        self._sending = True
        try:
            while self._sent - self._seen < _WINDOW and await self._send_next(session):
                self._sent += 1
        finally:
            self._sending = False

    async def _send_next(self, session: Session) -> bool:
        """Send the next frame or, when there is none, the next chunk of a pack; tell whether there was any."""
        send = self._socket.send
        frame = session.take(_FRAME_BYTES, _INLINE_BYTES)
        if frame is not None:
            if frame.pack is not None:
                self._packs.add(frame.pack)
            if frame.tail:
                await send({"type": "websocket.send", "bytes": batch_frame(frame.text, frame.tail)})
            else:
                await send({"type": "websocket.send", "text": frame.text.decode()})
            return True
        if self._packs.next is None or self._sent - self._seen >= _BULK_WINDOW:
            return False
        part = self._packs.cut(_CHUNK_BYTES)
        await send({"type": "websocket.send", "bytes": chunk_frame(part.pack.number, part.pack.size, part.buffers)})
        if part.last:
            session.pack_sent(part.pack.number)
        return True
