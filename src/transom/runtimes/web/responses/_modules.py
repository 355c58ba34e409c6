"""The modules that a page imports when it needs them: those that draw menus."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ....wire import module_script
from ._notices import HEADERS

__all__ = ["modules_route"]

_MODULES = frozenset({"menu_look", "menus"})


def modules_route(refusal: Callable[[HTTPConnection], str | None]) -> Route:
    """Return the route of the modules.

    Args:
        refusal: Returns why a request is refused, `None` when it is not.
    """

    async def serve(request: Request) -> Response:
        refused = refusal(request)
        if refused is not None:
            return PlainTextResponse(refused, 403, HEADERS)
        name = request.path_params["name"]
        if name not in _MODULES:
            return PlainTextResponse("there is no such module", 404, HEADERS)
        return Response(module_script(name), headers={**HEADERS, "Content-Type": "text/javascript"})

    return Route("/.transom/modules/{name}.js", serve)
