"""The media that a page may play: files of the asset protocol, and responses of the application's own schemes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from ... import (
    Host,
    OpenFile,
    Settings,
    UriSchemeContext,
    UriSchemeProtocol,
    UriSchemeRequest,
    media_type_of,
    open_file,
    part_for,
)
from ..webview import Generation
from ._server import MediaAnswer, MediaServer

__all__ = ["Media"]

_PIECE_BYTES = 256 * 1024
# What a handler answers of the connection, which is ours.
_OURS = frozenset({"content-length", "cache-control"})


class Media:
    """Gives pages addresses that WebKitGTK's player loads from.

    Args:
        host: The application.
        settings: The application's.
    """

    def __init__(self, host: Host, settings: Settings) -> None:
        self._host = host
        self._settings = settings
        self._schemes = {protocol.scheme: protocol for protocol in settings.uri_schemes}
        self._server = MediaServer(host.loop)
        self.end = self._server.end

    @property
    def origin(self) -> str:
        """The origin of all addresses, which the policy of a document has to allow."""
        return self._server.origin

    @property
    def schemes(self) -> list[str]:
        """The schemes that it gives addresses for."""
        return [*(() if self._settings.asset_scope is None else ("asset",)), *self._schemes]

    def address_of(self, label: str, generation: Generation, uri: str) -> str | None:
        """Return an address for a media element of a page; `None` when the page gets none.

        Args:
            label: The webview's label.
            generation: The page, which is one of the application's own.
            uri: What the element was to load, such as `asset://localhost/...`.
        """
        parts = urlsplit(uri)
        if parts.scheme == "asset" and self._settings.asset_scope is not None:
            path = Path(os.fsdecode(unquote_to_bytes(parts.path[1:])))
            return self._server.ticket(generation, partial(self._serve_file, path))
        protocol = self._schemes.get(parts.scheme)
        if protocol is None:
            return None
        return self._server.ticket(generation, partial(self._serve_scheme, protocol, label, uri.partition("#")[0]))

    async def _serve_file(self, path: Path, method: str, asked: Mapping[str, str]) -> MediaAnswer:
        try:
            file = await self._host.threads.in_share("the files of media", self._open, path)
        except (OSError, ValueError):
            file = None
        if file is None:
            return MediaAnswer(404, [("Content-Length", "0")], _body(b""))
        status, span, headers = part_for(asked, file.size, etag=file.etag, modified=file.modified)
        fields = [("Content-Type", file.media_type), ("Content-Length", str(len(span))), *headers.items()]
        if method == "HEAD":
            span = range(0)
        return MediaAnswer(status, fields, self._pieces(file, span))

    def _open(self, path: Path) -> OpenFile | None:
        allowed = self._settings.asset_scope  # asked again at each request: it may have changed
        return None if allowed is None else open_file(path, allowed, media_type_of(path.name))

    async def _pieces(self, file: OpenFile, span: range) -> AsyncIterator[bytes]:
        try:
            for start in range(span.start, span.stop, _PIECE_BYTES):
                size = min(_PIECE_BYTES, span.stop - start)
                piece = await self._host.threads.in_share("the files of media", file.read, start, size)
                if len(piece) < size:  # it was cut meanwhile
                    raise OSError("the file has become shorter")
                yield piece
        finally:
            file.close()

    async def _serve_scheme(
        self, protocol: UriSchemeProtocol, label: str, uri: str, method: str, asked: Mapping[str, str]
    ) -> MediaAnswer:
        headers = {name: value for name, value in asked.items() if name not in ("host", "connection")}
        request = UriSchemeRequest(method="GET", uri=uri, headers=headers)
        context = UriSchemeContext(app_handle=self._host.app_handle(), webview_label=label)
        given = await protocol.serve(context, request, self._host.threads)
        fields = [(name, value) for name, value in given.fields() if name.lower() not in _OURS]
        body, status = given.body, given.status
        if status == 200:  # a handler need not know about ranges
            status, span, more = part_for(asked, len(body))
            known = {name.lower() for name, _ in fields}
            fields += [(name, value) for name, value in more.items() if name.lower() not in known]
            body = body[span.start : span.stop]
        fields.append(("Content-Length", str(len(body))))
        return MediaAnswer(status, fields, _body(b"" if method == "HEAD" else body))


async def _body(content: bytes) -> AsyncIterator[bytes]:
    if content:
        yield content
