"""A span of OpenTelemetry for every call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import CommandError, ConfigError, NotAllowed, RequestError, Unsupported
from ..pages import CallState, PageSession
from ..values import LiftedBuffer
from ..wire import InvokeFrame
from ._watcher import Watcher

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider

__all__ = ["Tracing"]

_NAME = "transom"
_MOST = 200  # characters of a command's name: a page can send any
_WHERE = {CallState.ON_LOOP: "loop", CallState.IN_WORKER: "worker", CallState.ON_MAIN: "main"}
_EXPECTED = (CommandError, NotAllowed, RequestError, Unsupported)


class _Traced(NamedTuple):
    span: Span
    token: Any


class Tracing(Watcher):
    """Makes a span for every call, current where the command runs, and ends it with the answer.

    Args:
        provider: Makes the tracer; `None` for the global one.

    Raises:
        ConfigError: The package opentelemetry-api is not installed.
    """

    def __init__(self, provider: TracerProvider | None = None) -> None:
        try:
            from opentelemetry import context, propagate, trace
        except ImportError:
            raise ConfigError(
                "Builder.tracing needs the package opentelemetry-api: pip install 'transom[telemetry]'"
            ) from None
        self._context, self._propagate, self._trace = context, propagate, trace
        self._tracer = trace.get_tracer(_NAME, tracer_provider=provider)

    def arrived(
        self, session: PageSession, command: str, frame: InvokeFrame | None, buffers: Sequence[memoryview]
    ) -> _Traced:
        """See `Watcher`."""
        name, headers = command[:_MOST], (frame and frame.headers) or {}
        span = self._tracer.start_span(
            name,
            context=self._propagate.extract(headers),
            kind=self._trace.SpanKind.SERVER,
            attributes={
                "rpc.system": "transom",
                "rpc.method": name,
                "transom.webview": session.page.label,
                "transom.window": session.page.window,
                "transom.request.size": (len(frame.payload) if frame else 0) + sum(map(len, buffers)),
            },
        )
        return _Traced(span, self._context.attach(self._trace.set_span_in_context(span)))

    def dispatched(self, record: _Traced) -> None:
        """See `Watcher`."""
        self._context.detach(record.token)

    def began(self, record: _Traced, where: CallState) -> None:
        """See `Watcher`."""
        record.span.add_event("command began", {"transom.thread": _WHERE[where]})

    def failed(self, record: _Traced, error: BaseException) -> None:
        """See `Watcher`."""
        if isinstance(error, _EXPECTED):
            record.span.set_attribute("error.type", type(error).__qualname__)
        else:
            record.span.record_exception(error)

    def answered(
        self, record: _Traced, state: CallState, is_ok: bool, json: bytes, buffers: Sequence[LiftedBuffer]
    ) -> None:
        """See `Watcher`."""
        span, ended = record.span, state in (CallState.CANCELLED, CallState.PAGE_GONE)
        span.set_attribute("transom.response.size", len(json) + sum(len(buffer.data) for buffer in buffers))
        if ended:
            span.set_attribute("transom.cancelled", True)
        elif not is_ok:
            span.set_status(self._trace.StatusCode.ERROR)
        span.end()
