"""The results of a run: memory samples of each phase, counts before and after it, and whether they are acceptable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ._phases import Phase

__all__ = ["GROWTH", "Result", "Sample", "can_be_judged", "faults", "left_over", "slack_of", "thirds"]

GROWTH = 0.03
"""The maximum growth of memory from the middle third of a phase to the last one."""
SHORT_GROWTH = 0.5
SHORT_MB = 64.0
"""In a short run, garbage collectors have not settled yet, so only excessive growth can be told from noise."""
# Objects that carry or answer a message: the link keeps up to this many reply slots open, and each thread keeps its
# last message until the next one.
_KEPT = 8
_OF_MESSAGES = frozenset(
    {
        "ScriptMessageReply",
        "Value",
        "Bytes",
        "Call",  # of an `Invoke`
        "Frame",
        "Invoke",
        "InvokeMessage",
        "InvokeResolver",
        "Message",  # of the web link, until the page has acknowledged it
        "Response",
        "_LoopCall",
    }
)
# Runtime, phase and process -> MB that the platform keeps for each unit. WebKitGTK 2.50 keeps 25 to 32 kB for every
# closed window. A process of Chromium keeps 7 kB for a window and 5 kB for a load of its page. Minimal programs show
# the same: `windows.c` and `chromium.py`. The page process of WebKit also keeps 4 to 6 kB for every read of a Blob
# (`blobs.py`), and `bulk` makes 200 reads per GB.
_KEPT_BY_PLATFORM = {
    ("webkitgtk", "windows", "app"): 0.035,
    ("webkitgtk", "bulk", "page"): 0.001,
    ("web", "windows", "page"): 0.009,
    ("web", "reloads", "page"): 0.005,
}
# Phases with new page processes at every sample, in which nothing can accumulate.
_NEW_PAGES = frozenset({"kills"})
_FEW = 9
"""The minimum number of samples for comparing thirds."""


class Sample(msgspec.Struct, frozen=True):
    """Proportional memory after a batch, in MB.

    Attributes:
        done: The amount that the phase had reached.
        app: The application's process.
        page: The processes that run pages.
        rest: The other processes of the tree: network, compositor, browser.
    """

    done: int
    app: float
    page: float
    rest: float


class Result(msgspec.Struct, kw_only=True):
    """The result of one phase.

    Attributes:
        runtime: The runtime.
        phase: The phase.
        done: The amount that was reached.
        seconds: The time that it took.
        before: Counts of the idle application before the phase.
        after: Counts after the phase.
        samples: Memory after each batch.
        failed: Why the phase failed; `None` if it did not fail.
    """

    runtime: str
    phase: Phase
    done: int = 0
    seconds: float = 0.0
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    samples: list[Sample] = []
    failed: str | None = None


def thirds(samples: Sequence[Sample], process: str) -> tuple[float, float]:
    """Return the level to which memory returns in the middle and in the last third: MB of `app`, `page` or `rest`.

    This is the lowest tenth of the samples. Memory above it comes and goes with garbage collection; leaks never go.
    Without samples, the level is 0.
    """
    values = [getattr(sample, process) for sample in samples]
    if not values:
        return 0.0, 0.0
    third = max(len(values) // 3, 1)
    return _lowest_tenth(values[-2 * third : -third] or values[:1]), _lowest_tenth(values[-third:])


def _lowest_tenth(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 10]


def can_be_judged(result: Result) -> bool:
    """Return whether there are enough samples to compare thirds."""
    return len(result.samples) >= _FEW


def faults(result: Result, *, short: bool) -> list[str]:
    """Return a sentence for each fault."""
    found = [] if result.failed is None else [result.failed]
    if result.done == 0:
        found.append("nothing was done")
    if result.samples and not any(sample.page for sample in result.samples):
        found.append("no process that runs a page was found, so its memory is unknown")
    for process in ("app",) if result.phase.name in _NEW_PAGES else ("app", "page"):
        middle, last = thirds(result.samples, process)
        if can_be_judged(result) and last > _bound(middle, short=short) + _kept_by_platform(result, process):
            found.append(f"memory of {process} grew from {middle:.1f} to {last:.1f} MB")
    found += [f"{name}: {before} before, {after} after" for name, before, after in left_over(result)]
    return found


def _kept_by_platform(result: Result, process: str) -> float:
    """Return the memory that the platform keeps between the middles of the two thirds, in MB."""
    return _KEPT_BY_PLATFORM.get((result.runtime, result.phase.name, process), 0.0) * result.done / 3


def _bound(middle: float, *, short: bool) -> float:
    return middle * (1 + SHORT_GROWTH) + SHORT_MB if short else middle * (1 + GROWTH)


def left_over(result: Result) -> list[tuple[str, int, int]]:
    """Return the names of counts that are higher than before, with both values."""
    if not result.after:
        return []
    pairs = _pairs(result.before, result.after)
    return [(name, before, after) for name, before, after in pairs if after > before + slack_of(name)]


def slack_of(name: str) -> int:
    """Return by how much a count may exceed its previous value."""
    return _KEPT if name.startswith("object ") and name.rpartition(".")[2] in _OF_MESSAGES else 0


def _pairs(before: Mapping[str, int], after: Mapping[str, int]) -> list[tuple[str, int, int]]:
    return [(name, before.get(name, 0), count) for name, count in sorted(after.items())]
