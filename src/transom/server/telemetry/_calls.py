"""A span and two measurements for each call."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from ...calls import Dispatcher, InvokeResolver
from ...errors import CommandNotFound, NotAllowed
from ...pages import Call, Client, PageSession
from ...threads import Loop
from ...values import InvokeResponseBody
from ...wire import InvokeFrame
from ._telemetry import Telemetry

__all__ = ["TracedDispatcher"]

# The name of a command that does not exist is the page's: a page could make any number of series.
_UNKNOWN: Final = "unknown"


class TracedDispatcher(Dispatcher):
    """A dispatcher whose calls have a span each, which is the parent of what commands trace.

    Args:
        telemetry: The instruments.
        given: What `Dispatcher` takes.
    """

    def __init__(self, telemetry: Telemetry, *given: Any) -> None:
        super().__init__(*given)
        self._telemetry = telemetry
        self._resolver = partial(_TracedResolver, telemetry)

    def dispatch(
        self, client: Client, session: PageSession, call: Call, frame: InvokeFrame, buffers: Sequence[memoryview]
    ) -> None:
        """See `Dispatcher.dispatch`."""
        from opentelemetry import context, trace

        span = self._telemetry.tracer.start_span("transom.call", kind=trace.SpanKind.SERVER)
        token = context.attach(trace.set_span_in_context(span))
        try:
            super().dispatch(client, session, call, frame, buffers)
        finally:
            context.detach(token)


class _TracedResolver(InvokeResolver):
    """Notes how a call ends."""

    __slots__ = ("_begun", "_span", "_unended")

    def __init__(self, telemetry: Telemetry, call: Call, loop: Loop, *, development: bool = False) -> None:
        from opentelemetry import trace

        super().__init__(call, loop, development=development)
        self._begun = time.perf_counter()
        self._span = trace.get_current_span()
        self._unended: Telemetry | None = telemetry

    def resolve(self, value: Any = None, *, plain: bool = False) -> None:
        """See `InvokeResolver.resolve`."""
        super().resolve(value, plain=plain)
        self._end("ok")

    def _reject(self, body: InvokeResponseBody) -> None:
        super()._reject(body)
        self._end("error")

    def fail(self, error: BaseException) -> None:
        """See `InvokeResolver.fail`."""
        if isinstance(error, CommandNotFound | NotAllowed):
            self._end("refused", _UNKNOWN)
        super().fail(error)
        self._end("error")

    def reject_cancelled(self) -> None:
        """See `InvokeResolver.reject_cancelled`."""
        super().reject_cancelled()
        self._end("cancelled")

    def _end(self, outcome: str, command: str | None = None) -> None:
        telemetry, self._unended = self._unended, None
        if telemetry is None:
            return
        about = {"command": command or self._call.command, "outcome": outcome}
        telemetry.calls.add(1, about)
        telemetry.duration.record(time.perf_counter() - self._begun, about)
        self._span.set_attributes(about)
        self._span.end()
