"""Coroutines that run at once: the first step on the spot, and a task only for what has to wait.

Most commands never wait, and a task costs as much as they do. Python 3.12 can start a task eagerly. Before, an idle task,
the carrier, runs the first steps of coroutines, one after the other: so `asyncio.current_task()`, `asyncio.timeout` and
the like work in them. It becomes the task of the first coroutine that waits, or in which anybody has kept hold of it.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.tasks import _enter_task, _leave_task, _register_task, _unregister_task  # for those who make tasks
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from sys import getrefcount
from typing import Any, Protocol
from weakref import getweakrefcount

__all__ = ["EagerStarter", "Job"]


class Job(Protocol):
    """A coroutine to be started."""

    @property
    def context(self) -> Context:
        """The context variables that it runs with; nothing else runs in them."""
        ...

    def begin(self) -> Coroutine[Any, Any, None] | None:
        """Return the coroutine, `None` when there is nothing to do any more. What it raises is its task's, as ever."""

    def waits(self, task: asyncio.Task[None]) -> None:
        """Note the task of a coroutine that waits, or has not begun. Not called for one that has ended."""


class EagerStarter:
    """Starts coroutines on one event loop, and on its thread only.

    Args:
        loop: The loop; it need not run yet.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._carrier: _Carrier | None = None

    def start(self, jobs: deque[Job]) -> None:
        """Run each coroutine to its end or its first wait, in order, and empty the queue."""
        if sys.version_info >= (3, 12):
            while jobs:
                job = jobs.popleft()
                coroutine = job.begin()
                if coroutine is not None:
                    task = asyncio.Task(coroutine, loop=self._loop, context=job.context, eager_start=True)
                    if not task.done():
                        job.waits(task)
            return
        carrier, self._carrier = self._carrier, None
        if carrier is not None and carrier.carry(jobs):
            self._carrier = carrier
            return
        # There will be a new one from the loop's next turn on.
        _Carrier(self._loop, self._put_back)
        while jobs:
            job = jobs.popleft()
            coroutine = job.begin()
            if coroutine is not None:
                job.waits(self._loop.create_task(coroutine, context=job.context))

    def _put_back(self, carrier: _Carrier) -> None:
        self._carrier = carrier


class _Carrier:
    """A task that carries coroutines, and the future that this task waits for between them.

    Args:
        loop: The event loop.
        idle: Called once, when the carrier can take its first coroutine.
    """

    # What asyncio asks of a future: these two, `add_done_callback`, `result` and `cancel`.
    _asyncio_future_blocking = False
    _loop: asyncio.AbstractEventLoop

    def __init__(self, loop: asyncio.AbstractEventLoop, idle: Callable[[_Carrier], None]) -> None:
        self._loop = loop
        self._idle: Callable[[_Carrier], None] | None = idle
        self._wake_task: Callable[[_Carrier], None] | None = None
        self._jobs: deque[Job] = deque()
        task: Any = asyncio.Task(self._run(), loop=loop)
        # It is not registered yet: not in `asyncio.all_tasks()`, and not reported when the loop ends.
        _unregister_task(task)
        task._log_destroy_pending = False  # noqa: SLF001 - what `asyncio.gather` uses for the same
        self._task = task

    def carry(self, jobs: deque[Job]) -> bool:
        """Run coroutines, each to its end or its first wait, and tell whether the carrier can take more.

        If not, it has become the task of the last one that it took.
        """
        wake_task, self._wake_task = self._wake_task, None
        assert wake_task is not None
        self._jobs = jobs
        around = asyncio.current_task(self._loop)
        if around is None:
            wake_task(self)
        else:
            _leave_task(self._loop, around)
            try:
                wake_task(self)
            finally:
                _enter_task(self._loop, around)
        return self._wake_task is not None

    # A generator, because an `async def` complains if the loop ends before it begins.
    def _run(self) -> Generator[Any, None, None]:
        while True:
            # A carrier may be idle for long, and a job holds its call, which holds its page and its session.
            job: Job | None = None
            coroutine: Coroutine[Any, Any, None] | None = None
            self._asyncio_future_blocking = True
            yield self
            jobs = self._jobs
            while jobs:
                job = jobs.popleft()
                coroutine = job.begin()
                if coroutine is None:
                    continue
                known = getrefcount(self._task)
                try:
                    waits_for = job.context.run(coroutine.send, None)
                except StopIteration:
                    if self._is_known_elsewhere(known):
                        return
                else:
                    _register_task(self._task)
                    self._task._log_destroy_pending = True  # noqa: SLF001
                    job.waits(self._task)
                    context = job.context
                    # A task holds the exception that ends it, and that this frame, which must not hold the task.
                    del job, self._task
                    yield from _rest(coroutine, context, waits_for)
                    return

    def _is_known_elsewhere(self, known: int) -> bool:
        """Tell whether anything is left that takes the carrier for the ended coroutine's task."""
        task = self._task
        return bool(
            getrefcount(task) != known + 1  # `task` itself
            or getweakrefcount(task)
            or task._callbacks  # noqa: SLF001 - there is no public way to ask
            or task.cancelling()
        )

    def add_done_callback(self, wake_task: Callable[[_Carrier], None], *, context: Context) -> None:
        """Wait for coroutines; called by the task."""
        self._wake_task = wake_task
        if self._idle is not None:
            idle, self._idle = self._idle, None
            idle(self)

    def result(self) -> None:
        """Return nothing: there are coroutines, or the end."""

    def cancel(self, msg: Any = None) -> bool:
        """Refuse: the task is not registered while it waits, so it cannot be cancelled."""
        return False


def _rest(coroutine: Coroutine[Any, Any, None], context: Context, waits_for: Any) -> Generator[Any, Any, None]:
    """Run the rest of a coroutine, every step in its own context."""
    try:
        while True:
            try:
                value = yield waits_for
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is for the coroutine
                waits_for = context.run(coroutine.throw, error)
            else:
                waits_for = context.run(coroutine.send, value)
    except StopIteration:
        return
