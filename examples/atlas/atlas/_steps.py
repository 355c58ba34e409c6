"""Run long blocking work in small slices, so that it can report progress and be stopped."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Generic, TypeVar

T = TypeVar("T")


class Steps(Generic[T]):
    """Run a generator in slices of time, on any thread, until it ends or is stopped.

    The generator yields its results, or `None` where it can be interrupted. In Python, a thread must not close a
    generator that another thread is running. `stop` therefore sets a flag, and the thread that runs the generator
    closes it.
    """

    def __init__(self, work: Generator[T | None, None, None], clock: Callable[[], float] = time.monotonic) -> None:
        self._work = work
        self._clock = clock
        self._running = threading.Lock()
        self._stopped = False

    def run_slice(self, seconds: float) -> tuple[list[T], bool]:
        """Run for about `seconds`; return the results, and whether the work has ended."""
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
        """End the work and close the generator, now or as soon as the running slice ends."""
        self._stopped = True
        if self._running.acquire(blocking=False):
            try:
                self._work.close()
            finally:
                self._running.release()

    async def slices(self, seconds: float) -> AsyncGenerator[list[T], None]:
        """Run slices of `seconds` on worker threads and yield the results of each; closing the iterator stops the work."""
        try:
            ended = False
            while not ended:
                found, ended = await asyncio.to_thread(self.run_slice, seconds)
                yield found
        finally:
            self.stop()
