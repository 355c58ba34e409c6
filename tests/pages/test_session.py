from __future__ import annotations

import asyncio
import logging
import struct
from typing import Any

import pytest

from tests.fake_page import ALL, FakePage, channel_of
from transom.errors import ChannelClosed, ChannelFull
from transom.pages import Call, CallState, QueueLimits
from transom.values import CallbackFn, Channel, LiftedBuffer
from transom.wire import InvokeRequest, batch_frame


class Running:
    """A call that runs, and how often it was asked to end."""

    def __init__(self) -> None:
        self.cancels = 0

    def run(self, call: Call) -> None:
        assert call.begin(CallState.ON_LOOP)
        assert call.on_interrupt(self.cancel)

    def cancel(self) -> None:
        self.cancels += 1


class Thing:
    closed = False

    def close(self) -> None:
        self.closed = True


def _chunk(number: int, data: bytes, size: int | None = None) -> bytes:
    return struct.pack("<B3xIII", 2, number, len(data) if size is None else size, 0) + data


def test_calls_of_a_batch_are_dispatched_in_order() -> None:
    page = FakePage()
    page.session.receive('[[0,1,"a",{"x":1}],[0,2,"b"]]')
    assert [(frame.id, frame.command, buffers) for _, frame, buffers in page.calls] == [(1, "a", []), (2, "b", [])]
    assert page.taken() == []


def test_buffers_are_cut_out_of_the_tail() -> None:
    page = FakePage()
    page.session.receive('[[0,1,"a",null,null,[[["x"],"U",0,1,2],[["y"],"U",0,3,0]]]]', memoryview(b"abcd"))
    assert page.calls[0].buffers == [b"bc", b""]


def test_a_binary_batch_brings_its_tail() -> None:
    page = FakePage()
    page.session.receive_chunk(batch_frame(b'[[0,1,"a",null,null,[[[],"U",0,0,2]]]]', [memoryview(b"ab")]))
    assert page.calls[0].buffers == [b"ab"]


def test_buffers_of_packs_arrive_before_their_call() -> None:
    page = FakePage()
    page.session.receive_chunk(_chunk(5, b"ab", 4))
    page.session.receive_chunk(_chunk(6, b"xy"))
    page.session.receive_chunk(_chunk(5, b"cd", 4))
    page.session.receive('[[0,1,"a",null,null,[[["p"],"U",5,1,3],[["q"],"U",6,0,2],[["r"],"U",5,0,1]]]]')
    assert page.calls[0].buffers == [b"bcd", b"xy", b"a"]


@pytest.mark.parametrize("span", ["0,0,3", "0,2,1", "0,-1,1", "0,1,-1", "0,3,0", "7,0,1"])
def test_a_call_whose_buffers_are_not_there_is_rejected_and_the_others_run(span: str) -> None:
    page = FakePage()
    page.session.receive(f'[[0,1,"a",null,null,[[["x"],"U",{span}]]],[0,2,"b"]]', memoryview(b"ab"))
    assert [frame.id for _, frame, _ in page.calls] == [2]
    [[kind, call, text]] = page.taken()
    assert (kind, call) == (1, 1)
    assert "a buffer of a lies outside of its pack" in text or "names pack 7, which did not arrive" in text


def test_a_call_that_names_a_tail_that_is_not_there_is_rejected() -> None:
    page = FakePage()
    page.session.receive('[[0,1,"a",null,null,[[[],"U",0,0,0]]]]')
    assert page.taken() == [[1, 1, "a buffer of a lies outside of its pack 0"]]


OVERLAP = "the buffers of a overlap: together they are larger than their pack {} of 4 bytes; send every buffer once"


@pytest.mark.parametrize(
    "spans",
    [
        '[["x"],"U",{0},0,4],[["y"],"U",{0},3,1]',
        '[["x"],"U",{0},0,3],[["x"],"U",{0},1,3]',
        '[["x"],"U",{0},0,1],[["y"],"U",{0},0,4]',
        '[[],"U",{0},0,4],[[],"U",{0},0,4]',
    ],
)
def test_buffers_that_overlap_are_refused(spans: str) -> None:
    page = FakePage()
    page.session.receive(f'[[0,1,"a",null,null,[{spans.format(0)}]]]', memoryview(b"abcd"))
    page.session.receive_chunk(_chunk(5, b"abcd"))
    page.session.receive(f'[[0,2,"a",null,null,[{spans.format(5)}]]]')
    assert page.calls == []
    assert page.taken() == [[1, 1, OVERLAP.format(0)], [1, 2, OVERLAP.format(5)]]


