"""Page generations and calls that tell watchers what they do. They take the place of the plain ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from ..errors import LimitReached
from ..pages import Call, CallState, ChannelState, PageSession
from ..values import InvokeResponse, LiftedBuffer
from ..wire import Frame, InvokeFrame, reject, resolve
from ._watcher import Watcher

__all__ = ["ObservedCall", "ObservedSession"]

_MOST_CHANNELS = 1000  # of a page; one whose callback the page has dropped is not told of
_Records: TypeAlias = "tuple[tuple[Watcher, Any], ...]"


class _Observer:
    """Takes the answer of an observed call in place of the page.

    Args:
        records: Each watcher, with its record of the call.
        page: The page that called.
        call: The call.
    """

    __slots__ = ("_number", "_page", "_respond", "records")

    def __init__(self, records: _Records, page: PageSession, call: Call) -> None:
        self.records = records
        self._page = page
        self._number = call.number
        self._respond = call.responder

    def __call__(self, response: InvokeResponse) -> None:
        json, buffers = response.body
        if self._respond is None:
            self._page.push((resolve if response.is_ok else reject)(self._number, json), buffers)
        else:
            self._respond(response)


class ObservedCall(Call):
    """A call that tells the watchers of its page."""

    __slots__ = ()

    @classmethod
    def observe(cls, call: Call, records: _Records, page: PageSession) -> None:
        """Make a call that no thread has begun an observed one."""
        call.responder = _Observer(records, page, call)
        # Not where the call is made: a look at which class to make would cost every call of every application something.
        call.__class__ = cls

    @property
    def _records(self) -> _Records:
        observer = self.responder
        assert isinstance(observer, _Observer)
        return observer.records

    def begin(self, where: CallState) -> bool:
        """See `Call`."""
        begun = super().begin(where)
        if begun:
            for watcher, record in self._records:
                watcher.began(record, where)
        return begun

    def failed(self, error: BaseException) -> None:
        """See `Call`."""
        if not self.answered:
            for watcher, record in self._records:
                watcher.failed(record, error)

    def answer(self, is_ok: bool, json: bytes, buffers: Sequence[LiftedBuffer] = ()) -> None:
        """See `Call`."""
        if not self.answered:
            for watcher, record in self._records:
                watcher.answered(record, self.state, is_ok, json, buffers)
        super().answer(is_ok, json, buffers)


class ObservedSession(PageSession):
    """A page generation that tells watchers.

    Args:
        watchers: The watchers, in the order in which they are told.
        page: What the runtime knows of the page.
        link: The runtime's end.
        limits: The page's bounds.
        dispatch: Gives every call its answer.
        *given: See `PageSession`.

    Attributes:
        traffic: Bytes from the page, batches from it, bytes to it, frames to it.
    """

    def __init__(
        self, watchers: Sequence[Watcher], page: Any, link: Any, limits: Any, dispatch: Any, *given: Any
    ) -> None:
        self._watchers = tuple(watchers)
        self.traffic = [0, 0, 0, 0]
        self._observed: dict[int, tuple[ChannelState, _Records]] = {}

        def observing(session: PageSession, call: Call, frame: InvokeFrame, buffers: Sequence[memoryview]) -> None:
            records = tuple((watcher, watcher.arrived(session, call.command, frame, buffers)) for watcher in watchers)
            ObservedCall.observe(call, records, session)
            try:
                dispatch(session, call, frame, buffers)
            finally:
                for watcher, record in reversed(records):
                    watcher.dispatched(record)

        super().__init__(page, link, limits, observing, *given)
        for watcher in watchers:
            watcher.opened(self)

    def _refuse(self, call: Call, error: LimitReached) -> None:
        records = tuple((watcher, watcher.arrived(self, call.command, None, ())) for watcher in self._watchers)
        for watcher, record in reversed(records):
            watcher.dispatched(record)
        ObservedCall.observe(call, records, self)
        call.failed(error)
        super()._refuse(call, error)

    def receive(self, batch: str | bytes | memoryview, tail: memoryview | None = None) -> None:
        """See `PageSession`."""
        self.traffic[0] += len(batch) + (0 if tail is None else len(tail))
        self.traffic[1] += 1
        super().receive(batch, tail)

    def receive_chunk(self, frame: bytes | memoryview) -> None:
        """See `PageSession`."""
        before = self.traffic[0]
        super().receive_chunk(frame)
        self.traffic[0] = before + len(frame)  # `receive` has counted a part of it, or nothing

    def take(self, max_bytes: int, inline_bytes: int) -> Frame | None:
        """See `PageSession`."""
        frame = super().take(max_bytes, inline_bytes)
        if frame is not None:
            size = len(frame.text) + sum(map(len, frame.tail)) + (frame.pack.size if frame.pack else 0)
            self.traffic[2] += size
            self.traffic[3] += 1
        return frame

    def push_event(self, message: bytes, buffers: Sequence[LiftedBuffer] = ()) -> None:
        """See `PageSession`."""
        for watcher in self._watchers:
            watcher.heard(self, message, buffers)
        super().push_event(message, buffers)

    def send(self, channel: ChannelState, json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """See `PageSession`."""
        super().send(channel, json, buffers)
        self._sent(channel, channel.sent - 1, json, buffers)

    def send_texts(self, channel: ChannelState, texts: Sequence[bytes]) -> int:
        """See `PageSession`."""
        first = channel.sent
        taken = super().send_texts(channel, texts)
        for index, json in enumerate(texts[:taken], first):
            self._sent(channel, index, json, ())
        return taken

    def _sent(self, channel: ChannelState, index: int, json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        known = self._observed.get(channel.id)
        if known is None or known[0] is not channel:
            known = channel, tuple((watcher, watcher.channel(self, channel)) for watcher in self._watchers)
            if len(self._observed) >= _MOST_CHANNELS:
                self._observed.clear()
            self._observed[channel.id] = known
        for watcher, kept in known[1]:
            watcher.sent(kept, index, json, buffers)

    def end(self, channel: ChannelState) -> None:
        """See `PageSession`."""
        super().end(channel)
        known = self._observed.pop(channel.id, None)
        if known is not None:
            for watcher, kept in known[1]:
                watcher.ended(kept)

    def close(self) -> None:
        """See `PageSession`."""
        was_closed = self.closed
        super().close()
        if not was_closed:
            for watcher in self._watchers:
                watcher.closed(self)
