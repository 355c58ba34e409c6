"""One call of a page: the states it goes through, and the one answer it gets."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any, Protocol, TypeAlias

from ..values import InvokeResponse, InvokeResponseBody, LiftedBuffer, encode_json
from ..wire import page_operation, reject, resolve
from ._cancel import CancellationToken

__all__ = ["TRANSITIONS", "Call", "CallState", "IllegalTransition", "Respond", "cancelled_report"]

_log = logging.getLogger("transom")
# Takes the answer of a call in place of the page's queue.
Respond: TypeAlias = Callable[[InvokeResponse], Any]


class CallState(IntEnum):
    """The state of a call between its arrival and its answer."""

    ARRIVED = 0
    """It was read from the page, and no thread has begun it."""
    WAITING = 1
    """It waits for room: `@command(concurrency=...)`."""
    ON_LOOP = 2
    """Its command runs on the event loop."""
    IN_WORKER = 3
    """Its command runs in a worker thread."""
    ON_MAIN = 4
    """Its command runs on the window system's thread."""
    CANCELLED = 5
    """The page aborted it; a command that was running may still be ending."""
    PAGE_GONE = 6
    """Its page generation ended; a command that was running may still be ending."""
    ANSWERED = 7
    """It has its answer."""


# By names of the module: each access through the class takes a quarter of a microsecond on Python 3.11.
_ARRIVED, _WAITING, _CANCELLED, _PAGE_GONE, _ANSWERED = (
    CallState.ARRIVED,
    CallState.WAITING,
    CallState.CANCELLED,
    CallState.PAGE_GONE,
    CallState.ANSWERED,
)
_RUNNING = frozenset({CallState.ON_LOOP, CallState.IN_WORKER, CallState.ON_MAIN})
_END = frozenset({_CANCELLED, _PAGE_GONE, _ANSWERED})

# State -> the states that may follow. Add here to introduce a state; `tests/pages/test_call.py` walks every pair.
TRANSITIONS: dict[CallState, frozenset[CallState]] = {
    CallState.ARRIVED: frozenset({CallState.WAITING}) | _RUNNING | _END,
    CallState.WAITING: frozenset({CallState.ARRIVED}) | _END,
    CallState.ON_LOOP: _END,
    CallState.IN_WORKER: _END,
    CallState.ON_MAIN: _END,
    CallState.CANCELLED: frozenset({CallState.ANSWERED}),
    CallState.PAGE_GONE: frozenset({CallState.ANSWERED}),
    CallState.ANSWERED: frozenset(),
}


_MAY_BEGIN = frozenset(state for state, following in TRANSITIONS.items() if following & _RUNNING)


class IllegalTransition(RuntimeError):
    """A call was moved to a state that cannot follow its present one: a bug of transom."""

    def __init__(self, command: str, before: CallState, after: CallState) -> None:
        super().__init__(f"a call of {command} cannot go from {before.name} to {after.name}")


class CallingPage(Protocol):
    """The page that made a call.

    Attributes:
        calls: Its calls by number, until they are answered.
        calls_lock: Guards what happens to few of them.
    """

    calls: dict[int, Call]
    calls_lock: threading.Lock

    @property
    def closed(self) -> bool:
        """Whether the page generation has ended."""
        ...

    def push(self, message: bytes, buffers: Sequence[LiftedBuffer] = ()) -> None:
        """Queue a message for the page."""


