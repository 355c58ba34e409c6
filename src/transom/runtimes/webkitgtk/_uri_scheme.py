"""The application's own schemes on WebKitGTK: requests become values, handlers answer them elsewhere, answers come back here."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from ...runtimes import Host, Settings, UriSchemeContext, UriSchemeProtocol, UriSchemeRequest, UriSchemeResponse
from ._gi import Gio, GLib, Soup, WebKit2
from ._schemes import fields_of, read_body
from .webview import ASSETS_ORIGIN, PageKeeper, origin_of

__all__ = ["UriSchemes"]

_WITHOUT_BODY = frozenset(("GET", "HEAD"))
_MARK = "transom-body"
_UNREADABLE = (
    "the webview %r asked with %s for an address of the scheme %r: the request was refused, because its body cannot be read. "
    "WebKitGTK reads only what fetch and XMLHttpRequest send in the application's own documents, not what workers, forms "
    "and frames of other origins send"
)
_UNREADABLE_RESPONSE = UriSchemeResponse(
    b"the body of this request cannot be read; send it with fetch or XMLHttpRequest in a document of the application",
    status=415,
    headers={"Content-Type": "text/plain"},
)

_logger = logging.getLogger(__name__)


class UriSchemes:
    """Takes the requests of all pages of one web context; on the window system's thread.

    Args:
        context: The context; no view may have been made in it.
        settings: The application's.
        host: The application.
        find_pages: Returns the keeper of a WebView's pages, `None` for a closed one.
        post: Runs a function on the window system's thread, soon.
        give_way: Called after each request, so that many of them do not keep others waiting.
    """

    def __init__(
        self,
        context: Any,
        settings: Settings,
        host: Host,
        find_pages: Callable[[Any], PageKeeper | None],
        post: Callable[[Callable[[], None]], None],
        give_way: Callable[[], None],
    ) -> None:
        self._host = host
        self._find_pages = find_pages
        self._post = post
        self._give_way = give_way
        self._max_body = settings.max_message_bytes
        self._local_origins = {ASSETS_ORIGIN, origin_of(settings.dev_url)}
        security = context.get_security_manager()
        for protocol in settings.uri_schemes:
            security.register_uri_scheme_as_secure(protocol.scheme)
            security.register_uri_scheme_as_cors_enabled(protocol.scheme)
            context.register_uri_scheme(protocol.scheme, partial(self._serve, protocol))

    def _serve(self, protocol: UriSchemeProtocol, asked: Any) -> None:
        headers = fields_of(asked)
        try:
            self._hand_over(protocol, asked, headers)
        except Exception:
            _logger.exception("the request for %s failed", protocol.scheme)
            self._finish(asked, headers, UriSchemeResponse(status=500))
        self._give_way()

    def _hand_over(self, protocol: UriSchemeProtocol, asked: Any, headers: dict[str, str]) -> None:
        pages = self._find_pages(asked.get_web_view())
        if pages is None:  # its window has just been closed
            return self._finish(asked, headers, UriSchemeResponse(status=404))
        method = asked.get_http_method()
        mark = headers.pop(_MARK, "")
        body: bytes | None = b""
        if method not in _WITHOUT_BODY:
            # WebKitGTK crashes when the body is read of a request that holds a Blob, so only our script's are read.
            if not hmac.compare_digest(mark.encode(), pages.body_token.encode()):
                pages.generation.refusals.log("bodies of requests", 3, _UNREADABLE, method, protocol.scheme)
                return self._finish(asked, headers, _UNREADABLE_RESPONSE)
            body = read_body(asked, self._max_body)
        if body is None:
            text = f"the body is over the limit of {self._max_body} bytes (max_message_bytes)"
            return self._finish(asked, headers, UriSchemeResponse(text.encode(), status=413))
        request = UriSchemeRequest(
            method=method,
            uri=asked.get_uri().partition("#")[0],  # as HTTP has it
            headers=headers,
            body=body,
        )
        context = UriSchemeContext(app_handle=self._host.app_handle(), webview_label=pages.label)
        served = asyncio.run_coroutine_threadsafe(protocol.serve(context, request, self._host.threads), self._host.loop)
        served.add_done_callback(lambda served: self._post(partial(self._served, asked, headers, served)))
        return None

    def _served(self, asked: Any, headers: dict[str, str], served: Future[UriSchemeResponse]) -> None:
        if served.cancelled():  # the application is ending
            self._finish(asked, headers, UriSchemeResponse(status=503))
        else:
            self._finish(asked, headers, served.result())

    def _finish(self, asked: Any, headers: dict[str, str], given: UriSchemeResponse) -> None:
        fields = given.fields()
        names = {name.lower(): value for name, value in fields}
        origin = headers.get("origin")
        # The application's own pages are of another origin than its schemes, which nobody but it can answer.
        if origin in self._local_origins and "access-control-allow-origin" not in names:
            fields += [
                ("Access-Control-Allow-Origin", origin or ""),
                ("Access-Control-Expose-Headers", ", ".join(names)),
            ]
        response = WebKit2.URISchemeResponse.new(
            Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(given.body)), len(given.body)
        )
        response.set_status(given.status, None)
        if "content-type" in names:
            response.set_content_type(names["content-type"])
        sent = Soup.MessageHeaders.new(Soup.MessageHeadersType.RESPONSE)
        for name, value in fields:
            sent.append(name, value)
        response.set_http_headers(sent)
        asked.finish_with_response(response)