def test_calls_of_a_batch_share_its_tail_and_cannot_each_have_all_of_it() -> None:
    page = FakePage()
    calls = ",".join(
        f'[0,{number},"a",null,null,[[["x"],"U",0,{offset},2]]]' for number, offset in enumerate((0, 2, 0))
    )
    page.session.receive(f"[{calls}]", memoryview(b"abcd"))
    assert [call.buffers for call in page.calls] == [[b"ab"], [b"cd"]]
    assert page.taken() == [[1, 2, OVERLAP.format(0)]]


@pytest.mark.parametrize("batch", ["{", "[[9]]", b"\xff"])
def test_what_cannot_be_read_is_told_to_page_and_log(batch: Any, caplog: pytest.LogCaptureFixture) -> None:
    page = FakePage()
    with caplog.at_level(logging.WARNING, "transom"):
        page.session.receive(batch)
    [[kind, operation, text]] = page.taken()
    assert (kind, operation) == (7, "error")
    assert text.startswith("transom: a batch from the page is not a list of messages")
    assert "page 'main'" in caplog.text


def test_a_page_cannot_fill_the_log_with_what_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    page = FakePage()
    for _ in range(300):
        page.session.receive("x")
        page.session.receive_chunk(b"x")
    assert len(caplog.records) == len(page.taken()) == 100
    assert (
        caplog.records[-1].getMessage().endswith("nothing more is said about messages of this page that cannot be read")
    )
    page.session.receive('[[0,1,"a"]]')
    assert len(page.calls) == 1
    page.session.receive('[[0,1,"a"]]')
    assert len(page.calls) == 1


def test_a_binary_frame_that_cannot_be_read_is_told() -> None:
    page = FakePage(QueueLimits(max_message_bytes=10))
    for frame in (b"", _chunk(1, b"", 11), _chunk(2, b"abc", 2)):
        page.session.receive_chunk(frame)
    assert [message[:2] for message in page.taken()] == [[7, "error"]] * 3


def test_a_batch_over_the_limit_is_not_run() -> None:
    text = '[[0,1,"a"]]'
    for limit, runs in ((len(text), 1), (len(text) - 1, 0)):
        page = FakePage(QueueLimits(max_message_bytes=limit))
        page.session.receive(text)
        assert len(page.calls) == runs
    assert "over the limit of 10 bytes" in page.taken()[0][2]


@pytest.mark.parametrize(
    "refused", ['[[0,1,"a",null,null,[[["x"],"U",1,0,1],[["y"],"U",1,1,1]]]]', "{", "[" + " " * 99 + "]"]
)
def test_what_is_refused_leaves_nothing_of_its_pack(refused: str) -> None:
    page = FakePage(QueueLimits(max_message_bytes=80, max_buffers=1))
    page.session.receive_chunk(_chunk(1, bytes(80)))
    page.session.receive(refused)
    assert len(page.taken()) == 1
    page.session.receive_chunk(_chunk(2, bytes(80)))
    page.session.receive('[[0,2,"a",null,null,[[["x"],"U",2,0,80]]]]')
    assert [frame.id for _, frame, _ in page.calls] == [2]
    assert page.taken() == []


def test_acknowledgements_reach_the_link() -> None:
    page = FakePage()
    page.session.receive("[[3,7]]")
    assert page.link.frames == 7


def test_the_link_is_woken_once_for_many_messages() -> None:
    page = FakePage()
    for _ in range(3):
        page.session.operate("reload", 1)
    assert page.link.wakes == 1
    assert page.taken() == [[7, "reload", 1]] * 3
    page.session.operate("x")
    assert page.link.wakes == 2


# Cancelling.


def test_a_running_call_is_cancelled_by_its_number() -> None:
    page, calls = FakePage(), {1: Running(), 2: Running()}
    page.session.receive('[[0,1,"a"],[0,2,"a"]]')
    for running, made in zip(calls.values(), page.calls, strict=True):
        running.run(made.call)
    page.session.receive("[[1,2],[1,99]]")
    assert [running.cancels for running in calls.values()] == [0, 1]


