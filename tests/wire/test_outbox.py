from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.property import examples
from transom.errors import ChannelClosed, ChannelFull
from transom.values import LiftedBuffer
from transom.wire import Frame, Outbox, one_by_one

MAX_BYTES, MAX_COUNT = 2000, 12
ALL = 1 << 30


def _buffer(data: bytes, path: bytes = b"[]") -> LiftedBuffer:
    return LiftedBuffer(path, "ArrayBuffer", memoryview(data))


def _message(number: int) -> bytes:
    return b"[6,%d,null]" % number


def _read(frame: Frame) -> list[tuple[int, list[bytes]]]:
    """Return the number and the buffers of each message of a frame."""
    assert frame.pack is None or not frame.tail
    carried = b"".join(frame.pack.buffers if frame.pack else frame.tail)
    read = []
    for _, number, value, *spans in one_by_one(json.loads(frame.text)):
        if type(value) is int:  # the index of a channel's message, whose value is the number
            read.append((spans[0], []))
            continue
        assert value is None
        buffers = []
        for path, kind, pack, offset, length in spans[0] if spans else []:
            assert (path, kind, pack) == ([], "ArrayBuffer", frame.pack.number if frame.pack else 0)
            buffers.append(carried[offset : offset + length])
            assert len(buffers[-1]) == length
        read.append((number, buffers))
    return read


def _places(frame: Frame) -> dict[int, tuple[int, int]]:
    """Return the channel and the index of each channel message of a frame, by its number."""
    messages = one_by_one(json.loads(frame.text))
    return {message[3]: (message[1], message[2]) for message in messages if message[0] == 2}


