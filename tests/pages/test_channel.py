from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.fake_page import ALL, FakePage, channel_of
from tests.mock_app import SOON, Running, running
from transom.app import Builder
from transom.commands import command
from transom.errors import ChannelClosed, ChannelFull, WindowError
from transom.handles import Webview, WebviewWindow
from transom.pages import PageSession, QueueLimits
from transom.values import Channel, InvokeResponseBody, JavaScriptChannelId, encode_body


class Progress(msgspec.Struct, tag="progress"):
    done: int


def test_messages_are_numbered_from_zero_and_the_end_says_how_many() -> None:
    page = FakePage()
    channel: Channel[Any] = channel_of(page, 7)
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
    channel: Channel[Any] = channel_of(page, 7)
    channel.send({"data": b"abc"})
    frame = page.session.take(ALL, ALL)
    assert frame is not None
    assert frame.text == b'[[2,7,0,{"data":null},[[["data"],"ArrayBuffer",0,0,3]]]]'
    assert b"".join(frame.tail) == b"abc"


def test_a_message_that_cannot_cross_takes_no_number() -> None:
    page = FakePage()
    channel: Channel[Any] = channel_of(page, 7)
    with pytest.raises(TypeError, match="cannot be sent to the page"):
        channel.send(object())
    channel.send(1)
    assert page.taken() == [[2, 7, 0, 1]]


def test_a_closed_channel_takes_nothing() -> None:
    page = FakePage()
    channel: Channel[int] = channel_of(page, 7)
    assert not channel.closed
    channel.close()
    assert channel.closed
    with pytest.raises(ChannelClosed, match="this channel was closed, or the page dropped it"):
        channel.send(1)
    with pytest.raises(ChannelClosed):
        asyncio.run(channel.send_async(1))


def test_a_callback_that_the_page_dropped_closes_its_channel_without_an_end() -> None:
    page = FakePage()
    channel: Channel[int] = channel_of(page, 7)
    other: Channel[int] = channel_of(page, 8)
    page.session.receive("[[2,7],[2,99]]")
    assert (channel.closed, other.closed) == (True, False)
    with pytest.raises(ChannelClosed):
        channel.send(1)
    channel.close()
    del channel
    assert page.taken() == []


def test_a_channel_nobody_holds_ends() -> None:
    page = FakePage()
    channel: Channel[int] = channel_of(page, 7)
    channel.send(1)
    del channel
    assert page.taken() == [[2, 7, 0, 1], [3, 7, 1]]
    page.session.receive("[[2,7]]")


def test_a_channel_in_a_cycle_ends_when_it_is_collected() -> None:
    page = FakePage()
    holder: list[Any] = [channel_of(page, 7)]
    holder.append(holder)
    del holder
    gc.collect()
    assert page.taken() == [[3, 7, 0]]


def test_a_closed_channel_ends_once() -> None:
    page = FakePage()
    channel: Channel[int] = channel_of(page, 7)
    channel.close()
    del channel
    assert page.taken() == [[3, 7, 0]]


def test_a_full_queue_refuses_and_the_refused_message_takes_no_number() -> None:
    page = FakePage(QueueLimits(max_queued_messages=2))
    channel: Channel[int] = channel_of(page, 7)
    channel.send(0)
    channel.send(1)
    with pytest.raises(ChannelFull, match="the bound is 2 messages"):
        channel.send(99)
    assert page.taken() == [[2, 7, 0, 0], [2, 7, 1, 1]]
    channel.send(2)
    assert page.taken() == [[2, 7, 2, 2]]


def test_the_end_marker_is_never_refused() -> None:
    page = FakePage(QueueLimits(max_queued_messages=1))
    channel: Channel[int] = channel_of(page, 7)
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
        channel: Channel[int] = channel_of(page, 7)
        for index in range(200):
            await channel.send_async(index)
        channel.close()

    asyncio.run(asyncio.wait_for(produce(), SOON))
    done.set()
    thread.join(SOON)
    assert messages == [[2, 7, index, index] for index in range(200)] + [[3, 7, 200]]


