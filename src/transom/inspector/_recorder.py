"""Keeps the last calls, events and channels of an application, within bounds."""

from __future__ import annotations

import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count, islice
from typing import Any, NamedTuple, TypeVar
from weakref import WeakSet, ref

import msgspec

from ..errors import CommandError, NotAllowed, RequestError, Unsupported
from ..events import PublishedEvent
from ..observe import Watcher
from ..pages import CallState, ChannelState, PageSession
from ..values import LiftedBuffer
from ..wire import InvokeFrame
from ._bounds import BOUNDS, Bounds, text_in
from ._records import CallRecord, ChannelMessage, ChannelRecord, EventRecord

__all__ = ["Changes", "Recorder"]

_CHANNEL_PREFIX = b"__CHANNEL__:"
_MOST_AT_ONCE = 200  # records of a kind in one message to the inspector's page
_WHERE = {CallState.ON_LOOP: "loop", CallState.IN_WORKER: "worker", CallState.ON_MAIN: "main"}
_ENDS = {CallState.CANCELLED: "cancelled", CallState.PAGE_GONE: "gone"}
# What a page or a policy is at fault for; a traceback would say nothing about it.
_EXPECTED = (CommandError, NotAllowed, RequestError, Unsupported)
_Record = TypeVar("_Record", CallRecord, EventRecord, ChannelRecord)


class Changes(msgspec.Struct, rename="camel"):
    """What has changed since a reader looked the last time.

    Attributes:
        cursor: The reader's next `after`.
        more: Whether there is more already.
        calls: Calls that are new or have changed, whole.
        events: New events.
        channels: Channels that are new or have changed.
    """

    cursor: int
    more: bool
    calls: list[CallRecord]
    events: list[EventRecord]
    channels: list[ChannelRecord]


class _Kept(NamedTuple):
    call: CallRecord
    session: ref[PageSession]


class _KeptChannel(NamedTuple):
    record: ChannelRecord
    messages: deque[ChannelMessage]


