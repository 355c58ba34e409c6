"""A WebSocket client that costs little, so that thousands of pages fit into one process of the load."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["LightSocket", "fetch", "open_socket", "pending", "retrieved"]

_SECONDS = 60.0  # for a handshake or a document: thousands come at once
_TEXT, _BINARY, _CLOSE, _PING, _PONG = 1, 2, 8, 9, 10


def retrieved(future: asyncio.Future[Any]) -> None:
    """Keep asyncio from logging a failure that nobody waits for any more: who opened the page is told of it."""
    if not future.cancelled():
        future.exception()


def pending() -> asyncio.Future[Any]:
    """Return a future whose failure is not logged where its caller has given up."""
    future = asyncio.get_running_loop().create_future()
    future.add_done_callback(retrieved)
    return future


class LightSocket(asyncio.Protocol):
    """A WebSocket without extensions.

    Args:
        received: Called with every text or binary message.
        closed: Called once, with the code that the server closed with; `None` for none.
    """

    def __init__(self, received: Callable[[bytes], None], closed: Callable[[int | None], None]) -> None:
        self.received = received
        self._closed = closed
        self._buffer = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self._code: int | None = None
        self._parts = b""
        self._begun = False
        self.opened: asyncio.Future[None] = pending()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        self._transport = transport  # type: ignore[assignment]  # a connection's transport writes

    def connection_lost(self, exc: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the connection ended during the handshake"))
        self._closed(self._code)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._buffer += data
        if not self.opened.done():
            self._handshake()
        elif self._begun:
            self._take_frames()

    def begin(self) -> None:
        """Take messages from now on: whoever opens the socket has it now."""
        self._begun = True
        self._take_frames()

    def _take_frames(self) -> None:
        while self._take_frame():
            pass

    def _handshake(self) -> None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        status = bytes(self._buffer[:end]).split(b"\r\n", 1)[0]
        del self._buffer[: end + 4]
        if b" 101 " not in status + b" ":
            self.opened.set_exception(ConnectionError(status.decode()))
        else:
            self.opened.set_result(None)

    def _take_frame(self) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        size, start = buffer[1] & 127, 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(buffer) < start:
                return False
            size = int.from_bytes(buffer[2:start])
        if len(buffer) < start + size:
            return False
        first, data = buffer[0], bytes(buffer[start : start + size])
        del buffer[: start + size]
        kind = first & 15
        if kind == _CLOSE:
            self._code = int.from_bytes(data[:2]) if data else None
            self.close()
        elif kind == _PING:
            self._send(_PONG, data)
        elif kind != _PONG:
            self._parts += data
            if first & 128:
                whole, self._parts = self._parts, b""
                self.received(whole)
        return True

    def send(self, text: bytes) -> None:
        """Send a text message."""
        self._send(_TEXT, text)

    def send_binary(self, data: bytes) -> None:
        """Send a binary message."""
        self._send(_BINARY, data)

    def _send(self, kind: int, data: bytes) -> None:
        size = len(data)
        if size < 126:
            head = bytes((128 | kind, 128 | size))
        elif size < 65536:
            head = bytes((128 | kind, 254)) + size.to_bytes(2)
        else:
            head = bytes((128 | kind, 255)) + size.to_bytes(8)
        self.write(head + b"\0\0\0\0" + data)  # a mask of zeros leaves the data as it is

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self._transport is not None
        self._transport.write(data)

    def close(self) -> None:
        """Close the connection, without the closing handshake."""
        if self._transport is not None:
            self._transport.abort() if isinstance(self._transport, asyncio.Transport) else self._transport.close()


async def open_socket(
    port: int,
    path: str,
    headers: Mapping[str, str],
    received: Callable[[bytes], None],
    closed: Callable[[int | None], None] = lambda _: None,
) -> LightSocket:
    """Open a WebSocket to this machine.

    Raises:
        OSError: It was refused, or the connection ended.
        TimeoutError: The server did not answer.
    """
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: LightSocket(received, closed), "127.0.0.1", port)
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    socket.write("\r\n".join([*lines, "", ""]).encode())
    try:
        await asyncio.wait_for(asyncio.shield(socket.opened), _SECONDS)
    except BaseException:
        socket.close()
        raise
    loop.call_soon(socket.begin)
    return socket


async def fetch(port: int, path: str, headers: Mapping[str, str]) -> bytes:
    """Return a document of this machine.

    Raises:
        OSError: The server does not answer with 200.
        TimeoutError: It does not answer.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    try:
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode())
        answer = await asyncio.wait_for(reader.read(-1), _SECONDS)
        head, _, body = answer.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise ConnectionError(head.split(b"\r\n", 1)[0].decode() or "no answer")
        return body
    finally:
        writer.close()