def test_a_call_cancelled_on_its_way_does_not_begin() -> None:
    page, other = FakePage(), Running()
    page.session.receive('[[0,1,"a"],[1,1],[0,2,"a"]]')
    assert not page.calls[0].call.begin(CallState.ON_LOOP)
    other.run(page.calls[1].call)
    assert other.cancels == 0


def test_a_call_that_has_its_answer_is_not_cancelled() -> None:
    page, running = FakePage(), Running()
    page.session.receive('[[0,1,"a"]]')
    running.run(page.calls[0].call)
    page.calls[0].call.answer(True, b"1")
    page.session.receive("[[1,1]]")
    page.session.close()
    assert running.cancels == 0


def test_a_number_that_is_used_again_is_a_new_call() -> None:
    page, running = FakePage(), Running()
    page.session.receive('[[0,1,"a"],[1,1]]')
    page.calls[0].call.reject_cancelled()
    page.session.receive('[[0,1,"a"]]')
    running.run(page.calls[1].call)
    assert running.cancels == 0


@pytest.mark.parametrize("number", [1, -1])
def test_a_number_that_is_not_free_is_no_new_call(number: int, caplog: pytest.LogCaptureFixture) -> None:
    page, running = FakePage(), Running()
    page.session.request(
        InvokeRequest(cmd="foreign", callback=CallbackFn(1), error=CallbackFn(2), invoke_key=""), lambda _: None
    )
    page.session.receive('[[0,1,"a"]]')
    running.run(page.calls[1].call)
    page.session.receive(f'[[0,{number},"b"]]')
    assert [frame.command for _, frame, _ in page.calls] == ["foreign", "a"]
    assert [message[:2] for message in page.taken()] == [[7, "error"]]
    assert f"the number {number}" in caplog.text
    page.session.close()
    assert running.cancels == 1


def test_the_lowest_number_of_a_call_is_zero() -> None:
    page = FakePage()
    page.session.receive('[[0,0,"a"]]')
    assert [frame.id for _, frame, _ in page.calls] == [0]


def test_a_call_that_did_not_come_through_the_link_ends_with_its_page_too() -> None:
    page, running = FakePage(), Running()
    request = InvokeRequest(cmd="foreign", callback=CallbackFn(1), error=CallbackFn(2), invoke_key="")
    page.session.request(request, lambda _: None)
    running.run(page.calls[0].call)
    page.session.close()
    assert running.cancels == 1


# The end.


def test_the_end_of_a_page_ends_everything_on_it_once() -> None:
    page, running, thing = FakePage(), Running(), Thing()
    page.session.receive('[[0,1,"a"],[0,2,"a"]]')
    running.run(page.calls[0].call)
    page.session.resources.add(thing)
    channel: Channel[int] = channel_of(page, 5)
    assert not page.session.closed
    page.session.close()
    page.session.close()
    assert page.session.closed
    assert (running.cancels, thing.closed, page.closes) == (1, True, 1)
    assert channel.closed
    with pytest.raises(ChannelClosed):
        channel.send(1)
    assert not page.calls[1].call.begin(CallState.IN_WORKER)
    page.session.receive('[[0,3,"a"]]')
    assert len(page.calls) == 2
    page.session.operate("x")
    assert page.taken() == []


def test_a_page_that_is_gone_keeps_nothing_that_it_sent_in_advance() -> None:
    page = FakePage()
    channel = channel_of(page, 3)
    sent = bytes(100)
    page.session.receive_chunk(_chunk(5, sent))
    page.session.close()
    page.session.receive_chunk(_chunk(6, sent))
    page.session.receive('[[0,1,"a",null,null,[[["p"],"U",5,0,100]]],[0,2,"a",null,null,[[["p"],"U",6,0,100]]]]')
    assert channel.closed
    assert not page.calls


def test_a_resource_that_fails_to_close_does_not_keep_the_page() -> None:
    class Stubborn(Thing):
        def close(self) -> None:
            raise OSError("busy")

    page = FakePage()
    page.session.resources.add(Stubborn())
    page.session.close()
    assert page.closes == 1


# Room.


def _fill(page: FakePage) -> None:
    page.session.push(b"[6,1,null]", [LiftedBuffer(b"[]", "ArrayBuffer", memoryview(b"x" * 1000))])


