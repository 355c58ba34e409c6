"""Long blocking work in small slices, so that it can be watched and stopped."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Generic, TypeVar

T = TypeVar("T")


class Steps(Generic[T]):
    """Drive a generator in slices of time, on any thread, until it ends or is stopped.

    The generator yields what it found, or `None` where it only offers to be interrupted. Closing a generator that
    another thread is running is an error in Python; `stop` therefore marks it, and whoever runs it closes it.
    """

    def __init__(self, work: Generator[T | None, None, None], clock: Callable[[], float] = time.monotonic) -> None:
        self._work = work
        self._clock = clock
        self._running = threading.Lock()
        self._stopped = False

    def run_slice(self, seconds: float) -> tuple[list[T], bool]:
        """Work for about `seconds`; return what was found and whether the work has ended."""
        found: list[T] = []
        with self._running:
            deadline = self._clock() + seconds
            ended = self._stopped
            while not ended:
                try:
                    item = next(self._work)
                except StopIteration:
                    self._stopped = True
                    break
                if item is not None:
                    found.append(item)
                if self._stopped or self._clock() >= deadline:
                    break
            ended = self._stopped
        if ended:
            self.stop()
        return found, ended

    def stop(self) -> None:
        """End the work and close what it holds open, now or as soon as the running slice notices."""
        self._stopped = True
        if self._running.acquire(blocking=False):
            try:
                self._work.close()
            finally:
                self._running.release()

    async def slices(self, seconds: float) -> AsyncGenerator[list[T], None]:
        """Run slices of `seconds` on worker threads and yield what each one found; leaving stops the work."""
        try:
            ended = False
            while not ended:
                found, ended = await asyncio.to_thread(self.run_slice, seconds)
                yield found
        finally:
            self.stop()
