"""The module that draws menus, which a page imports at its first one."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ....wire import module_script
from ._notices import HEADERS

__all__ = ["menus_route"]


def menus_route(refusal: Callable[[HTTPConnection], str | None]) -> Route:
    """Return the route of the module.

    Args:
        refusal: Returns why a request is refused, `None` when it is not.
    """

    async def serve(request: Request) -> Response:
        refused = refusal(request)
        if refused is not None:
            return PlainTextResponse(refused, 403, HEADERS)
        return Response(module_script("menus_web"), headers={**HEADERS, "Content-Type": "text/javascript"})

    return Route("/.transom/menus.js", serve)