class Call:
    """One call. Any thread.

    Beginning and answering are on the way of every call, where a lock would cost a tenth of it. Two attributes decide in
    its place, because of several threads that delete one only the first succeeds: `_unbegun` goes to the thread that
    begins the call or withdraws it, `_unanswered` to the one that answers it. The lock is for what happens to few calls.

    Args:
        page: The page that made it.
        number: Its number in its page.
        command: The whole name of the command.
        respond: Takes the answer in place of the page; `None` for the page.

    Attributes:
        detached: Whether it goes on when its page is gone.
        responder: Takes the answer in place of the page; `None` for the page.
        token: Tells a command in a thread that the call was cancelled; `None` unless the command takes one.
        withdraw: Gives the call its answer if it is cancelled before it begins. Called at most once, outside of any lock;
            `None` for nobody.
    """

    # With slots, deleting an attribute makes no dictionary; that would cost a tenth of a call too.
    __slots__ = (
        "_ended",
        "_interrupt",
        "_page",
        "_place",
        "_unanswered",
        "_unbegun",
        "command",
        "detached",
        "number",
        "responder",
        "token",
        "withdraw",
    )

    def __init__(self, page: CallingPage, number: int, command: str, respond: Respond | None = None) -> None:
        self._page = page
        self._unbegun = self._unanswered = True
        self._place = _ARRIVED
        self._ended: CallState | None = None
        self._interrupt: Callable[[], object] | None = None
        self.responder = respond
        self.number = number
        self.command = command
        self.detached = False
        self.token: CancellationToken | None = None
        self.withdraw: Callable[[], object] | None = None

    def __repr__(self) -> str:
        return f"<Call {self.number} of {self.command!r}: {self.state.name}>"

    @property
    def state(self) -> CallState:
        """The state of the call; see `TRANSITIONS`."""
        return _ANSWERED if self.answered else self._place if self._ended is None else self._ended

    @property
    def answered(self) -> bool:
        """Whether the call has its answer."""
        return not hasattr(self, "_unanswered")

    @property
    def page_closed(self) -> bool:
        """Whether the page that called is gone."""
        return self._page.closed

    # On its way to its thread.

    def wait(self) -> bool:
        """Note that the call waits for room; `False` when it was cancelled, and must not be started."""
        return self._move(_WAITING)

    def admit(self) -> bool:
        """Note that a call that waited has room; `False` when it was cancelled meanwhile, and must not be started."""
        return self._move(_ARRIVED)

    def _move(self, after: CallState) -> bool:
        with self._page.calls_lock:
            before = self.state
            if before in _END:
                return False
            if after not in TRANSITIONS[before]:
                raise IllegalTransition(self.command, before, after)
            self._place = after
        return True

    def begin(self, where: CallState) -> bool:
        """Note that the call's command begins to run; `False` when it was cancelled or answered, and must not be run.

        Args:
            where: `ON_LOOP`, `IN_WORKER` or `ON_MAIN`.
        """
        if self._place not in _MAY_BEGIN:
            if self.state in _END:
                return False
            raise IllegalTransition(self.command, self.state, where)
        try:
            del self._unbegun
        except AttributeError:
            return False
        self._place = where
        self.withdraw = None  # it leads back here: without the circle the call is freed at once
        return hasattr(self, "_unanswered")

    def on_interrupt(self, interrupt: Callable[[], object]) -> bool:
        """Set what is called if the call is cancelled while it runs; `False` when it was cancelled already.

        Args:
            interrupt: Asks the running command to end. Called at most once, outside of any lock, from any thread.
        """
        with self._page.calls_lock:
            self._interrupt = interrupt
            return self._ended is None

    # Its end.

    def cancel(self, rejection: bytes | None = None) -> None:
        """Cancel the call, as its page's `AbortSignal` does. An answered call stays as it is.

        Args:
            rejection: What it rejects with, as JSON; `None` for the word that it was cancelled.
        """
        self._end(_CANCELLED, rejection)

    def page_gone(self) -> None:
        """Cancel the call because its page generation has ended, unless it is detached."""
        if not self.detached:
            self._end(_PAGE_GONE)

    def _end(self, after: CallState, rejection: bytes | None = None) -> None:
        with self._page.calls_lock:
            if self._ended is not None or self.answered:
                return
            self._ended = after
            try:
                del self._unbegun
                stop, self.withdraw = self.withdraw, None
            except AttributeError:
                stop, self._interrupt = self._interrupt, None
        if rejection is not None:
            self.answer(False, rejection)
        if self.token is not None:
            self.token.cancel()
        if stop is not None:
            stop()

    def answer(self, is_ok: bool, json: bytes, buffers: Sequence[LiftedBuffer] = ()) -> None:
        """Give the call its answer. A second answer is dropped and logged: it is a bug of the handler.

        The answer of a call that was cancelled at the same moment is dropped in silence: a page chooses that moment.
        """
        try:
            del self._unanswered
        except AttributeError:
            if self._ended is None:
                _log.error("command %r was answered twice; the second answer is dropped", self.command)
            return
        self._page.calls.pop(self.number, None)
        if self._interrupt is not None:
            self._interrupt = None  # see `begin`
        if self.responder is None:
            self._page.push((resolve if is_ok else reject)(self.number, json), buffers)
            return
        try:
            self.responder(InvokeResponse(is_ok, InvokeResponseBody(json, tuple(buffers))))
        except Exception:  # noqa: BLE001 - the author's responder must not end what called it
            _log.exception("the responder of the invoke system failed for command %r", self.command)

    def failed(self, error: BaseException) -> None:
        """Note why the call is about to be rejected. An observer's calls keep it; here it does nothing."""

    def show_failure(self, text: str) -> None:
        """Show on the page that the call was refused or has failed, during development."""
        self._page.push(page_operation("failed", text))

    def reject_cancelled(self) -> None:
        """Reject because the call was cancelled: by its page, by the page's end, or by the end of the application.

        A call that has its answer keeps it.
        """
        if not self.answered:
            self.answer(False, encode_json(cancelled_report(self.command)))


def cancelled_report(command: str) -> dict[str, str]:
    """Return what a cancelled call rejects with."""
    return {"kind": "cancelled", "command": command, "message": f"the call of {command} was cancelled"}
