"""The thread that calls pywebview, whose functions wait for its event loop and must not be called on that loop's thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

from ...errors import WindowError

__all__ = ["Answers", "Calls"]

T = TypeVar("T")
_ENDED = "the window system has ended"
_logger = logging.getLogger("transom")


class Answers:
    """The results of work that other threads wait for; at the end, those who still wait get an error."""

    def __init__(self) -> None:
        self._waiting: set[Future[Any]] = set()
        self._ended = False
        self._lock = threading.Lock()

    def wait_for(self, work: Callable[[], T], put: Callable[[Callable[[], object]], None]) -> T:
        """Let another thread do work, and return its result.

        Args:
            work: The work.
            put: Hands a function to the other thread.

        Raises:
            WindowError: The window system has ended.
            Exception: What the work raises.
        """
        future: Future[T] = Future()
        with self._lock:
            if self._ended:
                raise WindowError(_ENDED)
            self._waiting.add(future)
        put(partial(self._settle, future, work))
        return future.result()

    def _settle(self, future: Future[T], work: Callable[[], T]) -> None:
        with self._lock:
            if future not in self._waiting:
                return
            self._waiting.discard(future)
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - it is the caller's, who waits in another thread
            future.set_exception(error)

    def end(self) -> None:
        """Let those who wait fail, and those who come later."""
        with self._lock:
            self._ended = True
            waiting, self._waiting = self._waiting, set()
        for future in waiting:
            future.set_exception(WindowError(_ENDED))


class Calls:
    """One thread that does what is put to it, in order."""

    def __init__(self) -> None:
        self._answers = Answers()
        self._queue: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="transom-pywebview", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def end(self) -> None:
        """Let the thread end when it has done what was put before."""
        self._queue.put(None)

    @property
    def is_current(self) -> bool:
        """Whether this is the thread."""
        return threading.get_ident() == self._thread.ident

    def put(self, work: Callable[[], object]) -> None:
        """Do it, soon. Any thread; returns at once."""
        self._queue.put(work)

    def call(self, work: Callable[[], T]) -> T:
        """Do it and return its result. Not on the event loop's thread, for which it may have to wait.

        Raises:
            WindowError: The window system has ended.
            Exception: What the work raises.
        """
        return work() if self.is_current else self._answers.wait_for(work, self.put)

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            try:
                work()
            except Exception:
                _logger.exception("a call of pywebview failed")
            del work
        self._answers.end()
