"""One page generation: what it called, listens to and holds, and the queue of what goes to it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakValueDictionary

from ..acl import Origin
from ..errors import ChannelClosed, MalformedMessage, MessageTooLarge
from ..wire import (
    MAX_BUFFERS,
    Acknowledge,
    Cancel,
    Chunk,
    Forget,
    Frame,
    InvokeFrame,
    LiftedBuffer,
    Outbox,
    PackAssembler,
    channel_end,
    channel_message,
    check_spans,
    decode_batch,
    encode_json,
    page_operation,
    parse_binary,
    reject,
)
from ._resource import ResourceTable

if TYPE_CHECKING:
    from ..runtimes import Link, Page
    from ..wire import Incoming
    from ._channel import PageChannel
    from ._stream import Stream
    from ._threads import Loop

__all__ = ["Cancellable", "PageSession", "QueueLimits"]

_log = logging.getLogger("transom")


class Cancellable(Protocol):
    """A running call: an asyncio task or a worker's future."""

    def cancel(self) -> Any:
        """Ask it to end."""


class QueueLimits:
    """Bounds of one page.

    Args:
        max_message_bytes: The largest batch or pack that the page may send.
        max_queued_bytes: Above this, channels refuse messages until the page has caught up.
        max_queued_messages: The same, in messages.
        max_buffers: The most buffers in the arguments of one call.
    """

    MAX_MESSAGE_BYTES = 256 * 1024 * 1024
    MAX_QUEUED_BYTES = 64 * 1024 * 1024
    MAX_QUEUED_MESSAGES = 100_000

    def __init__(
        self,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        max_queued_bytes: int = MAX_QUEUED_BYTES,
        max_queued_messages: int = MAX_QUEUED_MESSAGES,
        max_buffers: int = MAX_BUFFERS,
    ) -> None:
        self.max_message_bytes = max_message_bytes
        self.max_queued_bytes = max_queued_bytes
        self.max_queued_messages = max_queued_messages
        self.max_buffers = max_buffers


