"""The thread that calls pywebview, whose functions wait for its event loop and must not be called on that loop's thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

__all__ = ["Calls"]

T = TypeVar("T")
_logger = logging.getLogger("transom")


class Calls:
    """One thread that does what is put to it, in order."""

    def __init__(self) -> None:
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
            Exception: What the work raises.
        """
        if self.is_current:
            return work()
        future: Future[T] = Future()

        def settle() -> None:
            try:
                future.set_result(work())
            except Exception as error:  # noqa: BLE001 - it is the caller's, who waits in another thread
                future.set_exception(error)

        self.put(settle)
        return future.result()

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            try:
                work()
            except Exception:
                _logger.exception("a call of pywebview failed")
            del work