class OutboxModel(RuleBasedStateMachine):
    """A runtime that takes only when it was woken, or when its last take returned a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.outbox = Outbox(MAX_BYTES, MAX_COUNT)
        self.pushed = 0
        self.expected: list[tuple[int, list[bytes]]] = []
        self.events: list[tuple[int, list[bytes]]] = []  # those of the expected messages that may be dropped
        self.missed = 0
        self.sizes: dict[int, int] = {}  # what each channel message counts, alone or behind another one
        self.places: dict[int, tuple[int, int]] = {}  # channel and index of the channel messages
        self.sent = [0, 0, 0]
        self.may_take = False
        self.packs: dict[int, int] = {}
        self.event_packs: dict[int, int] = {}  # how many of a pack's bytes are of events
        self.last_pack = 0
        self.closed = False

    @rule(data=st.lists(st.binary(max_size=300), max_size=3), refusable=st.booleans())
    def push(self, data: list[bytes], refusable: bool) -> None:
        full = not self.outbox.has_room
        try:
            wake = self.outbox.push(_message(self.pushed), [_buffer(item) for item in data], refusable=refusable)
        except ChannelFull:
            assert refusable
            assert full
            assert not self.closed
            return
        except ChannelClosed:
            assert refusable
            assert self.closed
            return
        assert not (refusable and (full or self.closed))
        if self.closed:
            assert not wake
            return
        assert wake is not self.may_take, "woken while it would take anyway, or not woken while it would not"
        self.may_take = True
        self.expected.append((self.pushed, data))
        self.pushed += 1

    @rule(channel=st.integers(0, 2), left_out=st.booleans())
    def push_channel(self, channel: int, left_out: bool) -> None:
        self.sent[channel] += left_out  # an index may be used up elsewhere
        full, before = not self.outbox.has_room, self.outbox.queued_bytes
        try:
            wake = self.outbox.push_channel(channel, self.sent[channel], b"%d" % self.pushed)
        except ChannelFull:
            assert full
            assert not self.closed
            return
        except ChannelClosed:
            assert self.closed
            return
        assert not full
        assert not self.closed
        assert wake is not self.may_take
        self.may_take = True
        self.places[self.pushed] = (channel, self.sent[channel])
        self.sizes[self.pushed] = self.outbox.queued_bytes - before
        assert self.sizes[self.pushed] - len(b"%d" % self.pushed) in (64, 64 + 160)
        self.sent[channel] += 1
        self.expected.append((self.pushed, []))
        self.pushed += 1

    def size_of(self, entry: tuple[int, list[bytes]]) -> int:
        number, data = entry
        return self.sizes.get(number) or len(_message(number)) + 64 + sum(map(len, data))

    @rule(data=st.lists(st.sampled_from([0, 5, 600]).map(bytes), max_size=2))
    def push_event(self, data: list[bytes]) -> None:
        wake, first = self.outbox.push_event(_message(self.pushed), [_buffer(item) for item in data])
        if self.closed:
            assert not wake
            assert not first
            return
        assert wake is not self.may_take
        self.may_take = True
        entry = (self.pushed, data)
        self.pushed += 1
        self.expected.append(entry)
        self.events.append(entry)
        before, parked = self.missed, min(self.events_on_their_way(), MAX_BYTES // 2)
        while len(self.events) > MAX_COUNT or (
            parked + sum(map(self.size_of, self.events)) > MAX_BYTES and len(self.events) > 1
        ):
            self.expected.remove(self.events.pop(0))
            self.missed += 1
        assert first is (before == 0 and self.missed > 0)

    @rule()
    def take_missed(self) -> None:
        missed = self.outbox.take_missed()
        if missed or not self.missed:
            assert missed == self.missed
            self.missed = 0
        else:
            assert self.held() or self.may_take, "the page is not told what it missed"

    @precondition(lambda self: self.may_take)
    @rule(max_bytes=st.sampled_from([1, 100, 500, ALL]), inline=st.sampled_from([0, 0, 100, ALL]))
    def take(self, max_bytes: int, inline: int) -> None:
        waiting = [entry for entry in self.expected if entry not in self.held()]
        frame = self.outbox.take(max_bytes, inline)
        if frame is None:
            assert not waiting, "the runtime sleeps though messages wait"
            self.may_take = False
            return
        read = _read(frame)
        assert read
        assert read == waiting[: len(read)]
        assert _places(frame) == {number: self.places[number] for number, _ in read if number in self.places}
        self.expected = [entry for entry in self.expected if entry not in read]
        event_bytes = sum(len(buffer) for entry in read if entry in self.events for buffer in entry[1])
        self.events = [event for event in self.events if event not in read]
        size = sum(len(buffer) for _, buffers in read for buffer in buffers)
        assert (frame.pack is not None) is (size > inline)
        if frame.pack is not None:
            assert frame.pack.size == size
            assert frame.pack.number == self.last_pack + 1
            self.last_pack += 1
            self.packs[frame.pack.number] = size
            self.event_packs[frame.pack.number] = event_bytes

    def events_on_their_way(self) -> int:
        return sum(self.event_packs.values())

    def held(self) -> list[tuple[int, list[bytes]]]:
        """Return the events that may not go now: from the first one with buffers on, while half of the bound is on its way."""
        full = self.events_on_their_way() >= MAX_BYTES // 2
        first = next((at for at, (_, data) in enumerate(self.events) if data), None)
        return self.events[first:] if full and first is not None else []

    @precondition(lambda self: self.packs)
    @rule(random=st.randoms())
    def pack_sent(self, random: Any) -> None:
        number = random.choice(sorted(self.packs))
        before = self.outbox.queued_bytes
        wake = self.outbox.pack_sent(number)
        assert before - self.outbox.queued_bytes == self.packs.pop(number)
        del self.event_packs[number]
        if not self.may_take:
            assert wake is (bool(self.expected) and not self.held())
        self.may_take |= wake
        assert not self.outbox.pack_sent(number)

    @rule()
    def unknown_pack_sent(self) -> None:
        before = self.outbox.queued_bytes
        assert not self.outbox.pack_sent(self.last_pack + 1000)
        assert self.outbox.queued_bytes == before

    @precondition(lambda self: self.pushed > 8)
    @rule()
    def close(self) -> None:
        self.outbox.close()
        self.closed = True
        self.expected.clear()
        self.events.clear()
        self.packs.clear()
        self.event_packs.clear()

    @invariant()
    def what_is_held_is_counted(self) -> None:
        queued = sum(map(self.size_of, [] if self.closed else self.expected))
        held = queued + sum(self.packs.values())
        assert self.outbox.queued_bytes == held
        assert self.outbox.has_room is (len(self.expected) < MAX_COUNT and held < MAX_BYTES)
        assert self.outbox.closed is self.closed

    @invariant()
    def events_are_bounded(self) -> None:
        assert self.events_on_their_way() + sum(map(self.size_of, self.events)) < 2 * MAX_BYTES

    @invariant()
    def nobody_sleeps_while_messages_wait(self) -> None:
        assert self.may_take or self.expected == self.held()

    def teardown(self) -> None:
        while self.may_take or self.packs:
            while self.may_take:
                self.take(ALL, ALL)
            for number in list(self.packs):
                del self.packs[number], self.event_packs[number]
                self.may_take |= self.outbox.pack_sent(number)
        assert not self.expected


OutboxModel.TestCase.settings = settings(max_examples=examples(200), stateful_step_count=50, deadline=None)
TestOutboxModel = OutboxModel.TestCase


def test_an_empty_outbox_has_nothing_and_wakes_for_the_first_message_only() -> None:
    outbox = Outbox(MAX_BYTES, MAX_COUNT)
    assert outbox.take(ALL, ALL) is None
    assert [outbox.push(_message(number)) for number in range(3)] == [True, False, False]
    frame = outbox.take(ALL, ALL)
    assert frame == Frame(b"[[6,0,null],[6,1,null],[6,2,null]]")
    assert outbox.push(_message(3)) is False  # the runtime takes again by itself
    assert outbox.take(ALL, ALL) is not None
    assert outbox.take(ALL, ALL) is None
    assert outbox.push(_message(4)) is True


def test_a_frame_is_closed_at_its_size_and_holds_one_message_at_least() -> None:
    outbox = Outbox(MAX_BYTES, MAX_COUNT)
    for number in range(3):
        outbox.push(_message(number))
    size = len(_message(0)) + 64
    assert [len(json.loads(outbox.take(limit, 0).text)) for limit in (1, size)] == [1, 1]  # type: ignore[union-attr]
    outbox.push(_message(3))
    assert len(json.loads(outbox.take(size + 1, 0).text)) == 2  # type: ignore[union-attr]


def test_messages_of_one_channel_in_a_row_travel_as_one() -> None:
    outbox = Outbox(ALL, 100)
    for index in range(3):
        outbox.push_channel(7, index, b'"%d"' % index)
    outbox.push_channel(7, 4, b"4")
    outbox.push_channel(8, 5, b"null")
    outbox.push_channel(7, 5, b"5")
    outbox.push(_message(0))
    outbox.push_channel(7, 6, b"6")
    frame = outbox.take(ALL, ALL)
    assert frame == Frame(b'[[8,7,0,["0","1","2"]],[2,7,4,4],[2,8,5,null],[2,7,5,5],[6,0,null],[2,7,6,6]]')
    # What is taken is never added to.
    outbox.push_channel(7, 7, b"7")
    assert outbox.take(ALL, ALL) == Frame(b"[[2,7,7,7]]")


def test_the_messages_of_a_row_count_until_they_are_taken() -> None:
    outbox = Outbox(ALL, 3)
    for first in (0, 3):
        for index in range(first, first + 3):
            outbox.push_channel(7, index, b"null")
        with pytest.raises(ChannelFull, match="has 3 messages"):
            outbox.push_channel(7, first + 3, b"null")
        outbox.take(ALL, ALL)
    assert outbox.queued_bytes == 0


def test_a_row_is_closed_so_that_a_frame_is_not_much_larger_than_it_should_be() -> None:
    outbox = Outbox(ALL, 1000)
    message = b'"%b"' % (b"x" * 998)
    for index in range(100):
        outbox.push_channel(7, index, message)
    sizes = []
    while frame := outbox.take(1, ALL):
        sizes.append(len(frame.text))
    assert len(sizes) > 1
    assert max(sizes) < 34 * 1024


def test_buffers_up_to_the_inline_size_travel_in_the_tail() -> None:
    for inline, packed in ((3, False), (2, True)):
        outbox = Outbox(MAX_BYTES, MAX_COUNT)
        outbox.push(b"[0,1,[null,null]]", [_buffer(b"ab", b"[0]"), _buffer(b"c", b"[1]")])
        frame = outbox.take(ALL, inline)
        assert frame is not None
        number = int(packed)
        spans = [[[0], "ArrayBuffer", number, 0, 2], [[1], "ArrayBuffer", number, 2, 1]]
        assert json.loads(frame.text) == [[0, 1, [None, None], spans]]
        assert (frame.pack is not None) is packed


def test_the_bound_over_messages_refuses_only_refusable_ones() -> None:
    outbox = Outbox(ALL, 2)
    outbox.push(_message(0), refusable=True)
    outbox.push(_message(1), refusable=True)
    with pytest.raises(
        ChannelFull, match=r"^the page has 2 messages and \d+ bytes waiting, the bound is 2 messages or"
    ):
        outbox.push(_message(2), refusable=True)
    outbox.push(_message(2))
    frame = outbox.take(ALL, ALL)
    assert frame is not None
    assert [number for number, _ in _read(frame)] == [0, 1, 2]
    outbox.push(_message(3), refusable=True)


def test_a_pack_counts_until_the_page_has_it() -> None:
    outbox = Outbox(1000, 100)
    outbox.push(_message(0), [_buffer(b"x" * 1000)])
    assert not outbox.has_room
    frame = outbox.take(ALL, 0)
    assert frame is not None
    assert frame.pack is not None
    assert outbox.queued_bytes == 1000
    with pytest.raises(ChannelFull, match="await send_async"):
        outbox.push(_message(1), refusable=True)
    outbox.pack_sent(frame.pack.number)
    assert outbox.queued_bytes == 0
    outbox.push(_message(1), refusable=True)


def test_large_events_wait_where_they_can_be_dropped() -> None:
    outbox = Outbox(1000, 100)
    taken = []
    for number in range(20):
        outbox.push_event(_message(number), [_buffer(b"x" * 300)])
        while frame := outbox.take(1, 0):
            taken.append(frame)
    assert len(taken) == 2, "packs that no page has yet grow without bound"
    outbox.push(_message(20))
    assert outbox.take(1, 0) == Frame(b"[[6,20,null]]"), "an answer waits for events"
    outbox.push_event(_message(21))
    assert outbox.take(1, 0) is None, "an event overtakes another one"
    assert outbox.take_missed() == 0, "the page is told before it has caught up"
    assert [outbox.pack_sent(frame.pack.number) for frame in taken if frame.pack] == [True, False]
    frame = outbox.take(ALL, 0)
    assert frame is not None
    assert [number for number, _ in _read(frame)] == [19, 21]
    assert outbox.take_missed() == 17


def test_an_event_that_is_held_is_dropped_there_and_what_is_behind_it_goes() -> None:
    outbox = Outbox(1000, 3)
    outbox.push_event(_message(0), [_buffer(b"x" * 600)])
    assert outbox.take(1, 0) is not None
    outbox.push_event(_message(1), [_buffer(b"x")])
    assert outbox.take(1, 0) is None
    wakes = [outbox.push_event(_message(number))[0] for number in (2, 3, 4)]
    assert wakes == [True, False, False]
    frame = outbox.take(ALL, 0)
    assert frame is not None
    assert [number for number, _ in _read(frame)] == [2, 3, 4]
    assert outbox.take_missed() == 1


def test_one_very_large_event_costs_no_small_ones() -> None:
    outbox = Outbox(10_000, 1000)
    outbox.push_event(_message(0), [_buffer(bytes(20_000))])
    assert outbox.take(1, 0) is not None
    for number in range(50):
        outbox.push_event(_message(number))
    assert outbox.take_missed() == 0


def test_without_any_room_one_event_at_a_time_goes() -> None:
    outbox = Outbox(0, 10)
    outbox.push_event(_message(0), [_buffer(b"x")])
    frame = outbox.take(1, 0)
    assert frame is not None
    assert frame.pack is not None
    outbox.push_event(_message(1), [_buffer(b"x")])
    assert outbox.take(1, 0) is None
    assert outbox.pack_sent(frame.pack.number)
    assert outbox.take(1, 0) is not None


def test_large_answers_hold_up_no_event() -> None:
    outbox = Outbox(1000, 100)
    outbox.push(_message(0), [_buffer(b"x" * 5000)])
    outbox.push_event(_message(1), [_buffer(b"x" * 300)])
    assert outbox.take(1, 0) is not None
    frame = outbox.take(1, 0)
    assert frame is not None
    assert [number for number, _ in _read(frame)] == [1]


def test_inline_buffers_do_not_count_once_they_are_taken() -> None:
    outbox = Outbox(1000, 100)
    outbox.push(_message(0), [_buffer(b"x" * 1000)])
    outbox.take(ALL, ALL)
    assert outbox.queued_bytes == 0


def test_a_closed_outbox_drops_what_waits_and_what_comes() -> None:
    outbox = Outbox(MAX_BYTES, MAX_COUNT)
    outbox.push(_message(0))
    outbox.close()
    assert outbox.closed
    assert outbox.take(ALL, ALL) is None
    assert outbox.push(_message(1)) is False
    assert outbox.take(ALL, ALL) is None
    with pytest.raises(ChannelClosed, match="closed, reloaded or navigated away"):
        outbox.push(_message(2), refusable=True)
    outbox.close()


def test_what_a_page_missed_does_not_stay_in_memory() -> None:
    outbox = Outbox(ALL, 10)
    outbox.push(b"[0,1,null]")
    for number in range(1000):
        outbox.push_event(_message(number))
    assert len(outbox._queue) < 30
    frame = outbox.take(ALL, ALL)
    assert frame is not None
    assert json.loads(frame.text) == [[0, 1, None], *([6, number, None] for number in range(990, 1000))]
    assert outbox.take_missed() == 990
    assert outbox.take(ALL, ALL) is None
