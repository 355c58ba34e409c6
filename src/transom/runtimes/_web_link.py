"""One page's WebSocket: frames from the session down, batches and chunks up.

Two texts are no frames: `"loaded"` from the page, and a number to it: so many bytes of its binary frames were read.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from ..wire import batch_frame, chunk_frames
from ._interface import Session

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
        self._more = asyncio.Event()
        self._sent = self._seen = self._read = 0
        self.session: Session | None = None
        # Called when the page's document is there whole, at the page's word.
        self.loaded: Callable[[], None] = lambda: None

    def wake(self) -> None:
        """See `Link`."""
        with suppress(RuntimeError):  # the loop has ended, and every page with it
            self._loop.call_soon_threadsafe(self._more.set)

    def acknowledged(self, frames: int) -> None:
        """See `Link`."""
        # The page's word: it can neither take back what it said nor have seen what was not sent.
        self._seen = max(self._seen, min(frames, self._sent))
        self._more.set()

    async def run(self, session: Session) -> None:
        """Carry frames both ways until the page or the application closes the socket."""
        self.session = session
        pump = asyncio.ensure_future(self._pump(session))
        try:
            while True:
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                text = message.get("text")
                if text == _LOADED:
                    loaded, self.loaded = self.loaded, lambda: None
                    loaded()
                elif text is not None:
                    session.receive(text)
                else:
                    session.receive_chunk(message["bytes"])
                    self._read += len(message["bytes"])
                    if self._read >= _TELL_BYTES:
                        told, self._read = self._read, 0
                        await self._socket.send({"type": "websocket.send", "text": str(told)})
        except (WebSocketDisconnect, RuntimeError):
            return
        finally:
            pump.cancel()
            session.close()

    async def close(self, code: int, reason: str) -> None:
        """Close the socket; the page rejects what it still waits for with the reason."""
        with suppress(RuntimeError):  # closed already
            await self._socket.close(code, reason)

    async def _pump(self, session: Session) -> None:
        """Send frames as they come and, between them, the chunks of packs, one pack after the other."""
        send = self._socket.send
        packs: deque[tuple[int, Iterator[bytes]]] = deque()
        while True:
            self._more.clear()
            if self._sent - self._seen >= _WINDOW:
                await self._more.wait()
                continue
            frame = session.take(_FRAME_BYTES, _INLINE_BYTES)
            if frame is not None:
                if frame.pack is not None:
                    packs.append((frame.pack.number, chunk_frames(frame.pack.number, frame.pack.buffers, _CHUNK_BYTES)))
                if frame.tail:
                    await send({"type": "websocket.send", "bytes": batch_frame(frame.text, frame.tail)})
                else:
                    await send({"type": "websocket.send", "text": frame.text.decode()})
                self._sent += 1
            elif packs and self._sent - self._seen < _BULK_WINDOW:
                number, chunks = packs[0]
                chunk = next(chunks, None)
                if chunk is None:
                    packs.popleft()
                    session.pack_sent(number)
                else:
                    await send({"type": "websocket.send", "bytes": chunk})
                    self._sent += 1
            else:
                await self._more.wait()
