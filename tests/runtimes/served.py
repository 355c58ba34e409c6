"""Web applications under a server that is not transom's own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from websockets.protocol import State

from tests.requirements import slow
from tests.runtimes.fake_host import FakeHost, new_window
from transom.runtimes import Runtime, Settings, find_runtime
from transom.runtimes.web._connections import Connections, ServedProtocol, http_protocol_class
from transom.runtimes.web.sockets import LinkProtocol, protocol_class

__all__ = ["served", "served_runtime"]


@slow
@contextmanager
def served(
    asgi: Any,
    ws: Any = "websockets-sansio",
    ws_max_size: int = 1 << 30,
    http: Any = "auto",
    began: Callable[[asyncio.AbstractEventLoop], None] = lambda loop: None,
) -> Iterator[str]:
    """Serve an ASGI application as a stranger would and return where.

    Args:
        asgi: The application.
        ws: What carries WebSockets, as uvicorn takes it.
        ws_max_size: The largest message of a WebSocket, in bytes.
        http: What carries requests, as uvicorn takes it.
        began: Called with the server's loop before anything else runs there.
    """
    config = uvicorn.Config(
        asgi, port=0, log_level="warning", ws=ws, ws_max_size=ws_max_size, ws_per_message_deflate=False, http=http
    )
    server = _Server(config, began)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.ready.wait(10)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.end()
        thread.join(10)
        assert not thread.is_alive()


class _Server(uvicorn.Server):
    """A server that says when it is ready, and ends when it is told to: uvicorn's own looks ten times a second."""

    def __init__(self, config: uvicorn.Config, began: Callable[[asyncio.AbstractEventLoop], None]) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._began = began

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        self._began(self._loop)
        await super().startup(sockets)

    async def main_loop(self) -> None:
        self.ready.set()
        await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn's own fails at a connection whose closing handshake has begun.
        for connection in list(self.server_state.connections):
            protocol = getattr(connection, "conn", None)
            if getattr(protocol, "state", None) is State.CLOSING:
                self.server_state.connections.discard(connection)
                connection.transport.abort()
        await super().shutdown(sockets)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._told.set)


@contextmanager
def served_runtime(
    folder: Path,
    *,
    prefix: str = "",
    start: Callable[[Runtime], None] = lambda runtime: runtime.perform(new_window("main")),
    on_report: Callable[..., None] = lambda *_: None,
    carried: Literal["asgi", "direct", "link"] = "asgi",
    ws_max_size: int = 1 << 30,
    **settings: Any,
) -> Iterator[tuple[FakeHost, str]]:
    """Serve the web runtime for a `FakeHost`; yield the host and the address with the token.

    Args:
        folder: The front end.
        prefix: Where a stranger's application has mounted it.
        start: Called when windows can be made.
        on_report: See `FakeHost`.
        carried: How links are carried: through ASGI, as on transom's own server, or as by `transom serve`.
        ws_max_size: See `served`.
        settings: Settings of the runtime.
    """
    host = FakeHost(start, on_report)
    given = {"assets": folder, "csp": "default-src 'self'", "options": {"token": "t"}} | settings
    host.runtime = find_runtime("web")(host, Settings(**given))
    runtime: Any = host.runtime
    ws: Any = LinkProtocol if carried == "link" else "websockets-sansio"
    http: Any = ServedProtocol if carried == "link" else "auto"
    if carried == "direct":
        runtime._begin = lambda: None
        server = runtime._make_server()
        connections = Connections()
        asgi, ws = server.asgi, protocol_class(server, connections.proven)
        http = http_protocol_class(connections)
    else:
        asgi = runtime.asgi(lambda: None, lambda: None)
    asgi = Starlette(routes=[Mount(prefix, asgi)]) if prefix else asgi
    with served(asgi, ws, ws_max_size, http, began=host.use_loop) as base:
        yield host, f"{base}{prefix}/?token=t"
