"""The instruments, made when an SDK is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from typing import Any, Final, Protocol

__all__ = ["Observed", "Telemetry", "find_telemetry"]

_NAME: Final = "transom"
# Name -> unit and description, of what is looked at when the SDK asks. Add here what `Observed` returns.
_GAUGES: Final = {
    "transom.sessions": ("{session}", "Sessions of this process"),
    "transom.pages": ("{page}", "Pages with a link"),
    "transom.queued": ("By", "What is queued for pages that have not read it yet"),
    "transom.bus.waiting": ("{event}", "Events that wait for the engine"),
    "transom.bus.lag": ("s", "Age of the oldest event of this process that has not come back from the engine"),
}
_RECONNECTS: Final = "transom.reconnects"


class Observed(Protocol):
    """The source of the figures."""

    def figures(self) -> Mapping[str, float]:
        """Return the value of every gauge, and of `transom.reconnects`, by name."""
        ...


class Telemetry:
    """The instruments of one application.

    Args:
        meter: Makes them.
        tracer: Makes spans.
        observed: What the gauges are of.
    """

    def __init__(self, meter: Any, tracer: Any, observed: Observed) -> None:
        self.tracer = tracer
        self._observed = observed
        self.calls = meter.create_counter("transom.calls", "{call}", "Calls of pages, by command and outcome")
        self.duration = meter.create_histogram("transom.call.duration", "s", "From a call's arrival to its answer")
        for name, (unit, text) in _GAUGES.items():
            meter.create_observable_gauge(name, [self._reader(name)], unit, text)
        meter.create_observable_counter(
            _RECONNECTS, [self._reader(_RECONNECTS)], "{reconnect}", "Links that went on over another connection"
        )

    def _reader(self, name: str) -> Callable[[Any], Iterator[Any]]:
        from opentelemetry.metrics import Observation

        def read(_options: Any) -> Iterator[Any]:
            yield Observation(self._observed.figures()[name])

        return read


def find_telemetry(observed: Observed) -> Telemetry | None:
    """Return the instruments; `None` when the program has set up no SDK, and then nothing is measured.

    Args:
        observed: What the gauges are of.
    """
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.metrics") is None:
        return None
    from opentelemetry import metrics, trace

    nothing = ("NoOpMeterProvider", "_ProxyMeterProvider", "NoOpTracerProvider", "ProxyTracerProvider")
    providers = (metrics.get_meter_provider(), trace.get_tracer_provider())
    if all(type(provider).__name__ in nothing for provider in providers):
        return None
    return Telemetry(metrics.get_meter(_NAME), trace.get_tracer(_NAME), observed)
