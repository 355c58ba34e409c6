"""Schemes that the application answers itself, such as `stream://localhost/...`: what a handler gets, gives, and who runs it."""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar, cast

import msgspec

from ..errors import AuthorError, ConfigError
from ..threads import Threads
from .files import part_for, seconds_of

__all__ = [
    "UriSchemeContext",
    "UriSchemeHandler",
    "UriSchemeProtocol",
    "UriSchemeRequest",
    "UriSchemeResponder",
    "UriSchemeResponse",
    "is_field_value",
]

AppHandleT = TypeVar("AppHandleT")
_Run: TypeAlias = Callable[..., Awaitable[Any]]

# Web engines and transom itself answer these; `isolation` is Tauri's. Add here what else no application may take.
RESERVED = frozenset(
    "about asset blob chrome data file ftp http https ipc isolation javascript mailto resource tauri view-source ws wss".split()
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")  # RFC 3986, 3.1; engines write them in lower case
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_FIELD = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # RFC 9110, 5.5

# Whoever sends the answer writes these himself (RFC 9110, 7.6.1).
_OF_THE_CONNECTION = frozenset(("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade"))

_WITHOUT_BODY = frozenset((204, 205, 304))  # RFC 9110, 15.3.5, 15.3.6 and 15.4.5

_log = logging.getLogger("transom")


def is_field_value(text: str) -> bool:
    """Tell whether a text can be the value of a header field."""
    return _FIELD.fullmatch(text) is not None


class UriSchemeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request to a custom scheme (Tauri: `http::Request`).

    Attributes:
        method: Such as `GET`.
        uri: The whole address, percent-encoded as the page wrote it: `<scheme>://localhost/<path>`, in every runtime.
        headers: Header fields, names in lower case.
        body: The body; empty when there is none.
    """

    method: str
    uri: str
    headers: Mapping[str, str]
    body: bytes = b""


class UriSchemeResponse:
    """The response of a custom scheme (Tauri: `http::Response`).

    Without a `Cache-Control` field of its own the answer is sent with `no-store`, because WebKit would show a page the
    first answer to a GET for ever. The application's own pages may read it, whatever its origin; an
    `Access-Control-Allow-Origin` field of its own replaces that.

    A handler need not deal with ranges and conditional requests: a complete answer with `Accept-Ranges: bytes` is cut to
    the range that was asked for, and one with `ETag` or `Last-Modified` is not sent to a page that has it.

    Args:
        body: The content; left out where the status has none (204, 205, 304).
        status: HTTP status from 200 to 599.
        headers: Header fields by name; pairs where a name comes twice.

    Raises:
        ValueError: The status or a header field is none that HTTP has.
    """

    __slots__ = ("body", "headers", "status")

    def __init__(
        self,
        body: bytes | bytearray | memoryview = b"",
        *,
        status: int = 200,
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    ) -> None:
        if not 200 <= status <= 599:
            raise ValueError(f"a response with the status {status}: it is a number from 200 to 599")
        self.body = b"" if status in _WITHOUT_BODY else body if isinstance(body, bytes) else bytes(body)
        self.status = status
        # A cast, because a type checker thinks of pairs that are a mapping too.
        self.headers = tuple(
            cast("Iterable[tuple[str, str]]", headers.items() if isinstance(headers, Mapping) else headers)
        )
        for name, value in self.headers:
            if not (_TOKEN.fullmatch(name) and is_field_value(value)):
                raise ValueError(
                    f"the header field {name!r}: {value!r} cannot be sent; a name is one word and a value one line of Latin-1 text"
                )

    def fields(self) -> list[tuple[str, str]]:
        """Return the header fields to send: without those of the connection, and with the `Cache-Control` that is missing."""
        sent = [(name, value) for name, value in self.headers if name.lower() not in _OF_THE_CONNECTION]
        if not any(name.lower() == "cache-control" for name, _ in sent):
            sent.append(("Cache-Control", "no-store"))
        return sent


class UriSchemeContext(msgspec.Struct, Generic[AppHandleT], frozen=True, kw_only=True):
    """On whose behalf a handler runs (Tauri: `UriSchemeContext`).

    Attributes:
        app_handle: The application.
        webview_label: Label of the webview whose page asks. On the web runtime it is what the page says: its pages are all of
            one origin.
    """

    app_handle: AppHandleT
    webview_label: str


class UriSchemeResponder:
    """Answers one request, once, from any thread (Tauri: `UriSchemeResponder`).

    One that is dropped without an answer answers with an error, so no request is left waiting.

    Args:
        answer: Takes the answer, on any thread; `None` when there will be none.
    """

    __slots__ = ("_answer",)

    def __init__(self, answer: Callable[[UriSchemeResponse | None], None]) -> None:
        self._answer: Callable[[UriSchemeResponse | None], None] | None = answer

    def respond(self, response: UriSchemeResponse) -> None:
        """Send the response. If the page no longer exists, nothing happens.

        Raises:
            AuthorError: The request has been answered before.
            TypeError: This is no `UriSchemeResponse`.
        """
        _checked(response)
        answer, self._answer = self._answer, None
        if answer is None:
            raise AuthorError("this request has been answered already; a UriSchemeResponder responds once")
        answer(response)

    def __del__(self) -> None:
        if self._answer is not None:
            self._answer(None)


UriSchemeHandler: TypeAlias = Callable[..., Any]
"""`(context, request) -> UriSchemeResponse`, a `def` or an `async def`; or `(context, request, responder) -> None`."""


class UriSchemeProtocol(msgspec.Struct, frozen=True, kw_only=True):
    """A scheme and what answers it.

    A `def` handler runs in a worker, an `async def` on the event loop. (Tauri: both on the main thread.)

    Pages reach it with `convertFileSrc(path, scheme)`; in a window also as `<scheme>://localhost/<path>`. Every document in a
    window may ask, frames of other origins too: what only the application's pages should get is a command's to give. The
    policy gets the scheme as a source of connections, pictures and media; other uses, such as `frame-src <scheme>:`, the
    author allows. WebKitGTK plays sound and films from `http:` and `blob:` addresses only: `Builder.media_server` serves
    them there.

    Attributes:
        scheme: Its name, without `://`.
        handler: See `UriSchemeHandler`.
        takes_responder: Whether the handler is of the form that answers later.

    Raises:
        ConfigError: The scheme name is invalid or already registered.
    """

    scheme: str
    handler: UriSchemeHandler
    takes_responder: bool = False

    def __post_init__(self) -> None:
        if not _SCHEME.fullmatch(self.scheme):
            raise ConfigError(
                f"register_uri_scheme_protocol: {self.scheme!r} is not the name of a scheme; it is a lower-case letter, followed "
                "by lower-case letters, digits, `+`, `.` and `-` (RFC 3986), without `://`"
            )
        if self.scheme in RESERVED or self.scheme.startswith("webkit"):
            raise ConfigError(
                f"register_uri_scheme_protocol: the scheme {self.scheme!r} belongs to transom or to the web engine; choose "
                "another name"
            )

    async def serve(
        self, context: UriSchemeContext[Any], request: UriSchemeRequest, threads: Threads, session: str = ""
    ) -> UriSchemeResponse:
        """Let the handler answer; whatever it does, there is an answer. What goes wrong in it is for the log only.

        Args:
            context: The webview that the request comes from.
            request: The request.
            threads: Where a `def` handler runs: those of one webview do not stop those of another.
            session: What tells webviews of one label apart, where many users have one.
        """
        run = partial(threads.in_share, f"the scheme handlers of webview {context.webview_label!r}{session}")
        try:
            if self.takes_responder:
                return _wanted_of(await self._serve_later(run, context, request), request)
            return _wanted_of(_checked(await self._call(run, context, request)), request)
        except asyncio.CancelledError:
            raise
        except BaseException:  # noqa: BLE001 - a SystemExit would end the loop, and every other request with it
            _log.exception("the handler of the scheme %r failed for %s %s", self.scheme, request.method, request.uri)
            return _failure()

    async def _serve_later(
        self, run: _Run, context: UriSchemeContext[Any], request: UriSchemeRequest
    ) -> UriSchemeResponse:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[UriSchemeResponse | None] = loop.create_future()

        def settle(response: UriSchemeResponse | None) -> None:
            if not answered.done():
                answered.set_result(response)

        def answer(response: UriSchemeResponse | None) -> None:
            with suppress(RuntimeError):  # the loop has ended, and every page with it
                loop.call_soon_threadsafe(settle, response)

        await self._call(run, context, request, UriSchemeResponder(answer))
        response = await answered
        if response is None:
            _log.error(
                "the handler of the scheme %r gave no answer to %s %s: it dropped its UriSchemeResponder",
                self.scheme,
                request.method,
                request.uri,
            )
            return _failure()
        return response

    async def _call(self, run: _Run, *arguments: Any) -> Any:
        if inspect.iscoroutinefunction(self.handler):
            return await self.handler(*arguments)
        result = await run(self.handler, *arguments)
        # Of a callable object or a partial one can only tell afterwards.
        return await result if inspect.isawaitable(result) else result


def _checked(response: object) -> UriSchemeResponse:
    if not isinstance(response, UriSchemeResponse):
        raise TypeError(f"a handler of a scheme answers with a UriSchemeResponse, not with {type(response).__name__}")
    return response


def _wanted_of(response: UriSchemeResponse, request: UriSchemeRequest) -> UriSchemeResponse:
    """Return what the request wants of a complete answer; any other answer as it is."""
    if response.status != 200 or request.method not in ("GET", "HEAD"):
        return response
    given = {name.lower(): value for name, value in response.headers}
    asked = dict(request.headers)
    if given.get("accept-ranges", "").lower() != "bytes" or "content-range" in given:
        asked.pop("range", None)
    modified = seconds_of(given.get("last-modified"))
    status, span, fields = part_for(asked, len(response.body), etag=given.get("etag"), modified=modified)
    if status == 200:
        return response
    own = [*response.headers, *((name, value) for name, value in fields.items() if name.lower() not in given)]
    return UriSchemeResponse(response.body[span.start : span.stop], status=status, headers=own)


def _failure() -> UriSchemeResponse:
    return UriSchemeResponse(
        b"the application failed to answer this request", status=500, headers={"Content-Type": "text/plain"}
    )
