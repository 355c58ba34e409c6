"""Answers in the place of a development server: its files, its documents with our script in them, its WebSockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Final
from urllib.parse import quote, urlsplit

import h11
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin, Subprotocol

from ..responses import HEADERS
from ._fetch import Answer, fetch, tls_of

__all__ = ["DevServer", "dev_routes"]

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_MAX_BODY = 64 * 1024 * 1024
_MAX_DOCUMENT = 64 * 1024 * 1024
# Of one connection alone; and ours: the server is not to learn the browser's cookie, nor to compress what we change.
_NOT_FORWARDED = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade host content-length "
    "cookie set-cookie accept-encoding referer origin".split()
)
_logger = logging.getLogger("transom")


class DevServer:
    """A development server (Tauri: `build.devUrl`).

    Args:
        url: Its address; with a path, the application's pages are under that.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._server = urlsplit(url)
        self._origin = f"{self._server.scheme}://{self._server.netloc}"

    async def respond(self, request: Request, document: Callable[[Request, bytes], Response]) -> Response:
        """Return the server's answer to a request that is admitted.

        Args:
            request: The request.
            document: Returns the response with an HTML document.
        """
        path, target = _target(request)
        if path == "/" and self._server.path not in ("", "/"):
            return RedirectResponse(f"{request.scope.get('root_path', '')}{self._server.path}", 307, HEADERS)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _MAX_BODY:
                return PlainTextResponse(f"the body has more than {_MAX_BODY} bytes", 413, HEADERS)
        headers = [(name, value) for name, value in request.headers.items() if name not in _NOT_FORWARDED]
        if "origin" in request.headers:
            headers.append(("origin", self._origin))
        try:
            answer = await fetch(self._server, request.method, target, headers, bytes(body))
            return await self._forward(request, answer, document)
        except (OSError, h11.ProtocolError) as error:
            _logger.warning("the development server at %s does not answer: %s", self.url, error)
            return HTMLResponse(_SILENT.format(url=self.url), 502, HEADERS)

    async def _forward(
        self, request: Request, answer: Answer, document: Callable[[Request, bytes], Response]
    ) -> Response:
        media_type = dict(answer.headers).get("content-type", "")
        if media_type.startswith("text/html") and answer.status == 200 and request.method == "GET":
            html = await _whole(answer.pieces)
            return document(request, html)
        fields = {name: value for name, value in answer.headers if name not in _NOT_FORWARDED}
        if (location := fields.get("location", "")).startswith(self._origin):
            fields["location"] = location.removeprefix(self._origin) or "/"
        headers = {**{name.lower(): value for name, value in HEADERS.items()}, **fields}
        return StreamingResponse(answer.pieces, answer.status, headers)

    async def websocket(self, socket: WebSocket) -> None:
        """Connect a page's WebSocket with the server's, such as the one by which it tells of changes."""
        scheme = "wss" if self._server.scheme == "https" else "ws"
        try:
            upstream = await connect(
                f"{scheme}://{self._server.netloc}{_target(socket)[1]}",
                subprotocols=[Subprotocol(name) for name in socket.scope.get("subprotocols", [])] or None,
                origin=Origin(self._origin),
                ssl=tls_of(self._server),
                compression=None,
                max_size=None,
                ping_interval=None,
                proxy=None,
            )
        except (OSError, WebSocketException, TimeoutError) as error:
            _logger.warning("the development server at %s refuses a WebSocket: %s", self.url, error)
            await socket.close(1013, "the development server does not answer")
            return
        async with upstream:
            await socket.accept(upstream.subprotocol)
            await _carry(socket, upstream)


def _target(connection: HTTPConnection) -> tuple[str, str]:
    """Return the path that is asked for, below the place where we are mounted, and the path with its query, as they came."""
    raw = connection.scope.get("raw_path") or quote(connection.scope["path"]).encode()
    path = raw.decode("latin-1").removeprefix(connection.scope.get("root_path", "")) or "/"
    query = connection.scope["query_string"].decode("latin-1")
    return path, f"{path}?{query}" if query else path


def dev_routes(
    server: DevServer,
    front_end: Callable[[Request], Awaitable[Response]],
    refusal: Callable[[HTTPConnection], str | None],
) -> list[Route | WebSocketRoute]:
    """Return the routes of everything that is the server's.

    Args:
        server: The server.
        front_end: Answers the requests.
        refusal: Returns why a WebSocket is refused, `None` when it is not.
    """

    async def websocket(socket: WebSocket) -> None:
        if refusal(socket) is not None:
            await socket.close(1008)
        else:
            await server.websocket(socket)

    return [
        Route("/{path:path}", front_end, methods=list(METHODS)),
        WebSocketRoute("/{path:path}", websocket),
    ]


async def _whole(pieces: AsyncGenerator[bytes]) -> bytes:
    """Return a document.

    Raises:
        OSError: It is too long.
        ProtocolError: The server has ended the connection before its end.
    """
    found = bytearray()
    async with aclosing(pieces):
        async for piece in pieces:
            found += piece
            if len(found) > _MAX_DOCUMENT:
                raise ConnectionError(f"its document has more than {_MAX_DOCUMENT} bytes")
    return bytes(found)


async def _carry(socket: WebSocket, upstream: ClientConnection) -> None:
    """Carry messages both ways until one side closes, and close the other."""

    async def up() -> None:
        try:
            while True:
                message = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                await upstream.send(message["bytes"] if message.get("text") is None else message["text"])
        except (WebSocketDisconnect, ConnectionClosed):
            return

    async def down() -> None:
        try:
            async for message in upstream:
                await (socket.send_text(message) if isinstance(message, str) else socket.send_bytes(message))
            await socket.close()
        except (WebSocketDisconnect, RuntimeError, ConnectionClosed):  # the page has gone
            return

    tasks = [asyncio.ensure_future(way()) for way in (up, down)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


_SILENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>No development server</title>
<p>The development server at {url} does not answer. Start it, such as with the command in <code>build.beforeDevCommand</code>,
and load this page again.</p>
"""
