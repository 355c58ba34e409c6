"""The server of the web runtime: documents with the link's script, assets, and the link. `Access` checks every request.

A page is served with a key of its own in its script; the WebSocket that brings the key back, once, is that page. It also
brings the ticket of its window, so a label is the server's word, not the page's. A frame is served no key and has no link.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, TypeAlias
from urllib.parse import unquote_to_bytes

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from ...runtimes import (
    Assets,
    Page,
    Settings,
    apply_csp,
    invoke_key_of,
    is_navigation,
)
from ...threads import Threads
from ...wire import initialization_script
from ._admission import Admission, Again
from ._asgi import AsgiSocket
from ._connections import PROVEN
from ._last_calls import MAX_LAST_BYTES, LastCalls, read_last_calls
from .access import Access, Issued, Served, Visit, cookie_name, visit_of
from .dev import front_end_routes
from .link import (
    CLOSED,
    DIRECT,
    ELSEWHERE,
    KEEP,
    KEEP_BYTES,
    LINK_PATH,
    LOST,
    REFUSED,
    REPLACED,
    SUBPROTOCOL,
    GoneSocket,
    LinkSocket,
    WebLink,
)
from .responses import (
    FOREIGN,
    HEADERS,
    ISOLATION_PATH,
    Serve,
    as_element,
    door,
    file_response,
    gone,
    hop,
    isolation_routes,
    may_load,
    modules_route,
    not_ahead,
    open_allowed,
    scheme_address,
    scheme_route,
    with_addresses,
    with_scripts,
)

__all__ = ["Connected", "WebServer"]

# Carries the link of a new page to its end: page, link, the address of its document, whether the user has chosen it.
Connected: TypeAlias = Callable[[Page, WebLink, str, bool], Awaitable[bool]]

_LAST_SECONDS = 3.0  # in which the last calls of a page come after its connection has ended
_FRAMES = re.compile(r"[0-9]{1,15}")


class WebServer:
    """The ASGI application.

    Args:
        settings: Settings of the runtime.
        access: Decides about requests.
        started: Called at every request, before anything; starts the application when the server is a stranger's.
        labels: Returns the labels of the windows, the first window's first.
        address_of: Returns the address of a window's page, from the root of the application; empty for the root.
        connected: Takes a new page, its link, its document's address and whether it takes its window over, and carries it
            to its end. Returns `False` when another page has the window.
        serve: Lets one of the application's schemes answer.
        threads: The application's threads.
    """

    _max_unclaimed: ClassVar[int] = 256  # documents whose pages have not opened their links

    def __init__(
        self,
        settings: Settings,
        *,
        access: Access,
        started: Callable[[], None],
        labels: Callable[[], Sequence[str]],
        address_of: Callable[[str], str] = lambda _: "",
        connected: Connected,
        serve: Serve,
        threads: Threads,
    ) -> None:
        self._settings = settings
        self._assets = Assets(settings.assets)
        links_only = partial(access.refusal, origin_required=True)
        self._dev, front_end = front_end_routes(settings.dev_url, self._front_end, links_only)
        self._access = access
        self._started = started
        self._labels = labels
        self._address_of = address_of
        self._connected = connected
        self._keep: tuple[float, int] = settings.options.get("reconnect", (KEEP, KEEP_BYTES))
        self._in_thread = partial(threads.in_share, "the files of pages")
        self._keys: dict[str, Served] = {}
        self._carried: dict[str, WebLink] = {}  # by their keys: of pages that are there, or were just now
        self._closing: set[asyncio.Task[None]] = set()
        # The files of the script are read now, while the browser starts, and not when it asks for the first document.
        initialization_script("web", label="", key="")
        self._initialization_scripts = tuple(map(as_element, settings.initialization_scripts))
        self._frame_scripts = tuple(map(as_element, settings.frame_scripts))
        # Called when the server that carries us ends, if it tells us: a mounted application is not told.
        self.ended: Callable[[], None] = lambda: None
        self.ending: Callable[[], Awaitable[None]] = _nothing
        self.asgi = Starlette(
            lifespan=self._lifespan,
            exception_handlers={ClientDisconnect: gone},
            routes=[
                WebSocketRoute(LINK_PATH, self._link),
                Route("/.transom/last", self._last_calls, methods=["POST"]),
                modules_route(self._refusal),
                Route("/.transom/asset/{path:path}", self._asset_file),
                *isolation_routes(settings.isolation, self._refusal, self._in_thread),
                *(
                    scheme_route(
                        protocol, serve, partial(self._part_refusal, protocol.scheme), settings.max_message_bytes
                    )
                    for protocol in settings.uri_schemes
                ),
                *front_end,
            ],
        )

    @asynccontextmanager
    async def _lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        yield
        await self.ending()
        self.ended()

    def _refusal(self, connection: HTTPConnection) -> str | None:
        refusal = self._access.refusal(connection)
        if refusal is None and PROVEN in connection.scope:
            connection.scope[PROVEN]()
        return refusal

    def _part_refusal(self, scheme: str, connection: HTTPConnection) -> str | None:
        """Return why a request for a part of a page is not served: pages of other sites cannot read it, but could cause it."""
        self._started()
        refusal = self._refusal(connection)
        destination = connection.headers.get("sec-fetch-dest", "")
        if refusal is None and not may_load(self._settings.csp, scheme, destination):
            refusal = f"the content security policy allows no {destination} from {scheme}:"
        return refusal

    async def _front_end(self, request: Request) -> Response:
        self._started()
        visit = visit_of(request.headers)
        if visit == "ahead" and (self._dev is not None or "token" in request.query_params):
            return not_ahead()
        if "token" in request.query_params:
            led_on = self._lead_on(request)
            if led_on is not None:
                return led_on
        if visit == "foreign" and self._access.serves(request.headers.get("host", "")):
            return self._at_the_door(request)
        refusal = self._refusal(request)
        if refusal is not None:
            return PlainTextResponse(refusal, 403, HEADERS)
        if self._dev is not None:
            return await self._dev.respond(request, self._document)
        path = f"/{request.path_params['path']}"
        file = await self._in_thread(partial(self._assets.find, path, navigation=is_navigation(request.headers)))
        if file is None and path == "/favicon.ico":
            return Response(status_code=204, headers=HEADERS)  # browsers ask for it by themselves, and complain
        if file is None:
            return PlainTextResponse(f"the front end has no file for {path}", 404, HEADERS)
        if not file.media_type.startswith("text/html"):
            return await file_response(
                request, file, {**HEADERS, "Cache-Control": "no-cache", **dict(self._settings.headers)}, self._in_thread
            )
        return not_ahead(file) if visit == "ahead" else self._document(request, await self._in_thread(file.read_all))

    def _at_the_door(self, request: Request) -> Response:
        """Return what a tab gets that another site has led here."""
        return door(self._settings.name, f"{request.scope.get('root_path', '')}/")

    def _lead_on(self, request: Request) -> Response | None:
        """Return what takes the token or code out of an address, and admits the browser; `None` when it does not."""
        headers = request.headers
        if not self._access.serves(headers.get("host", "")) or request.method != "GET" or visit_of(headers) == "part":
            return None
        code = request.query_params["token"]
        own = self._access.redeem_window(code)
        admitted = own is not None or self._access.redeem(code)
        if not admitted and self._access.refusal(request) is not None:
            return None
        address = str(request.url.remove_query_params("token").replace(scheme="", netloc=""))
        address = "/" + address.lstrip("/")  # two slashes at the start would name another host
        root = request.scope.get("root_path") or ""
        # A redirect is refused at its target when the navigation began in another site or in a file. Browsers that are too
        # old to say where it began take part in neither: their requests name the types that they show.
        direct = visit_of(headers) != "foreign" and (
            "sec-fetch-site" in headers or "text/html" not in headers.get("accept", "")
        )
        label = own or self._first_label()
        if own is None and address == f"{root}/":
            address += self._address_of(label)
        window = label, self._access.ticket(label)
        # A native window learns from the small page which window it is: a redirect could not tell it.
        redirects = direct and own is None
        response = RedirectResponse(address, 303, HEADERS) if redirects else hop(address, f"transom:{root}", window)
        if admitted:
            response.set_cookie(
                cookie_name(request),
                self._access.new_session(),
                httponly=True,
                samesite="strict",
                secure=request.url.scheme == "https",
                path=root or "/",
            )
        return response

    def _first_label(self) -> str:
        return next(iter(self._labels()), "main")

    def _document(self, request: Request, html: bytes) -> Response:
        nonce = secrets.token_urlsafe(16)
        host = request.headers["host"]
        headers = {**HEADERS, **dict(self._settings.headers)}
        if self._settings.csp is not None:
            scheme = "wss" if request.url.scheme == "https" else "ws"
            here = f"{request.url.scheme}://{host}{request.scope.get('root_path', '')}"
            schemes = ("asset", *(protocol.scheme for protocol in self._settings.uri_schemes))
            headers["Content-Security-Policy"] = apply_csp(
                with_addresses(self._settings.csp, ((scheme, f"{here}/.transom/{scheme}/") for scheme in schemes)),
                nonce,
                {
                    "connect-src": ["'self'", f"{scheme}://{host}"],
                    "img-src": ["'self'"],
                    "media-src": ["'self'"],
                    "frame-src": ["'self'"] if self._settings.isolation else [],
                },
            )
        # Only a document of a tab gets a link: a frame has no key.
        visit = visit_of(request.headers)
        if visit not in ("user", "own") or request.method != "GET":
            return HTMLResponse(with_scripts(html, nonce, self._frame_scripts), headers=headers)
        isolation, base = self._settings.isolation, request.scope.get("root_path", "")
        frame = isolation.new_frame() if isolation else ""
        key, label, ticket = self._issue(request, visit, frame)
        script = initialization_script(
            "web",
            label=label,
            key=key,
            settings={
                "base": base,
                "ticket": ticket,
                "keepMs": round(self._keep[0] * 1000),
                "keepBytes": self._keep[1],
                "maxMessageBytes": self._settings.max_message_bytes,
                "invokeKey": invoke_key_of(key) if self._settings.invoke_by_message else None,
                "pathSeparator": os.sep,
                "pathDelimiter": os.pathsep,
            },
            freeze_prototype=self._settings.freeze_prototype,
            isolation=f"{base}{ISOLATION_PATH}{frame}" if isolation else None,
            clients=self._settings.clients,
        )
        scripts = (script, *self._initialization_scripts, *self._frame_scripts)
        return HTMLResponse(with_scripts(html, nonce, scripts), headers=headers)

    def _issue(self, request: Request, visit: Visit, frame: str) -> Issued:
        label, key = self._first_label(), secrets.token_hex(16)
        self._note(
            Served(key, f"{request.url.scheme}://{request.headers['host']}", str(request.url), visit == "user", frame)
        )
        return Issued(key, label, self._access.ticket(label) if visit == "user" else None)

    def _note(self, served: Served) -> None:
        """Remember a document until its page opens its link."""
        self._keys[served.key] = served
        while len(self._keys) > self._max_unclaimed:
            del self._keys[next(iter(self._keys))]

    async def _asset_file(self, request: Request) -> Response:
        refusal = self._part_refusal("asset", request)
        label, path = scheme_address(request, "asset")
        allowed = None if refusal is not None else self._asset_scope(label)
        if refusal is None and allowed is None:
            refusal = "the asset protocol is off; app.security.assetProtocol in tauri.conf.json turns it on"
        if refusal is not None:
            return PlainTextResponse(refusal, 403, HEADERS)
        try:
            file = await self._in_thread(open_allowed, unquote_to_bytes(path), allowed)
        except OSError:
            return PlainTextResponse("there is no such file, or it cannot be read", 404, HEADERS)
        if file is None:
            return PlainTextResponse("this file is not in the scope of app.security.assetProtocol", 403, HEADERS)
        return await file_response(request, file, {**HEADERS, **FOREIGN}, self._in_thread)

    def _asset_scope(self, label: str) -> Callable[[Path], bool] | None:
        """Return which files the asset protocol may read for the page of a window; `None` when it is off."""
        return self._settings.asset_scope

    async def _link(self, socket: WebSocket) -> None:
        admission = self.admit(socket)
        if admission is None:
            await socket.close(1008, REFUSED)
            return
        await socket.accept(SUBPROTOCOL)
        direct: LinkSocket | None = socket.scope.get("extensions", {}).get(DIRECT)
        await self.carry(admission, AsgiSocket(socket) if direct is None else direct)

    def admit(self, connection: HTTPConnection) -> Any:
        """Return the page that opens a link, or `None` to refuse it. A key opens one link."""
        self._started()
        if self._access.refusal(connection, origin_required=True) is not None:
            return None
        protocols = (protocol.partition(".") for protocol in connection.scope.get("subprotocols", []))
        shown = {name: value for name, _, value in protocols}
        key, frames = shown.get("key", ""), shown.get("again", "")
        if _FRAMES.fullmatch(frames):
            link = self._carried.get(key) if self._is_of(connection, key) else None
            return Again(link, int(frames), shown.get("window", ""))
        served = self._claim(connection, key)
        return None if served is None else self._admission(connection, served, shown)

    def _is_of(self, connection: HTTPConnection, key: str) -> bool:
        """Tell whether the key of a document belongs to the user of a connection."""
        return True

    def _claim(self, connection: HTTPConnection, key: str) -> Served | None:
        """Return the document that a key was made for, once."""
        return self._keys.pop(key, None)

    def _admission(self, connection: HTTPConnection, served: Served, shown: Mapping[str, str]) -> Any:
        """Return the page that opens a link, from the words that it has shown."""
        ticket = shown.get("window")
        if ticket is None:
            return Admission(served, self._first_label(), "take" in shown, claims=served.by_user)
        label = self._access.label_of(ticket, self._labels() or ("main",))
        return Admission(served, label, "take" in shown, claims=True)

    async def carry(self, admission: Any, socket: LinkSocket) -> None:
        """Run the link of an admitted page until the socket ends."""
        if isinstance(admission, Again):
            await self._carry_again(admission, socket)
            return
        served, label, takes, claims = admission
        if label is None:
            await socket.close(4002, CLOSED)
            return
        if takes or claims:
            link = WebLink(socket, *self._keep)
            if not claims:
                link.operate("become", label, self._access.ticket(label))
            if await self._connect(self._connected, self._page(label, served), link, served, takes):
                return
        self._keys[served.key] = served  # the page may come again with it, when the user has chosen it
        await socket.close(4010, ELSEWHERE)

    def _page(self, label: str, served: Served) -> Page:
        invoke_key = invoke_key_of(served.key) if self._settings.invoke_by_message else ""
        seal = isolation.key_of(served.frame) if (isolation := self._settings.isolation) else b""
        return Page(label, label, served.origin, True, invoke_key, seal)

    async def _connect(self, connected: Connected, page: Page, link: WebLink, served: Served, takes: bool) -> bool:
        """Carry a link over its first socket, and remember it until its page's last calls must have come."""
        loop = asyncio.get_running_loop()
        self._carried[served.key] = link
        link.when_ended(lambda: loop.call_later(_LAST_SECONDS, self._forget, served.key, link))
        carried = False
        try:
            carried = await connected(page, link, served.url, takes)
        finally:
            if not carried:
                self._forget(served.key, link)
        return carried

    async def _carry_again(
        self, admission: Again, socket: LinkSocket, resumed: Callable[[], None] = lambda: None
    ) -> None:
        """Continue the link of a page over another socket if nothing was lost; otherwise its generation ends."""
        link, frames, _ = admission
        before = None if link is None else link.again(socket, frames)
        if link is None or before is None:
            if link is not None and link.session is not None:
                link.end()
            await socket.close(4011, LOST)
            return
        resumed()
        # Not waited for: a connection that takes nothing more cannot be told either.
        closing = asyncio.ensure_future(before.close(4012, REPLACED))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
        await link.run()

    def _forget(self, key: str, link: WebLink) -> None:
        # The page may have come again with its key.
        if self._carried.get(key) is link:
            del self._carried[key]

    async def _last_calls(self, request: Request) -> Response:
        """Take what a page sends while it is left, once: its link's key and its window's ticket, and a batch a line."""
        if (refusal := self._access.refusal(request, origin_required=True)) is not None:
            return PlainTextResponse(refusal, 403, HEADERS)
        last = await read_last_calls(request)
        if last is None:
            return PlainTextResponse(f"the last calls of a page have more than {MAX_LAST_BYTES} bytes", 413, HEADERS)
        link = self._carried.pop(last.key, None) if self._is_of(request, last.key) else None
        if link is not None:
            link.receive_last(last.batches)
        elif not (last.has_calls and await self._take_gone(request, last)):
            return PlainTextResponse(REFUSED, 403, HEADERS)
        return Response(status_code=204, headers=HEADERS)

    async def _take_gone(self, request: Request, last: LastCalls) -> bool:
        """Take the last calls of a page that was left before it could open its link."""
        if (served := self._claim(request, last.key)) is None or served.origin == "null":
            return False
        admission = self._admission(request, served, {"window": last.ticket} if last.ticket else {})
        await self.carry(admission, socket := GoneSocket(last.batches))
        self._carried.pop(last.key, None)
        return not socket.reason


async def _nothing() -> None:
    pass
