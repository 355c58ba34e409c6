"""The worker threads: `def` commands and listeners run here, and whatever else may block."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

__all__ = ["WorkerPool"]

T = TypeVar("T")
_Job = tuple["Future[Any]", Callable[..., Any], tuple[Any, ...], dict[str, Any], contextvars.Context]


def _do(
    future: Future[Any],
    fn: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    context: contextvars.Context,
) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(context.run(fn, *args, **kwargs))
    except BaseException as error:  # noqa: BLE001 - a worker must outlive what it runs
        future.set_exception(error)


class WorkerPool(ThreadPoolExecutor):
    """A pool of daemon threads, grown on demand.

    The standard pool's threads are joined when the interpreter ends, so one blocked command would keep a closed
    application alive. It stays a ThreadPoolExecutor because asyncio accepts nothing else as its default executor.

    Args:
        max_workers: The most threads at once; what is over it waits.
    """

    def __init__(self, max_workers: int = 32) -> None:
        super().__init__(max_workers)
        self._limit = max_workers
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._counts = threading.Lock()
        self._alive = self._idle = self._unclaimed = 0
        self._ended = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run `fn` in a worker, in a copy of the caller's context; see `submit_in`."""
        return self.submit_in(contextvars.copy_context(), fn, *args, **kwargs)

    def submit_in(self, context: contextvars.Context, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run `fn` in a worker and in a context that nothing else runs in.

        Raises:
            RuntimeError: The pool was shut down, or the system lets it have no thread at all.
        """
        future: Future[T] = Future()
        with self._counts:
            if self._ended:
                raise RuntimeError("the application has ended; no work can be started any more")
            self._unclaimed += 1
            grow = self._idle < self._unclaimed and self._alive < self._limit
            self._alive += grow
        self._jobs.put((future, fn, args, kwargs, context))
        if grow:
            self._grow(future)
        return future

    def _grow(self, future: Future[Any]) -> None:
        try:
            threading.Thread(target=self._work, name="transom-worker", daemon=True).start()
        except RuntimeError:  # the system's limit
            with self._counts:
                self._alive -= 1
                alone = not self._alive
            if alone and future.cancel():  # else a worker that is there does the work, later
                raise

    def _work(self) -> None:
        while True:
            with self._counts:
                self._idle += 1
            job = self._jobs.get()
            with self._counts:
                # Together: a worker that has a job and still counts as idle must not stand for another job.
                self._idle -= 1
                self._unclaimed -= job is not None
            if job is None:
                return
            _do(*job)
            del job  # the worker may be idle for long, and a job holds its call, which holds its page

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work and let idle workers end; running ones are not waited for, whatever `wait` says."""
        with self._counts:
            self._ended = True
            alive = self._alive
        if cancel_futures:
            try:
                while job := self._jobs.get_nowait():
                    job[0].cancel()
            except Empty:
                pass
        for _ in range(alive):
            self._jobs.put(None)
