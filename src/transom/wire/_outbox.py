"""The one ordered, bounded queue from Python to a page generation.

A pure state machine: the owner holds a lock around every call. Its one promise is that no wake-up is lost: `push` says
"wake the runtime" exactly when the runtime has been told, by an empty `take`, that there was nothing left, and `pack_sent`
when it makes room for events that an empty `take` left in the queue. After a `take` that returned a frame the runtime takes
again as soon as it can send, so it needs no telling.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from ..errors import ChannelClosed, ChannelFull
from ..values import LiftedBuffer
from ._down import channel_messages

__all__ = ["Frame", "Outbox", "Pack"]

# What a queued message costs beside its text: the bytes object and its slot in the queue or row.
_OVERHEAD = 64
_ROW_OVERHEAD = 160
# A row of one channel's messages is closed at this size, so that a frame is not much larger than it should be.
_ROW_BYTES = 32 * 1024


class Pack(NamedTuple):
    """Buffers of one frame that travel outside it, under a number that the frame's messages name."""

    number: int
    buffers: Sequence[memoryview]
    size: int


class Frame(NamedTuple):
    """Messages that the runtime sends together.

    Attributes:
        text: A JSON array of messages.
        tail: Buffers that travel in the frame itself (pack 0), one after the other.
        pack: Buffers that travel beside it, or `None`.
    """

    text: bytes
    tail: Sequence[memoryview] = ()
    pack: Pack | None = None


class _Bulky(NamedTuple):
    head: bytes
    buffers: Sequence[LiftedBuffer]
    size: int
    is_answer: bool = False


class _Event:
    """A queued event, which may be dropped where it stands."""

    __slots__ = ("buffers", "dropped", "message", "size")

    def __init__(self, message: bytes, buffers: Sequence[LiftedBuffer], size: int) -> None:
        self.message = message
        self.buffers = buffers
        self.size = size
        self.dropped = False

    def drop(self) -> None:
        self.message, self.buffers, self.dropped = b"", (), True


class _Row:
    """Messages of one channel, numbered one after the other, that were queued with nothing between them."""

    __slots__ = ("callback", "messages", "next_index", "size")

    def __init__(self, callback: int, index: int, message: bytes, size: int) -> None:
        self.callback = callback
        self.next_index = index + 1
        self.messages = [message]
        self.size = size

    def text(self) -> bytes:
        return channel_messages(self.callback, self.next_index - len(self.messages), self.messages)


