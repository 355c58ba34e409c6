"""The bound of `@command(concurrency=...)`: at most this many calls of a command run at once; the rest wait in order."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Protocol

__all__ = ["Gate", "GatedCall"]


class GatedCall(Protocol):
    """A call that needs room before it starts.

    Attributes:
        admitted: Whether it has room. Only the gate changes it.
        withdrawn: Whether it was cancelled before it began. Only the gate changes it.
    """

    admitted: bool
    withdrawn: bool

    def wait(self) -> bool:
        """Note that it waits for room; `False` when it was cancelled."""
        ...

    def admit(self) -> bool:
        """Note that it has room after all; `False` when it was cancelled."""
        ...

    def start(self) -> None:
        """Start it."""


class Gate:
    """Admits at most `limit` calls at once. Any thread.

    Args:
        limit: The most calls at once, at least 1.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._waiting: OrderedDict[GatedCall, None] = OrderedDict()
        self._lock = threading.Lock()
        self._here = threading.local()

    def enter(self, call: GatedCall) -> None:
        """Start a call now, or when one before it has left."""
        with self._lock:
            if call.withdrawn:
                return
            if not self._free:
                if call.wait():
                    self._waiting[call] = None
                return
            self._free -= 1
            call.admitted = True
        call.start()

    def leave(self) -> None:
        """Note that an admitted call has ended, and start the next one."""
        with self._lock:
            call = self._next()
            if call is None:
                self._free += 1
                return
            call.admitted = True
        self._start(call)

    def _next(self) -> GatedCall | None:
        while self._waiting:
            call, _ = self._waiting.popitem(last=False)
            if call.admit():
                return call
        return None

    def withdraw(self, call: GatedCall) -> None:
        """Take back a call that was cancelled before it began; called twice, the second does nothing."""
        with self._lock:
            leaves = call.admitted and not call.withdrawn
            call.withdrawn = True
            self._waiting.pop(call, None)
        if leaves:
            self.leave()

    def give_back(self, call: GatedCall) -> None:
        """Give the room of an admitted call, which has not begun, to others; it may `enter` again as another call."""
        with self._lock:
            leaves = call.admitted and not call.withdrawn
            call.admitted = False
        if leaves:
            self.leave()

    def _start(self, call: GatedCall) -> None:
        """Start a call that waited. One that ends at once admits the next from inside: it starts after it, not in it."""
        starting: deque[GatedCall] | None = getattr(self._here, "starting", None)
        if starting is not None:
            starting.append(call)
            return
        self._here.starting = deque([call])
        try:
            _start_all(self._here.starting)
        finally:
            self._here.starting = None


def _start_all(starting: deque[GatedCall]) -> None:
    try:
        while starting:
            starting.popleft().start()
    finally:
        if starting:  # an interrupt is meant for the thread; every admitted call must still start, and leave
            _start_all(starting)
