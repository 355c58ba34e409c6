"""The bound of `@command(concurrency=...)`: so many calls of one command at once, the others wait in their order."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._invoke import Invoke

__all__ = ["Gate"]


class _Waiting:
    """A call in the queue, as its page may cancel it.

    Attributes:
        start: Starts the call.
        let_in: Whether it has left the queue to be started.
        withdrawn: Whether it was cancelled before that.
    """

    __slots__ = ("_gate", "_invoke", "let_in", "start", "withdrawn")

    def __init__(self, gate: Gate, invoke: Invoke, start: Callable[[], None]) -> None:
        self._gate = gate
        self._invoke = invoke
        self.start = start
        self.let_in = self.withdrawn = False

    def cancel(self) -> None:
        """Leave the queue; a call that has just been let in is cancelled where it runs instead."""
        if self._gate.withdraw(self):
            self._invoke.resolver.reject_cancelled()
        elif self.let_in:
            self._invoke.message.session.cancel(self._invoke.resolver.call, on_its_way=self)


class Gate:
    """Lets at most so many calls in. Any thread.

    Args:
        limit: The most calls at once, at least 1.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._waiting: OrderedDict[_Waiting, None] = OrderedDict()
        self._lock = threading.Lock()
        self._here = threading.local()

    def enter(self, invoke: Invoke, start: Callable[[], None], *, detached: bool) -> None:
        """Call `start` now, or when a call before it has left."""
        with self._lock:
            now = self._free > 0
            self._free -= now
        if now:
            start()
            return
        waiting = _Waiting(self, invoke, start)
        # Before it can be let in: the call that is then started takes this one's place.
        invoke.message.session.started(invoke.resolver.call, waiting, detached=detached)
        with self._lock:
            if waiting.withdrawn:
                return
            if not self._free:
                self._waiting[waiting] = None
                return
            self._free -= 1
            waiting.let_in = True
        self._start(waiting)

    def leave(self) -> None:
        """Note that a call has ended, and let the next one in."""
        with self._lock:
            if not self._waiting:
                self._free += 1
                return
            after, _ = self._waiting.popitem(last=False)
            after.let_in = True
        self._start(after)

    def _start(self, waiting: _Waiting) -> None:
        """Start a call that has waited. One that ends at once lets in the next from inside: these come after it, not in it."""
        starting: deque[_Waiting] | None = getattr(self._here, "starting", None)
        if starting is not None:
            starting.append(waiting)
            return
        self._here.starting = deque([waiting])
        try:
            _start_all(self._here.starting)
        finally:
            self._here.starting = None

    def withdraw(self, waiting: _Waiting) -> bool:
        """Take a call out of the queue; `False` when it has been let in, or withdrawn before."""
        with self._lock:
            if waiting.let_in or waiting.withdrawn:
                return False
            waiting.withdrawn = True
            self._waiting.pop(waiting, None)
        return True


def _start_all(starting: deque[_Waiting]) -> None:
    try:
        while starting:
            starting.popleft().start()
    finally:
        if starting:  # an interrupt is for the thread; whoever was let in must still start, and leave
            _start_all(starting)