class Outbox:
    """Messages on their way to one page generation.

    When a page falls behind, each kind of message is treated differently. Channels are refused at the bound, so that their
    producers pause or stop. The oldest events are dropped at the same bound, because an emitter cannot wait for every page.
    Answers are always queued, because the page requested them; once they reach the bound, the page is `behind`.

    Args:
        max_bytes: The bound for refusable messages (channels), over queued bytes and packs that the page does not have yet;
            and the bound for events, over the same two. Once packs of events make up half of it, the next event with buffers
            and those behind it wait where they can be dropped, and other messages overtake them. And the bound for answers.
        max_count: The same first two bounds in messages; packs do not count here.

    Attributes:
        behind: Whether the queued answers have reached the bound; then no further call of the page begins.
    """

    def __init__(self, max_bytes: int, max_count: int) -> None:
        self._max_bytes = max_bytes
        self._max_parked_events = max(max_bytes // 2, 1)
        self._max_count = max_count
        self._queue: deque[bytes | _Bulky | _Event | _Row] = deque()
        self._count = 0  # messages that wait and are not dropped
        self._events: deque[_Event] = deque()  # those that wait and are not dropped
        self._held: deque[_Event] = deque()  # the oldest events, taken from the queue but not sendable yet
        self._event_bytes = 0
        self._dropped = 0  # events in the queue that are
        self._missed = 0
        self._queued_bytes = 0
        self._packs = 0
        self._answer_bytes = 0  # of answers that wait, and of their packs
        # pack -> its bytes, and how many of them are of events and of answers
        self._parked: dict[int, tuple[int, int, int]] = {}
        self._parked_bytes = self._parked_event_bytes = 0
        self.behind = False
        self._awake = False
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the page generation is over."""
        return self._closed

    @property
    def has_room(self) -> bool:
        """Whether a refusable message would be taken now."""
        return self._count < self._max_count and self._queued_bytes + self._parked_bytes < self._max_bytes

    @property
    def queued_bytes(self) -> int:
        """Bytes kept for the page: those queued, and packs that it has not fetched yet."""
        return self._queued_bytes + self._parked_bytes

    def limit(self, max_bytes: int) -> None:
        """Change the bound in bytes; what is queued already stays."""
        self._max_bytes = max_bytes
        self._max_parked_events = max(max_bytes // 2, 1)

    def push_event(self, message: bytes, buffers: Sequence[LiftedBuffer] = ()) -> tuple[bool, bool]:
        """Append an event; tell whether the runtime must be woken, and whether this is the first of a time to drop one."""
        if self._closed:
            return False, False
        size = len(message) + _OVERHEAD
        if buffers:
            size += sum(len(buffer.data) for buffer in buffers)
        event = _Event(message, buffers, size)
        self._queue.append(event)
        self._count += 1
        self._events.append(event)
        self._event_bytes += size
        self._queued_bytes += size
        over = len(self._events) > self._max_count or self._event_bytes + self._parked_event_bytes > self._max_bytes
        first = over and self._drop_oldest_events()
        wake, self._awake = not self._awake, True
        return wake, first

    def _drop_oldest_events(self) -> bool:
        """Bring the events under their bound, but for the newest one, and tell whether none was missed before."""
        before = self._missed
        room = self._max_bytes - min(self._parked_event_bytes, self._max_parked_events)
        while len(self._events) > self._max_count or (self._event_bytes > room and len(self._events) > 1):
            oldest = self._forget_event()
            self._queued_bytes -= oldest.size
            oldest.drop()
            self._count -= 1
            self._missed += 1
            if self._held:
                self._held.popleft()
            else:
                self._dropped += 1
        if self._dropped * 2 > len(self._queue):
            self._queue = deque(entry for entry in self._queue if not (type(entry) is _Event and entry.dropped))
            self._dropped = 0
        return before == 0 and self._missed > 0

    def _forget_event(self) -> _Event:
        event = self._events.popleft()
        self._event_bytes -= event.size
        return event

    def take_missed(self) -> int:
        """Return how many events were dropped since the last time this was asked; 0 while more may be."""
        if self._held:
            return 0
        missed, self._missed = self._missed, 0
        return missed

    def push(self, message: bytes, buffers: Sequence[LiftedBuffer] = (), *, refusable: bool = False) -> bool:
        """Append one message, a complete JSON array, and tell whether the runtime must be woken.

        Raises:
            ChannelClosed: The page generation is over and the message is refusable; others are dropped, as nobody is
                left to read them.
            ChannelFull: The message is refusable and the bound is reached.
        """
        if refusable and (self._closed or not self.has_room):
            self._refuse()
        if self._closed:
            return False
        size = len(message) + _OVERHEAD
        if buffers:
            size += sum(len(buffer.data) for buffer in buffers)
            self._queue.append(_Bulky(message[:-1], buffers, size, not refusable))
        else:
            self._queue.append(message)
        self._count += 1
        self._queued_bytes += size
        if not refusable:
            self._answer_bytes += size
            if self._answer_bytes >= self._max_bytes:
                self.behind = True
        wake, self._awake = not self._awake, True
        return wake

    def push_channel(self, callback: int, index: int, json: bytes) -> bool:
        """Append a channel's message number `index`, a JSON text without buffers, and tell whether the runtime must be woken.

        Raises:
            ChannelClosed: The page generation is over.
            ChannelFull: The bound is reached.
        """
        # Every message of every channel passes here, so what `push` leaves to others is written out.
        if self._closed or self._count >= self._max_count or self._queued_bytes + self._parked_bytes >= self._max_bytes:
            self._refuse()
        size = len(json) + _OVERHEAD
        last = self._queue[-1] if self._queue else None
        if type(last) is _Row and last.next_index == index and last.callback == callback and last.size < _ROW_BYTES:
            last.messages.append(json)
            last.next_index += 1
            last.size += size
        else:
            size += _ROW_OVERHEAD
            self._queue.append(_Row(callback, index, json, size))
        self._count += 1
        self._queued_bytes += size
        if self._awake:
            return False
        self._awake = True
        return True

    def _refuse(self) -> NoReturn:
        if self._closed:
            raise ChannelClosed("the page of this channel was closed, reloaded or navigated away")
        raise ChannelFull(
            f"the page has {self._count} messages and {self.queued_bytes} bytes waiting, the bound is {self._max_count} messages "
            f"or {self._max_bytes} bytes; wait for room with `await send_async()`, or with send_blocking() in a worker"
        )

    def take(self, max_bytes: int, inline_bytes: int) -> Frame | None:
        """Return the next frame, or `None` when there is none now: the next `push` or `pack_sent` wakes the runtime again.

        Args:
            max_bytes: Close the frame when it has reached this size. One message, or a row of them, may be larger.
            inline_bytes: Buffers of a frame up to this size together travel in its tail, larger ones in a pack.
        """
        if not (self._queue or self._held):
            self._awake = False
            return None
        texts: list[bytes] = []
        bulky: list[_Bulky] = []
        places: list[int] = []
        size = event_bytes = answered = 0
        while size < max_bytes:
            message = self._next()
            if message is None:
                break
            if type(message) is bytes:  # an answer, as most messages are
                length = len(message) + _OVERHEAD
                self._count -= 1
                size += length
                answered += length
                texts.append(message)
                continue
            if type(message) is _Event:
                event = self._forget_event()
                if not event.buffers:
                    self._count -= 1
                    size += event.size
                    texts.append(event.message)
                    continue
                event_bytes += event.size - len(event.message) - _OVERHEAD
                message = _Bulky(event.message[:-1], event.buffers, event.size)
            if type(message) is _Row:
                self._count -= len(message.messages)
                size += message.size
                message = message.text()
            else:
                assert isinstance(message, _Bulky)
                self._count -= 1
                size += message.size
                if message.is_answer:
                    answered += message.size
                places.append(len(texts))
                bulky.append(message)
                message = b""
            texts.append(message)
        self._queued_bytes -= size
        self._answer_bytes -= answered
        if not texts:  # nothing but events that were dropped or have to wait
            self._awake = False
            return None
        frame = (
            self._frame_with_buffers(texts, places, bulky, inline_bytes, event_bytes)
            if bulky
            else Frame(b"".join((b"[", b",".join(texts), b"]")))
        )
        self.behind = self._answer_bytes >= self._max_bytes
        return frame

    def _next(self) -> bytes | _Bulky | _Event | _Row | None:
        """Take the next message that can be sent now; `None` if there is none."""
        full = self._parked_event_bytes >= self._max_parked_events
        if self._held and not (full and self._held[0].buffers):
            return self._held.popleft()
        while self._queue:
            message = self._queue.popleft()
            if type(message) is not _Event:
                return message
            if message.dropped:
                self._dropped -= 1
            elif self._held or (full and message.buffers):
                self._held.append(message)
            else:
                return message
        return None

    def _frame_with_buffers(
        self, texts: list[bytes], places: list[int], bulky: list[_Bulky], inline_bytes: int, event_bytes: int
    ) -> Frame:
        buffers = [buffer.data for message in bulky for buffer in message.buffers]
        total = sum(map(len, buffers))
        number = 0
        if total > inline_bytes:
            self._packs += 1
            number = self._packs
            answer_bytes = sum(len(buffer.data) for message in bulky if message.is_answer for buffer in message.buffers)
            self._parked[number] = total, event_bytes, answer_bytes
            self._parked_bytes += total
            self._answer_bytes += answer_bytes
            self._parked_event_bytes += event_bytes
        offset = 0
        for place, message in zip(places, bulky, strict=True):
            spans = []
            for buffer in message.buffers:
                spans.append(
                    b'[%b,"%b",%d,%d,%d]' % (buffer.path, buffer.kind.encode(), number, offset, len(buffer.data))
                )
                offset += len(buffer.data)
            texts[place] = b"".join((message.head, b",[", b",".join(spans), b"]]"))
        text = b"".join((b"[", b",".join(texts), b"]"))
        return Frame(text, pack=Pack(number, buffers, total)) if number else Frame(text, tail=buffers)

    def pack_sent(self, number: int) -> bool:
        """Forget a pack that the page has; tell whether the runtime must be woken. An unknown number is ignored."""
        size, event_bytes, answer_bytes = self._parked.pop(number, (0, 0, 0))
        self._parked_bytes -= size
        self._parked_event_bytes -= event_bytes
        self._answer_bytes -= answer_bytes
        self.behind = self._answer_bytes >= self._max_bytes
        if self._awake or not self._held or self._parked_event_bytes >= self._max_parked_events:
            return False
        self._awake = True
        return True

    def close(self) -> None:
        """End the page generation: what is queued is dropped."""
        self._closed = True
        self._queue.clear()
        self._events.clear()
        self._held.clear()
        self._count = self._event_bytes = self._dropped = self._answer_bytes = 0
        self.behind = False
        self._parked.clear()
        self._queued_bytes = self._parked_bytes = self._parked_event_bytes = 0
