"""A server on the loopback address that answers media players, each with what one ticket names."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from asyncio import AbstractEventLoop, StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, Protocol, TypeAlias

import h11

__all__ = ["MediaAnswer", "MediaServer", "Owner", "Serve"]

_MOST_CONNECTIONS = 64
_MOST_TICKETS = 1000  # of one page
_READ_BYTES = 16 * 1024
_HEADER_SECONDS = 10.0
_DESTINATIONS = frozenset({"audio", "video"})
_logger = logging.getLogger("transom")


class MediaAnswer(NamedTuple):
    """An answer.

    Attributes:
        status: The status.
        headers: The header fields, with `Content-Length`.
        pieces: The body.
    """

    status: int
    headers: list[tuple[str, str]]
    pieces: AsyncIterator[bytes]


Serve: TypeAlias = Callable[[str, Mapping[str, str]], Awaitable[MediaAnswer]]


class Owner(Protocol):
    """A page generation."""

    @property
    def closed(self) -> bool:
        """Whether it has ended, and its tickets with it."""
        ...


class MediaServer:
    """The server. Its port is bound at once; it is on the application's loop.

    It answers GET and HEAD of what a ticket names, to a media player of a browser alone: the ticket is in the path and cannot
    be guessed, no site may read an answer, and the host must be ours, so that no name leads here.

    Args:
        loop: The application's.
    """

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._tickets: dict[str, tuple[Owner, Serve]] = {}
        self._connections: set[asyncio.Task[Any] | None] = set()
        self._server: asyncio.Server | None = None
        self._loop = loop
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._host = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._started = False

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://{self._host}"

    def ticket(self, owner: Owner, serve: Serve) -> str | None:
        """Return an address that is answered until its owner ends; `None` when that has too many. The main thread.

        Args:
            owner: The page generation that asks for it.
            serve: Answers a request, given its method and its header fields, names in lower case. On the loop.
        """
        self._tickets = {name: found for name, found in self._tickets.items() if not found[0].closed}
        if sum(found[0] is owner for found in self._tickets.values()) >= _MOST_TICKETS:
            return None
        name = secrets.token_urlsafe(24)
        self._tickets[name] = (owner, serve)
        if not self._started:
            self._started = True
            asyncio.run_coroutine_threadsafe(self._start(), self._loop)
        return f"{self.origin}/{name}"

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._connected, sock=self._socket)

    def end(self) -> None:
        """Stop answering requests."""
        self._tickets = {}
        if not self._started:
            self._socket.close()
            return
        with suppress(RuntimeError):  # the loop has ended, and every connection with it
            self._loop.call_soon_threadsafe(self._close)

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            if connection is not None:
                connection.cancel()

    async def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        self._connections.add(task)
        try:
            if len(self._connections) <= _MOST_CONNECTIONS:
                await self._answer(reader, writer)
        except (OSError, h11.ProtocolError, TimeoutError):  # a player breaks off at each seek
            pass
        except Exception:
            _logger.exception("a request for media failed")
        finally:
            self._connections.discard(task)
            writer.close()

    async def _answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        async with asyncio.timeout(_HEADER_SECONDS):
            request = await _next(connection, reader)
        if not isinstance(request, h11.Request):
            return
        fields = {name.decode("ascii"): value.decode("latin-1") for name, value in request.headers}
        method = request.method.decode("ascii")
        found = self._tickets.get(request.target.decode("ascii", "replace").removeprefix("/"))
        if method not in ("GET", "HEAD"):
            answer = _plain(405)
        elif fields.get("host") != self._host or fields.get("sec-fetch-dest") not in _DESTINATIONS:
            answer = _plain(403)
        elif found is None or found[0].closed:
            answer = _plain(404)
        else:
            answer = await found[1](method, fields)
        headers = [
            *answer.headers,
            ("Connection", "close"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "cross-origin"),  # the page is of another scheme, so of another site
        ]
        writer.write(connection.send(h11.Response(status_code=answer.status, headers=headers)) or b"")
        async for piece in answer.pieces:
            writer.write(connection.send(h11.Data(data=piece)) or b"")
            await writer.drain()
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()


async def _next(connection: h11.Connection, reader: StreamReader) -> Any:
    while (event := connection.next_event()) is h11.NEED_DATA:
        connection.receive_data(await reader.read(_READ_BYTES))
    return event


def _plain(status: int) -> MediaAnswer:
    return MediaAnswer(status, [("Content-Length", "0")], _pieces())


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
