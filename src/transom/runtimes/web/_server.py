"""What the web runtime serves: documents with our script in them, assets, and the link. Checked before anything: Host, Origin, token.

A page is served with a key of its own in its script; the WebSocket that brings the key back, once, is that page. So a
label is the server's word, not the page's, and a frame, which is served no key, has no link.
"""

from __future__ import annotations

import asyncio
import hmac
import os
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from ...runtimes import (
    Assets,
    OpenFile,
    Page,
    Settings,
    apply_csp,
    invoke_key_of,
    is_navigation,
    media_type_of,
    open_file,
    with_nonce,
)
from ...wire import initialization_script
from ._asgi import AsgiSocket
from ._file_response import file_response
from ._link import LINK_PATH, REFUSED, SUBPROTOCOL, WINDOW_PARAMETER, LinkSocket, WebLink
from ._uri_scheme import FOREIGN, Serve, may_load, scheme_address, scheme_route, with_addresses

__all__ = ["WebServer"]

# The best place for our script first; what a comment holds is none.
_PLACES = tuple(
    re.compile(rb"<!--.*?-->|(" + tag + rb"[^>]*>)", re.IGNORECASE | re.DOTALL)
    for tag in (rb"<head\b", rb"<html\b", rb"<!doctype\b")
)
_HOST = re.compile(r"(?:([A-Za-z0-9._-]+)|\[([0-9A-Fa-f:.]+)\])(?::([0-9]{1,5}))?")  # RFC 9110, 7.2; no user, no zone
_MAX_UNCLAIMED = 256
_LAST_SECONDS = 3.0  # in which the last calls of a page come after its connection has ended
_MAX_LAST_BYTES = 128 * 1024  # browsers send beacons of 64 KiB
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Served(NamedTuple):
    """A document that was served with a key.

    Attributes:
        key: What its page shows to open its link.
        label: Label of its window.
        origin: Its origin.
        url: Its address.
    """

    key: str
    label: str
    origin: str
    url: str


