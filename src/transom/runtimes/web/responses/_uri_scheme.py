"""The schemes of the web runtime: `/.transom/<scheme>/<label>/<path>` is what `<scheme>://localhost/<path>` is in a window."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple
from urllib.parse import quote, unquote

from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ....runtimes import UriSchemeProtocol, UriSchemeRequest, UriSchemeResponse, parse_csp

__all__ = ["FOREIGN", "SchemeAddress", "Serve", "may_load", "scheme_address", "scheme_route", "with_addresses"]

Serve = Callable[[UriSchemeProtocol, str, UriSchemeRequest], Awaitable[UriSchemeResponse | None]]
"""Lets a scheme answer the page of a webview; `None` when no webview has this label."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# In a window such content has an origin of its own. Here the address bar may show it too, and then it is not to be taken
# for the application's page, which has the link.
FOREIGN = {
    "Content-Security-Policy": "sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
_SCRIPT = ("script-src-elem", "script-src", "default-src")
_WORKER = ("worker-src", "child-src", "script-src", "default-src")
_FRAME = ("frame-src", "child-src", "default-src")
_OBJECT = ("object-src", "default-src")
# What a browser says that a request is for (Fetch, 2.2.5), and the directives that decide over it (CSP 3, 6.8), the first
# that is there. Connections, pictures and media are not here: a window's policy gets the schemes as sources of those.
_DIRECTIVES = {
    **dict.fromkeys(("audioworklet", "json", "paintworklet", "script", "xslt"), _SCRIPT),
    **dict.fromkeys(("serviceworker", "sharedworker", "worker"), _WORKER),
    **dict.fromkeys(("frame", "iframe"), _FRAME),
    **dict.fromkeys(("embed", "object"), _OBJECT),
    "font": ("font-src", "default-src"),
    "manifest": ("manifest-src", "default-src"),
    "style": ("style-src-elem", "style-src", "default-src"),
}
# `cookie` has the token; the others speak of the server.
_NOT_FOR_HANDLERS = frozenset(("cookie", "host", "connection"))


class SchemeAddress(NamedTuple):
    """The target of a request; `path` is percent-encoded as the page wrote it."""

    label: str
    path: str


def scheme_address(request: HTTPConnection, scheme: str) -> SchemeAddress:
    """Return what the address after `/.transom/<scheme>/` names."""
    raw: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    label, _, path = raw.decode("latin-1").partition(f"/.transom/{scheme}/")[2].partition("/")
    return SchemeAddress(unquote(label), path)


def with_addresses(policy: str, addresses: Iterable[tuple[str, str]]) -> str:
    """Return a policy that allows an address wherever it allows the scheme of that address.

    Args:
        policy: A content security policy, as it is for a window.
        addresses: Schemes, and where the server has them.
    """

    def with_address(policy: str, scheme: str, address: str) -> str:
        source = re.compile(rf"(?<![^\s;]){re.escape(scheme)}:(//localhost/?)?(?![^\s;])", re.IGNORECASE)
        return source.sub(lambda match: f"{match[0]} {address}", policy)

    for scheme, address in addresses:
        policy = with_address(policy, scheme, address)
    return policy


def may_load(policy: str | None, scheme: str, destination: str) -> bool:
    """Tell whether a page may use what a scheme answers for this destination.

    In a window `'self'` does not mean the schemes; here they are under the page's own address, and a browser would use a
    file that somebody put there as a script or a style sheet.

    Args:
        policy: The content security policy as it is for a window; `None` for none.
        scheme: The scheme.
        destination: The request's `Sec-Fetch-Dest`.
    """
    if policy is None or destination not in _DIRECTIVES:
        return True
    directives = parse_csp(policy)
    sources = next((directives[name] for name in _DIRECTIVES[destination] if name in directives), None)
    return sources is None or any(source.lower().startswith(f"{scheme}:") for source in sources)


def scheme_route(
    protocol: UriSchemeProtocol, serve: Serve, refusal: Callable[[HTTPConnection], str | None], max_body: int
) -> Route:
    """Return the route of a scheme.

    Args:
        protocol: The scheme.
        serve: See `Serve`.
        refusal: Returns why a request is not served, `None` when it is.
        max_body: The largest body, in bytes.
    """

    async def endpoint(asked: Request) -> Response:
        refused = refusal(asked)
        if refused is not None:
            return PlainTextResponse(refused, 403, FOREIGN)
        body = bytearray()
        async for piece in asked.stream():
            body += piece
            if len(body) > max_body:
                text = f"the body is over the limit of {max_body} bytes (max_message_bytes)"
                return PlainTextResponse(text, 413, FOREIGN)
        label, path = scheme_address(asked, protocol.scheme)
        query = f"?{asked.url.query}" if asked.url.query else ""
        request = UriSchemeRequest(
            method=asked.method,
            uri=f"{protocol.scheme}://localhost/{path}{query}",
            headers=_headers_of(asked),
            body=bytes(body),
        )
        given = await serve(protocol, label, request)
        if given is None:
            return PlainTextResponse(f"no window has the label {label!r}", 404, FOREIGN)
        return _response(given)

    return Route(f"/.transom/{protocol.scheme}/{{path:path}}", endpoint, methods=METHODS)


def _headers_of(asked: Request) -> dict[str, str]:
    names = dict.fromkeys(name for name in asked.headers if name not in _NOT_FOR_HANDLERS)
    return {name: ", ".join(asked.headers.getlist(name)) for name in names}


def _response(given: UriSchemeResponse) -> Response:
    response = Response(given.body, given.status)
    for name, value in (*given.fields(), *FOREIGN.items()):
        response.headers.append(name, value)
    return response
