"""Page generations and calls that tell a recorder what they do. They take the place of the plain ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import LimitReached
from ..pages import Call, CallState, ChannelState, PageSession
from ..values import InvokeResponse, LiftedBuffer
from ..wire import Frame, InvokeFrame, reject, resolve
from ._recorder import Recorder
from ._records import CallRecord

__all__ = ["ObservedCall", "ObservedSession"]

_MOST_CHANNELS = 1000  # of a page; one whose callback the page has dropped is not told of


class _Observer:
    """Takes the answer of an observed call in place of the page, and carries its record.

    Args:
        record: The record.
        recorder: The recorder.
        page: The page that called.
        call: The call.
    """

    __slots__ = ("_number", "_page", "_respond", "record", "recorder")

    def __init__(self, record: CallRecord, recorder: Recorder, page: PageSession, call: Call) -> None:
        self.recorder = recorder
        self.record = record
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
    """A call that tells the recorder of its page."""

    __slots__ = ()

    @classmethod
    def observe(cls, call: Call, record: CallRecord, recorder: Recorder, page: PageSession) -> None:
        """Make a call that no thread has begun an observed one."""
        call.responder = _Observer(record, recorder, page, call)
        # Not where the call is made: a look at which class to make would cost every call of every application something.
        call.__class__ = cls

    @property
    def _observer(self) -> _Observer:
        observer = self.responder
        assert isinstance(observer, _Observer)
        return observer

    def begin(self, where: CallState) -> bool:
        """See `Call`."""
        begun = super().begin(where)
        if begun:
            self._observer.recorder.began(self._observer.record, where)
        return begun

    def failed(self, error: BaseException) -> None:
        """See `Call`."""
        if not self.answered:
            self._observer.recorder.failed(self._observer.record, error)

    def answer(self, is_ok: bool, json: bytes, buffers: Sequence[LiftedBuffer] = ()) -> None:
        """See `Call`."""
        if not self.answered:
            self._observer.recorder.answered(self._observer.record, self.state, is_ok, json, buffers)
        super().answer(is_ok, json, buffers)


class ObservedSession(PageSession):
    """A page generation that tells a recorder.

    Args:
        recorder: The recorder.
        page: What the runtime knows of the page.
        link: The runtime's end.
        limits: The page's bounds.
        dispatch: Gives every call its answer.
        *given: See `PageSession`.

    Attributes:
        traffic: Bytes from the page, batches from it, bytes to it, frames to it.
    """

    def __init__(self, recorder: Recorder, page: Any, link: Any, limits: Any, dispatch: Any, *given: Any) -> None:
        self.recorder = recorder
        self.traffic = [0, 0, 0, 0]
        self._observed: dict[int, tuple[ChannelState, Any]] = {}

        def observing(session: PageSession, call: Call, frame: InvokeFrame, buffers: Sequence[memoryview]) -> None:
            record = recorder.arrived(session, call.command, frame, buffers)
            ObservedCall.observe(call, record, recorder, session)
            dispatch(session, call, frame, buffers)

        super().__init__(page, link, limits, observing, *given)
        recorder.opened(self)

    def _refuse(self, call: Call, error: LimitReached) -> None:
        ObservedCall.observe(call, self.recorder.arrived(self, call.command), self.recorder, self)
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

    def send(self, channel: ChannelState, json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """See `PageSession`."""
        super().send(channel, json, buffers)
        known = self._observed.get(channel.id)
        if known is None or known[0] is not channel:
            known = channel, self.recorder.channel(self, channel)
            if len(self._observed) >= _MOST_CHANNELS:
                self._observed.clear()
            self._observed[channel.id] = known
        self.recorder.sent(known[1], channel.sent - 1, json, buffers)

    def end(self, channel: ChannelState) -> None:
        """See `PageSession`."""
        super().end(channel)
        known = self._observed.pop(channel.id, None)
        if known is not None:
            self.recorder.ended(known[1])

    def close(self) -> None:
        """See `PageSession`."""
        was_closed = self.closed
        super().close()
        if not was_closed:
            self.recorder.closed(self)
