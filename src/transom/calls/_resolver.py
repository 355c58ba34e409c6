"""The one object that answers a call, exactly once."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

from ..errors import ChannelClosed, CommandCancelled, CommandError, NotAllowed, RequestError, Unsupported
from ..names import printable
from ..pages import Call, CallState
from ..threads import Loop
from ..values import InvokeError, InvokeResponse, InvokeResponseBody, encode_body, encode_json, encode_parts, text_of

__all__ = ["InvokeResolver"]

_log = logging.getLogger("transom")
_SHOWN_BYTES = 300  # of a rejection, in the log


class InvokeResolver:
    """Answers one call, once. Any thread; a second answer is dropped and logged, as it is a bug of the handler.

    Args:
        call: The call.
        loop: Runs the tasks that answer it.
        development: Whether the page is told the text of an unexpected exception.
    """

    __slots__ = ("_call", "_development", "_loop")

    def __init__(self, call: Call, loop: Loop, *, development: bool = False) -> None:
        self._call = call
        self._loop = loop
        self._development = development

    @property
    def answered(self) -> bool:
        """Whether the call has its answer."""
        return self._call.answered

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
        self._call.answer(True, json, buffers)

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
        self._reject(body)

    def invoke_error(self, error: InvokeError) -> None:
        """Reject the promise with an error."""
        self._reject(error.body)

    def _reject(self, body: InvokeResponseBody) -> None:
        """Reject with what a command or a handler has chosen."""
        if self._development:
            _log.warning(
                "command %r rejected: %s",
                self._call.command,
                printable(body.json[:_SHOWN_BYTES].decode("utf-8", "replace")),
            )
        self._call.answer(False, *body)

    def respond(self, response: InvokeResponse) -> None:
        """Give an answer that was made before."""
        self._call.answer(response.is_ok, *response.body)

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
        self._respond_later(task, self.resolve)

    def respond_async_serialized(self, task: Awaitable[InvokeResponse]) -> None:
        """Await a task that returns the encoded answer; see `respond_async`."""
        self._respond_later(task, self.respond)

    def _respond_later(self, task: Awaitable[Any], answer: Callable[[Any], None]) -> None:
        if not self._call.begin(CallState.ON_LOOP):
            if inspect.iscoroutine(task):
                task.close()  # else Python warns that it was never awaited
            self.reject_cancelled()
            return
        begun = False

        async def settle() -> None:
            nonlocal begun
            begun = True
            await self._settle(task, answer)

        def ended(future: Future[None]) -> None:
            if future.cancelled() and not begun:
                self.reject_cancelled()

        future = self._loop.spawn(settle())
        future.add_done_callback(ended)
        if not self._call.on_interrupt(future.cancel):
            future.cancel()

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

        That is the value of a `CommandError`, the text of an error that is the page's or the policy's, the report of an
        `Unsupported`, and for anything else, a bug, a structured value and a traceback in the log.
        """
        self._call.failed(error)
        if isinstance(error, CommandError):
            try:
                body = encode_body(error.value)
            except Exception as unsendable:  # noqa: BLE001 - an author's encoder may raise anything
                self.fail(unsendable)
                return
            self._reject(body)
        elif isinstance(error, RequestError | NotAllowed):
            # The page gets a text, as in Tauri; programs that read the log get the facts of a denial beside it.
            facts = {"denial": error.details} if isinstance(error, NotAllowed) else None
            if self._development:
                text = text_of(error) + (f" {error.advice}" if isinstance(error, NotAllowed) and error.advice else "")
                command, why = printable(self._call.command), printable(" ".join(text.split()))
                _log.warning("a call of %s was refused: %s", command, why, extra=facts)
                self._call.show_failure(f"A call of {self._call.command} was refused: {text}")
            elif facts is not None:
                # Not louder, because a page could fill the log.
                command, why = printable(self._call.command[:200]), printable(str(error))
                _log.debug("a call of %s was refused: %s", command, why, extra=facts)
            self._call.answer(False, encode_json(text_of(error)))
        elif isinstance(error, Unsupported):
            self._reject(encode_body(error.report(self._call.command)))
        elif isinstance(error, CommandCancelled) or (isinstance(error, ChannelClosed) and self._call.page_closed):
            self.reject_cancelled()  # a producer ends like this when its page is gone; the answer is not read
        else:
            _log.error("command %r failed", self._call.command, exc_info=error)
            report = {
                "kind": "internal",
                "command": self._call.command,
                "message": f"the command {self._call.command} failed; see the application's log",
            }
            if self._development:
                report["message"] = f"{type(error).__name__}: {text_of(error)}"
                self._call.show_failure(f"The command {self._call.command} failed: {report['message']}")
            self._call.answer(False, encode_json(report))

    def reject_cancelled(self) -> None:
        """Reject because the call was cancelled: by its page, or by the end of the application."""
        self._call.reject_cancelled()
