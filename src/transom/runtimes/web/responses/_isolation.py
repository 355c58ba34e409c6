"""The frame of the isolation pattern, as the web runtime serves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ....runtimes import Isolation
from ._file_response import InThread
from ._notices import HEADERS

__all__ = ["ISOLATION_PATH", "isolation_routes"]

ISOLATION_PATH: Final = "/.transom/isolation/"
# It holds a key. The browser says itself what a document is for; a script that fetches one cannot say this.
_WHY = (
    "the isolation application is served to a frame of a page only, and the browser must say so (Sec-Fetch-Dest): "
    "over https or on localhost"
)


def isolation_routes(
    isolation: Isolation | None, refusal: Callable[[HTTPConnection], str | None], in_thread: InThread
) -> tuple[Route, ...]:
    """Return the route of the isolation frames.

    Args:
        isolation: The isolation application; `None` for none, and no route.
        refusal: Returns why a request is not served, `None` when it is.
        in_thread: Reads its document.
    """
    if isolation is None:
        return ()

    async def endpoint(request: Request) -> Response:
        refused = refusal(request)
        if refused is None and request.headers.get("sec-fetch-dest") != "iframe":
            refused = _WHY
        if refused is not None:
            return PlainTextResponse(refused, 403, HEADERS)
        document = await in_thread(isolation.document, request.path_params["frame"])
        policy = f"{document.policy}; frame-ancestors 'self'"
        return HTMLResponse(document.content, headers={**HEADERS, "Content-Security-Policy": policy})

    return (Route(f"{ISOLATION_PATH}{{frame}}", endpoint),)
