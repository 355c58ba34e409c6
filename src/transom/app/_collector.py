"""What the garbage collector does while an application runs."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, thread_time

__all__ = ["short_collections"]

# Seconds of processor time. What is left after a full run that took longer is kept apart from the next ones.
_LONG = 0.01
# Seconds between two runs that look at everything, or fewer when so many sessions have ended; but such runs have at most
# this share of the time.
_BETWEEN = 60.0
_SESSIONS = 100
_SHARE = 0.01


@contextmanager
def short_collections() -> Iterator[Callable[[], None]]:
    """Keep the collector from going again and again through what is not garbage.

    The modules, classes and functions that were there before the application ran are never garbage, but without this every
    full run of the collector visits all of them: half the time of an event went there. Such a run holds up every window,
    so it must not take long either when a page has 100,000 calls waiting, or when a program keeps millions of objects: what
    is left after a long run is kept apart from the next ones. At times, one run looks at everything, so that objects in
    cycles do not stay for ever. Where the program has called `gc.freeze` itself, nothing is changed.

    Yields:
        What to call when a session has ended, which leaves such cycles.
    """
    watch = _Watch()
    if gc.get_freeze_count():
        yield watch.session_ended
        return
    gc.freeze()
    gc.callbacks.append(watch)
    try:
        yield watch.session_ended
    finally:
        gc.callbacks.remove(watch)
        gc.unfreeze()


class _Watch:
    """Called by the collector before and after each of its runs."""

    def __init__(self) -> None:
        self._began = 0.0
        self._everything = False
        self._last = monotonic()
        self._pause = 0.0  # seconds that must pass before everything is looked at again
        self._ended = 0

    def session_ended(self) -> None:
        """Note that there is more garbage."""
        self._ended += 1

    def __call__(self, phase: str, info: dict[str, int]) -> None:
        if info["generation"] < 2:
            return
        if phase == "start":
            wanted = 0.0 if self._ended >= _SESSIONS else _BETWEEN
            self._everything = monotonic() - self._last >= max(wanted, self._pause)
            if self._everything:
                gc.unfreeze()
            self._began = thread_time()
            return
        took = thread_time() - self._began
        if self._everything:
            self._last, self._pause, self._ended = monotonic(), took / _SHARE, 0
        if self._everything or took > _LONG:
            gc.freeze()
