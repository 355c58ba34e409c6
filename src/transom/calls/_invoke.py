"""One call as a handler gets it: its message, its resolver, and the grant that lets it run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from typing import Any, TypeAlias, TypeVar

import msgspec

from ..acl import Grant, User
from ..errors import MalformedMessage
from ..handles import Application, Webview
from ..pages import Call, Client, PageSession
from ..values import DECODE_ERRORS, bytes_of, decode_json, invalid_argument, sentence_of
from ..wire import InvokeBody, Span, place_buffers
from ._resolver import InvokeResolver

__all__ = ["Invoke", "InvokeHandler", "InvokeMessage", "Request"]

T = TypeVar("T")
_SHOWN = 80  # bytes of arguments in a `repr`


class InvokeMessage:
    """The page's message.

    Attributes:
        command: Name of the command, without the prefix of a plugin.
        json: The arguments as JSON text; `null` for a raw body.
        headers: Headers of the call, names in lower case.
    """

    __slots__ = ("_app", "_buffers", "_client", "_session", "_spans", "command", "headers", "json")

    def __init__(
        self,
        app: Application,
        client: Client,
        session: PageSession,
        command: str,
        json: msgspec.Raw,
        headers: Mapping[str, str],
        spans: Sequence[Span] = (),
        buffers: Sequence[memoryview] = (),
    ) -> None:
        self._app = app
        self._client = client
        self._session = session
        self.command = command
        self.json = json
        self.headers = headers
        self._spans = spans
        self._buffers = buffers

    @property
    def webview(self) -> Webview:
        """The webview that called; it stands for the page that did."""
        return Webview(self._app, self._client, self._session.page.label, self._session)

    def state(self, kind: type[T]) -> T:
        """Return the managed object of this class.

        Raises:
            StateError: None is managed.
        """
        return self._app.state.get(kind)

    @property
    def summary(self) -> str:
        """The command, the beginning of its arguments and the names of its headers, as a debugger shows them."""
        raw = self.raw
        json = memoryview(self.json)
        text = bytes(json[:_SHOWN]).decode("utf-8", "replace") + ("..." if len(json) > _SHOWN else "")
        body = text if raw is None else f"<{len(raw)} bytes>"
        beside = f", {len(self._buffers)} buffers" if self._spans and raw is None else ""
        headers = f", headers: {', '.join(self.headers)}" if self.headers else ""
        return f"{self.command} {body}{beside}{headers}"

    def __repr__(self) -> str:
        return f"<InvokeMessage {self.summary}>"

    @property
    def has_buffers(self) -> bool:
        """Whether raw buffers belong into the arguments."""
        return bool(self._spans)

    @property
    def raw(self) -> memoryview | None:
        """The raw body; `None` when the arguments are JSON."""
        return self._buffers[0] if self._spans and not self._spans[0].path else None

    @property
    def payload(self) -> Any:
        """The plain Python value of the arguments, with `memoryview`s where the page sent buffers.

        Raises:
            InvalidArgs: An argument has no plain value, such as the number `1e400`.
            MalformedMessage: The same for arguments that are not an object, or a buffer belongs to a place that they do
                not have.
        """
        try:
            value = decode_json(self.json)
        except DECODE_ERRORS as error:
            for key, part in (_parts_of(self.json) or {}).items():
                self._plain(key, part)  # names the argument
            raise MalformedMessage(f"the arguments of {self.command} cannot be read: {sentence_of(error)}") from None
        return place_buffers(value, self._spans, self._buffers) if self._spans else value

    def arguments(self) -> dict[str, Any] | None:
        """Return the arguments by key: JSON text as `msgspec.Raw`, a plain value where buffers are inside.

        `None` stands for a raw body, and for JSON that is not an object.

        Raises:
            InvalidArgs: An argument that buffers belong to cannot be read.
            MalformedMessage: A buffer belongs to a place that the arguments do not have.
        """
        parts: dict[str, Any] | None = _parts_of(self.json)
        if not self._spans or parts is None:
            return parts
        if self.raw is not None:
            return None
        keys = {key for span in self._spans for key in span.path[:1] if isinstance(key, str)}
        with_buffers = {key: self._plain(key, parts[key]) for key in keys & parts.keys()}
        placed = place_buffers(with_buffers, self._spans, self._buffers)
        return parts | with_buffers if placed is with_buffers else None

    def _plain(self, key: str, json: msgspec.Raw) -> Any:
        try:
            return decode_json(json)
        except DECODE_ERRORS as error:
            raise invalid_argument(self.command, key, error) from None


class Request:
    """The raw request behind a call (Tauri: `ipc::Request`)."""

    __slots__ = ("_message",)

    def __init__(self, message: InvokeMessage) -> None:
        self._message = message

    @property
    def body(self) -> InvokeBody:
        """`bytes` of a raw body, else the plain value of the JSON arguments."""
        raw = self._message.raw
        return bytes_of(raw) if raw is not None else self._message.payload

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the call, names in lower case."""
        return self._message.headers

    def __repr__(self) -> str:
        return f"<Request {self._message.summary}>"


class Invoke:
    """A call on its way to its handler.

    Attributes:
        app: The application.
        client: The client of the page that called.
        session: The page that called.
        call: The call's state.
        message: What the page sent.
        resolver: Answers it.
        acl: The grant that lets it run.
        context: The context variables as they were where the call arrived: those of `App.run`, or of a server's middleware.
    """

    __slots__ = ("acl", "app", "call", "client", "context", "message", "resolver", "session")

    def __init__(
        self,
        app: Application,
        client: Client,
        session: PageSession,
        call: Call,
        message: InvokeMessage,
        resolver: InvokeResolver,
        acl: Grant,
    ) -> None:
        self.app = app
        self.client = client
        self.session = session
        self.call = call
        self.message = message
        self.resolver = resolver
        self.acl = acl
        self.context = copy_context()

    @property
    def user(self) -> User:
        """The user whose page called."""
        return self.client.user

    def __repr__(self) -> str:
        return f"<Invoke {self.message.summary}>"


# Takes a call and answers it, now or later, through its resolver; `False` means "not mine". It is called on the thread
# that brought the call, which nothing may block.
InvokeHandler: TypeAlias = Callable[[Invoke], bool]


_split = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def _parts_of(json: msgspec.Raw) -> dict[str, msgspec.Raw] | None:
    """Return the values of an object, each as JSON; `None` for JSON that is not an object."""
    try:
        return _split(json)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
