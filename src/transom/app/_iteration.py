"""The steps of an application whose loop is the program's own."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from ..core import RunHook

__all__ = ["Iteration"]


class Iteration:
    """Runs a runtime in steps.

    Args:
        steps: The runtime's.
        stop: Called once, when they have ended.
    """

    def __init__(self, steps: Generator[None, None, int], stop: Callable[[], None]) -> None:
        self._steps = steps
        self._stop = stop
        self._callback: RunHook | None = None
        self._code: int | None = None

    def tell(self, app: Any, event: Any) -> None:
        """Call the latest callback."""
        if self._callback is not None:
            self._callback(app, event)

    def next(self, callback: RunHook | None) -> int | None:
        """Do a step, with this callback for what happens; return the exit status after the last one, `None` before."""
        self._callback = callback
        if self._code is not None:
            return self._code
        try:
            next(self._steps)
        except BaseException as end:
            self._stop()
            if not isinstance(end, StopIteration):
                raise
            self._code = int(end.value)
        return self._code
