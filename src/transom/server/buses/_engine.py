"""What buses through an engine have in common: a queue to it, a reader from it, and patience when it is away."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Literal, NamedTuple

from ...errors import RequestError
from ...events import Deliver, PublishedEvent
from ._message import MAX_EVENT_BYTES, decode_event, encode_event

__all__ = ["EngineBus", "Stored", "without_password"]

_log = logging.getLogger("transom")
_MAX_WAITING = 10_000
_MAX_WAITING_BYTES = 64 * 1024 * 1024
_BATCH = 100
_WAITS = (0.05, 0.2, 0.5, 1.0, 2.0)  # seconds between attempts to reach the engine
_MAX_PROCESSES = 10_000  # that are remembered: each start of a process is another one


class Stored(NamedTuple):
    """An entry of the engine's history.

    Attributes:
        cursor: Its place; later entries have greater ones.
        data: What was stored; `None` for a notice that entries before it are gone, which this process has not read.
    """

    cursor: int
    data: bytes | None


class EngineBus(ABC):
    """Carries events through an engine; see `Bus`. Every process reads every event, its own as well, in the engine's order.

    Args:
        address: The engine's address, for the log.
        kept: The number of events that `history` can return at most.
    """

    def __init__(self, address: str, kept: int = 0) -> None:
        self.address = address
        self.process = secrets.token_hex(8)
        self._subscribers: tuple[Deliver, ...] = ()
        self._kept: deque[PublishedEvent] = deque(maxlen=kept)
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._number = 0
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._more = asyncio.Event()
        self._placed = asyncio.Event()  # once it is known from where on this process reads
        self._numbers: dict[str, int] = {}  # by process, of the last event that was delivered
        self._reading = self._writing = False
        self._away: deque[tuple[int, float]] = deque(
            maxlen=_MAX_WAITING
        )  # own events that have not come back, and when
        # Called when events are gone that this process has not read.
        self.lost: Callable[[], None] = lambda: None

    @property
    def is_ready(self) -> bool:
        """Whether the engine can be reached."""
        return self._reading and self._writing

    @property
    def waiting(self) -> int:
        """How many events wait for the engine."""
        return len(self._waiting)

    @property
    def lag(self) -> float:
        """The age in seconds of the oldest event of this process that has not come back from the engine; 0 for none."""
        try:
            return time.monotonic() - self._away[0][1]
        except IndexError:
            return 0.0

    @property
    def max_event_bytes(self) -> int:
        """The largest event, encoded."""
        return MAX_EVENT_BYTES

    def refuse(self, size: int) -> None:
        """Log that an event cannot be stored at all."""
        _log.error("an event of %d bytes was dropped: %s takes at most %d", size, self.address, self.max_event_bytes)

    def subscribe(self, deliver: Deliver) -> None:
        """See `Bus`."""
        self._subscribers = (*self._subscribers, deliver)

    def publish(self, event: PublishedEvent) -> None:
        """See `Bus`. Any thread; the event waits while the engine is away.

        Raises:
            RequestError: The event is too large, or too many wait for the engine.
        """
        with self._lock:
            data = encode_event(event, self.process, self._number + 1)
            if len(data) > self.max_event_bytes:
                raise RequestError(
                    f"the event {event.name!r} has {len(data)} bytes, and other processes get at most "
                    f"{self.max_event_bytes}; send a reference to the data instead"
                )
            if len(self._waiting) >= _MAX_WAITING or self._waiting_bytes + len(data) > _MAX_WAITING_BYTES:
                raise RequestError(
                    f"the event {event.name!r} was not sent: {len(self._waiting)} events wait for {self.address}, which cannot "
                    "be reached or does not keep up; is it running?"
                )
            self._number += 1
            self._away.append((self._number, time.monotonic()))
            self._waiting.append(data)
            self._waiting_bytes += len(data)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._more.set)

    def history(self, after: int) -> Sequence[PublishedEvent]:
        """See `Bus`: what this process has read, as far as it is kept."""
        return [event for event in list(self._kept) if event.cursor > after]

    async def run(self) -> None:
        """Carry events until the task is cancelled; whatever happens to the engine, it is tried again."""
        self._loop = asyncio.get_running_loop()
        self._more.set()
        both = [asyncio.ensure_future(self._for_ever("reading")), asyncio.ensure_future(self._for_ever("writing"))]
        try:
            await asyncio.gather(*both)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)
            self._reading = self._writing = False
            await self._close()

    async def _for_ever(self, name: Literal["reading", "writing"]) -> None:
        failed = 0
        while True:
            try:
                if name == "reading":
                    await self._read()
                else:
                    await self._write()
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - an engine goes away in many ways, and comes back
                was_ready = self._reading if name == "reading" else self._writing
                if was_ready or not failed:
                    _log.error(
                        "%s cannot be reached (%s: %s); events to other processes wait, and it is tried again",
                        self.address,
                        type(error).__name__,
                        error,
                    )
                failed = 1 if was_ready else failed + 1
            self._set(name, False)
            await asyncio.sleep(_WAITS[min(failed, len(_WAITS)) - 1])

    def _set(self, name: str, ready: bool) -> None:
        before = self.is_ready
        if name == "reading":
            self._reading = ready
        else:
            self._writing = ready
        if self.is_ready and not before:
            _log.info("events are carried by %s", self.address)

    async def _read(self) -> None:
        async for stored in self._entries():
            if stored is None:
                self._placed.set()
                self._set("reading", True)
            elif stored.data is None:
                _log.error("events of %s are gone that this process has not read; its pages are told", self.address)
                self.lost()
            else:
                self._take(stored.cursor, stored.data)

    def _take(self, cursor: int, data: bytes) -> None:
        found = decode_event(data, cursor)
        if found is None:
            _log.warning("an event in %s is of another version of transom, and is left out", self.address)
            return
        envelope, event = found
        if envelope.number <= self._numbers.get(envelope.process, 0):
            return  # it was stored twice, because the engine went away before it had said that it has it
        self._numbers.pop(envelope.process, None)
        self._numbers[envelope.process] = envelope.number
        while len(self._numbers) > _MAX_PROCESSES:
            del self._numbers[next(iter(self._numbers))]
        if envelope.process == self.process:
            while self._away and self._away[0][0] <= envelope.number:
                self._away.popleft()
        self._kept.append(event)
        for deliver in self._subscribers:
            try:
                deliver(event)
            except Exception:  # noqa: BLE001 - one listener must not keep the events after it from the others
                _log.exception("the event %r could not be delivered", event.name)

    async def _write(self) -> None:
        await self._open()
        await self._placed.wait()  # what is stored before would never come back to this process
        self._set("writing", True)
        while True:
            with self._lock:
                batch = [self._waiting[index] for index in range(min(_BATCH, len(self._waiting)))]
            if not batch:
                self._more.clear()
                if not self._waiting:
                    await self._idle(self._more)
                continue
            await self._store(batch)
            with self._lock:
                for _ in batch:
                    self._waiting_bytes -= len(self._waiting.popleft())

    @abstractmethod
    def _entries(self) -> AsyncIterator[Stored | None]:
        """Yield `None` when the engine is reached, then its entries from where this process was, until it goes away."""

    @abstractmethod
    async def _open(self) -> None:
        """Reach the engine for writing."""

    @abstractmethod
    async def _store(self, batch: Sequence[bytes]) -> None:
        """Store entries in this order."""

    @abstractmethod
    async def _close(self) -> None:
        """Leave the engine."""

    async def _idle(self, more: asyncio.Event) -> None:
        """Wait until there is something to store; raise when the engine goes away meanwhile, if that can be told."""
        await more.wait()


def without_password(address: str) -> str:
    """Return an engine's address as the log may show it: Redis takes a password in the query too."""
    scheme, _, rest = address.partition("?")[0].partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
