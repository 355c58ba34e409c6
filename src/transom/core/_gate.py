"""The bound of `@command(concurrency=...)`: so many calls of one command at once, the others wait in their order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._invoke import Invoke

__all__ = ["Gate"]


class _Waiting:
    """A call in the queue, as its page may cancel it."""

    __slots__ = ("_gate", "_invoke", "start")

    def __init__(self, gate: Gate, invoke: Invoke, start: Callable[[], None]) -> None:
        self._gate = gate
        self._invoke = invoke
        self.start = start

    def cancel(self) -> None:
        """Leave the queue; a call that has just been let in is cancelled where it runs instead."""
        if self._gate.remove(self):
            self._invoke.resolver.cancelled()


class Gate:
    """Lets at most so many calls in. Any thread.

    Args:
        limit: The most calls at once, at least 1.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._waiting: deque[_Waiting] = deque()
        self._lock = threading.Lock()

    def enter(self, invoke: Invoke, start: Callable[[], None], *, detached: bool) -> None:
        """Call `start` now, or when a call before it has left."""
        with self._lock:
            if self._free:
                self._free -= 1
                waiting = None
            else:
                waiting = _Waiting(self, invoke, start)
                self._waiting.append(waiting)
        if waiting is None:
            start()
        else:
            invoke.message.session.started(invoke.resolver.call, waiting, detached=detached)

    def leave(self) -> None:
        """Note that a call has ended, and let the next one in."""
        with self._lock:
            if not self._waiting:
                self._free += 1
                return
            after = self._waiting.popleft()
        after.start()

    def remove(self, waiting: _Waiting) -> bool:
        """Take a call out of the queue and tell whether it was still there."""
        with self._lock:
            try:
                self._waiting.remove(waiting)
            except ValueError:
                return False
        return True
