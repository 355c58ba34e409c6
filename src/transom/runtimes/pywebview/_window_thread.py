"""The thread of the windows: the main one, on Windows the one that pywebview starts. Work gets there from any thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

from ._calls import Answers
from ._main_thread import Invoke

__all__ = ["WindowThread"]

T = TypeVar("T")
_logger = logging.getLogger("transom")


class WindowThread:
    """The queue of work for the thread of the windows. Made on the process's main thread."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._thread = threading.get_ident()
        self._invoke: Invoke | None = None  # while pywebview's loop runs
        self._answers = Answers()

    @property
    def is_current(self) -> bool:
        """Whether this is the thread."""
        return threading.get_ident() == self._thread

    @property
    def invoke(self) -> Invoke | None:
        """What runs work in pywebview's loop; `None` while that does not run."""
        return self._invoke

    def loop_begins(self, invoke: Invoke) -> None:
        """Note that pywebview's loop runs on the calling thread, and do what was posted before."""
        self._thread = threading.get_ident()
        self._invoke = invoke
        self.drain()

    def loop_has_ended(self) -> None:
        """Note that pywebview's loop has ended; the calling thread does the work from now on, by `next` and `drain`."""
        self._invoke = None
        self._thread = threading.get_ident()

    def post(self, work: Callable[[], object]) -> None:
        """Run work, soon. Any thread; returns at once."""
        self._work.put(work)
        invoke = self._invoke
        if invoke is not None:
            with suppress(Exception):  # the loop is ending, and the main thread does what is queued then
                invoke(self.drain)

    def call(self, work: Callable[[], T]) -> T:
        """Run work and return its result. Any thread.

        Raises:
            WindowError: The window system has ended.
            Exception: What the work raises.
        """
        return work() if self.is_current else self._answers.wait_for(work, self.post)

    def next(self) -> None:
        """Wait for work, and do it."""
        _run(self._work.get())

    def drain(self) -> None:
        """Do what has been posted."""
        with suppress(Empty):
            while True:
                _run(self._work.get_nowait())

    def end(self) -> None:
        """Let those fail who wait for work that is not done any more."""
        self._answers.end()


def _run(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:
        _logger.exception("work for the window system failed")
