"""The schemes that pages of the webkitgtk runtime load from: `tauri` for assets, `asset` for files, `ipc` for bytes."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from ...names import printable
from ...runtimes import (
    Assets,
    Isolation,
    OpenFile,
    Settings,
    apply_csp,
    is_navigation,
    media_type_of,
    open_file,
    part_for,
    with_nonce,
)
from ...values import bytes_of
from ._gi import Gio, GLib, Soup, UnixInputStream, WebKit2
from .bulk import part_number
from .webview import ASSETS_ORIGIN, Generation, origin_of, refuse_request

if TYPE_CHECKING:
    from .media import Media

__all__ = ["Schemes", "fields_of", "read_body"]

# Measured to be the fastest.
_READ_BYTES = 256 * 1024
_MAX_SIZE_DIGITS = 15
# Tauri: a range answer carries about as much, and the media element asks for more; a film is not read into memory.
_RANGE_BYTES = 1024 * 1024

_LOGGED_FILES = 10
_OUT_OF_SCOPE = (
    "the page of the webview %r may not read %s by the asset protocol: security.assetProtocol of the configuration"
)
_FOREIGN_LOAD = (
    "a frame of another origin in the webview %r asked for a file of the application's front end, such as the page in its "
    "own place; it was refused, and further refusals are not logged"
)
_FOREIGN_ASSET = (
    "the webview %r was refused a file of the asset protocol: only documents of the application get any, not a page or "
    "frame of another origin; further refusals are not logged"
)

_logger = logging.getLogger(__name__)


class Schemes:
    """Answers the requests of all pages of one web context.

    Args:
        context: The context; no view may have been made in it.
        settings: The application's.
        find_page: Returns the current page of a WebView, `None` when it has none.
        give_way: Called after each request, so that many of them do not keep others waiting.
        media: Gives addresses for media elements; `None` for none.
    """

    def __init__(
        self,
        context: Any,
        settings: Settings,
        find_page: Callable[[Any], Generation | None],
        give_way: Callable[[], None],
        media: Media | None = None,
    ) -> None:
        self._media = media
        self._assets = Assets(settings.assets)
        self._settings = settings
        self._find_page = find_page
        self._give_way = give_way
        self._local_origins = {ASSETS_ORIGIN, origin_of(settings.dev_url)}
        self._csp_sources = {"connect-src": ["ipc:", "ipc://localhost", "http://ipc.localhost"]}
        own = [f"{protocol.scheme}:" for protocol in settings.uri_schemes]
        asset = ["asset:", "asset://localhost"] if settings.asset_scope is not None else []
        self._csp_sources["connect-src"] += own
        self._csp_sources["img-src"] = [*asset, *own]
        self._csp_sources["media-src"] = [*asset, *own, *(() if media is None else (media.origin,))]
        security = context.get_security_manager()
        if (isolation := settings.isolation) is not None:
            self._csp_sources["frame-src"] = [f"{isolation.scheme}:"]
            # Not for CORS: no document may read a frame's document, which holds a key.
            security.register_uri_scheme_as_secure(isolation.scheme)
            context.register_uri_scheme(isolation.scheme, self._guarded(partial(_serve_frame, isolation)))
        for scheme, serve in (("tauri", self._serve_asset), ("asset", self._serve_file), ("ipc", self._serve_ipc)):
            security.register_uri_scheme_as_secure(scheme)
            security.register_uri_scheme_as_cors_enabled(scheme)
            context.register_uri_scheme(scheme, self._guarded(serve))

    def _guarded(self, serve: Callable[[Any], None]) -> Callable[[Any], None]:
        def guarded(request: Any) -> None:
            try:
                serve(request)
            except Exception:
                _logger.exception("the request for %s failed", urlsplit(request.get_uri()).scheme)
                answer(request, 500, b"the application failed to answer this request")
            self._give_way()

        return guarded

    def _serve_asset(self, request: Any) -> None:
        page = self._find_page(request.get_web_view())
        if page is not None and page.local and self._is_foreign(request):
            # A frame of another origin sends the whole window to an address of its choice, or shows it in itself.
            page.refusals.log("the application's files for frames of other origins", 1, _FOREIGN_LOAD)
            return refuse_request(request)
        path = unquote(_request_path(request))
        file = self._assets.find(path, navigation=is_navigation(fields_of(request)))
        if file is None:
            text = f"{path} is not in the front end's folder (frontendDist of the configuration)"
            return answer(request, 404, text.encode(), "text/plain; charset=utf-8")
        if not file.media_type.startswith("text/html"):
            return send_file(request, file, {"Cache-Control": "no-cache", **dict(self._settings.headers)})
        # A reload has to show the files as they are now.
        headers = {"Cache-Control": "no-store", **dict(self._settings.headers)}
        content, media_type = file.read_all(), file.media_type
        if self._settings.csp is not None:
            nonce = secrets.token_urlsafe(16)
            headers["Content-Security-Policy"] = apply_csp(self._settings.csp, nonce, self._csp_sources)
            content = with_nonce(content, nonce)
        return answer(request, 200, content, media_type, headers)

    def _serve_file(self, request: Any) -> None:
        page = self._find_page(request.get_web_view())
        if page is None or not page.local or self._is_foreign(request):
            if page is not None:
                page.refusals.log("files for documents of other origins", 1, _FOREIGN_ASSET)
            return answer(request, 403, b"the asset protocol is for the application's own pages")
        allowed = self._settings.asset_scope
        headers = {"Access-Control-Allow-Origin": page.origin, "Cache-Control": "no-store"}
        path = Path(os.fsdecode(unquote_to_bytes(_request_path(request)[1:])))
        try:
            file = None if allowed is None else open_file(path, allowed, media_type_of(path.name))
        except OSError as error:
            _logger.info("the asset protocol cannot read a file: %s", printable(str(error)))
            return answer(request, 404, b"there is no such file, or it cannot be read", headers=headers)
        if file is None:
            page.refusals.log("files out of the scope", _LOGGED_FILES, _OUT_OF_SCOPE, path)
            return answer(request, 403, b"the asset protocol may not read this file", headers=headers)
        return send_file(request, file, headers)

    def _is_foreign(self, request: Any) -> bool:
        """Tell whether a document of another origin is seen to ask: a frame of the page, whose view is the page's.

        An image in a frame that sends no referrer cannot be told from the page's own.
        """
        origin, referrer = _field(request, "Origin"), _field(request, "Referer")
        return bool(
            (origin and origin not in self._local_origins)
            or (referrer and origin_of(referrer) not in self._local_origins)
        )

    def _serve_ipc(self, request: Any) -> None:
        key, _, what = _request_path(request)[1:].partition("/")
        page = self._find_page(request.get_web_view())
        link = page.link() if page and page.admits(key.encode()) else None
        if page is None or link is None:
            return answer(request, 403, b"refused: the key is not that of the current page")
        headers = {"Access-Control-Allow-Origin": page.origin, "Cache-Control": "no-store"}
        kind, _, number = what.partition("/")
        if request.get_http_method() != "POST":
            return answer(request, 405, b"only POST", headers=headers)
        if kind == "up":
            body = read_body(request, self._settings.max_message_bytes)
            if body is None:
                text = f"the message is over the limit of {self._settings.max_message_bytes} bytes (max_message_bytes)"
                return answer(request, 413, text.encode(), headers=headers)
            answer(request, 200, b"", headers=headers)
            batch = _field(request, "transom-batch")
            return link.receive_binary(memoryview(body), unquote(batch) if batch else None)
        if kind == "media":
            uri = unquote(_field(request, "transom-media"))
            media = self._media if page.local else None
            address = None if media is None else media.address_of(page.label, page, uri)
            return answer(request, 200 if address else 404, (address or "").encode(), "text/plain", headers)
        part = part_number(number.encode()) if kind == "part" else None
        data = None if part is None else link.fetch(part)
        if data is None:
            return answer(request, 404, b"there is no such part", headers=headers)
        return answer(request, 200, data, headers=headers)


def _serve_frame(isolation: Isolation, request: Any) -> None:
    """Answer with the document of an isolation frame."""
    document = isolation.document(_request_path(request)[1:])
    headers = {"Content-Security-Policy": document.policy, "Cache-Control": "no-store"}
    answer(request, 200, document.content, "text/html; charset=utf-8", headers)


def _request_path(request: Any) -> str:
    """Return the path of the request's address, still percent-encoded, with its leading slash."""
    return urlsplit(request.get_uri()).path or "/"


