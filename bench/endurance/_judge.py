"""What a run says: samples of memory by phase, counts before and after, and whether they are as they should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ._phases import Phase

__all__ = ["GROWTH", "Result", "Sample", "can_be_judged", "faults", "left_over", "slack_of", "thirds"]

GROWTH = 0.03
"""The last third of a phase may hold so much more memory than the middle one."""
SHORT_GROWTH = 0.5
SHORT_MB = 64.0
"""In a short run collectors of garbage have not found their measure yet, so only a flood is told from noise there."""
# What carries or answers a message: the link keeps up to so many slots open, and the last message of a thread stays until
# its next one.
_KEPT = 8
_OF_MESSAGES = frozenset(
    {
        "ScriptMessageReply",
        "Value",
        "Bytes",
        "Frame",
        "Invoke",
        "InvokeMessage",
        "InvokeResolver",
        "Response",
        "_LoopCall",
    }
)
# Runtime, phase and process -> MB that the platform keeps of each unit. WebKitGTK 2.50 keeps 25 to 32 kB of every window
# that was closed, and a process of Chromium 7 kB of one and 5 kB of a load of its page, in programs that do nothing else too:
# `windows.c` and `chromium.py`.
# WebKit's process of a page also keeps 4 to 6 kB of every read of a Blob (`blobs.py`), of which 200 a GB are made in `bulk`.
_KEPT_BY_PLATFORM = {
    ("webkitgtk", "windows", "app"): 0.035,
    ("webkitgtk", "bulk", "page"): 0.001,
    ("web", "windows", "page"): 0.009,
    ("web", "reloads", "page"): 0.005,
}
# Phases in which the processes that run pages are new ones at every sample, so that nothing can pile up in them.
_NEW_PAGES = frozenset({"kills"})
_FEW = 9
"""Fewer samples than this are no thirds."""


class Sample(msgspec.Struct, frozen=True):
    """Memory after a batch, in MB; pages that processes share are counted by their part.

    Attributes:
        done: What the phase had reached.
        app: The application's process.
        page: The processes that run pages.
        rest: The others of the tree: network, compositor, browser.
    """

    done: int
    app: float
    page: float
    rest: float


class Result(msgspec.Struct, kw_only=True):
    """What one phase brought.

    Attributes:
        runtime: Where.
        phase: What was asked for.
        done: What was reached.
        seconds: In so many.
        before: Counts before it, of an application at rest.
        after: Counts after it.
        samples: Memory after each batch.
        failed: Why it broke off; `None` when it did not.
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
    """Return to what level memory comes back in the middle and in the last third: MB of `app`, `page` or `rest`.

    That is the lowest tenth: what is over it comes and goes with collectors of garbage, and what leaks never goes.
    0 without samples.
    """
    values = [getattr(sample, process) for sample in samples]
    if not values:
        return 0.0, 0.0
    third = max(len(values) // 3, 1)
    return _lowest_tenth(values[-2 * third : -third] or values[:1]), _lowest_tenth(values[-third:])


def _lowest_tenth(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 10]


def can_be_judged(result: Result) -> bool:
    """Tell whether there are enough samples of memory to speak of thirds."""
    return len(result.samples) >= _FEW


def faults(result: Result, *, short: bool) -> list[str]:
    """Return a sentence for everything that is not as it should be."""
    found = [] if result.failed is None else [result.failed]
    if result.done == 0:
        found.append("nothing was done")
    if result.samples and not any(sample.page for sample in result.samples):
        found.append("no process that runs a page was found, so its memory is not known")
    for process in ("app",) if result.phase.name in _NEW_PAGES else ("app", "page"):
        middle, last = thirds(result.samples, process)
        if can_be_judged(result) and last > _bound(middle, short=short) + _kept_by_platform(result, process):
            found.append(f"memory of {process} grew from {middle:.1f} to {last:.1f} MB")
    found += [f"{name}: {before} before, {after} after" for name, before, after in left_over(result)]
    return found


def _kept_by_platform(result: Result, process: str) -> float:
    """Return what the platform keeps between the middles of the two thirds, in MB."""
    return _KEPT_BY_PLATFORM.get((result.runtime, result.phase.name, process), 0.0) * result.done / 3


def _bound(middle: float, *, short: bool) -> float:
    return middle * (1 + SHORT_GROWTH) + SHORT_MB if short else middle * (1 + GROWTH)


def left_over(result: Result) -> list[tuple[str, int, int]]:
    """Return the counts that are higher than before, with both."""
    if not result.after:
        return []
    pairs = _pairs(result.before, result.after)
    return [(name, before, after) for name, before, after in pairs if after > before + slack_of(name)]


def slack_of(name: str) -> int:
    """Return how far a count may be over what it was."""
    return _KEPT if name.startswith("object ") and name.rpartition(".")[2] in _OF_MESSAGES else 0


def _pairs(before: Mapping[str, int], after: Mapping[str, int]) -> list[tuple[str, int, int]]:
    return [(name, before.get(name, 0), count) for name, count in sorted(after.items())]
