"""The front end's routes: its files, or the development server in whose place the web runtime answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

if TYPE_CHECKING:
    from ._proxy import DevServer

__all__ = ["front_end_routes"]


def front_end_routes(
    dev_url: str | None,
    front_end: Callable[[Request], Awaitable[Response]],
    refusal: Callable[[HTTPConnection], str | None],
) -> tuple[DevServer | None, list[Route | WebSocketRoute]]:
    """Return the development server, `None` without one, and the routes of the front end.

    Args:
        dev_url: Address of the development server; `None` for the built files.
        front_end: Answers the requests.
        refusal: Returns why a WebSocket is refused, `None` when it is not.
    """
    if dev_url is None:
        return None, [Route("/{path:path}", front_end, methods=["GET", "HEAD"])]
    from ._proxy import DevServer, dev_routes  # only during development

    server = DevServer(dev_url)
    return server, dev_routes(server, front_end, refusal)
