"""One call: what the page asked, on whose behalf it runs, and the means to answer it exactly once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from ..acl import Grant
from ..errors import ChannelClosed, CommandError, NotAllowed, RequestError
from ..wire import InvokeResponseBody, encode_body, encode_json, place_buffers, reject, resolve

if TYPE_CHECKING:
    from ..wire import Span
    from ._app import AppCore
    from ._page import PageSession

__all__ = ["Invoke", "InvokeBody", "InvokeHandler", "InvokeMessage", "InvokeResolver", "Request"]

_log = logging.getLogger("transom")
# What a request carries: the plain values of its JSON, or the raw bytes.
InvokeBody: TypeAlias = Any


class InvokeMessage:
    """What the page asked.

    Attributes:
        command: Name of the command, without the prefix of a plugin.
        json: The arguments as JSON text; `null` for a raw body.
        headers: Headers of the call, names in lower case.
        session: The page generation that called.
    """

    __slots__ = ("_buffers", "_spans", "command", "headers", "json", "session")

    def __init__(
        self,
        command: str,
        json: msgspec.Raw,
        headers: Mapping[str, str],
        session: PageSession,
        spans: Sequence[Span] = (),
        buffers: Sequence[memoryview] = (),
    ) -> None:
        self.command = command
        self.json = json
        self.headers = headers
        self.session = session
        self._spans = spans
        self._buffers = buffers

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
        return bytes(raw) if raw is not None else self._message.payload

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the call, names in lower case."""
        return self._message.headers


class InvokeResolver:
    """Answers one call, once. Any thread; a second answer is dropped and logged, as it is a bug of the handler."""

    __slots__ = ("_app", "_call", "_command", "_done", "_session")

    def __init__(self, app: AppCore, session: PageSession, call: int, command: str) -> None:
        self._app = app
        self._session = session
        self._call = call
        self._command = command
        self._done = False

    @property
    def call(self) -> int:
        """Number of the call in its page."""
        return self._call

    def resolve(self, value: Any = None, *, plain: bool = False) -> None:
        """Resolve the promise.

        Args:
            value: What it resolves with; a value that cannot cross the wire rejects instead.
            plain: The value holds no buffers, so that it need not be searched for them.
        """
        try:
            body = InvokeResponseBody(encode_json(value)) if plain else encode_body(value)
        except Exception as error:  # noqa: BLE001 - an author's encoder may raise anything
            self.fail(error)
            return
        self._answer(resolve(self._call, body.json), body)

    def reject(self, value: Any) -> None:
        """Reject the promise with a value.

        Raises:
            TypeError: The value cannot cross the wire; the promise is then rejected with an internal error first.
        """
        try:
            body = encode_body(value)
        except Exception as error:
            self.fail(error)
            raise
        self._answer(reject(self._call, body.json), body)

    def fail(self, error: BaseException) -> None:
        """Reject with what an exception means to the page.

        That is the value of a `CommandError`, the text of an error that is the page's or the policy's, and for anything
        else, a bug, a structured value and a traceback in the log.
        """
        if isinstance(error, CommandError):
            try:
                body = encode_body(error.value)
            except Exception as unsendable:  # noqa: BLE001 - an author's encoder may raise anything
                self.fail(unsendable)
                return
            self._answer(reject(self._call, body.json), body)
        elif isinstance(error, RequestError | NotAllowed):
            self._answer(reject(self._call, encode_json(_text(error))))
        elif isinstance(error, ChannelClosed) and self._session.closed:
            self.cancelled()  # how a producer ends whose page has gone; nobody reads the answer
        else:
            _log.error("command %r failed", self._command, exc_info=error)
            report = {
                "kind": "internal",
                "command": self._command,
                "message": f"the command {self._command} failed; see the application's log",
            }
            if self._app.development:
                report["message"] = f"{type(error).__name__}: {_text(error)}"
            self._answer(reject(self._call, encode_json(report)))

    def cancelled(self) -> None:
        """Reject because the call was cancelled: by its page, or by the end of the application."""
        report = {
            "kind": "cancelled",
            "command": self._command,
            "message": f"the call of {self._command} was cancelled",
        }
        self._answer(reject(self._call, encode_json(report)))

    def _answer(self, message: bytes, body: InvokeResponseBody | None = None) -> None:
        if self._done:
            _log.error("command %r was answered twice; the second answer is dropped", self._command)
            return
        self._done = True
        self._session.finished(self._call)
        self._session.push(message, body.buffers if body else ())


class Invoke:
    """A call on its way to its handler: message, resolver, and the grant that lets it run."""

    __slots__ = ("acl", "app", "message", "resolver")

    def __init__(self, app: AppCore, message: InvokeMessage, resolver: InvokeResolver, acl: Grant) -> None:
        self.app = app
        self.message = message
        self.resolver = resolver
        self.acl = acl


def _text(error: BaseException) -> str:
    """Return the text of an error as it can be sent: names of files may hold what is no Unicode."""
    try:
        return str(error).encode("utf-8", "backslashreplace").decode()
    except Exception:  # noqa: BLE001 - a broken `__str__` must not cost the call its answer
        return "(its text cannot be shown)"


# Takes a call and answers it, now or later, through its resolver; `False` means "not mine".
InvokeHandler: TypeAlias = Callable[[Invoke], bool]
