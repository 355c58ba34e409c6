"""transom's own server, for the runtimes whose pages come from it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ...errors import RuntimeUnavailable
from .. import Settings

if TYPE_CHECKING:
    import uvicorn

    from ._connections import Connections
    from ._server import WebServer

__all__ = ["check_packages", "end_carrier", "make_carrier", "make_connections", "make_web_server"]

# Imported late: that takes 0.1 s, in which the browser or the window starts.
_PACKAGES = ("starlette", "uvicorn", "websockets")
_TURNS_OF_ACCEPTING = 5  # in which asyncio hands a connection that it has accepted to its protocol; three suffice


def check_packages(runtime: str) -> None:
    """Check that the server's packages are installed.

    Args:
        runtime: The name of the runtime that needs them.

    Raises:
        RuntimeUnavailable: One is missing.
    """
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    if missing:
        raise RuntimeUnavailable(f"the {runtime} runtime needs {', '.join(missing)}: pip install {' '.join(missing)}")


def make_connections() -> Connections:
    """Return the bounds of connections. The libraries that they need are imported now."""
    from ._connections import Connections

    return Connections()


def make_web_server(**given: Any) -> WebServer:
    """Return the ASGI application for what `WebServer` takes. The libraries that it needs are imported now."""
    from ._server import WebServer

    return WebServer(**given)


def make_carrier(
    server: WebServer, connections: Connections, settings: Settings, trusted: Sequence[str] = ()
) -> uvicorn.Server:
    """Return the server that carries the ASGI application.

    Args:
        server: The ASGI application.
        connections: Its connections.
        settings: Settings of the runtime.
        trusted: Addresses of reverse proxies whose headers are believed.
    """
    import uvicorn

    from ._connections import http_protocol_class
    from .sockets import protocol_class

    config = uvicorn.Config(
        server.asgi,
        # uvicorn would believe every program of this machine.
        proxy_headers=bool(trusted),
        forwarded_allow_ips=list(trusted),
        # It would ask whether stdout is a terminal, and there may be none.
        log_config=None,
        access_log=False,
        lifespan="off",
        http=http_protocol_class(connections),
        # A development server has WebSockets too.
        ws="websockets-sansio" if settings.dev_url else protocol_class(server, connections.proven),
        # Room for what the link adds to a message at its limit: the session refuses it in words, the socket would close.
        ws_max_size=settings.max_message_bytes + 65536,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


async def end_carrier(
    carrier: uvicorn.Server, connections: Connections, close_links: Callable[[], Awaitable[object]]
) -> None:
    """Accept nothing more, and close every connection, on the event loop.

    A connection that nobody answers could be kept by a browser for the next application at this address, whose page would
    never load.

    Args:
        carrier: The server.
        connections: Its connections.
        close_links: Ends the links of pages in order.
    """
    servers = getattr(carrier, "servers", ())
    for server in servers:
        for listener in server.sockets:
            with suppress(NotImplementedError):  # Windows
                asyncio.get_running_loop().remove_reader(listener.fileno())
    for _ in range(_TURNS_OF_ACCEPTING):
        await asyncio.sleep(0)
    # Not before: asyncio loses a socket whose server was closed meanwhile, and leaves it open.
    for server in servers:
        server.close()
    await close_links()
    for connection in tuple(carrier.server_state.connections):
        connection.shutdown()
    await connections.close()