def test_room_is_there_at_once_or_when_the_page_has_taken_something() -> None:
    page = FakePage(QueueLimits(max_queued_bytes=1000))

    async def wait() -> None:
        await page.session.room()
        _fill(page)
        waiting = [asyncio.create_task(page.session.room()) for _ in range(3)]
        await asyncio.sleep(0)
        assert not any(task.done() for task in waiting)
        waiting[0].cancel()
        page.taken()
        await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 30)
        assert [task.cancelled() for task in waiting] == [True, False, False]

    asyncio.run(wait())


def test_room_comes_when_a_pack_was_received_not_when_it_was_taken() -> None:
    page = FakePage(QueueLimits(max_queued_bytes=1000))

    async def wait() -> None:
        _fill(page)
        waiting = asyncio.create_task(page.session.room())
        await asyncio.sleep(0)
        frame = page.session.take(ALL, 0)
        assert frame is not None
        assert frame.pack is not None
        for _ in range(3):
            await asyncio.sleep(0)
        assert not waiting.done()
        page.session.pack_sent(frame.pack.number)
        await asyncio.wait_for(waiting, 30)

    asyncio.run(wait())


def test_the_runtime_is_woken_for_an_event_that_waited_until_the_page_had_others() -> None:
    page = FakePage(QueueLimits(max_queued_bytes=1000))
    frames = []
    for _ in range(3):
        page.session.push_event(b"[6,1,null]", [LiftedBuffer(b"[]", "ArrayBuffer", memoryview(bytes(250)))])
        frames += [frame] if (frame := page.session.take(1, 0)) else []
    assert len(frames) == 2
    before = page.link.wakes
    for frame in frames:
        assert frame.pack is not None
        page.session.pack_sent(frame.pack.number)
        assert page.link.wakes == before + 1
    assert page.session.take(1, 0) is not None


def test_who_waits_for_room_learns_of_the_end() -> None:
    page = FakePage(QueueLimits(max_queued_bytes=1000))

    async def wait() -> None:
        _fill(page)
        channel: Channel[int] = channel_of(page, 5)
        with pytest.raises(ChannelFull):
            channel.send(1)
        waiting = asyncio.create_task(channel.send_async(1))
        await asyncio.sleep(0)
        page.session.close()
        with pytest.raises(ChannelClosed):
            await asyncio.wait_for(waiting, 30)

    asyncio.run(wait())


def test_the_end_after_the_loop_of_who_waits_is_no_error() -> None:
    page = FakePage(QueueLimits(max_queued_bytes=1000))
    _fill(page)

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(page.session.room(), 0.001)

    asyncio.run(give_up())
    page.session.close()


# Channels that nobody holds.


def test_a_page_that_is_far_behind_loses_its_oldest_events_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    page = FakePage(QueueLimits(max_queued_messages=5))
    page.session.push(b"[0,1,null]")
    for number in range(20):
        page.session.push_event(b'[4,"news",%d,[]]' % number)
    assert page.link.wakes == 1
    told = "transom: 15 events did not reach this page, which was far behind"
    events = [[4, "news", number, []] for number in range(15, 20)]
    assert page.taken() == [[0, 1, None], *events, [7, "error", told]]
    page.session.push_event(b'[4,"news",20,[]]')
    assert page.taken() == [[4, "news", 20, []]]
    [record] = caplog.records
    assert record.getMessage().startswith("page 'main': it is behind by more events than Builder.limits allows")


def test_who_gives_up_waiting_for_room_leaves_nothing() -> None:
    page = FakePage(QueueLimits(max_queued_messages=1))
    page.session.push(b"[0,1,null]")

    async def give_up() -> None:
        waiting = asyncio.create_task(page.session.room())
        await asyncio.sleep(0)
        assert len(page.session._waiting) == 1
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(give_up())
    assert page.session._waiting == []


def test_a_message_and_the_end_of_a_channel_wake_the_link() -> None:
    page = FakePage()
    channel: Channel[int] = channel_of(page, 5)
    channel.send(7)
    assert page.link.wakes == 1
    assert page.taken() == [[2, 5, 0, 7]]
    channel.close()
    assert page.link.wakes == 2
    assert page.taken() == [[3, 5, 1]]


@pytest.mark.parametrize("message", [1, b"bytes"])
def test_a_channel_refuses_every_kind_of_message_for_a_page_that_is_behind(message: int | bytes) -> None:
    page = FakePage(QueueLimits(max_queued_bytes=1000))
    channel: Channel[int | bytes] = channel_of(page, 5)
    _fill(page)
    with pytest.raises(ChannelFull):
        channel.send(message)