class PageSession:
    """A page generation as the application sees it; `close` ends everything that hangs on it.

    Args:
        page: What the runtime knows of the page.
        link: The runtime's end.
        dispatch: Gives every call its one answer: takes the session, the call and its buffers.
        on_close: Called once, when the generation ends.
        loop: Gets the calls of a batch at once, and what finalizers have to say.
    """

    def __init__(
        self,
        page: Page,
        link: Link,
        limits: QueueLimits,
        dispatch: Callable[[PageSession, InvokeFrame, Sequence[memoryview]], None],
        on_close: Callable[[PageSession], None],
        loop: Loop,
    ) -> None:
        self.page = page
        self.origin = Origin.local() if page.local else Origin.remote(page.origin)
        self._link = link
        self._dispatch = dispatch
        self._on_close = on_close
        self._loop = loop
        self._outbox = Outbox(limits.max_queued_bytes, limits.max_queued_messages)
        self._packs = PackAssembler(limits.max_message_bytes)
        self._limits = limits
        self._lock = threading.Lock()
        self._running: dict[int, Cancellable | None] = {}  # None: on its way to where it runs
        self._cancelled: set[int] = set()
        self._detached: set[int] = set()
        self._foreign = count(-1, -1)
        self._channels: WeakValueDictionary[int, PageChannel[Any]] = WeakValueDictionary()
        self._waiting: list[asyncio.Future[None]] = []
        self.resources = ResourceTable()
        self.streams: dict[int, Stream] = {}

    @property
    def closed(self) -> bool:
        """Whether the generation is over."""
        return self._outbox.closed

    def receive(self, batch: str | bytes | memoryview, tail: memoryview | None = None) -> None:
        """Take a batch from the page; see `runtimes.Session`."""
        try:
            if len(batch) > self._limits.max_message_bytes:
                raise MessageTooLarge(len(batch), self._limits.max_message_bytes)
            messages = decode_batch(batch)
        except (MalformedMessage, MessageTooLarge) as error:
            self._packs.drop_whole()
            self.complain(str(error))
            return
        self._loop.hold()
        try:
            self._take_up(messages, tail)
        finally:
            self._loop.flush()

    def _take_up(self, messages: Sequence[Incoming], tail: memoryview | None) -> None:
        for message in messages:
            if type(message) is InvokeFrame:
                self._call(message, tail)
            elif type(message) is Cancel:
                self.cancel(message.id)
            elif type(message) is Forget:
                channel = self._channels.get(message.callback)
                if channel is not None:
                    channel.ended = True
            elif type(message) is Acknowledge:
                self._link.acknowledged(message.frames)

    def _call(self, message: InvokeFrame, tail: memoryview | None) -> None:
        try:
            buffers = self._buffers(message, tail) if message.spans else ()
        except MalformedMessage as error:
            self.push(reject(message.id, encode_json(str(error))))
            return
        if message.id in self._running or message.id < 0:
            # Forgotten with the other call of its number, it would outlive its page.
            self.complain(f"a call has the number {message.id}, which is taken or none of a page's; it was not made")
            return
        self._running[message.id] = None
        self._dispatch(self, message, buffers)

    def receive_chunk(self, frame: bytes | memoryview) -> None:
        """Take a binary frame from the page; see `runtimes.Session`."""
        try:
            part = parse_binary(frame)
            if isinstance(part, Chunk):
                self._packs.add(part)
                return
        except (MalformedMessage, MessageTooLarge) as error:
            self.complain(str(error))
            return
        self.receive(part.text, part.tail)

    def _buffers(self, message: InvokeFrame, tail: memoryview | None) -> Sequence[memoryview]:
        # Claimed before anything is refused: what nobody claims stays.
        packs = {number: self._packs.claim(number) for number in {span.pack for span in message.spans} - {0}}
        check_spans(message.command, message.spans, self._limits.max_buffers)
        if tail is not None:
            packs[0] = tail
        buffers = []
        for span in message.spans:
            pack = packs.get(span.pack)
            if pack is None or not 0 <= span.offset <= span.offset + span.length <= len(pack):
                raise MalformedMessage(f"a buffer of {message.command} lies outside of its pack {span.pack}")
            buffers.append(pack[span.offset : span.offset + span.length])
        return buffers

    def complain(self, text: str) -> None:
        """Tell the page and the log that a message could not be read; no call is known that could be answered."""
        _log.warning("page %r: %s", self.page.label, text)
        self.operate("error", f"transom: {text}")

    def operate(self, name: str, *arguments: Any) -> None:
        """Let the page's transport do something for the runtime; see `runtimes.Session`."""
        self.push(page_operation(name, *arguments))

    def push(self, message: bytes, buffers: Sequence[LiftedBuffer] = (), *, refusable: bool = False) -> None:
        """Queue a message for the page. Any thread; see `Outbox.push` for the errors of refusable ones."""
        with self._lock:
            wake = self._outbox.push(message, buffers, refusable=refusable)
        if wake:
            self._link.wake()

    def push_event(self, message: bytes, buffers: Sequence[LiftedBuffer] = ()) -> None:
        """Queue an event for the page. Any thread; a page that is far behind loses the oldest of its events."""
        with self._lock:
            wake, first_dropped = self._outbox.push_event(message, buffers)
        if wake:
            self._link.wake()
        if first_dropped:
            _log.warning(
                "page %r: it is behind by more events than Builder.limits allows; the oldest are dropped until it has "
                "caught up",
                self.page.label,
            )

    def push_from_finalizer(self, message: bytes) -> None:
        """Queue a message from a `__del__`: soon, where it runs inside an allocation of a thread that holds the lock."""
        if self._lock.acquire(blocking=False):
            self._lock.release()
            self.push(message)
        else:
            self._loop.post(self.push, message)

    def take(self, max_bytes: int, inline_bytes: int) -> Frame | None:
        """Return the next frame for the page; see `runtimes.Session`."""
        with self._lock:
            frame = self._outbox.take(max_bytes, inline_bytes)
            released = self._release()
            missed = self._outbox.take_missed()
        _wake_up(released)
        if missed:
            self.operate("error", f"transom: {missed} events did not reach this page, which was far behind")
        return frame

    def pack_sent(self, number: int) -> None:
        """Note that the page has received a pack."""
        with self._lock:
            wake = self._outbox.pack_sent(number)
            released = self._release()
        if wake:
            self._link.wake()
        _wake_up(released)

    def _release(self) -> list[asyncio.Future[None]]:
        if not self._waiting or not (self._outbox.has_room or self._outbox.closed):
            return []
        released, self._waiting = self._waiting, []
        return released

    async def room(self) -> None:
        """Wait until the page's queue is below its bound, or the page is gone."""
        future = asyncio.get_running_loop().create_future()
        with self._lock:
            if self._outbox.has_room or self._outbox.closed:
                return
            self._waiting.append(future)
        try:
            await future
        except asyncio.CancelledError:
            with self._lock, suppress(ValueError):  # it may have been told just now
                self._waiting.remove(future)
            raise

    def begin_foreign(self) -> int:
        """Return the number of a call that did not come through the link: a negative one, which the page cannot name."""
        call = next(self._foreign)
        self._running[call] = None
        return call

    def cancel(self, call: int, *, on_its_way: Cancellable | None = None) -> None:
        """Cancel a running call, or note that it is to be cancelled when it starts.

        Args:
            call: Its number; nothing happens for one that is not running.
            on_its_way: What stands for the call until it starts and cannot cancel it any more; `None` for nothing.
        """
        with self._lock:
            running = self._running.get(call)
            if running is on_its_way or running is None:
                running = None
                if call in self._running:
                    self._cancelled.add(call)
        if running is not None:
            running.cancel()

    def is_cancelled(self, call: int) -> bool:
        """Tell whether the page has cancelled a call that has not started."""
        return call in self._cancelled

    def started(self, call: int, running: Cancellable, *, detached: bool = False) -> None:
        """Remember a running call, so that the page can cancel it, and its end too unless the call is detached."""
        with self._lock:
            if call in self._running:
                self._running[call] = running
                if detached:
                    self._detached.add(call)
            unwanted = call in self._cancelled or (self._outbox.closed and not detached)
            self._cancelled.discard(call)
        if unwanted:
            running.cancel()

    def finished(self, call: int) -> None:
        """Forget a call that has its answer."""
        self._running.pop(call, None)
        self._cancelled.discard(call)
        self._detached.discard(call)

    def channel(self, callback: int, make: Callable[[], PageChannel[Any]]) -> PageChannel[Any]:
        """Return the open channel of a callback, or a new one: two that count for themselves would mix up their messages."""
        with self._lock:
            found = self._channels.get(callback)
            if found is None:
                found = self._channels[callback] = make()
        return found

    def send(self, channel: PageChannel[Any], json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """Queue the next message of a channel: under one lock it gets its index and its place in the queue.

        Raises:
            ChannelClosed: The channel has ended, or the generation is over.
            ChannelFull: The page does not keep up.
        """
        with self._lock:
            if channel.ended:
                raise ChannelClosed("this channel was closed, or the page dropped it")
            if buffers:
                message = channel_message(channel.id, channel.sent, json)
                wake = self._outbox.push(message, buffers, refusable=True)
            else:
                wake = self._outbox.push_channel(channel.id, channel.sent, json)
            channel.sent += 1
        if wake:
            self._link.wake()

    def end(self, channel: PageChannel[Any]) -> None:
        """Queue the end marker of a channel, once."""
        with self._lock:
            if channel.ended:
                return
            channel.ended = True
            wake = self._outbox.push(channel_end(channel.id, channel.sent))
        if wake:
            self._link.wake()

    def close(self) -> None:
        """End the generation; see `runtimes.Session`."""
        with self._lock:
            if self._outbox.closed:
                return
            self._outbox.close()
            released = self._release()
        _wake_up(released)
        for call, running in list(self._running.items()):
            if running is not None and call not in self._detached:
                running.cancel()
        self._packs = PackAssembler(0)  # what the page sent and did not use: a channel that is kept keeps the session
        self.resources.close_all()
        self._on_close(self)


def _wake_up(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
            future.get_loop().call_soon_threadsafe(_settle, future)


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
