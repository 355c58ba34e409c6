"""Futures of tasks that log a failure if its result is never retrieved."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from weakref import ref

__all__ = ["SpawnedFuture"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_PATIENCE = 1.0  # seconds after its failure in which somebody may look at a future that is kept


class SpawnedFuture(Future[T]):
    """The future of a task. If the task fails and the future is never checked, the failure is logged with its traceback."""

    def __init__(self) -> None:
        super().__init__()
        self._seen = False

    def result(self, timeout: float | None = None) -> T:
        """See `Future`."""
        self._seen = True
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """See `Future`."""
        self._seen = True
        return super().exception(timeout)

    def add_done_callback(self, fn: Callable[[Future[T]], object]) -> None:
        """See `Future`. Whoever is told of the end can look at it."""
        self._seen = True
        super().add_done_callback(fn)

    def follow(self, task: asyncio.Task[T]) -> None:
        """Take over the outcome of a task, and cancel it when this future is cancelled. On the task's loop, once."""
        loop = task.get_loop()

        def cancel(future: Future[T]) -> None:
            if future.cancelled():
                with suppress(RuntimeError):  # the loop has ended, and the task with it
                    loop.call_soon_threadsafe(task.cancel)

        super().add_done_callback(cancel)
        task.add_done_callback(self._take_over)

    def _take_over(self, task: asyncio.Task[T]) -> None:
        if task.cancelled():
            self.cancel()
            self.set_running_or_notify_cancel()
            return
        error = task.exception()
        if not self.set_running_or_notify_cancel():
            return
        if error is None:
            self.set_result(task.result())
            return
        self.set_exception(error)
        if not self._seen:
            task.get_loop().call_later(_PATIENCE, partial(_report, ref(self)))

    def report(self) -> None:
        """Log the failure, unless it was looked at or logged before."""
        if self._seen or self.cancelled() or not self.done():
            return
        self._seen = True
        error = super().exception()
        if error is not None:
            _log.error("a task failed, and its result was never retrieved (AppHandle.spawn)", exc_info=error)

    def __del__(self) -> None:
        if not getattr(self, "_seen", True):
            self.report()


def _report(reference: ref[SpawnedFuture[Any]]) -> None:
    future = reference()
    if future is not None:
        future.report()
