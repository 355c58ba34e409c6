"""The other end of a link, by hand: through ASGI, and through the protocol of our own server on a network that is a fake."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect
from uvicorn.server import ServerState
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from transom.runtimes.web._asgi import AsgiSocket
from transom.runtimes.web.link import LINK_PATH, SUBPROTOCOL, LinkSocket
from transom.runtimes.web.sockets import DirectSocket

__all__ = ["PAGES", "AsgiPage", "Carry", "DirectPage", "FakeTransport", "turns"]

Carry = Callable[[LinkSocket], Awaitable[None]]


async def turns(count: int = 20) -> None:
    """Let everything run that can."""
    for _ in range(count):
        await asyncio.sleep(0)


class AsgiPage:
    """What the page sends, by hand, and what it gets; while `open` is not set, the network takes nothing.

    Args:
        gone: Whether the page has gone, which the server has not told the link yet.
    """

    def __init__(self, gone: bool = False) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[str | bytes] = []
        self.closed: int | None = None
        self.open = asyncio.Event()
        self.open.set()
        self._gone = gone

    def connect(self, carry: Carry) -> asyncio.Future[Any]:
        """Open the link; the result is there when it has ended."""
        return asyncio.ensure_future(carry(AsgiSocket(cast("WebSocket", self))))

    def says(self, frame: str | bytes) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text" if isinstance(frame, str) else "bytes": frame})

    def leaves(self) -> None:
        self.incoming.put_nowait({"type": "websocket.disconnect"})

    def takes(self, anything: bool) -> None:
        """Let the network take something, or nothing."""
        if anything:
            self.open.set()
        else:
            self.open.clear()

    # What the link sees

    async def receive(self) -> dict[str, Any]:
        return await self.incoming.get()

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        if self.closed is not None:
            raise RuntimeError('Cannot call "send" once a close message has been sent.')  # Starlette's words
        self.sent.append(message["text"] if "text" in message else message["bytes"])

    async def close(self, code: int, reason: str) -> None:
        if self._gone:
            raise WebSocketDisconnect(1006)
        await self.open.wait()
        self.closed = code
        self.leaves()


class FakeTransport(asyncio.Transport):
    """A connection whose other side is `read`; what is written while it is not `open` stays in a buffer.

    Args:
        read: Takes what arrives at the other side.
    """

    def __init__(self, read: Callable[[bytes], None]) -> None:
        super().__init__()
        self.reading = True
        self.closed = False
        self.lost = asyncio.Event()
        self.open = True
        self.protocol: asyncio.BaseProtocol
        self.eof = False
        self._buffer: list[bytes] = []
        self._read = read

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.eof
        if self.closed:
            return
        if self.open:
            self._read(bytes(data))
            return
        if not self._buffer:
            self.protocol.pause_writing()
        self._buffer.append(bytes(data))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.eof = True

    def pause_reading(self) -> None:
        self.reading = False

    def resume_reading(self) -> None:
        self.reading = True

    def flush(self) -> None:
        buffer, self._buffer = self._buffer, []
        for data in buffer:
            self._read(data)
        if buffer:
            self.protocol.resume_writing()

    def close(self) -> None:
        self.abort()

    def abort(self) -> None:
        if not self.closed:
            self.closed = True
            asyncio.get_running_loop().call_soon(self._lose)

    def _lose(self) -> None:
        self.protocol.connection_lost(None)
        self.lost.set()


class _Server:
    def __init__(self, carry: Carry, refuse: bool) -> None:
        self._carry = carry
        self._refuse = refuse
        self.asked: list[HTTPConnection] = []
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def admit(self, connection: HTTPConnection) -> Any:
        self.asked.append(connection)
        return None if self._refuse else "served"

    async def carry(self, served: Any, socket: LinkSocket) -> None:
        try:
            await self._carry(socket)
        finally:
            if not self.ended.done():
                self.ended.set_result(None)


class DirectPage:
    """The same as `AsgiPage`, on the protocol of our own server."""

    def __init__(self, gone: bool = False, *, max_size: int = 1 << 24, path: str = LINK_PATH) -> None:
        self.sent: list[str | bytes] = []
        self.pongs: list[bytes] = []
        self.state = ServerState()
        self.client = ClientProtocol(
            parse_uri(f"ws://127.0.0.1{path}"), subprotocols=[Subprotocol(SUBPROTOCOL)], max_size=None
        )
        self.transport = FakeTransport(self._read)
        self._gone = gone
        self._max_size = max_size
        self._held: list[bytes] = []
        self.refuse = False
        self.server: _Server

    @property
    def closed(self) -> int | None:
        return self.client.close_rcvd.code if self.client.close_rcvd else None

    def connect(self, carry: Carry) -> asyncio.Future[Any]:
        """Open the link; the result is there when it has ended."""
        self.server = _Server(carry, self.refuse)
        self.protocol = self.transport.protocol = DirectSocket(self.server, self.state, self._max_size)
        self.protocol.connection_made(self.transport)
        self.client.send_request(self.client.connect())
        self.put()
        if self._gone:
            self.transport.abort()
        return self.server.ended

    def says(self, frame: str | bytes) -> None:
        if self.client.state is not State.OPEN:
            return
        if isinstance(frame, str):
            self.client.send_text(frame.encode())
        else:
            self.client.send_binary(frame)
        self.put()

    def leaves(self) -> None:
        if self.client.state is State.OPEN:
            self.client.send_close(1000)
            self.put()
        self.transport.abort()

    def takes(self, anything: bool) -> None:
        self.transport.open = anything
        if anything:
            self.transport.flush()
            self.put()

    def put(self) -> None:
        """Send what the client has to send, as far as it is read: the rest when `put` is called again."""
        self._held += [data for data in self.client.data_to_send() if data]
        while self._held and self.transport.reading and not self.transport.closed:
            self.protocol.data_received(self._held.pop(0))

    def _read(self, data: bytes) -> None:
        self.client.receive_data(data)
        for event in self.client.events_received():
            if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY):
                self.sent.append(bytes(event.data).decode() if event.opcode is Opcode.TEXT else bytes(event.data))
            elif isinstance(event, Frame) and event.opcode is Opcode.PONG:
                self.pongs.append(bytes(event.data))


PAGES = (AsgiPage, DirectPage)
"""The two ways in which a link is carried. Add here to have a third one tested as these are."""
