"""The schemes that pages of the webkitgtk runtime load from: `tauri` for assets, `asset` for files, `ipc` for bytes."""

from __future__ import annotations

import logging
import os
import re
import secrets
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from ...runtimes import Assets, Settings, apply_csp, media_type_of, with_nonce
from ...values import bytes_of
from ._gi import Gio, GLib, Soup, WebKit2
from ._packs import part_number
from ._page import Generation

__all__ = ["Schemes", "read_body"]

# Measured to be the fastest.
_READ_BYTES = 256 * 1024
_MAX_SIZE_DIGITS = 15
# Tauri: a range answer carries about as much, and the media element asks for more; a film is not read into memory.
_RANGE_BYTES = 1024 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")

_logger = logging.getLogger(__name__)


class Schemes:
    """Answers the requests of all pages of one web context.

    Args:
        context: The context; no view may have been made in it.
        settings: The application's.
        find_page: Returns the current page of a WebView, `None` when it has none.
    """

    def __init__(self, context: Any, settings: Settings, find_page: Callable[[Any], Generation | None]) -> None:
        self._assets = Assets(settings.assets)
        self._settings = settings
        self._find_page = find_page
        self._csp_sources = {"connect-src": ["ipc:", "ipc://localhost", "http://ipc.localhost"]}
        own = [f"{protocol.scheme}:" for protocol in settings.uri_schemes]
        asset = ["asset:", "asset://localhost"] if settings.asset_scope is not None else []
        self._csp_sources["connect-src"] += own
        self._csp_sources["img-src"] = self._csp_sources["media-src"] = [*asset, *own]
        security = context.get_security_manager()
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

        return guarded

    def _serve_asset(self, request: Any) -> None:
        path = unquote(_request_path(request))
        asset = self._assets.find(path)
        if asset is None:
            text = f"{path} is not in the front end's folder (frontendDist of the configuration)"
            return answer(request, 404, text.encode(), "text/plain; charset=utf-8")
        headers = {"Cache-Control": "no-cache"}
        content = asset.content
        if asset.media_type.startswith("text/html"):
            # A reload has to show the files as they are now.
            headers["Cache-Control"] = "no-store"
            if self._settings.csp is not None:
                nonce = secrets.token_urlsafe(16)
                headers["Content-Security-Policy"] = apply_csp(self._settings.csp, nonce, self._csp_sources)
                content = with_nonce(content, nonce)
        return answer(request, 200, content, asset.media_type, headers)

    def _serve_file(self, request: Any) -> None:
        page = self._find_page(request.get_web_view())
        allowed = self._settings.asset_scope
        headers = {"Access-Control-Allow-Origin": page.origin if page else "null", "Cache-Control": "no-store"}
        name = unquote_to_bytes(_request_path(request)[1:])
        path = Path(os.fsdecode(name))
        if allowed is None or b"\0" in name or not path.is_absolute() or not allowed(path := path.resolve()):
            _logger.warning("the asset protocol may not read %s: security.assetProtocol of the configuration", path)
            return answer(request, 403, b"the asset protocol may not read this file", headers=headers)
        try:
            stat = path.stat()
            if not path.is_file():
                raise FileNotFoundError(path)
            wanted = _wanted_range(request, stat.st_size)
            media_type = media_type_of(path.name)
            headers["Accept-Ranges"] = "bytes"
            if wanted is None:
                stream = Gio.File.new_for_path(os.fspath(path)).read(None)
                return finish(request, 200, stream, stat.st_size, media_type, headers)
            if not wanted:
                headers["Content-Range"] = f"bytes */{stat.st_size}"
                return answer(request, 416, b"", headers=headers)
            with path.open("rb") as file:
                file.seek(wanted.start)
                content = file.read(len(wanted))
        except (OSError, GLib.Error) as error:
            _logger.info("the asset protocol cannot read %s: %s", path, error)
            return answer(request, 404, b"there is no such file, or it cannot be read", headers=headers)
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.start + len(content) - 1}/{stat.st_size}"
        return answer(request, 206, content, media_type, headers)

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
        part = part_number(number.encode()) if kind == "part" else None
        data = None if part is None else link.fetch(part)
        if data is None:
            return answer(request, 404, b"there is no such part", headers=headers)
        return answer(request, 200, data, headers=headers)


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


def _wanted_range(request: Any, size: int) -> range | None:
    """Return the bytes a request asks for: `None` for all of them, an empty range for none that exist."""
    match = _RANGE.fullmatch(_field(request, "Range"))
    if match is None or match[0] == "bytes=-":
        return None
    if match[1]:
        start, last = int(match[1]), int(match[2] or size - 1)
    else:
        start, last = max(size - int(match[2]), 0), size - 1
    return range(start, min(last + 1, size, start + _RANGE_BYTES))
