"""How the cost of something grows with its size, which a machine's load does not change."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["growth"]


def growth(work: Callable[[int], object], size: int, times: int = 4) -> float:
    """Return how many times as much processor time something takes at `times` the size.

    About `times` is linear, its square quadratic, and 1 does not depend on the size. Each size is tried three times, and
    the least counts.
    """
    return _least(work, size * times) / max(_least(work, size), 1e-6)


def _least(work: Callable[[int], object], size: int) -> float:
    took = []
    for _ in range(3):
        began = time.thread_time()
        work(size)
        took.append(time.thread_time() - began)
    return min(took)
