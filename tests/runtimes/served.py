"""Web applications under a server that is not transom's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from tests.runtimes.fake_host import FakeHost, new_window
from transom.runtimes import Runtime, Settings, find_runtime

__all__ = ["served", "served_runtime"]


@contextmanager
def served(asgi: Any) -> Iterator[str]:
    """Serve an ASGI application as a stranger would and return where."""
    server = uvicorn.Server(
        uvicorn.Config(asgi, port=0, log_level="warning", ws="websockets-sansio", ws_max_size=1 << 30)
    )
    started = threading.Event()
    startup = server.startup

    async def noted(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = noted  # type: ignore[method-assign]  # uvicorn tells nobody else when it is ready
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(10)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        assert not thread.is_alive()


@contextmanager
def served_runtime(
    folder: Path,
    *,
    prefix: str = "",
    start: Callable[[Runtime], None] = lambda runtime: runtime.perform(new_window("main")),
    on_report: Callable[..., None] = lambda *_: None,
    **settings: Any,
) -> Iterator[tuple[FakeHost, str]]:
    """Serve the web runtime for a `FakeHost`; yield the host and the address with the token."""
    host = FakeHost(start, on_report)
    given = {"assets": folder, "csp": "default-src 'self'", "options": {"token": "t"}} | settings
    host.runtime = find_runtime("web")(host, Settings(**given))
    runtime: Any = host.runtime
    asgi = runtime.asgi(lambda: None, lambda: None)
    with served(Starlette(routes=[Mount(prefix, asgi)]) if prefix else asgi) as base:
        yield host, f"{base}{prefix}/?token=t"
