"""The application's event loop, and how work reaches it from other threads."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from ._eager import EagerStarter, Job
from ._spawned import SpawnedFuture
from ._workers import WorkerPool

__all__ = ["Loop"]

T = TypeVar("T")
_log = logging.getLogger("transom")
# Seconds for which a thread that computes keeps the interpreter while others want it. With Python's own 5 ms every hand-over
# between a page, the loop and a worker would take as long beside such a thread.
_SWITCH_INTERVAL = 0.0005
# Seconds for which the loop starts coroutines before its other tasks have their turn, and how many it starts at least.
_SLICE = 0.005
_FEW_JOBS = 32


class Loop:
    """The application's asyncio loop: in a separate thread, or the running loop of a server that serves the application."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._loop: asyncio.AbstractEventLoop | None = None
        self._starter: EagerStarter | None = None
        self._thread: threading.Thread | None = None
        self._ident = 0
        self._spawned: set[asyncio.Task[Any]] = set()
        self._posted: deque[tuple[Callable[..., Any], tuple[Any, ...]]] = deque()
        self._jobs: deque[Job] = deque()
        self._scheduled = False
        self._holder = 0

    @property
    def asyncio_loop(self) -> asyncio.AbstractEventLoop:
        """The loop.

        Raises:
            RuntimeError: The application has not been started.
        """
        if self._loop is None:
            raise RuntimeError("the application is not running yet; start tasks in the setup hook or later")
        return self._loop

    @property
    def is_current(self) -> bool:
        """Whether the calling thread is the loop's."""
        return threading.get_ident() == self._ident

    def start(self) -> None:
        """Start the loop in a separate thread."""
        loop = asyncio.new_event_loop()
        loop.set_default_executor(self._pool)
        self._loop = loop
        self._starter = EagerStarter(loop)
        # With the starter's context variables, which a new thread does not inherit.
        run = contextvars.copy_context().run
        self._thread = threading.Thread(target=run, args=(self._run, loop), name="transom-loop", daemon=True)
        self._thread.start()

    def adopt(self) -> None:
        """Use the loop that is running in the calling thread."""
        self._loop = asyncio.get_running_loop()
        self._starter = EagerStarter(self._loop)
        self._ident = threading.get_ident()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        self._ident = threading.get_ident()
        asyncio.set_event_loop(loop)
        interval = sys.getswitchinterval()
        sys.setswitchinterval(min(interval, _SWITCH_INTERVAL))
        try:
            while not self._ran_to_its_end(loop):
                pass
        finally:
            sys.setswitchinterval(interval)
            loop.close()

    @staticmethod
    def _ran_to_its_end(loop: asyncio.AbstractEventLoop) -> bool:
        """Run the loop until it is stopped, or until an exit leaves it, which must not end everybody else's tasks."""
        try:
            loop.run_forever()
        except (SystemExit, KeyboardInterrupt):  # asyncio lets these two through
            _log.exception(
                "a task tried to end the program from the event loop; AppHandle.exit(...) ends an application"
            )
            return False
        return True

    def post(self, work: Callable[..., Any], *args: Any) -> None:
        """Call `work` on the loop, soon. Any thread; much work posted at once costs one wake-up."""
        self._posted.append((work, args))
        if not self._scheduled and self._holder != threading.get_ident():
            self._schedule()

    def defer(self, work: Callable[[], object]) -> None:
        """Call `work` on the loop in its next turn, after everything else that is ready now. Any thread."""
        with suppress(RuntimeError):  # the loop has ended, so the work is dropped
            self.asyncio_loop.call_soon_threadsafe(work)

    def hold(self) -> None:
        """Let the loop wait for what the calling thread posts from now on, until `flush`.

        Woken by the first of many posts, the loop's thread would take the interpreter from the calling one at each.
        """
        self._holder = threading.get_ident()

    def flush(self) -> None:
        """Let the loop have what was posted since `hold`; before anything that may wait for the loop."""
        if self._holder == threading.get_ident():
            self._holder = 0
        if (self._posted or self._jobs) and not self._scheduled:
            self._schedule()

    def _schedule(self) -> None:
        # Set before the wake-up and cleared before the drain: work posted in between is drained or wakes again.
        self._scheduled = True
        try:
            self.asyncio_loop.call_soon_threadsafe(self._drain)
        except RuntimeError:  # the loop has ended, so the work is dropped
            self._posted.clear()
            self._jobs.clear()
            self._scheduled = False

    def begin(self, job: Job) -> None:
        """Start a coroutine on the loop: at once on its thread, soon from any other."""
        if threading.get_ident() == self._ident:
            assert self._starter is not None
            self._starter.start(deque((job,)))
            return
        self._jobs.append(job)
        if not self._scheduled and self._holder != threading.get_ident():
            self._schedule()

    def _drain(self) -> None:
        self._scheduled = False
        posted = self._posted
        while posted:
            work, args = posted.popleft()
            try:
                work(*args)
            except Exception:  # noqa: BLE001 - the work after it is not at fault
                _log.exception("work on the event loop failed")
        if self._jobs:
            self._start_jobs()

    def _start_jobs(self) -> None:
        assert self._starter is not None
        jobs, count = self._jobs, len(self._jobs)
        if count <= _FEW_JOBS:
            # Only what is queued now: a page that keeps calling must not block everything else on the loop.
            self._starter.start(deque([jobs.popleft() for _ in range(count)]))
            return
        until = time.perf_counter() + _SLICE
        while jobs and time.perf_counter() < until:
            self._starter.start(deque([jobs.popleft() for _ in range(min(_FEW_JOBS, len(jobs)))]))
        if jobs and not self._scheduled:
            self._schedule()

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine as a task of the loop. Any thread.

        Raises:
            RuntimeError: The application has not been started, or has ended.
        """
        future: SpawnedFuture[T] = SpawnedFuture()
        try:
            loop = self.asyncio_loop
            if loop.is_closed():
                raise RuntimeError("the application has ended; no task can be started any more")
            loop.call_soon_threadsafe(self._begin_task, coroutine, future)
        except RuntimeError:
            coroutine.close()  # else Python warns of what was never awaited
            raise
        return future

    def _begin_task(self, coroutine: Coroutine[Any, Any, T], future: SpawnedFuture[T]) -> None:
        task = self.asyncio_loop.create_task(coroutine)
        # The loop itself holds a waiting task by nothing: the collector may take one that only its own future knows.
        self._spawned.add(task)
        task.add_done_callback(self._spawned.discard)
        future.follow(task)

    def stop(self, grace: float) -> None:
        """Cancel every task, wait at most `grace` seconds for them, and end an own thread. Not on the loop's thread."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None or not thread.is_alive():
            return

        async def finish() -> None:
            me = asyncio.current_task()
            end, told = loop.time() + grace, {me}
            # Again and again: the end of one task may start another, as a call that waited for it.
            while (tasks := {task for task in asyncio.all_tasks() if task is not me}) and loop.time() < end:
                for task in tasks - told:
                    task.cancel()
                told |= tasks
                await asyncio.wait(tasks, timeout=end - loop.time(), return_when=asyncio.FIRST_COMPLETED)
            loop.call_soon(loop.stop)

        asyncio.run_coroutine_threadsafe(finish(), loop)
        thread.join(grace + 0.2)