def test_messages_sent_together_wait_for_room_and_keep_the_order() -> None:
    page = FakePage(QueueLimits(max_queued_messages=3))
    messages: list[Any] = []

    async def read() -> None:
        while len(messages) < 21:
            messages.extend(page.taken(1))
            await asyncio.sleep(0)

    async def produce() -> None:
        channel: Channel[Any] = channel_of(page, 7)
        await channel.send_all(iter(range(10)))
        with pytest.raises(TypeError, match="cannot be sent to the page"):
            await channel.send_all([10, 11, object(), 12])
        await channel.send_all([])
        await channel.send_all(range(12, 20))
        channel.close()
        with pytest.raises(ChannelClosed):
            await channel.send_all([1])

    async def both() -> None:
        await asyncio.wait_for(asyncio.gather(produce(), read()), SOON)

    asyncio.run(both())
    assert messages == [[2, 7, index, index] for index in range(20)] + [[3, 7, 20]]


def test_messages_before_a_failure_are_sent_and_any_number_of_them_goes_in_parts() -> None:
    page = FakePage()
    channel: Channel[Any] = channel_of(page, 7)
    taken: list[Any] = []

    def produce() -> Iterator[int]:
        for number in range(2500):
            if number == 2400:
                taken.extend(page.taken())
            yield number
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        asyncio.run(channel.send_all(produce()))
    assert [message[3] for message in taken] == list(range(2000))
    assert [message[3] for message in page.taken()] == list(range(2000, 2500))


def test_messages_sent_together_wake_the_runtime_once_and_buffers_keep_their_place() -> None:
    page = FakePage()
    channel: Channel[Any] = channel_of(page, 7)
    page.link.woken.clear()
    woken = []
    page.link.wake = lambda: woken.append(1)  # type: ignore[method-assign]
    page.taken()
    asyncio.run(channel.send_all([0, 1, 2]))
    assert (woken, page.taken()) == ([1], [[2, 7, 0, 0], [2, 7, 1, 1], [2, 7, 2, 2]])
    asyncio.run(channel.send_all([3, {"a": b"x"}, 5]))
    third, fourth, fifth = page.taken()
    assert (third, fourth[:3], fifth) == ([2, 7, 3, 3], [2, 7, 4], [2, 7, 5, 5])


def test_many_threads_share_a_channel_and_numbers_follow_the_queue() -> None:
    page = FakePage()
    channel: Channel[tuple[int, int]] = channel_of(page, 7)
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
    channel: Channel[int] = channel_of(page, 7)
    channel.send(1)
    assert repr(channel) == "<Channel 7 of 'main', 1 sent>"
    page.session.close()
    assert repr(channel) == "<Channel 7 of 'main', closed>"


def test_one_callback_has_one_channel_while_it_is_held() -> None:
    page = FakePage()
    first, second = channel_of(page, 7), channel_of(page, 7)
    assert first is second
    first.send("a")
    second.send("b")
    del first, second
    later = channel_of(page, 7)
    later.send("c")
    assert page.taken() == [[2, 7, 0, "a"], [2, 7, 1, "b"], [3, 7, 2], [2, 7, 0, "c"]]


def test_a_channel_in_a_value_is_its_text() -> None:
    page = FakePage()
    channel = channel_of(page, 7)
    assert encode_body({"on": [channel]}).json == b'{"on":["__CHANNEL__:7"]}'
    assert encode_body(channel).json == b'"__CHANNEL__:7"'


def test_a_channel_made_in_python_hands_bodies_to_its_function() -> None:
    bodies: list[InvokeResponseBody] = []
    channel: Channel[Any] = Channel(bodies.append)
    channel.send({"a": b"xy"})
    asyncio.run(channel.send_async(Progress(2)))
    channel.send_blocking(None)
    asyncio.run(channel.send_all([]))
    assert [body.deserialize() for body in bodies] == [{"a": b"xy"}, {"type": "progress", "done": 2}, None]
    assert repr(channel) == f"<Channel {channel.id}>"
    channel.close()
    assert channel.closed
    with pytest.raises(ChannelClosed, match="^this channel was closed$"):
        channel.send(1)
    with pytest.raises(ChannelClosed):
        asyncio.run(channel.send_all([1]))
    assert len(bodies) == 3
    assert repr(channel) == f"<Channel {channel.id}, closed>"


def test_channels_made_in_python_have_ids_of_their_own() -> None:
    first, second = Channel[int](print), Channel[int](print)
    assert second.id == first.id + 1
    assert encode_body(second).json == f'"__CHANNEL__:{second.id}"'.encode()


def test_what_the_function_raises_reaches_the_sender() -> None:
    def fails(body: InvokeResponseBody) -> None:
        raise OSError("full disk")

    with pytest.raises(OSError, match="full disk"):
        Channel[int](fails).send(1)


