"""The server of the pages, on the application's event loop."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from .. import Settings
from ..web import end_carrier, make_carrier, make_connections
from ..web.link import ENDED, WebLink

__all__ = ["serving"]

_SHUTDOWN = 0.4  # seconds that open connections get
_logger = logging.getLogger("transom")


@contextmanager
def serving(
    server: Any,
    listener: socket.socket,
    loop: asyncio.AbstractEventLoop,
    *,
    settings: Settings,
    links: Callable[[], Iterable[WebLink]],
    failed: Callable[[], None],
) -> Iterator[None]:
    """Serve until the block ends.

    Args:
        server: The web runtime's ASGI application.
        listener: The socket that listens.
        loop: The event loop, which runs in another thread.
        settings: Settings of the runtime.
        links: Returns the links that are closed at the end.
        failed: Called when serving has ended, because it failed or because the block has ended.

    Raises:
        Exception: What serving failed with.
    """
    connections = make_connections()
    carrier = make_carrier(server, connections, settings)
    served: Future[None] = asyncio.run_coroutine_threadsafe(carrier.serve(sockets=[listener]), loop)
    served.add_done_callback(lambda _: failed())

    async def close_links() -> None:
        await asyncio.gather(*(link.close(1001, ENDED) for link in links()))

    try:
        yield
        if served.done():
            served.result()  # raises what it failed with
    finally:
        _end(asyncio.run_coroutine_threadsafe(end_carrier(carrier, connections, close_links), loop))
        served.cancel()


def _end(ending: Future[None]) -> None:
    try:
        ending.result(_SHUTDOWN)
    except TimeoutError:
        _logger.warning("some connections did not end in time")