def answer(
    request: Any,
    status: int,
    content: bytes | memoryview,
    media_type: str = "application/octet-stream",
    headers: dict[str, str] | None = None,
) -> None:
    """Answer a request with these bytes."""
    # PyGObject copies `bytes` at once, but other buffers item by item: twenty times slower.
    data = GLib.Bytes.new(bytes_of(content) if isinstance(content, memoryview) else content)
    finish(request, status, Gio.MemoryInputStream.new_from_bytes(data), len(content), media_type, headers or {})


def send_file(request: Any, file: OpenFile, headers: dict[str, str]) -> None:
    """Answer a request with a file, or the part of it that it wants, and close the file when it has been sent."""
    status, span, fields = part_for(
        fields_of(request), file.size, etag=file.etag, modified=file.modified, longest=_RANGE_BYTES
    )
    headers = {**headers, **fields}
    try:
        if status == 200 and request.get_http_method() != "HEAD":
            # WebKit reads it in a thread, piece by piece.
            stream = UnixInputStream.new(file.detach(), True)
            return finish(request, 200, stream, file.size, file.media_type, headers)
        if request.get_http_method() == "HEAD":
            headers["Content-Length"] = str(len(span))
            span = range(0)
        return answer(request, status, file.read(span.start, len(span)), file.media_type, headers)
    except OSError as error:
        _logger.info("a file cannot be read: %s", printable(str(error)))
        return answer(request, 404, b"the file cannot be read", headers=headers)
    finally:
        file.close()


