"""Reports commands that hold the event loop, during development."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Generator
from typing import Any

__all__ = ["WatchedSteps"]

_log = logging.getLogger("transom")
_SLOW = 0.25  # seconds


class WatchedSteps:
    """Awaits a command, and logs each step that blocked the event loop for a long time.

    Args:
        awaitable: The command's coroutine.
        command: The command's name.
    """

    def __init__(self, awaitable: Awaitable[Any], command: str) -> None:
        self._awaitable = awaitable
        self._command = command

    def __await__(self) -> Generator[Any, Any, Any]:
        """Await the command."""
        steps: Any = self._awaitable.__await__()
        step, argument = steps.send, None
        while True:
            began = time.perf_counter()
            try:
                waits_for = step(argument)
            except StopIteration as end:
                return end.value
            finally:
                self._check(time.perf_counter() - began)
            try:
                step, argument = steps.send, (yield waits_for)
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is for the command
                step, argument = steps.throw, error

    def _check(self, taken: float) -> None:
        if taken > _SLOW:
            _log.warning(
                "command %r blocked the event loop for %.0f ms: no other `async def` command, listener or page could run "
                "meanwhile; make it a `def`, or move the slow part to `await asyncio.to_thread(...)`",
                self._command,
                taken * 1000,
            )
