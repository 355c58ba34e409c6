"""Work for one thread, part of which it does even while it waits for an answer."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeAlias, TypeVar

__all__ = ["WorkQueue"]

T = TypeVar("T")
Work: TypeAlias = Callable[[], object]
_logger = logging.getLogger("transom")


class WorkQueue:
    """Work that other threads put here for the thread that takes it.

    Two threads of two processes may wait for each other's answers. Neither waits for ever, because each does its urgent work
    meanwhile: the other's questions.
    """

    def __init__(self) -> None:
        self._urgent: deque[Work] = deque()
        self._normal: deque[Work] = deque()
        self._changed = threading.Condition()

    def put(self, work: Work, *, urgent: bool = False) -> None:
        """Add work. Any thread, and signal handlers."""
        with self._changed:
            (self._urgent if urgent else self._normal).append(work)
            self._changed.notify_all()

    def do_next(self, seconds: float | None) -> None:
        """Wait for work, at most this long, and do one piece of it."""
        with self._changed:
            self._changed.wait_for(lambda: self._urgent or self._normal, seconds)
            work = self._urgent.popleft() if self._urgent else self._normal.popleft() if self._normal else None
        if work is not None:
            run(work)

    def do_urgent(self) -> None:
        """Do the urgent work that is there now."""
        while self._urgent:
            run(self._urgent.popleft())

    def result_of(self, future: Future[T], seconds: float | None = None) -> T:
        """Return the answer, and do urgent work until it is there.

        Raises:
            TimeoutError: It did not come within this time.
        """
        future.add_done_callback(self._wake)
        until = None if seconds is None else time.monotonic() + seconds
        while not future.done():
            with self._changed:
                left = None if until is None else until - time.monotonic()
                if not self._changed.wait_for(lambda: self._urgent or future.done(), left):
                    raise TimeoutError
                work = self._urgent.popleft() if self._urgent else None
            if work is not None:
                run(work)
        return future.result()

    def _wake(self, _: object) -> None:
        with self._changed:
            self._changed.notify_all()


def run(work: Work) -> None:
    """Do a piece of work; what it raises is logged."""
    try:
        work()
    except Exception:
        _logger.exception("work for the window system failed")
