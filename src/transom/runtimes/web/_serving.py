"""Serving on transom's own server, for the runtimes whose pages come from it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ...errors import RuntimeUnavailable
from ._link import ENDED, WebLink

if TYPE_CHECKING:
    import uvicorn

    from ._server import WebServer
    from .connections import Connections

__all__ = ["check_packages", "serving", "web_server"]

# Imported late: that takes 0.1 s, in which the browser or the window starts.
_PACKAGES = ("starlette", "uvicorn", "websockets")
_SHUTDOWN = 0.4  # seconds that open connections get


def check_packages(runtime: str) -> None:
    """Check that the server's packages are installed.

    Raises:
        RuntimeUnavailable: One is missing.
    """
    missing = [package for package in _PACKAGES if find_spec(package) is None]
    if missing:
        raise RuntimeUnavailable(f"the {runtime} runtime needs {', '.join(missing)}: pip install {' '.join(missing)}")


def web_server(**given: Any) -> WebServer:
    """Return the ASGI application; see `WebServer`. The libraries that it needs are imported now."""
    from ._server import WebServer

    return WebServer(**given)


@contextmanager
def serving(
    server: WebServer,
    listener: socket.socket,
    loop: asyncio.AbstractEventLoop,
    *,
    max_message_bytes: int,
    links: Callable[[], Iterable[WebLink]],
    trusted: Sequence[str] = (),
    failed: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Serve on an event loop that runs in another thread, until the block ends.

    Args:
        server: The ASGI application.
        listener: The socket that listens.
        loop: The event loop.
        max_message_bytes: The largest batch or pack that a page may send.
        links: Returns the links that are closed at the end.
        trusted: Addresses of reverse proxies whose headers are believed.
        failed: Called once when serving has ended, because it failed or because the block has ended.

    Raises:
        TimeoutError: Some connections did not end in time.
        Exception: What serving failed with.
    """
    from .connections import Connections

    connections = Connections()
    carrier = _carrier(server, connections, max_message_bytes, trusted)
    served: Future[None] = asyncio.run_coroutine_threadsafe(carrier.serve(sockets=[listener]), loop)
    served.add_done_callback(lambda _: failed())
    yield
    if served.done():
        served.result()  # raises what it failed with
    asyncio.run_coroutine_threadsafe(_end(connections, links()), loop).result(_SHUTDOWN)
    served.cancel()


async def _end(connections: Connections, links: Iterable[WebLink]) -> None:
    await asyncio.gather(*(link.close(1001, ENDED) for link in links))
    connections.close()


def _carrier(
    server: WebServer, connections: Connections, max_message_bytes: int, trusted: Sequence[str]
) -> uvicorn.Server:
    import uvicorn

    from ._socket import protocol_class
    from .connections import http_protocol_class

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
        ws=protocol_class(server, connections.proven),
        # Room for what the link adds to a message at its limit: the session refuses it in words, the socket would close.
        ws_max_size=max_message_bytes + 65536,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
