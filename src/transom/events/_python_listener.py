"""A Python function that listens, and the events that wait for it."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections import deque
from collections.abc import Coroutine
from typing import Any

from ..callables import is_async
from ..pages import QueueLimits
from ..threads import Threads
from ..wire import EventTarget
from ._event import Event, PythonListener

__all__ = ["PythonListenerQueue"]

_log = logging.getLogger("transom")
_TURN = 64  # events that an `async def` listener handles before the loop's other tasks have their turn


class PythonListenerQueue:
    """A Python function that listens. It handles its events one after the other; emitters do not wait for it.

    Events that wait for a slow one are bounded as a page's queue is. Over the bound the oldest is dropped, because the
    newest says more of how things are now, and the log says how many were.
    """

    def __init__(
        self,
        threads: Threads,
        function: PythonListener,
        target: EventTarget,
        once: bool,
        limits: QueueLimits,
        source: str | None = None,
    ) -> None:
        self.target = target
        self.once = once
        self.source = source
        self._threads = threads
        self._function = function
        self._limits = limits
        self._on_loop = is_async(function)
        self._pending: deque[tuple[Event, int]] = deque()
        self._bytes = 0
        self._missed = 0
        self._busy = False
        self._removed = False
        self._lock = threading.Lock()

    def put(self, event: Event, size: int) -> bool:
        """Queue an event, and tell whether `start` must be called because the queue is not being handled yet."""
        with self._lock:
            if self._removed:
                return False
            self._pending.append((event, size))
            self._bytes += size
            self._drop_what_is_over(event.event)
            start, self._busy = not self._busy, True
        return start

    def start(self) -> None:
        """Let the queue be handled.

        Raises:
            RuntimeError: The function is `async def` and the application does not run yet, or it has ended.
        """
        try:
            if self._on_loop:
                self._threads.loop.spawn(self._drain_on_loop())
            else:
                self._threads.listeners.submit(self._drain)
        except RuntimeError:
            with self._lock:
                self._clear()
                self._busy = False
            raise

    def remove(self) -> None:
        """Forget what waits: when `unlisten` has returned, no further call of the function begins."""
        with self._lock:
            self._removed = True
            self._clear()

    def _clear(self) -> None:
        self._pending.clear()
        self._bytes = 0

    def _drop_what_is_over(self, name: str) -> None:
        limits, before = self._limits, self._missed
        while len(self._pending) > 1 and (
            len(self._pending) > limits.max_queued_messages or self._bytes > limits.max_queued_bytes
        ):
            self._bytes -= self._pending.popleft()[1]
            self._missed += 1
        if self._missed and not before:
            _log.warning(
                "a listener of %r is too slow: the oldest of %d waiting events are dropped", name, len(self._pending)
            )

    def _next(self) -> Event | None:
        with self._lock:
            if not self._pending:
                self._busy = False
                return None
            event, size = self._pending.popleft()
            self._bytes -= size
            missed, self._missed = (0, self._missed) if self._pending else (self._missed, 0)
        if missed:
            _log.warning("a listener of %r has caught up; it missed %d events", event.event, missed)
        return event

    def _drain(self) -> None:
        while event := self._next():
            try:
                result = self._function(event)
                if inspect.iscoroutine(result):  # a `def` or `lambda` around an `async def`
                    self._threads.loop.spawn(self._finish(event, result))
                    return
            except BaseException:  # noqa: BLE001 - whatever it raises, its next event must reach it
                _log.exception("a listener of %r failed", event.event)

    async def _finish(self, event: Event, coroutine: Coroutine[Any, Any, Any]) -> None:
        await self._handle(event, coroutine)
        self._threads.listeners.submit(self._drain)

    async def _drain_on_loop(self) -> None:
        handled = 0
        while event := self._next():
            await self._handle(event)
            handled += 1
            if handled % _TURN == 0:  # awaiting something that never suspends would block the loop
                await asyncio.sleep(0)

    async def _handle(self, event: Event, coroutine: Coroutine[Any, Any, Any] | None = None) -> None:
        try:
            await (self._function(event) if coroutine is None else coroutine)
        except BaseException as error:
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise
            _log.exception("a listener of %r failed", event.event)
