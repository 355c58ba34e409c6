"""A function of the application's that is called once at a time, in order, without holding the caller."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from ._threads import Threads

__all__ = ["OrderedCalls"]

_log = logging.getLogger("transom")


class OrderedCalls:
    """Calls a function in a worker, `async def` on the event loop; what it raises is logged.

    Args:
        threads: The application's threads.
        function: The function.
        what: What it is, for the log.
        most: How many calls wait at most; over that the oldest is dropped.
    """

    def __init__(self, threads: Threads, function: Callable[..., object], what: str, most: int = 1000) -> None:
        self._threads = threads
        self._function = function
        self._what = what
        self._waiting: deque[tuple[Any, ...]] = deque(maxlen=most)
        self._busy = False
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any) -> None:
        """Call the function soon. Any thread; returns at once."""
        with self._lock:
            self._waiting.append(arguments)
            if self._busy:
                return
            self._busy = True
        try:
            self._threads.listeners.submit(self._drain)
        except RuntimeError:  # the application has ended
            self._busy = False

    def _next(self) -> tuple[Any, ...] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._busy = False
            return None

    def _drain(self) -> None:
        while (arguments := self._next()) is not None:
            try:
                result = self._function(*arguments)
                if isawaitable(result):
                    self._threads.loop.spawn(_awaited(result)).result()
            except BaseException:  # noqa: BLE001 - whatever it raises, its next call must reach it
                _log.exception("%s failed", self._what)


async def _awaited(task: Awaitable[Any]) -> Any:
    return await task
