"""Measure what the inspector costs: one call and one channel message, with plain and with observed pages.

Run it as `python -m bench._inspected`. A call is made, answered at once and taken by the page; nothing else runs, so that
the figures are about transom's own work. Each is the least of many short runs, plain and observed in turn, because other
programs can only make a run longer.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

from transom.inspector import Recorder
from transom.observe import ObservedSession
from transom.pages import PageSession, QueueLimits
from transom.runtimes import Page
from transom.threads import Threads
from transom.values import encode_json
from transom.wire import InvokeFrame

__all__ = ["measure"]

_ROUNDS = 200
_CALLS = 500
_TAKEN = 1 << 20


class _Link:
    """A runtime's end that sends nothing by itself."""

    def wake(self) -> None:
        """See `transom.runtimes.Link`."""

    def acknowledged(self, frames: int) -> None:
        """See `transom.runtimes.Link`."""


def _session(recorder: Recorder | None) -> PageSession:
    make = PageSession if recorder is None else lambda *given: ObservedSession([recorder], *given)
    return make(
        Page("main", "main", "tauri://localhost", True),
        _Link(),
        QueueLimits(),
        lambda _session, call, _frame, _buffers: call.answer(True, b'"Hello, Ada!"'),
        lambda _session: None,
        Threads(1, {}),
    )


def _call(session: PageSession) -> Callable[[], None]:
    frame = InvokeFrame(1, "greet", encode_json({"name": "Ada"}), {})  # type: ignore[arg-type]  # bytes are read as raw

    def work() -> None:
        for _ in range(_CALLS):
            session.call(frame, ())
        session.take(_TAKEN, _TAKEN)

    return work


def _send(session: PageSession) -> Callable[[], None]:
    channel = session.channel(7)

    def work() -> None:
        for number in range(_CALLS):
            channel.send(number)
        session.take(_TAKEN, _TAKEN)

    return work


def measure(rounds: int = _ROUNDS) -> dict[str, tuple[float, float]]:
    """Return microseconds of each kind of work: plain and observed."""
    figures = {}
    for name, make in (("call", _call), ("channel message", _send)):
        works = [make(_session(recorder)) for recorder in (None, Recorder())]
        least = [float("inf")] * 2
        for _ in range(rounds):
            for at, work in enumerate(works):
                least[at] = min(least[at], timeit.timeit(work, number=1))
        figures[name] = (least[0] / _CALLS * 1e6, least[1] / _CALLS * 1e6)
    return figures


if __name__ == "__main__":
    for name, (plain, observed) in measure().items():
        print(f"{name}: {plain:.2f} us plain, {observed:.2f} us observed")