def test_an_interceptor_sees_every_message_and_may_take_it() -> None:
    seen: list[tuple[Any, ...]] = []

    def take_odd(session: PageSession, callback: int, index: int, body: InvokeResponseBody) -> bool:
        seen.append((session.page.label, callback, index, body.deserialize()))
        return index % 2 == 1

    page = FakePage(on_channel=take_odd)
    channel = channel_of(page, 7)
    for message in ("a", "b", "c"):
        channel.send(message)
    channel.close()
    with pytest.raises(ChannelClosed):
        channel.send("d")
    assert seen == [("main", 7, 0, "a"), ("main", 7, 1, "b"), ("main", 7, 2, "c")]
    assert page.taken() == [[2, 7, 0, "a"], [2, 7, 2, "c"], [3, 7, 3]]


def test_an_interceptor_that_lets_pass_changes_no_order_between_threads() -> None:
    page = FakePage(on_channel=lambda *_: False)
    channel = channel_of(page, 7)
    barrier = threading.Barrier(4)

    def produce() -> None:
        barrier.wait(SOON)
        for _ in range(100):
            channel.send(0)

    threads = [threading.Thread(target=produce) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    assert [index for _, _, index, _ in page.taken()] == list(range(400))


@pytest.fixture
def small() -> Iterator[Running]:
    """An application whose pages may have two messages waiting; its page takes none by itself."""
    with running(builder=Builder().limits(max_queued_messages=2)) as application:
        application.page.wake = lambda: None  # type: ignore[method-assign]
        while application.session.take(ALL, ALL):
            pass
        yield application


def held_open(application: Running) -> Channel[int]:
    window = application.app.get_webview_window("main")
    assert window is not None
    channel = window.channel(7)
    channel.send(0)
    channel.send(1)
    return channel


def test_send_blocking_waits_for_room(small: Running) -> None:
    channel = held_open(small)
    waits = small.core.threads.workers.submit(channel.send_blocking, 2)
    small.on_loop()
    assert not waits.done()
    frame = small.session.take(ALL, ALL)
    assert frame is not None
    assert frame.text == b"[[8,7,0,[0,1]]]"
    waits.result(SOON)
    frame = small.session.take(ALL, ALL)
    assert frame is not None
    assert frame.text == b"[[2,7,2,2]]"


def test_send_blocking_gives_up_after_its_time(small: Running) -> None:
    channel = held_open(small)
    for timeout in (0, 0.01):
        with pytest.raises(ChannelFull, match="the bound is 2 messages"):
            channel.send_blocking(2, timeout=timeout)


@pytest.mark.parametrize("end", ["page", "application"])
def test_who_waits_in_send_blocking_learns_of_the_end(small: Running, end: str) -> None:
    channel = held_open(small)
    waits = small.core.threads.workers.submit(channel.send_blocking, 2)
    small.on_loop()
    if end == "page":
        small.session.close()
    else:
        small.exit()
    with pytest.raises(ChannelClosed):
        waits.result(SOON)


def test_send_blocking_refuses_the_threads_that_carry_messages_away(small: Running) -> None:
    channel = held_open(small)

    async def on_loop() -> None:
        channel.send_blocking(2)

    errors: list[BaseException] = []

    def on_main() -> None:
        try:
            channel.send_blocking(2)
        except RuntimeError as error:
            errors.append(error)

    with pytest.raises(RuntimeError, match=r"use `await channel.send_async"):
        small.app.handle().spawn(on_loop()).result(SOON)
    small.on_main(on_main)
    assert len(errors) == 1


class Subscription(msgspec.Struct, rename="camel"):
    on_event: JavaScriptChannelId


def test_a_channel_id_in_a_model_becomes_a_channel() -> None:
    @command
    def subscribe(webview: WebviewWindow, options: Subscription) -> int:
        channel = options.on_event.channel_on(webview)
        channel.send(b"raw")
        channel.send("text")
        return channel.id

    with running(subscribe) as application:
        assert application.page.invoke("subscribe", {"options": {"onEvent": "__CHANNEL__:9"}}) == 9
        assert [message for message in application.page.messages if message[0] in (2, 3)] == [
            [2, 9, 0, b"raw"],
            [2, 9, 1, "text"],
            [3, 9, 2],
        ]


def test_a_webview_without_a_page_has_no_channels(application: Running) -> None:
    with pytest.raises(WindowError, match="webview not found: no webview has the label `gone`"):
        JavaScriptChannelId(1).channel_on(Webview(application.core, application.core.client, "gone"))
