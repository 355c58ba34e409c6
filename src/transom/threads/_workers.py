"""The worker threads: `def` commands and listeners run here, and whatever else may block."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

__all__ = ["MAX_WORKERS", "WorkerPool", "WorkerShare"]

T = TypeVar("T")
_log = logging.getLogger("transom")
# The most workers that one page, or one of transom's own pools, uses at once.
MAX_WORKERS = 32
_PATIENCE = 1.0  # seconds that a job waits for a worker before the log says so


class WorkerShare:
    """The part of a pool that one page may use: its blocked calls must not stop those of another page.

    Args:
        user: The user of this share, for the log.
    """

    __slots__ = ("__weakref__", "reported", "running", "user", "waiting")

    def __init__(self, user: str) -> None:
        self.user = user
        # The pool's lock guards these three.
        self.running = 0
        self.waiting: deque[_Job] = deque()
        self.reported = False


class _Started:
    """A job without a `Future`.

    A page can queue 100,000 calls, and a full run of the garbage collector, during which nothing else runs, looks at every
    object of theirs: a `Future` has ten.

    Args:
        ended: Called with what the job raised, and with `None` when it was dropped.
    """

    __slots__ = ("_ended", "_unclaimed")

    def __init__(self, ended: Callable[[BaseException | None], object]) -> None:
        self._ended = ended
        self._unclaimed = True  # deleted by whoever claims the job: of two threads, only one can

    def set_running_or_notify_cancel(self) -> bool:
        """See `Future`."""
        try:
            del self._unclaimed
        except AttributeError:
            return False
        return True

    def cancel(self) -> bool:
        """See `Future`."""
        if claimed := self.set_running_or_notify_cancel():
            self._ended(None)
        return claimed

    def set_result(self, result: Any) -> None:
        """Drop the result."""

    def set_exception(self, error: BaseException) -> None:
        """See `Future`."""
        self._ended(error)


_Job = tuple[
    "Future[Any] | _Started",
    Callable[..., Any],
    tuple[Any, ...],
    dict[str, Any],
    contextvars.Context,
    WorkerShare,
    float,
]


def _do(
    future: Future[Any] | _Started,
    fn: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    context: contextvars.Context,
    _share: WorkerShare,
    _since: float,
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

    The bound counts for each share, and not for all of them together: otherwise a page whose calls block would stop the
    calls of every other page.

    Args:
        max_workers: The most jobs of one share that run at once; the others are queued in order.
        user: The user of the jobs without a share, for the log.
    """

    def __init__(self, max_workers: int = MAX_WORKERS, user: str = "the application") -> None:
        super().__init__(max_workers)
        self._limit = max_workers
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._counts = threading.Lock()
        self._alive = self._idle = self._unclaimed = 0
        self._own = WorkerShare(user)
        self._stalled: dict[WorkerShare, None] = {}
        self._watching = False
        self._end = threading.Event()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run `fn` in a worker, in a copy of the caller's context; see `submit_in`."""
        return self.submit_in(None, contextvars.copy_context(), fn, *args, **kwargs)

    def submit_in(
        self,
        share: WorkerShare | None,
        context: contextvars.Context,
        fn: Callable[..., T],
        /,
        *args: Any,
        **kwargs: Any,
    ) -> Future[T]:
        """Run `fn` in a worker and in a context that nothing else runs in.

        Args:
            share: The share that the job counts for; `None` for that of the jobs without one.
            context: The context.
            fn: The function.
            *args: Its arguments.
            **kwargs: Its keyword arguments.

        Raises:
            RuntimeError: The pool was shut down, or the system lets it have no thread at all.
        """
        future: Future[T] = Future()
        self._put((future, fn, args, kwargs, context, share or self._own, time.monotonic()))
        return future

    def start_in(
        self,
        share: WorkerShare | None,
        context: contextvars.Context,
        ended: Callable[[BaseException | None], object],
        fn: Callable[..., object],
        /,
        *args: Any,
    ) -> None:
        """Run `fn` as `submit_in` does, with less to keep while it is queued.

        Args:
            share: See `submit_in`.
            context: See `submit_in`.
            ended: Called with what `fn` raised, and with `None` when the pool was shut down before its turn.
            fn: The function; its result is dropped.
            *args: Its arguments.

        Raises:
            RuntimeError: The pool was shut down, or the system lets it have no thread at all.
        """
        self._put((_Started(ended), fn, args, {}, context, share or self._own, time.monotonic()))

    def _put(self, job: _Job) -> None:
        share = job[5]
        grow = watch = False
        with self._counts:
            if self._end.is_set():
                raise RuntimeError("the application has ended; no work can be started any more")
            queued = share.running >= self._limit
            if queued:
                share.waiting.append(job)
                self._stalled[share] = None
                watch, self._watching = not self._watching, True
            else:
                share.running += 1
                self._unclaimed += 1
                grow = self._idle < self._unclaimed
                self._alive += grow
        if watch:
            self._watch()
        if not queued:
            self._jobs.put(job)
        if grow:
            self._grow(job)

    def _grow(self, job: _Job) -> None:
        try:
            threading.Thread(target=self._work, name="transom-worker", daemon=True).start()
        except RuntimeError:  # the system's limit
            with self._counts:
                self._alive -= 1
                alone = not self._alive
            future = job[0]
            claim = future.cancel if isinstance(future, Future) else future.set_running_or_notify_cancel
            if alone and claim():  # else a worker that is there does the work, later
                with self._counts:
                    job[5].running -= 1
                raise

    def _work(self) -> None:
        share: WorkerShare | None = None
        while True:
            job: _Job | None = None
            with self._counts:
                if share is not None:
                    job = self._next_of(share)
                if job is None:
                    self._idle += 1
            if job is None:
                job = self._jobs.get()
                with self._counts:
                    # Together: a worker that has a job and still counts as idle must not stand for another job.
                    self._idle -= 1
                    self._unclaimed -= job is not None
            if job is None:
                return
            share = job[5]
            _do(*job)
            del job  # the worker may be idle for long, and a job holds its call, which holds its page

    def _next_of(self, share: WorkerShare) -> _Job | None:
        """Return the next queued job of a share whose job has ended, `None` when there is none."""
        if share.waiting:
            return share.waiting.popleft()
        share.running -= 1
        if share.reported or share in self._stalled:
            share.reported = False
            self._stalled.pop(share, None)
        return None

    def _watch(self) -> None:
        try:
            threading.Thread(target=self._report, name="transom-watch", daemon=True).start()
        except RuntimeError:  # the system's limit; the jobs are queued all the same
            with self._counts:
                self._watching = False

    def _report(self) -> None:
        """Log every share whose jobs have waited too long, until none waits any more."""
        while not self._end.wait(_PATIENCE):
            late = time.monotonic() - _PATIENCE
            with self._counts:
                if not self._stalled:
                    self._watching = False
                    return
                found = [share for share in self._stalled if share.waiting and share.waiting[0][6] <= late]
                found = [share for share in found if not share.reported]
                for share in found:
                    share.reported = True
            for share in found:
                _log.warning(
                    "all %d workers of %s are busy, and %d calls of `def` functions are queued; wait in `async def` functions "
                    "instead, or raise the bound with Builder.limits(max_workers=...)",
                    self._limit,
                    share.user,
                    len(share.waiting),
                )

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work and let idle workers end; running ones are not waited for, whatever `wait` says."""
        with self._counts:
            self._end.set()
            alive = self._alive
            queued = [job for share in self._stalled for job in share.waiting] if cancel_futures else []
            if cancel_futures:
                for share in self._stalled:
                    share.waiting.clear()
        for job in queued:
            job[0].cancel()
        if cancel_futures:
            try:
                while found := self._jobs.get_nowait():
                    found[0].cancel()
            except Empty:
                pass
        for _ in range(alive):
            self._jobs.put(None)
