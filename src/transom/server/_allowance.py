"""What the pages of one user may use together in this process, in all sessions of the user."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from ..errors import LimitReached, RequestError
from ..pages import Call, PageSession, QueueLimits
from ..runtimes import ServerOptions
from ..threads import WorkerShare
from ..values import encode_json
from ..wire import InvokeFrame

__all__ = ["UserAllowance"]

_log = logging.getLogger("transom")
_LARGE = 4096  # bytes of a call that are worth counting
_METHOD = "Builder.server"


class UserAllowance:
    """The bounds of one user; see `pages.Allowance`.

    Nothing is counted where a call ends. What there is at present is summed up when as much as had room at the last sum has
    come since then, so that a call costs the same however many pages the user has.

    Args:
        user_id: The user.
        options: The options of the server.
    """

    def __init__(self, user_id: str, options: ServerOptions) -> None:
        self._holder = f"the user {user_id!r}"
        self._options = options
        self._lock = threading.Lock()
        self._pages: dict[PageSession, dict[int, int]] = {}  # the bytes of large calls, by number
        self._spare_calls = self._spare_bytes = 0
        self._tokens = float(options.max_user_calls_per_second or 0)
        self._filled = time.monotonic()
        self._told = False
        self._since: dict[Call, float] = {}  # calls that are timed, and since when
        self._workers = WorkerShare(self._holder)

    def session_type(
        self, plain: Callable[..., PageSession], called: Callable[[], object]
    ) -> Callable[..., PageSession]:
        """Return what makes the page generations of the user.

        Args:
            plain: What makes them without an allowance.
            called: Told of every call.
        """

        def make(page: Any, link: Any, limits: QueueLimits, dispatch: Any, on_close: Any, *given: Any) -> PageSession:
            def admit(session: PageSession, call: Call, frame: InvokeFrame, buffers: Sequence[memoryview]) -> None:
                size = len(frame.payload) + sum(map(len, buffers))
                try:
                    self._admit(session, frame.id, size)
                except LimitReached as error:
                    self._refuse(call, error)
                else:
                    called()
                    dispatch(session, call, frame, buffers)

            def closed(session: PageSession) -> None:
                self._leave(session, limits)
                on_close(session)

            # The last argument is the workers of the window's commands: a user has as many windows as there is room for.
            session = plain(page, link, limits, admit, closed, *given[:-1], self._workers)
            session.channels.allowance = session.received.allowance = self
            self._enter(session, limits)
            return session

        return make

    def _enter(self, session: PageSession, limits: QueueLimits) -> None:
        with self._lock:
            self._pages[session] = {}
            self._share(limits)

    def _leave(self, session: PageSession, limits: QueueLimits) -> None:
        with self._lock:
            if self._pages.pop(session, None) is not None:
                self._share(limits)

    def _share(self, limits: QueueLimits) -> None:
        share = self._options.max_user_queued_bytes // max(len(self._pages), 1)
        for page in self._pages:
            page.outbox.limit(max(min(limits.max_queued_bytes, share), 1))

    def _admit(self, session: PageSession, number: int, size: int) -> None:
        if self._options.max_user_calls_per_second is not None:
            self._check_rate(self._options.max_user_calls_per_second)
        self._spare_calls -= 1
        if self._spare_calls < 0:
            self._sum_calls()
        if size > _LARGE:
            self.admit_upload(size)
            sizes = self._pages.get(session)
            if sizes is not None:
                sizes[number] = size

    def _check_rate(self, rate: int) -> None:
        now = time.monotonic()
        self._tokens = min(self._tokens + (now - self._filled) * rate, rate)
        self._filled = now
        if self._tokens < 1:
            setting = "max_user_calls_per_second"
            raise LimitReached(self._holder, rate, "calls in a second", setting, _METHOD, "wait a moment")
        self._tokens -= 1

    def _sum_calls(self) -> None:
        limit = self._options.max_user_calls
        # The call that is looked at is one of them already.
        spare = limit - sum(len(page.calls) for page in list(self._pages))
        if spare < 0:
            self._spare_calls = 0
            raise LimitReached(self._holder, limit, "calls without an answer", "max_user_calls", _METHOD)
        self._spare_calls = spare

    def admit_channel(self) -> None:
        """See `pages.Allowance`."""
        limit = self._options.max_user_channels
        if sum(len(page.channels) for page in list(self._pages)) >= limit:
            raise LimitReached(self._holder, limit, "open channels", "max_user_channels", _METHOD)

    def admit_upload(self, size: int) -> None:
        """See `pages.Allowance`."""
        self._spare_bytes -= size
        if self._spare_bytes >= 0:
            return
        limit = self._options.max_user_upload_bytes
        with self._lock:
            held = sum(
                page.received.held + page.inbox.bytes + _held(page, sizes) for page, sizes in self._pages.items()
            )
        self._spare_bytes = limit - held - size
        if self._spare_bytes < 0:
            self._spare_bytes = 0
            raise LimitReached(self._holder, limit, "bytes of calls that wait or run", "max_user_upload_bytes", _METHOD)

    def end_late_calls(self, seconds: float) -> None:
        """Cancel the calls that have had no answer for so long; called every now and then, on the event loop."""
        now = time.monotonic()
        calls = [call for page in list(self._pages) for call in list(page.calls.values())]
        self._since = {call: self._since.get(call, now) for call in calls}
        for call, since in self._since.items():
            if now - since >= seconds:
                error = RequestError(
                    f"the call of {call.command} had no answer for {seconds:g} seconds, which is the limit; do what takes long in "
                    "a task (app.spawn), or raise it with Builder.server(max_call_seconds=...)"
                )
                call.failed(error)
                call.cancel(encode_json(str(error)))

    def _refuse(self, call: Call, error: LimitReached) -> None:
        if not self._told:
            self._told = True
            _log.warning("%s; the call of %s and others are rejected", error, call.command)
        call.failed(error)
        call.answer(False, encode_json(str(error)))


def _held(page: PageSession, sizes: dict[int, int]) -> int:
    """Return the bytes of the large calls of a page that have no answer, and forget the others."""
    for number in [number for number in list(sizes) if number not in page.calls]:
        del sizes[number]
    return sum(sizes.values())
