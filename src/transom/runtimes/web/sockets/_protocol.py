"""The links of an ASGI application on uvicorn: the request goes through ASGI and its middleware, the messages do not."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.http11 import Request, Response
from websockets.protocol import State

from ..link import DIRECT, LINK_PATH, WebLink
from ._connection import LinkConnection

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

__all__ = ["LinkProtocol"]

_SILENT = "keepalive ping timeout"  # uvicorn's words, by which a page knows that it may connect again


class LinkProtocol(LinkConnection):
    """The class for `uvicorn --ws transom.runtimes.web.sockets:LinkProtocol`.

    A page's request for its link is one of ASGI, with an extension by which transom's application takes the socket; every
    other WebSocket is carried by uvicorn's own class. Pages are sent pings, as uvicorn's settings say: one that is gone
    without a word must not stay for ever.
    """

    def __init__(self, config: Config, server_state: ServerState, app_state: dict[str, Any]) -> None:
        super().__init__(server_state, config.ws_max_size)
        self._config = config
        self._app_state = app_state
        self._other: WebSocketsSansIOProtocol | None = None
        self._first: bytes | None = None  # what has been read, until it is known whose it is
        self._response: Response | None = None  # to the request, once it is a good one
        self._told = False  # the application has been told of the connection
        self._heard = True  # something has come since the last look
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `LinkConnection`."""
        super().connection_made(transport)
        self._first = b""

    def buffer_updated(self, nbytes: int) -> None:
        """See `LinkConnection`."""
        # The transport has the context of its connection, which the middleware of a page's request has not seen.
        self._context.run(super().buffer_updated, nbytes)

    def data_received(self, data: bytes) -> None:
        """See `LinkConnection`."""
        self._heard = True
        if self._other is not None:
            self._other.data_received(data)
            return
        if self._first is not None:
            self._first += data
        super().data_received(data)

    def eof_received(self) -> None:
        """See `LinkConnection`."""
        if self._other is None:
            super().eof_received()
        else:
            self._other.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """See `LinkConnection`."""
        if self._timer is not None:
            self._timer.cancel()
        if self._other is None:
            super().connection_lost(exc)
        else:
            self._other.connection_lost(exc)

    def pause_writing(self) -> None:
        """See `LinkConnection`."""
        if self._other is None:
            super().pause_writing()
        else:
            self._other.pause_writing()

    def resume_writing(self) -> None:
        """See `LinkConnection`."""
        if self._other is None:
            self._context.run(super().resume_writing)
        else:
            self._other.resume_writing()

    def shutdown(self) -> None:
        """Close the connection, because the server ends: the page may connect to the next one."""
        if self._protocol.state is State.OPEN:
            self._close(CloseCode.SERVICE_RESTART, "")
        self._transport.close()

    async def run(self, link: WebLink) -> bool:
        """See `LinkSocket`."""
        self._context = copy_context()
        self._watch()
        return await super().run(link) or self._is_silent

    @property
    def _is_silent(self) -> bool:
        sent = self._protocol.close_sent
        return sent is not None and sent.reason == _SILENT

    # The request

    def _handle_request(self, request: Request) -> None:
        path, _, query = request.path.partition("?")
        first, self._first = self._first, None
        if not unquote(path).endswith(LINK_PATH):
            self._pass_on(first or b"")
            return
        response = self._protocol.accept(request)
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._respond(response)
            return
        self._response = response
        application: Any = self._config.loaded_app
        self._begin(application(self._scope(request, path, query), self._receive_event, self._send_event))

    def _pass_on(self, first: bytes) -> None:
        """Let uvicorn's own class have the connection: it stands behind this one, which the transport keeps."""
        self._state.connections.discard(cast("Any", self))
        self._discard()
        other = self._other = WebSocketsSansIOProtocol(self._config, self._state, self._app_state)
        other.connection_made(self._transport)
        other.data_received(first)

    def _scope(self, request: Request, path: str, query: str) -> dict[str, Any]:
        config = self._config
        offered = request.headers.get_all("Sec-WebSocket-Protocol")
        return {
            "type": "websocket",
            "asgi": {"version": config.asgi_version, "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if is_ssl(self._transport) else "ws",
            "server": get_local_addr(self._transport),
            "client": get_remote_addr(self._transport),
            "root_path": config.root_path,
            "path": config.root_path + unquote(path),
            "raw_path": (config.root_path + path).encode(),
            "query_string": query.encode(),
            "headers": [
                (name.lower().encode(), value.encode("latin-1", "replace"))
                for name, value in request.headers.raw_items()
            ],
            "subprotocols": [name.strip() for names in offered for name in names.split(",")],
            "state": self._app_state.copy(),
            "extensions": {DIRECT: self},
        }

    async def _receive_event(self) -> dict[str, Any]:
        if not self._told:
            self._told = True
            return {"type": "websocket.connect"}
        await self._ended.wait()
        return {"type": "websocket.disconnect", "code": CloseCode.ABNORMAL_CLOSURE}

    async def _send_event(self, message: dict[str, Any]) -> None:
        """Do what the application says: it accepts the request or refuses it, and then takes the socket or closes it."""
        kind, response = message["type"], self._response
        if response is None:
            if kind != "websocket.close":
                raise RuntimeError(f"{kind}: a link is sent nothing through ASGI")
            self._close(message.get("code", CloseCode.NORMAL_CLOSURE), message.get("reason") or "")
            return
        self._response = None
        if kind == "websocket.accept":
            given = [*self._state.default_headers, *message.get("headers", ())]
            del response.headers["Date"]  # it is among uvicorn's own
            response.headers.update([(name.decode("latin-1"), value.decode("latin-1")) for name, value in given])
            if message.get("subprotocol"):
                response.headers["Sec-WebSocket-Protocol"] = message["subprotocol"]
        else:
            response = self._protocol.reject(HTTPStatus.FORBIDDEN, "")
        self._respond(response)

    async def _carry(self, carrying: Any) -> None:
        await super()._carry(carrying)
        self._refuse()  # an application that has said nothing

    def _fail(self, code: int, reason: str) -> None:
        self._refuse()
        super()._fail(code, reason)

    def _refuse(self) -> None:
        """Answer a request that the application has failed to answer."""
        if self._response is not None and not self._transport.is_closing():
            self._response = None
            self._respond(self._protocol.reject(HTTPStatus.INTERNAL_SERVER_ERROR, ""))

    def _respond(self, response: Response) -> None:
        self._protocol.send_response(response)
        self._write()
        if self._eof_sent:
            self._end()

    # Pings

    def _watch(self) -> None:
        interval = self._config.ws_ping_interval
        if interval:
            self._timer = self._loop.call_later(interval, self._look, False)

    def _look(self, was_pinged: bool) -> None:
        """Send a ping to a page that was silent, and give up one that does not answer."""
        self._timer = None
        if self._protocol.state is not State.OPEN:
            return
        if self._heard:
            self._heard = False
            self._watch()
        elif not was_pinged or self._config.ws_ping_timeout is None:
            self._protocol.send_ping(b"")
            self._write()
            seconds = self._config.ws_ping_timeout or self._config.ws_ping_interval or 0
            self._timer = self._loop.call_later(seconds, self._look, True)
        else:
            self._fail(CloseCode.INTERNAL_ERROR, _SILENT)
            self._transport.abort()
