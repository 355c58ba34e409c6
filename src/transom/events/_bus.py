"""The bus under events: what is emitted is published on it, and everything published reaches the listeners."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from typing import Literal, NamedTuple, Protocol, TypeAlias

import msgspec

from ..values import InvokeResponseBody
from ..wire import EventTarget

__all__ = ["Audience", "Bus", "Deliver", "MemoryBus", "PublishedEvent", "Recipients"]


class Recipients(NamedTuple):
    """The sessions of a server that an event is for.

    Attributes:
        kind: `everybody`, or the sessions of one `user`, or of one `group`.
        name: The user's id or the group's name; empty for everybody.
    """

    kind: Literal["everybody", "user", "group"]
    name: str = ""


class Audience(msgspec.Struct, frozen=True):
    """Which listeners an event of 1.x is for. In 2.x its target alone decides.

    Attributes:
        page: Label of the one webview whose page gets it; `None` for all.
        pages: Whether pages get it.
        python: Whether Python listeners get it.
    """

    page: str | None = None
    pages: bool = True
    python: bool = True


class PublishedEvent(msgspec.Struct, frozen=True):
    """An event on its way to its listeners.

    Attributes:
        name: The event's name.
        body: Its payload, encoded.
        accepts: Tells whether a listener with this target is meant; `None` for all. It stays in the process.
        source: Label of the window that it comes from, where clients of 1.x are to know it; `None` for the application.
        audience: The listeners that it is for, among those that `accepts` names; `None` for all.
        cursor: Its place in the bus's history, counted from 1; 0 before it is published.
        recipients: The sessions that it is for; `None` for the session, or the application, that emits it.
        target: Whom it is for in each of them; `None` for every listener. Unlike `accepts`, it can leave the process.
    """

    name: str
    body: InvokeResponseBody
    accepts: Callable[[EventTarget], bool] | None = None
    source: str | None = None
    audience: Audience | None = None
    cursor: int = 0
    recipients: Recipients | None = None
    target: EventTarget | None = None


# Hands an event to the listeners of this process.
Deliver: TypeAlias = Callable[[PublishedEvent], None]


class Bus(Protocol):
    """Carries events from their emitters to every process that has listeners. Thread-safe."""

    def subscribe(self, deliver: Deliver) -> None:
        """Call `deliver` with every event published from now on, in the order of publishing."""

    def publish(self, event: PublishedEvent) -> None:
        """Publish an event.

        Raises:
            RuntimeError: A subscriber cannot take it.
        """

    def history(self, after: int) -> Sequence[PublishedEvent]:
        """Return the events published after a cursor, oldest first, as far as they are kept.

        Args:
            after: The cursor of the last event known to the caller; 0 for none.
        """
        ...


class MemoryBus:
    """The bus of an application in one process: publishing calls the subscribers.

    Args:
        kept: The number of events that `history` can return at most.
    """

    def __init__(self, kept: int = 0) -> None:
        self._subscribers: tuple[Deliver, ...] = ()
        self._kept: deque[PublishedEvent] | None = deque(maxlen=kept) if kept else None
        self._cursors = count(1)
        self._lock = threading.Lock()

    def subscribe(self, deliver: Deliver) -> None:
        """See `Bus`."""
        self._subscribers = (*self._subscribers, deliver)

    def publish(self, event: PublishedEvent) -> None:
        """See `Bus`."""
        if self._kept is not None:
            with self._lock:
                event = msgspec.structs.replace(event, cursor=next(self._cursors))
                self._kept.append(event)
        for deliver in self._subscribers:
            deliver(event)

    def history(self, after: int) -> Sequence[PublishedEvent]:
        """See `Bus`."""
        with self._lock:
            return [event for event in self._kept or () if event.cursor > after]
