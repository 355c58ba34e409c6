"""Which threads an application has, and on which of them a caller is."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from ._executors import Executors, ExecutorSource
from ._loop import Loop
from ._workers import MAX_WORKERS, WorkerPool, WorkerShare

__all__ = ["Threads"]

T = TypeVar("T")


class Threads:
    """The threads of one application: the window system's, the event loop's and the workers.

    Commands, listeners and serving have a pool each: blocked commands must not stop events, files and schemes.

    Args:
        max_workers: The most workers of one page's commands, of all listeners, of each user of `in_share`, and of
            `asyncio.to_thread`.
        executors: What makes the author's executors, by name; `None` for none.

    Attributes:
        executors: The author's executors.
        loop: Runs `async def` commands and listeners, and the web server.
        workers: Run `def` commands.
        listeners: Run `def` listeners and hooks.
    """

    def __init__(self, max_workers: int = MAX_WORKERS, executors: Mapping[str, ExecutorSource] | None = None) -> None:
        self.executors = Executors(executors or {})
        self.workers = WorkerPool(max_workers, "the commands without a page")
        self.listeners = WorkerPool(max_workers, "the listeners and hooks")
        self._serving = WorkerPool(max_workers, "`asyncio.to_thread`")
        self._shares: WeakValueDictionary[str, WorkerShare] = WeakValueDictionary()
        self.loop = Loop(self._serving)
        self._window_thread = 0

    def enter_window_thread(self) -> None:
        """Note that the calling thread is the window system's."""
        self._window_thread = threading.get_ident()

    @property
    def on_window_thread(self) -> bool:
        """Whether the calling thread is the window system's. `False` if it is the event loop's thread too, which must never block."""
        return threading.get_ident() == self._window_thread and not self.loop.is_current

    @property
    def on_loop(self) -> bool:
        """Whether the calling thread is the event loop's."""
        return self.loop.is_current

    async def in_share(self, user: str, function: Callable[..., T], *arguments: Any) -> T:
        """Run a function that may block in a worker, on any loop: blocked jobs of one user do not stop those of others.

        Args:
            user: What the work is done for, such as "the files of pages", for the log.
            function: The function.
            *arguments: Its arguments.

        Raises:
            RuntimeError: The application has ended.
        """
        # Kept by the jobs that run or wait in it, and by nothing else: labels of windows may be any number.
        share = self._shares.setdefault(user, WorkerShare(user))
        job = self._serving.submit_in(share, contextvars.copy_context(), function, *arguments)
        return await asyncio.wrap_future(job)

    def stop(self, grace: float) -> None:
        """Cancel every task, wait at most `grace` seconds for them, and take no more work. Not on the loop's thread."""
        self.loop.stop(grace)
        self.executors.stop()
        for pool in (self.workers, self.listeners, self._serving):
            pool.shutdown(cancel_futures=True)
