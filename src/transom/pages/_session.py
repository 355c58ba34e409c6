"""One page generation: what it called and holds, and the queue of what goes to it."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any, TypeAlias

from ..acl import Origin
from ..errors import LimitReached, MalformedMessage, MessageTooLarge
from ..runtimes import Link, Page
from ..threads import Threads, WorkerShare
from ..values import InvokeResponse, InvokeResponseBody, LiftedBuffer, encode_json
from ..wire import (
    Acknowledge,
    Cancel,
    Chunk,
    Forget,
    Frame,
    Incoming,
    InvokeFrame,
    InvokeRequest,
    Leave,
    Outbox,
    ReceivedPack,
    decode_batch,
    frame_of,
    page_operation,
    parse_binary,
    reject,
)
from ._buffers import ReceivedBuffers, held_bytes
from ._call import Call, Respond, cancelled_report
from ._channel import PageChannel, Pullable
from ._channel_sender import ChannelSender
from ._channel_table import ChannelTable
from ._inbox import Inbox
from ._limits import BEHIND, OVERRUN, QueueLimits
from ._resource import ResourceTable
from ._waiters import wait_until, wake_up

__all__ = ["PageSession"]

_log = logging.getLogger("transom")
_MAX_LAST_CALLS = 100  # of a page that is left; its other calls end with it
_MAX_COMPLAINTS = 100  # about messages of a page that cannot be read
_CALLS = ("calls without an answer", "max_calls")
_Claimed: TypeAlias = tuple[Incoming, Sequence[memoryview]]
_Dispatch: TypeAlias = "Callable[[PageSession, Call, InvokeFrame, Sequence[memoryview]], None]"
_OnChannel: TypeAlias = "Callable[[PageSession, int, int, InvokeResponseBody], bool]"


class PageSession(ChannelSender):
    """A page generation as the application sees it; `close` ends everything that belongs to it.

    Args:
        page: What the runtime knows of the page.
        link: The runtime's end.
        limits: The page's bounds.
        dispatch: Gives every call its one answer: takes the session, the call, its message and its buffers.
        on_close: Called once, when the generation ends.
        threads: The application's threads.
        on_channel: Sees every message of every channel, and may take it: session, callback, number, message.
        on_last_calls: Called with the calls that go on when the generation has ended.
        workers: The share of the workers that its commands use; `None` to make a new one.

    Attributes:
        page: What the runtime knows of the page.
        origin: Where its document comes from.
        outbox: The queue of what goes to it; only its `behind` may be read without the session's lock.
        received: What it has sent beside its messages.
        inbox: Its messages that wait.
        channels: Its open channels.
        resources: What it holds by number.
        streams: Streams that it pulls values from, by the callback of their channel.
        last_calls: What it called while it was left, such as in `pagehide`, and what had no answer when it ended.
        workers: The share of the workers that its commands use.
    """

    def __init__(
        self,
        page: Page,
        link: Link,
        limits: QueueLimits,
        dispatch: _Dispatch,
        on_close: Callable[[PageSession], None],
        threads: Threads,
        on_channel: _OnChannel | None = None,
        on_last_calls: Callable[[Sequence[Call]], None] = lambda _: None,
        workers: WorkerShare | None = None,
    ) -> None:
        self.page = page
        self.origin = Origin.local() if page.local else Origin.remote(page.origin)
        self._link = link
        self._dispatch = dispatch
        if page.isolation_key:
            from .isolation import SealedCalls  # few applications have it

            self._dispatch = SealedCalls(page.isolation_key, dispatch, limits.max_buffers).dispatch
        self._on_close = on_close
        self._threads = threads
        self._on_channel = on_channel
        self._on_last_calls = on_last_calls
        self.outbox = Outbox(limits.max_queued_bytes, limits.max_queued_messages)
        self.received = ReceivedBuffers(limits.max_message_bytes, limits.max_buffers)
        self._limits = limits
        self._lock = threading.Lock()
        self.calls_lock = threading.Lock()
        self.calls: dict[int, Call] = {}
        self._foreign = count(-1, -1)
        self.channels = ChannelTable(self, self._lock, threads.loop, limits.max_channels, f"page {page.label!r}")
        self._waiting: list[asyncio.Future[None]] = []
        self.inbox = Inbox(self, threads.loop)
        self._overrun = self._told_of_calls = False
        self._complaints = 0
        self.resources = ResourceTable(limit=limits.max_resources)
        self.streams: dict[int, Pullable] = {}
        self._first_last_call = sys.maxsize
        self.last_calls: tuple[Call, ...] = ()
        self.workers = workers or WorkerShare(f"page {page.label!r}")

    @property
    def closed(self) -> bool:
        """Whether the generation is over."""
        return self.outbox.closed

    @property
    def behind(self) -> bool:
        """Whether the page's unread answers have reached the bound; then none of its further calls begins."""
        return self.outbox.behind

    def park(self, start: Callable[[], object]) -> bool:
        """Let a call wait until the page has caught up, and tell whether it has to; `start` then starts it, on the loop."""
        return self.inbox.park(start)

    async def caught_up(self) -> None:
        """Wait until the page is not behind, or is gone."""
        await wait_until(self.park)

    def receive(self, batch: str | bytes | memoryview, tail: memoryview | None = None) -> None:
        """Take a batch from the page; see `runtimes.Session`."""
        try:
            if len(batch) > self._limits.max_message_bytes:
                raise MessageTooLarge(len(batch), self._limits.max_message_bytes)
            messages = decode_batch(batch)
        except (MalformedMessage, MessageTooLarge) as error:
            self.received.drop_whole()
            self.complain(str(error))
            return
        pack = None if tail is None else ReceivedPack(0, tail)
        if not self.inbox.takes_turn(len(messages), len(batch)):
            self._put_off(messages, pack, len(batch))
            return
        self._threads.loop.hold()
        try:
            for message in messages:
                if (buffers := self._claim(message, pack)) is not None:
                    self.handle(message, buffers)
        finally:
            self._threads.loop.flush()

    def receive_last(self, batch: str) -> None:
        """Take a batch that the page sent while it was left; see `runtimes.Session`."""
        if not self.closed:
            self.receive(batch)
            return
        try:
            messages = decode_batch(batch)
        except MalformedMessage as error:
            _log.warning("page %r: %s", self.page.label, error)
            return
        for message in messages:
            if type(message) is Leave:
                self._first_last_call = message.id
            elif type(message) is InvokeFrame and message.id >= self._first_last_call and not message.spans:
                self._call_late(message)

    def _call_late(self, frame: InvokeFrame) -> None:
        call = Call(self, frame.id, frame.command)
        if len(self.last_calls) < _MAX_LAST_CALLS and self.calls.setdefault(frame.id, call) is call:
            self.last_calls = (*self.last_calls, call)
            self._dispatch(self, call, frame, ())
            self._on_last_calls((call,))

    def _claim(self, message: Incoming, tail: ReceivedPack | None) -> Sequence[memoryview] | None:
        """Return the buffers of a message, `None` when it was refused, because they are not there."""
        if type(message) is not InvokeFrame or not message.spans:
            return ()
        try:
            return self.received.of(message, tail)
        except MalformedMessage as error:
            self.push(reject(message.id, encode_json(str(error))))
            return None

    def _put_off(self, messages: Sequence[Incoming], tail: ReceivedPack | None, size: int) -> None:
        """Let messages wait behind others, but for those that release something."""
        waiting: list[_Claimed] = []
        for message in messages:
            if (
                type(message) is Acknowledge
                or (type(message) is Cancel and message.id in self.calls)
                or (type(message) is Forget and message.callback in self.channels)
            ):
                self.handle(message, ())
            # Claimed now: packs that wait for their call keep the page from sending more.
            elif (buffers := self._claim(message, tail)) is not None and not self._overrun:
                waiting.append((message, buffers))
                size += held_bytes(buffers)
        if waiting:
            try:
                self._check_room(len(waiting), size)
                self.inbox.put(waiting, size)
            except LimitReached as error:
                self._refuse_all(waiting, error)

    def _check_room(self, count: int, size: int) -> None:
        limits, owner = self._limits, f"page {self.page.label!r}"
        if self.inbox.bytes + size > limits.max_waiting_bytes:
            raise LimitReached(owner, limits.max_waiting_bytes, "bytes of calls that wait", "max_queued_bytes")
        if len(self.calls) + self.inbox.count + count > limits.max_calls:
            raise LimitReached(owner, limits.max_calls, *_CALLS)
        if self.received.allowance is not None:
            self.received.allowance.admit_upload(size)

    def _refuse_all(self, messages: Sequence[_Claimed], error: LimitReached) -> None:
        if self.behind:
            self._end_calls()
            return
        for message, _ in messages:
            if type(message) is InvokeFrame:
                self._refuse(Call(self, message.id, message.command), error)

    def _end_calls(self) -> None:
        """Let the page make no further call, because it goes on calling and reads no answer."""
        self._overrun = True
        self.inbox.clear()
        _log.error("page %r: %s", self.page.label, OVERRUN)
        for call in list(self.calls.values()):
            call.cancel()
        self.operate("end", f"transom: {OVERRUN}")

    def handle(self, message: Incoming, buffers: Sequence[memoryview]) -> None:
        """Handle one message from the page; `buffers` are the bytes of a call's spans."""
        if type(message) is InvokeFrame:
            if self._overrun:
                return
            if message.id < 0:
                self.complain(f"a call has the number {message.id}; numbers begin at 0; it was not made")
            else:
                self.call(message, buffers)
        elif type(message) is Cancel:
            if (call := self.calls.get(message.id)) is not None:
                call.cancel()
        elif type(message) is Forget:
            if (channel := self.channels.find(message.callback)) is not None:
                channel.state.ended = True
        elif type(message) is Acknowledge:
            self._link.acknowledged(message.frames)
        elif type(message) is Leave:
            self._first_last_call = message.id

    def request(self, request: InvokeRequest, respond: Respond) -> None:
        """Take a call that a message system of the application's own brought.

        Args:
            request: The call; its key was checked.
            respond: Takes its answer.

        Raises:
            TypeError: The body has no JSON form.
        """
        # A negative number, which the page's own messages cannot have.
        frame, buffers = frame_of(request, next(self._foreign))
        self.call(frame, buffers, respond)

    def call(self, frame: InvokeFrame, buffers: Sequence[memoryview], respond: Respond | None = None) -> None:
        """Start a call. Every transport enters the spine here.

        Args:
            frame: The message.
            buffers: The bytes of its spans.
            respond: Takes the answer in place of the page's queue; `None` for the queue.
        """
        call = Call(self, frame.id, frame.command, respond)
        if len(self.calls) >= self._limits.max_calls:
            self._refuse(call, LimitReached(f"page {self.page.label!r}", self._limits.max_calls, *_CALLS))
        elif self.calls.setdefault(frame.id, call) is not call:
            # Forgotten with the other call of its number, it would outlive its page.
            self.complain(f"a call has the number {frame.id}, which another call has; it was not made")
        elif self.outbox.closed:  # after it was noted: `close` ends the calls that are noted before
            del self.calls[frame.id]
            if respond is not None:
                respond(InvokeResponse.err(cancelled_report(frame.command)))
        else:
            self._dispatch(self, call, frame, buffers)

    def _refuse(self, call: Call, error: LimitReached) -> None:
        if not self._told_of_calls:
            self._told_of_calls = True
            _log.warning("%s; the call of %s and others are rejected", error, call.command)
        call.answer(False, encode_json(str(error)))

    def receive_chunk(self, frame: bytes | memoryview) -> None:
        """Take a binary frame from the page; see `runtimes.Session`."""
        try:
            part = parse_binary(frame)
            if isinstance(part, Chunk):
                self.received.add(part)
                return
        except (MalformedMessage, MessageTooLarge, LimitReached) as error:
            self.complain(str(error))
            return
        self.receive(part.text, part.tail)

    def complain(self, text: str) -> None:
        """Tell the page and the log that a message could not be read; no call is known that could be answered."""
        self._complaints += 1
        if self._complaints > _MAX_COMPLAINTS:  # a page must not fill the log
            return
        if self._complaints == _MAX_COMPLAINTS:
            text += "; nothing more is said about messages of this page that cannot be read"
        _log.warning("page %r: %s", self.page.label, text)
        self.operate("error", f"transom: {text}")

    def operate(self, name: str, *arguments: Any) -> None:
        """Let the page's transport do something for the runtime; see `runtimes.Session`."""
        self.push(page_operation(name, *arguments))

    def push(self, message: bytes, buffers: Sequence[LiftedBuffer] = (), *, refusable: bool = False) -> None:
        """Queue a message for the page. Any thread; see `Outbox.push` for the errors of refusable ones."""
        with self._lock:
            wake = self.outbox.push(message, buffers, refusable=refusable)
        if wake:
            self._link.wake()

    def push_event(self, message: bytes, buffers: Sequence[LiftedBuffer] = ()) -> None:
        """Queue an event for the page. Any thread; a page that is far behind loses the oldest of its events."""
        with self._lock:
            wake, first_dropped = self.outbox.push_event(message, buffers)
        if wake:
            self._link.wake()
        if first_dropped:
            _log.warning("page %r: %s", self.page.label, BEHIND)

    def take(self, max_bytes: int, inline_bytes: int) -> Frame | None:
        """Return the next frame for the page; see `runtimes.Session`."""
        with self._lock:
            frame = self.outbox.take(max_bytes, inline_bytes)
            released = self._release()
            missed = self.outbox.take_missed()
        wake_up(released)
        if self.inbox.busy:
            self.inbox.resume()
        if missed:
            self.operate("error", f"transom: {missed} events did not reach this page, which was far behind")
        return frame

    def pack_sent(self, number: int) -> None:
        """Note that the page has received a pack."""
        with self._lock:
            wake = self.outbox.pack_sent(number)
            released = self._release()
        if wake:
            self._link.wake()
        wake_up(released)
        if self.inbox.busy:
            self.inbox.resume()

    def _release(self) -> list[asyncio.Future[None]]:
        if not self._waiting or not (self.outbox.has_room or self.outbox.closed):
            return []
        released, self._waiting = self._waiting, []
        return released

    async def room(self) -> None:
        """Wait until the page's queue is below its bound, or the page is gone."""
        future = asyncio.get_running_loop().create_future()
        with self._lock:
            if self.outbox.has_room or self.outbox.closed:
                return
            self._waiting.append(future)
        try:
            await future
        except asyncio.CancelledError:
            with self._lock, suppress(ValueError):  # it may have been told just now
                self._waiting.remove(future)
            raise

    def channel(self, callback: int) -> PageChannel[Any]:
        """Return the channel to a callback of the page; see `ChannelTable.open`."""
        return self.channels.open(callback)

    def make_channel(self, callback: int) -> PageChannel[Any]:
        """Return a new channel to a callback; see `ChannelTable`."""
        intercept = None if self._on_channel is None else partial(self._on_channel, self, callback)
        return PageChannel(self, self._threads, callback, intercept)

    def close(self) -> None:
        """End the generation; see `runtimes.Session`."""
        with self._lock:
            if self.outbox.closed:
                return
            self.outbox.close()
            released = self._release()
        wake_up(released)
        calls = list(self.calls.values())
        # A page that saves something on leaving does not wait for the answer: ended with the page, it would not be saved.
        self.last_calls = tuple(call for call in calls if call.number >= self._first_last_call)[:_MAX_LAST_CALLS]
        for call in calls:
            if call not in self.last_calls:
                call.page_gone()
        if self.last_calls:
            self._on_last_calls(self.last_calls)
        self.inbox.clear()
        self.inbox.resume()
        self.received.clear()  # what the page sent and did not use: a channel that is kept keeps the session
        self.resources.close_all()
        self._on_close(self)