class WebServer:
    """The ASGI application.

    Args:
        settings: Settings of the runtime.
        token: What a browser must show once, in the address it is given.
        hosts: Names, without port, under which the server may be reached; others are refused, against DNS rebinding.
        started: Called at every request, before anything; starts the application when the server is a stranger's.
        window_for: Returns the label of the window with this label, or of the first one.
        connected: Takes a new page, its link and its document's address, and carries it to its end.
        serve: Lets one of the application's schemes answer.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        token: str,
        hosts: Collection[str],
        started: Callable[[], None],
        window_for: Callable[[str | None], str],
        connected: Callable[[Page, WebLink, str], Awaitable[None]],
        serve: Serve,
    ) -> None:
        self._settings = settings
        self._assets = Assets(settings.assets)
        self._token = token
        self._hosts = frozenset(hosts)
        self._started = started
        self._window_for = window_for
        self._connected = connected
        self._keys: dict[str, Served] = {}
        self._carried: dict[str, WebLink] = {}  # by their keys: of pages that are there, or were just now
        # The files of the script are read now, while the browser starts, and not when it asks for the first document.
        initialization_script("web", label="", key="")
        self._initialization_scripts = tuple(map(_as_element, settings.initialization_scripts))
        # Called when the server that carries us ends, if it tells us: a mounted application is not told.
        self.ended: Callable[[], None] = lambda: None
        self.asgi = Starlette(
            lifespan=self._lifespan,
            routes=[
                WebSocketRoute(LINK_PATH, self._link),
                Route("/.transom/last", self._last_calls, methods=["POST"]),
                Route("/.transom/asset/{path:path}", self._asset_file),
                *(
                    scheme_route(
                        protocol, serve, partial(self._part_refusal, protocol.scheme), settings.max_message_bytes
                    )
                    for protocol in settings.uri_schemes
                ),
                Route("/{path:path}", self._front_end, methods=["GET", "HEAD"]),
            ],
        )

    @asynccontextmanager
    async def _lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        yield
        self.ended()

    def _refusal(self, connection: HTTPConnection, *, origin_required: bool = False) -> str | None:
        """Return why a request is not served, `None` when it is."""
        host = connection.headers.get("host", "")
        name = _name_of(host)
        if name not in self._hosts:
            return f"this application is not served under the name {name!r}; it is at {', '.join(sorted(self._hosts))}"
        origin = connection.headers.get("origin")
        if (origin is None and origin_required) or (origin is not None and origin not in _origins(host)):
            return f"requests from the origin {origin} are not served"
        if not self._is_token(connection.cookies.get(_cookie(host), "")):
            return "open the application at the address that it printed when it started: that one holds its token"
        return None

    def _part_refusal(self, scheme: str, connection: HTTPConnection) -> str | None:
        """Return why a request for a part of a page is not served: pages of other sites cannot read it, but could cause it."""
        self._started()
        if connection.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "this is served to the application's own pages only"
        refusal = self._refusal(connection)
        destination = connection.headers.get("sec-fetch-dest", "")
        if refusal is None and not may_load(self._settings.csp, scheme, destination):
            refusal = f"the content security policy allows no {destination} from {scheme}:"
        return refusal

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())

    async def _front_end(self, request: Request) -> Response:
        self._started()
        host = request.headers.get("host", "")
        given = request.query_params.get("token")
        if given is not None and _name_of(host) in self._hosts and self._is_token(given):
            address = str(request.url.remove_query_params("token").replace(scheme="", netloc=""))
            # Two slashes at the start would name another host.
            response: Response = RedirectResponse("/" + address.lstrip("/"), 303, _HEADERS)
            response.set_cookie(
                _cookie(host), self._token, httponly=True, samesite="lax", path=request.scope.get("root_path") or "/"
            )
            return response
        refusal = self._refusal(request)
        if refusal is not None:
            return PlainTextResponse(refusal, 403, _HEADERS)
        path = "/" + request.path_params["path"]
        file = await asyncio.to_thread(self._assets.find, path, navigation=is_navigation(request.headers))
        if file is None:
            return PlainTextResponse(f"the front end has no file for {path}", 404, _HEADERS)
        if not file.media_type.startswith("text/html"):
            return await file_response(
                request, file, {**_HEADERS, "Cache-Control": "no-cache", **dict(self._settings.headers)}
            )
        return self._document(request, await asyncio.to_thread(file.read_all))

    def _document(self, request: Request, html: bytes) -> Response:
        nonce = secrets.token_urlsafe(16)
        host = request.headers["host"]
        headers = {**_HEADERS, **dict(self._settings.headers)}
        if self._settings.csp is not None:
            scheme = "wss" if request.url.scheme == "https" else "ws"
            here = f"{request.url.scheme}://{host}{request.scope.get('root_path', '')}"
            schemes = ("asset", *(protocol.scheme for protocol in self._settings.uri_schemes))
            headers["Content-Security-Policy"] = apply_csp(
                with_addresses(self._settings.csp, ((scheme, f"{here}/.transom/{scheme}/") for scheme in schemes)),
                nonce,
                {"connect-src": ["'self'", f"{scheme}://{host}"], "img-src": ["'self'"], "media-src": ["'self'"]},
            )
        # Only a top-level document gets a link: a frame has no key. Browsers that say nothing are older than 2023.
        if request.headers.get("sec-fetch-dest", "document") != "document":
            return HTMLResponse(with_nonce(html, nonce), headers=headers)
        label = self._window_for(request.query_params.get(WINDOW_PARAMETER))
        key = secrets.token_hex(16)
        self._keys[key] = Served(key, label, f"{request.url.scheme}://{host}", str(request.url))
        while len(self._keys) > _MAX_UNCLAIMED:
            del self._keys[next(iter(self._keys))]
        script = initialization_script(
            "web",
            label=label,
            key=key,
            settings={
                "base": request.scope.get("root_path", ""),
                "maxMessageBytes": self._settings.max_message_bytes,
                "invokeKey": invoke_key_of(key) if self._settings.invoke_by_message else None,
                "pathSeparator": os.sep,
                "pathDelimiter": os.pathsep,
            },
            freeze_prototype=self._settings.freeze_prototype,
        )
        elements = b"".join(
            b'<script nonce="%b">%b</script>' % (nonce.encode(), source.encode())
            for source in (script, *self._initialization_scripts)
        )
        marked = with_nonce(html, nonce)
        at = _place_of_script(marked)
        return HTMLResponse(marked[:at] + elements + marked[at:], headers=headers)

    async def _asset_file(self, request: Request) -> Response:
        refusal = self._part_refusal("asset", request)
        if refusal is None and self._settings.asset_scope is None:
            refusal = "the asset protocol is off; app.security.assetProtocol in tauri.conf.json turns it on"
        if refusal is not None:
            return PlainTextResponse(refusal, 403, _HEADERS)
        try:
            file = await asyncio.to_thread(self._open, unquote_to_bytes(scheme_address(request, "asset").path))
        except OSError:
            return PlainTextResponse("there is no such file, or it cannot be read", 404, _HEADERS)
        if file is None:
            return PlainTextResponse("this file is not in the scope of app.security.assetProtocol", 403, _HEADERS)
        return await file_response(request, file, {**_HEADERS, **FOREIGN})

    def _open(self, name: bytes) -> OpenFile | None:
        """Open a file for the asset protocol; see `open_file`."""
        path, allowed = Path(os.fsdecode(name)), self._settings.asset_scope
        return None if allowed is None else open_file(path, allowed, media_type_of(path.name))

    async def _link(self, socket: WebSocket) -> None:
        served = self.admit(socket)
        if served is None:
            await socket.close(1008, REFUSED)
            return
        await socket.accept(SUBPROTOCOL)
        await self.carry(served, AsgiSocket(socket))

    def admit(self, connection: HTTPConnection) -> Served | None:
        """Return the document whose page opens a link, or `None` to refuse it. A key is admitted once."""
        self._started()
        protocols = connection.scope.get("subprotocols", [])
        key = next((protocol[4:] for protocol in protocols if protocol.startswith("key.")), "")
        return None if self._refusal(connection, origin_required=True) else self._keys.pop(key, None)

    async def carry(self, served: Served, socket: LinkSocket) -> None:
        """Run the link of an admitted page until it ends."""
        invoke_key = invoke_key_of(served.key) if self._settings.invoke_by_message else ""
        page = Page(served.label, served.label, served.origin, True, invoke_key)
        link = self._carried[served.key] = WebLink(socket)
        try:
            await self._connected(page, link, served.url)
        finally:
            asyncio.get_running_loop().call_later(_LAST_SECONDS, self._carried.pop, served.key, None)

    async def _last_calls(self, request: Request) -> Response:
        """Take what a page sends as a beacon while it is left: the key of its link, and a batch a line."""
        refusal = self._refusal(request, origin_required=True)
        if refusal is not None:
            return PlainTextResponse(refusal, 403, _HEADERS)
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _MAX_LAST_BYTES:
                return PlainTextResponse(
                    f"the last calls of a page have more than {_MAX_LAST_BYTES} bytes", 413, _HEADERS
                )
        key, *batches = body.decode("utf-8", "replace").split("\n")
        # Admitted once, as the link is.
        link = self._carried.pop(key, None)
        if link is None:
            return PlainTextResponse(REFUSED, 403, _HEADERS)
        link.receive_last(batches)
        return Response(status_code=204, headers=_HEADERS)


def _place_of_script(html: bytes) -> int:
    found = (match.end() for place in _PLACES for match in place.finditer(html) if match[1])
    return next(found, 0)


def _as_element(script: str) -> str:
    """Return the script as an element can hold it: these two would end it, or hide its end; in code they mean nothing."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)


def _name_of(host: str) -> str:
    """Return the name in a `Host` header; empty when it has none or is not of the form.

    Only a name, an address and a port: what passes is written into policies and addresses.
    """
    parts = _HOST.fullmatch(host)
    if parts is None or (parts[3] is not None and not 0 < int(parts[3]) < 1 << 16):
        return ""
    return (parts[1] or parts[2]).lower()


def _cookie(host: str) -> str:
    # Browsers share cookies between the ports of a host, and several applications may run on one.
    return f"transom-{urlsplit(f'//{host}').port or 0}"


def _origins(host: str) -> tuple[str, str]:
    return f"http://{host}", f"https://{host}"
