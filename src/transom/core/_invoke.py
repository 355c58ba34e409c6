"""One call: what the page asked, on whose behalf it runs, and what a hand-written handler gets of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import msgspec

from ..acl import Grant
from ..wire import CallbackFn, bytes_of, place_buffers
from ._cancel import CancellationToken
from ._resolver import InvokeResolver
from ._window import Webview

if TYPE_CHECKING:
    from ..wire import Span
    from ._app import AppCore
    from ._page import PageSession

__all__ = ["Invoke", "InvokeBody", "InvokeHandler", "InvokeMessage", "InvokeRequest", "Request"]

T = TypeVar("T")
# What a call carries: `bytes` for a raw body, else the plain value of its JSON, which is never `bytes` by itself.
InvokeBody: TypeAlias = Any


class InvokeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call as a message system of one's own brings it; see `Builder.invoke_system` (Tauri: `webview::InvokeRequest`).

    Attributes:
        cmd: Whole name of the command.
        callback: The page's callback for the value.
        error: The page's callback for the reason of a rejection.
        body: Arguments, or `bytes` for a raw body.
        headers: Headers of the call.
        invoke_key: `__TAURI_INVOKE_KEY__` as the page's message had it: it proves that the page's own script called.
    """

    cmd: str
    callback: CallbackFn
    error: CallbackFn
    body: InvokeBody = None
    headers: Mapping[str, str] = {}
    invoke_key: str


class InvokeMessage:
    """What the page asked.

    Attributes:
        command: Name of the command, without the prefix of a plugin.
        json: The arguments as JSON text; `null` for a raw body.
        headers: Headers of the call, names in lower case.
        session: The page generation that called.
    """

    __slots__ = ("_app", "_buffers", "_spans", "command", "headers", "json", "session")

    def __init__(
        self,
        app: AppCore,
        command: str,
        json: msgspec.Raw,
        headers: Mapping[str, str],
        session: PageSession,
        spans: Sequence[Span] = (),
        buffers: Sequence[memoryview] = (),
    ) -> None:
        self._app = app
        self.command = command
        self.json = json
        self.headers = headers
        self.session = session
        self._spans = spans
        self._buffers = buffers

    @property
    def webview(self) -> Webview:
        """The webview that called."""
        return Webview(self._app, self.session.page.label)

    def state(self, kind: type[T]) -> T:
        """Return the managed object of this class.

        Raises:
            StateError: None is managed.
        """
        return self._app.state.get(kind)

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
            MalformedMessage: A buffer belongs to a place that the arguments do not have.
        """
        value = msgspec.json.decode(self.json)
        return place_buffers(value, self._spans, self._buffers) if self._spans else value


class Request:
    """The call as a command may look at it (Tauri: `ipc::Request`)."""

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


class Invoke:
    """A call on its way to its handler: message, resolver, and the grant that lets it run.

    Attributes:
        context: The context variables as they were where the call arrived: those of `App.run`, or of a server's middleware.
        token: Tells a command in a thread that its call was cancelled; `None` unless the command asks for it.
    """

    __slots__ = ("acl", "app", "context", "message", "resolver", "token")

    def __init__(self, app: AppCore, message: InvokeMessage, resolver: InvokeResolver, acl: Grant) -> None:
        self.app = app
        self.message = message
        self.resolver = resolver
        self.acl = acl
        self.context = copy_context()
        self.token: CancellationToken | None = None


# Takes a call and answers it, now or later, through its resolver; `False` means "not mine". It is called on the thread
# that brought the call, which nothing may block.
InvokeHandler: TypeAlias = Callable[[Invoke], bool]
