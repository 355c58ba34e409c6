from __future__ import annotations

import asyncio
import gc
import threading
from typing import Any

import msgspec
import pytest

from tests.core.pages import ALL, FakePage
from tests.mock_app import SOON
from transom.core import Channel, QueueLimits
from transom.errors import ChannelClosed, ChannelFull


class Progress(msgspec.Struct, tag="progress"):
    done: int


def test_messages_are_numbered_from_zero_and_the_end_says_how_many() -> None:
    page = FakePage()
    channel: Channel[Any] = Channel(page.session, 7)
    for message in (1, "two", Progress(3), None):
        channel.send(message)
    channel.close()
    channel.close()
    assert page.taken() == [
        [2, 7, 0, 1],
        [2, 7, 1, "two"],
        [2, 7, 2, {"type": "progress", "done": 3}],
        [2, 7, 3, None],
        [3, 7, 4],
    ]
    assert channel.id == 7


def test_bytes_travel_as_buffers() -> None:
    page = FakePage()
    channel: Channel[Any] = Channel(page.session, 7)
    channel.send({"data": b"abc"})
    frame = page.session.take(ALL, ALL)
    assert frame is not None
    assert frame.text == b'[[2,7,0,{"data":null},[[["data"],"ArrayBuffer",0,0,3]]]]'
    assert b"".join(frame.tail) == b"abc"


def test_a_message_that_cannot_cross_takes_no_number() -> None:
    page = FakePage()
    channel: Channel[Any] = Channel(page.session, 7)
    with pytest.raises(TypeError, match="cannot be sent to the page"):
        channel.send(object())
    channel.send(1)
    assert page.taken() == [[2, 7, 0, 1]]


def test_a_closed_channel_takes_nothing() -> None:
    page = FakePage()
    channel: Channel[int] = Channel(page.session, 7)
    assert not channel.closed
    channel.close()
    assert channel.closed
    with pytest.raises(ChannelClosed, match="this channel was closed, or the page dropped it"):
        channel.send(1)
    with pytest.raises(ChannelClosed):
        asyncio.run(channel.send_async(1))


def test_a_callback_that_the_page_dropped_closes_its_channel_without_an_end() -> None:
    page = FakePage()
    channel: Channel[int] = Channel(page.session, 7)
    other: Channel[int] = Channel(page.session, 8)
    page.session.receive("[[2,7],[2,99]]")
    assert (channel.closed, other.closed) == (True, False)
    with pytest.raises(ChannelClosed):
        channel.send(1)
    channel.close()
    del channel
    assert page.taken() == []


def test_a_channel_nobody_holds_ends() -> None:
    page = FakePage()
    channel: Channel[int] = Channel(page.session, 7)
    channel.send(1)
    del channel
    assert page.taken() == [[2, 7, 0, 1], [3, 7, 1]]
    page.session.receive("[[2,7]]")


def test_a_channel_in_a_cycle_ends_when_it_is_collected() -> None:
    page = FakePage()
    holder: list[Any] = [Channel(page.session, 7)]
    holder.append(holder)
    del holder
    gc.collect()
    assert page.taken() == [[3, 7, 0]]


def test_a_closed_channel_ends_once() -> None:
    page = FakePage()
    channel: Channel[int] = Channel(page.session, 7)
    channel.close()
    del channel
    assert page.taken() == [[3, 7, 0]]


def test_a_full_queue_refuses_and_the_refused_message_takes_no_number() -> None:
    page = FakePage(QueueLimits(max_queued_messages=2))
    channel: Channel[int] = Channel(page.session, 7)
    channel.send(0)
    channel.send(1)
    with pytest.raises(ChannelFull, match="the bound is 2 messages"):
        channel.send(99)
    assert page.taken() == [[2, 7, 0, 0], [2, 7, 1, 1]]
    channel.send(2)
    assert page.taken() == [[2, 7, 2, 2]]


def test_the_end_marker_is_never_refused() -> None:
    page = FakePage(QueueLimits(max_queued_messages=1))
    channel: Channel[int] = Channel(page.session, 7)
    channel.send(0)
    channel.close()
    assert page.taken() == [[2, 7, 0, 0], [3, 7, 1]]


def test_send_async_waits_for_room_and_keeps_the_order() -> None:
    page = FakePage(QueueLimits(max_queued_messages=3))
    messages: list[Any] = []
    done = threading.Event()

    def reader() -> None:
        while not done.is_set() or page.link.woken.is_set():
            if page.link.woken.wait(0.05):
                page.link.woken.clear()
                messages.extend(page.taken(1))

    thread = threading.Thread(target=reader)
    thread.start()

    async def produce() -> None:
        channel: Channel[int] = Channel(page.session, 7)
        for index in range(200):
            await channel.send_async(index)
        channel.close()

    asyncio.run(asyncio.wait_for(produce(), SOON))
    done.set()
    thread.join(SOON)
    assert messages == [[2, 7, index, index] for index in range(200)] + [[3, 7, 200]]


def test_many_threads_share_a_channel_and_numbers_follow_the_queue() -> None:
    page = FakePage()
    channel: Channel[tuple[int, int]] = Channel(page.session, 7)
    barrier = threading.Barrier(8)

    def produce(number: int) -> None:
        barrier.wait(SOON)
        for index in range(100):
            channel.send((number, index))

    threads = [threading.Thread(target=produce, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    channel.close()
    *messages, end = page.taken()
    assert end == [3, 7, 800]
    assert [message[2] for message in messages] == list(range(800))
    for number in range(8):
        assert [index for _, _, _, (sender, index) in messages if sender == number] == list(range(100))


def test_its_text_says_where_it_goes() -> None:
    page = FakePage()
    channel: Channel[int] = Channel(page.session, 7)
    channel.send(1)
    assert repr(channel) == "<Channel 7 of 'main', 1 sent>"
    page.session.close()
    assert repr(channel) == "<Channel 7 of 'main', closed>"