class Recorder(Watcher):
    """Keeps what the observed pages do. Any thread.

    Args:
        bounds: How much it keeps.

    Attributes:
        pages: The observed page generations that are alive.
    """

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self.bounds = bounds
        self.pages: WeakSet[PageSession] = WeakSet()
        self._lock = threading.Lock()
        self._ids = count(1)
        self._change = 0
        self._calls: deque[_Kept] = deque(maxlen=bounds.calls)
        self._events: deque[EventRecord] = deque(maxlen=bounds.events)
        self._channels: deque[_KeptChannel] = deque(maxlen=bounds.channels)
        self._replayer: int | None = None  # the thread that makes a call again
        self._began = time.time() - time.perf_counter()

    def _now(self) -> float:
        return (self._began + time.perf_counter()) * 1000

    def _changed(self) -> int:
        """Return the number of a change; with the lock."""
        self._change += 1
        return self._change

    # Calls

    def arrived(
        self,
        session: PageSession,
        command: str,
        frame: InvokeFrame | None = None,
        buffers: Sequence[memoryview] = (),
    ) -> CallRecord:
        """Keep a new call.

        Args:
            session: The page that called.
            command: The whole name of the command.
            frame: The call's message; `None` for one that was refused before it was read.
            buffers: The bytes of its raw buffers.
        """
        record = CallRecord(
            id=next(self._ids),
            change=0,
            at=self._now(),
            page=session.page.label,
            origin=session.page.origin,
            command=command[: self.bounds.message],
            replayed=self._replayer == threading.get_ident(),
        )
        if frame is not None:
            self._read(record, frame, buffers)
        with self._lock:
            record.change = self._changed()
            self._calls.append(_Kept(record, ref(session)))
        return record

    def _read(self, record: CallRecord, frame: InvokeFrame, buffers: Sequence[memoryview]) -> None:
        most = self.bounds.body
        payload = memoryview(frame.payload)
        record.args_bytes = len(payload)
        record.args = text_in(payload, most)
        record.buffers = [len(buffer) for buffer in islice(buffers, most // 8)]
        record.raw = any(not span.path for span in frame.spans[:1])
        record.headers = _cut(frame.headers or {}, most)
        record.replayable = len(payload) <= most and not frame.spans and _CHANNEL_PREFIX not in bytes(payload)

    def began(self, record: CallRecord, where: CallState) -> None:
        """Note that a call's command begins to run."""
        with self._lock:
            record.where = _WHERE[where]
            record.waited = self._now() - record.at
            if record.took is None:
                record.state = "running"
            record.change = self._changed()

    def failed(self, record: CallRecord, error: BaseException) -> None:
        """Note why a call is about to be rejected."""
        if isinstance(error, NotAllowed):
            record.denial = {"message": str(error), **error.details}
            record.advice = error.advice
        elif not isinstance(error, _EXPECTED) or error.__cause__ is not None:
            record.error = "".join(traceback.format_exception(error))[-self.bounds.traceback :]

    def answered(
        self, record: CallRecord, state: CallState, is_ok: bool, json: bytes, buffers: Sequence[LiftedBuffer]
    ) -> None:
        """Note the answer of a call."""
        sizes = [len(buffer.data) for buffer in islice(buffers, self.bounds.body // 8)]
        with self._lock:
            record.took = self._now() - record.at
            record.state = _ENDS.get(state, "resolved" if is_ok else "rejected")
            record.result = text_in(json, self.bounds.body)
            record.result_buffers = sizes
            record.result_bytes = len(json) + sum(len(buffer.data) for buffer in buffers)
            record.change = self._changed()

    def call(self, number: int) -> tuple[CallRecord, PageSession | None]:
        """Return a call and the page that made it; `None` for one that is gone.

        Raises:
            LookupError: It is not kept any more.
        """
        with self._lock:
            found = next((kept for kept in self._calls if kept.call.id == number), None)
        if found is None:
            raise LookupError(f"the call {number} is not kept any more")
        return found.call, found.session()

    def page(self, label: str) -> PageSession | None:
        """Return the page that a webview shows; `None` for none."""
        return next((page for page in list(self.pages) if page.page.label == label and not page.closed), None)

    @contextmanager
    def replaying(self) -> Iterator[None]:
        """Mark the calls that this thread makes in the `with` block as made by the inspector. One thread at a time."""
        self._replayer = threading.get_ident()
        try:
            yield
        finally:
            self._replayer = None

    # Events, and pages

    def published(self, event: PublishedEvent) -> None:
        """Keep an event."""
        json, buffers = event.body
        self._note(
            "event",
            event.name[: self.bounds.message],
            text_in(json, self.bounds.body),
            len(json) + sum(len(buffer.data) for buffer in buffers),
            source=event.source or "",
            everybody=event.accepts is None,
        )

    def opened(self, session: PageSession) -> None:
        """Keep that a page has begun."""
        self.pages.add(session)
        self._note("opened", session.page.label, session.page.origin)

    def closed(self, session: PageSession) -> None:
        """Keep that a page has ended."""
        self._note("closed", session.page.label, session.page.origin)

    def _note(self, kind: str, name: str, payload: str, size: int = 0, **more: Any) -> None:
        with self._lock:
            self._events.append(
                EventRecord(
                    id=next(self._ids),
                    change=self._changed(),
                    at=self._now(),
                    kind=kind,
                    name=name,
                    payload=payload,
                    payload_bytes=size,
                    **more,
                )
            )

    # Channels

    def channel(self, session: PageSession, channel: ChannelState) -> _KeptChannel:
        """Keep a new channel."""
        now = self._now()
        record = ChannelRecord(
            id=next(self._ids), change=0, at=now, last=now, page=session.page.label, callback=channel.id
        )
        kept = _KeptChannel(record, deque(maxlen=self.bounds.messages))
        with self._lock:
            self._channels.append(kept)
        return kept

    def sent(self, kept: _KeptChannel, index: int, json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """Keep a message of a channel."""
        size = len(json) + sum(len(buffer.data) for buffer in buffers)
        record, text = kept.record, text_in(json, self.bounds.message)
        with self._lock:
            record.last = self._now()
            record.sent += 1
            record.bytes += size
            record.change = self._changed()
            kept.messages.append(ChannelMessage(index, record.last, size, text))

    def ended(self, kept: _KeptChannel) -> None:
        """Note that a channel has ended."""
        with self._lock:
            kept.record.ended = True
            kept.record.change = self._changed()

    def messages(self, number: int) -> list[ChannelMessage]:
        """Return the last messages of a channel; none if it is not kept any more."""
        with self._lock:
            return [message for kept in self._channels if kept.record.id == number for message in kept.messages]

    # What a reader asks.

    def changes(self, after: int) -> Changes:
        """Return what has changed since another answer's `cursor`; 0 for everything that is kept."""
        with self._lock:
            calls = _first((kept.call for kept in self._calls), after)
            events = _first(self._events, after)
            channels = _first((kept.record for kept in self._channels), after)
            full = [found[-1].change for found in (calls, events, channels) if len(found) == _MOST_AT_ONCE]
            cursor = min(full, default=self._change)
            # Copies: the next change must not meet the encoder.
            return Changes(
                cursor,
                bool(full),
                [msgspec.structs.replace(call) for call in calls if call.change <= cursor],
                [event for event in events if event.change <= cursor],
                [msgspec.structs.replace(channel) for channel in channels if channel.change <= cursor],
            )

    def clear(self) -> None:
        """Forget everything; calls and channels that go on are not shown any more."""
        with self._lock:
            self._calls.clear()
            self._events.clear()
            self._channels.clear()


def _first(records: Iterable[_Record], after: int) -> list[_Record]:
    """Return the records that changed after a change, the earliest change first, not too many."""
    found = [record for record in records if record.change > after]
    found.sort(key=lambda record: record.change)
    return found[:_MOST_AT_ONCE]


def _cut(headers: Mapping[str, str], most: int) -> dict[str, str]:
    """Return the first of some headers: a page can send any number, of any size."""
    return {name[:200]: value[: most // 4] for name, value in islice(headers.items(), 32)}