def finish(request: Any, status: int, stream: Any, size: int, media_type: str, headers: dict[str, str]) -> None:
    """Answer a request with what a stream gives."""
    response = WebKit2.URISchemeResponse.new(stream, size)
    response.set_status(status, None)
    response.set_content_type(media_type)
    fields = Soup.MessageHeaders.new(Soup.MessageHeadersType.RESPONSE)
    # `set_content_type` is for WebKit's own reading; what `fetch` shows are the fields.
    for name, value in {"Content-Type": media_type, **headers}.items():
        fields.append(name, value)
    response.set_http_headers(fields)
    request.finish_with_response(response)


def read_body(request: Any, limit: int) -> bytes | None:
    """Return the body of a request, `None` when it is over the limit."""
    stream = request.get_http_body()
    told = _field(request, "transom-size")[:_MAX_SIZE_DIGITS]
    # All of its memory at once; a page that says too much gets some that is never touched.
    body = BytesIO(bytes(min(int(told), limit)) if told.isdecimal() else b"")
    while stream is not None:
        piece = stream.read_bytes(_READ_BYTES, None).get_data()
        if not piece:
            break
        if body.tell() + len(piece) > limit:
            return None
        body.write(piece)
    body.truncate()
    return body.getvalue()  # without a copy


def _field(request: Any, name: str) -> str:
    """Return a header field of the request, empty when it has none."""
    fields = request.get_http_headers()
    value: str | None = fields.get_one(name) if fields else None
    return value or ""


def fields_of(request: Any) -> dict[str, str]:
    """Return the header fields of a request, names in lower case."""
    headers: dict[str, str] = {}

    def note(name: str, value: str) -> None:
        name = name.lower()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value

    fields = request.get_http_headers()
    if fields is not None:
        fields.foreach(note)
    return headers
