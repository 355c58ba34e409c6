"""The links of transom's own server for one user, which decides about a request at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from starlette.requests import HTTPConnection
from websockets.http11 import Request

from ..link import LINK_PATH, REFUSED, SUBPROTOCOL, LinkSocket
from ._connection import LinkConnection

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

__all__ = ["DirectSocket", "LinkServer", "protocol_class"]


class LinkServer(Protocol):
    """Decides who gets a link, and runs it."""

    def admit(self, connection: HTTPConnection) -> Any:
        """Return the page that opens a link, or `None` to refuse it."""

    async def carry(self, admission: Any, socket: LinkSocket) -> None:
        """Run the link of an admitted page until it ends."""


class DirectSocket(LinkConnection):
    """A link without ASGI; see `LinkConnection`.

    The page is not sent pings: one that is stopped in a debugger would not answer, and is still there.

    Args:
        server: Decides who gets a link, and runs it.
        state: uvicorn's record of connections and tasks.
        max_size: The largest message to accept, in bytes; a larger one closes the connection.
        proven: Called with the transport when its page is admitted, and when the connection has ended.
    """

    def __init__(
        self,
        server: LinkServer,
        state: ServerState,
        max_size: int,
        proven: Callable[[asyncio.Transport], None] = lambda _: None,
    ) -> None:
        super().__init__(state, max_size)
        self._server = server
        self._proven = proven

    def connection_lost(self, exc: Exception | None) -> None:
        """End the link: nothing can be sent or received any more."""
        self._proven(self._transport)
        super().connection_lost(exc)

    def _handle_request(self, request: Request) -> None:
        response = self._protocol.accept(request)
        if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            connection = _connection_of(request)
            served = self._server.admit(connection) if connection.scope["path"] == LINK_PATH else None
            if served is None:
                response = self._protocol.reject(HTTPStatus.FORBIDDEN, REFUSED)
            else:
                self._proven(self._transport)
                response.headers["Sec-WebSocket-Protocol"] = SUBPROTOCOL
                self._begin(self._server.carry(served, self))
        self._protocol.send_response(response)
        self._write()


def protocol_class(
    server: LinkServer, proven: Callable[[asyncio.Transport], None] = lambda _: None
) -> type[asyncio.Protocol]:
    """Return the class for uvicorn's setting `ws` that carries the links of a server; see `DirectSocket`."""

    class ServerSocket(DirectSocket):
        def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any]) -> None:
            super().__init__(server, server_state, config.ws_max_size, proven)

    return ServerSocket


def _connection_of(request: Request) -> HTTPConnection:
    """Return the request as ASGI has it, as far as the checks of a link look at it."""
    path, _, query = request.path.partition("?")
    headers = [
        (name.lower().encode(), value.encode("latin-1", "replace")) for name, value in request.headers.raw_items()
    ]
    offered = request.headers.get_all("Sec-WebSocket-Protocol")
    return HTTPConnection(
        {
            "type": "websocket",
            "path": unquote(path),
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": [name.strip() for names in offered for name in names.split(",")],
        }
    )
