"""Answers: what a call is answered with, and the one object that answers it exactly once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import ChannelClosed, CommandCancelled, CommandError, NotAllowed, RequestError
from ..wire import CallbackFn, InvokeResponseBody, LiftedBuffer, encode_body, encode_json, encode_parts, reject, resolve

if TYPE_CHECKING:
    from ._app import AppCore
    from ._page import PageSession
    from ._window import Webview

__all__ = ["InvokeError", "InvokeResolver", "InvokeResponder", "InvokeResponse", "OwnedInvokeResponder"]

_log = logging.getLogger("transom")


class InvokeError:
    """What a call rejects with (Tauri: `ipc::InvokeError`); in a command raise `CommandError` instead.

    Args:
        value: Any value that can cross the wire; the text of the encoder's error where it cannot.
    """

    __slots__ = ("body",)

    def __init__(self, value: Any) -> None:
        try:
            self.body = encode_body(value)
        except Exception as error:  # noqa: BLE001 - an author's encoder may raise anything
            self.body = InvokeResponseBody(encode_json(_text(error)))

    @classmethod
    def from_error(cls, error: BaseException) -> InvokeError:
        """Return the text of an exception as an error."""
        return cls(_text(error))

    @classmethod
    def from_anyhow(cls, error: BaseException) -> InvokeError:
        """Return the texts of an exception and of its causes, joined by `: ` (Rust: `{:#}` of an `anyhow::Error`)."""
        texts: list[str] = []
        cause: BaseException | None = error
        while cause is not None:
            texts.append(_text(cause))
            cause = cause.__cause__
        return cls(": ".join(texts))

    @property
    def value(self) -> Any:
        """The plain value."""
        return self.body.deserialize()


class InvokeResponse:
    """The answer of a call, encoded: `InvokeResponse.ok(value)` or `InvokeResponse.err(value)`.

    Attributes:
        is_ok: Whether the promise resolves.
        body: What it resolves or rejects with.
    """

    __slots__ = ("body", "is_ok")

    def __init__(self, is_ok: bool, body: InvokeResponseBody) -> None:
        self.is_ok = is_ok
        self.body = body

    @classmethod
    def ok(cls, value: Any = None) -> InvokeResponse:
        """Return the answer that resolves with a value.

        Raises:
            TypeError: The value cannot cross the wire.
        """
        return cls(True, encode_body(value))

    @classmethod
    def err(cls, error: Any) -> InvokeResponse:
        """Return the answer that rejects with an `InvokeError`, or with any value that can cross the wire."""
        return cls(False, (error if isinstance(error, InvokeError) else InvokeError(error)).body)

    def __repr__(self) -> str:
        return f"<InvokeResponse {'ok' if self.is_ok else 'err'} {self.body.json[:80]!r}>"


# Sends an answer to a page in place of the link: webview, command, answer, and the two callbacks of the page.
InvokeResponder: TypeAlias = "Callable[[Webview, str, InvokeResponse, CallbackFn, CallbackFn], Any]"
# Rust tells a responder that borrows from one that owns; Python has one kind.
OwnedInvokeResponder: TypeAlias = InvokeResponder


class InvokeResolver:
    """Answers one call, once. Any thread; a second answer is dropped and logged, as it is a bug of the handler.

    Args:
        call: Number of the call in its page.
        command: Name of the command, for the sentences of errors.
        answer: Takes the answer in place of the page's link; `None` for the link.
    """

    __slots__ = ("_answer_elsewhere", "_app", "_call", "_command", "_session", "_unanswered")

    def __init__(
        self,
        app: AppCore,
        session: PageSession,
        call: int,
        command: str,
        answer: Callable[[InvokeResponse], Any] | None = None,
    ) -> None:
        self._app = app
        self._session = session
        self._call = call
        self._command = command
        self._answer_elsewhere = answer
        self._unanswered = True

    @property
    def call(self) -> int:
        """Number of the call in its page."""
        return self._call

    @property
    def answered(self) -> bool:
        """Whether the call has its answer."""
        return not hasattr(self, "_unanswered")

    def resolve(self, value: Any = None, *, plain: bool = False) -> None:
        """Resolve the promise.

        Args:
            value: What it resolves with; a value that cannot cross the wire rejects instead.
            plain: The value holds no buffers, so that it need not be searched for them.
        """
        try:
            json, buffers = (encode_json(value), ()) if plain else encode_parts(value)
        except Exception as error:  # noqa: BLE001 - an author's encoder may raise anything
            self.fail(error)
            return
        self._answer(True, json, buffers)

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
        self._answer(False, *body)

    def invoke_error(self, error: InvokeError) -> None:
        """Reject the promise with an error."""
        self._answer(False, *error.body)

    def respond(self, response: InvokeResponse) -> None:
        """Give an answer that was made before."""
        self._answer(response.is_ok, *response.body)

    def respond_closure(self, function: Callable[[], Any]) -> None:
        """Call a function here and now and answer with what it returns or raises (Tauri 1.0 beta)."""
        try:
            value = function()
        except Exception as error:  # noqa: BLE001 - it becomes the answer
            self.fail(error)
        else:
            self.resolve(value)

    def respond_async(self, task: Awaitable[Any]) -> None:
        """Await a task on the application's event loop and answer with what it returns or raises. Returns at once.

        The task is cancelled with its call: when the page aborts it, or is gone.
        """
        future = self._app.loop_thread.spawn(self.return_task(task))
        self._session.started(self._call, future)

    def respond_async_serialized(self, task: Awaitable[InvokeResponse]) -> None:
        """Await a task that returns the encoded answer; see `respond_async`."""

        async def answer() -> None:
            await self._settle(task, self.respond)

        self._session.started(self._call, self._app.loop_thread.spawn(answer()))

    async def return_task(self, task: Awaitable[Any]) -> None:
        """Await a task here and answer with what it returns or raises; a `CommandError` rejects with its value."""
        await self._settle(task, self.resolve)

    async def _settle(self, task: Awaitable[Any], answer: Callable[[Any], None]) -> None:
        try:
            answer(await task)
        except asyncio.CancelledError:
            self.reject_cancelled()
            raise
        except BaseException as error:  # noqa: BLE001 - it becomes the answer, an exit of the task too
            self.fail(error)

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
            self._answer(False, *body)
        elif isinstance(error, RequestError | NotAllowed):
            self._answer(False, encode_json(_text(error)))
        elif isinstance(error, CommandCancelled) or (isinstance(error, ChannelClosed) and self._session.closed):
            self.reject_cancelled()  # how a producer ends whose page has gone; nobody reads the answer
        else:
            _log.error("command %r failed", self._command, exc_info=error)
            report = {
                "kind": "internal",
                "command": self._command,
                "message": f"the command {self._command} failed; see the application's log",
            }
            if self._app.development:
                report["message"] = f"{type(error).__name__}: {_text(error)}"
            self._answer(False, encode_json(report))

    def reject_cancelled(self) -> None:
        """Reject because the call was cancelled: by its page, or by the end of the application."""
        report = {
            "kind": "cancelled",
            "command": self._command,
            "message": f"the call of {self._command} was cancelled",
        }
        self._answer(False, encode_json(report))

    def _answer(self, is_ok: bool, json: bytes, buffers: tuple[LiftedBuffer, ...] = ()) -> None:
        try:
            del self._unanswered  # one step: of two threads that answer at once only one does it
        except AttributeError:
            _log.error("command %r was answered twice; the second answer is dropped", self._command)
            return
        self._session.finished(self._call)
        if self._answer_elsewhere is None:
            self._session.push((resolve if is_ok else reject)(self._call, json), buffers)
            return
        try:
            self._answer_elsewhere(InvokeResponse(is_ok, InvokeResponseBody(json, buffers)))
        except Exception:  # noqa: BLE001 - the author's responder must not end what called it
            _log.exception("the responder of the invoke system failed for command %r", self._command)


def _text(error: BaseException) -> str:
    """Return the text of an error as it can be sent: names of files may hold what is no Unicode."""
    try:
        return str(error).encode("utf-8", "backslashreplace").decode()
    except Exception:  # noqa: BLE001 - a broken `__str__` must not cost the call its answer
        return "(its text cannot be shown)"
