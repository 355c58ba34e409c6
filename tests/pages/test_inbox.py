from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests.fake_page import ALL, FakePage
from tests.mock_app import SOON, Running, running
from transom import Builder, command
from transom.pages import CallState, QueueLimits
from transom.values import LiftedBuffer
from transom.wire import chunk_frame

ANSWER = b'"%b"' % (b"x" * 5000)


def _batch(first: int, count: int, command: str = "cmd") -> str:
    return json.dumps([[0, number, command] for number in range(first, first + count)])


def _numbers(page: FakePage) -> list[int]:
    return [frame.id for _, frame, _ in page.calls]


def _behind(calls: int = 1, limits: QueueLimits | None = None) -> FakePage:
    """Return a page that has not read its answers, which are over its bound, and has made further calls since."""
    page = FakePage(limits or QueueLimits(max_queued_bytes=5000))
    page.session.receive(_batch(1, 1))
    page.calls[0].call.answer(True, ANSWER)
    assert page.session.behind
    page.session.receive(_batch(2, calls))
    return page


def test_a_page_that_reads_no_answers_is_served_no_further_call_until_it_has_caught_up() -> None:
    page = _behind(calls=3)
    page.loop.drain()
    assert _numbers(page) == [1]
    assert page.session.take(ALL, ALL) is not None
    page.loop.drain()
    assert _numbers(page) == [1, 2, 3, 4]


def test_an_answer_in_a_pack_counts_until_the_page_has_it() -> None:
    page = FakePage(QueueLimits(max_queued_bytes=5000))
    page.session.receive(_batch(1, 1))
    page.calls[0].call.answer(True, b"null", [LiftedBuffer(b"[]", "ArrayBuffer", memoryview(ANSWER))])
    frame = page.session.take(ALL, 0)
    assert frame is not None
    assert frame.pack is not None
    page.session.receive(_batch(2, 1))
    page.loop.drain()
    assert _numbers(page) == [1]
    page.session.pack_sent(frame.pack.number)
    page.loop.drain()
    assert _numbers(page) == [1, 2]


def test_neither_events_nor_channels_keep_a_page_from_its_calls() -> None:
    page = FakePage(QueueLimits(max_queued_bytes=5000))
    channel = page.session.channel(1)
    channel.send("x" * 5000)
    page.session.push_event(b'[4,"news",%b,[]]' % ANSWER)
    assert not page.session.behind
    assert page.taken()
    page.session.receive(_batch(1, 1))
    assert not page.session.behind
    assert _numbers(page) == [1]


def test_what_releases_something_does_not_wait_behind_calls() -> None:
    page = _behind()
    channel = page.session.channel(5)
    page.session.receive("[[3,7],[2,5]]")
    assert page.link.frames == 7
    assert channel.closed


def test_a_running_call_is_cancelled_at_once_and_a_waiting_one_after_it_was_made() -> None:
    page = FakePage(QueueLimits(max_queued_bytes=5000))
    page.session.receive(_batch(1, 2))
    running = page.calls[1].call
    assert running.begin(CallState.ON_LOOP)
    page.calls[0].call.answer(True, ANSWER)
    page.session.receive('[[0,3,"cmd"],[1,3],[1,2]]')
    assert running.state is CallState.CANCELLED
    page.taken()
    page.loop.drain()
    assert not page.calls[2].call.begin(CallState.ON_LOOP)


def test_the_end_of_the_page_drops_the_calls_that_wait() -> None:
    page = _behind()
    page.session.close()
    page.loop.drain()
    assert _numbers(page) == [1]


def test_a_page_that_calls_on_without_reading_loses_its_link_and_its_promises_settle(
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = FakePage(QueueLimits(max_queued_bytes=5000, max_calls=10))
    page.session.receive(_batch(1, 1))
    page.calls[0].call.answer(True, ANSWER)
    page.session.receive(_batch(2, 9))
    assert not caplog.records
    page.session.receive(_batch(11, 3))
    assert "no further call is made" in caplog.text
    assert "Builder.limits(max_queued_bytes=..., max_calls=...)" in caplog.text
    page.session.receive("[[3,9]]")
    page.session.receive(_batch(20, 5))
    assert page.link.frames == 9
    assert [message[:2] for message in page.taken()] == [[0, 1], [7, "end"]]
    page.session.receive(_batch(30, 1))
    page.loop.drain()
    assert _numbers(page) == [1]
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    ("limits", "things"),
    [
        (QueueLimits(max_calls=3000), "3000 calls without an answer"),
        (QueueLimits(max_message_bytes=200_000, max_queued_bytes=1_000_000), "1200000 bytes of calls that wait"),
    ],
)
def test_a_page_that_calls_faster_than_it_is_served_has_calls_over_the_bound_rejected(
    limits: QueueLimits, things: str
) -> None:
    page = FakePage(limits)
    for number in range(8):
        page.session.receive(_batch(1 + number * 1500, 1500, "cmd" * 30))
    refused = [message for message in page.taken() if message[0] == 1]
    assert things in refused[0][2]
    numbers = sorted(_numbers(page) + [message[1] for message in refused])
    assert numbers == list(range(1, 12_001)), "each is made or rejected"


def test_many_calls_of_one_page_give_way_to_others_between_slices() -> None:
    page = FakePage()
    page.session.receive(_batch(1, 2500))
    assert _numbers(page) == []
    page.session.receive("[[1,2500]]")
    page.session.receive(_batch(2501, 1))
    turns = 0
    while page.loop.posted:
        page.loop.posted.pop(0)()
        turns += 1
    assert _numbers(page) == list(range(1, 2502))
    assert not page.calls[2499].call.begin(CallState.ON_LOOP)
    page.session.receive(_batch(3000, 1))
    assert _numbers(page)[-1] == 3000


def test_many_small_batches_in_one_turn_give_way_too() -> None:
    page = FakePage()
    page.loop._ident = threading.get_ident()  # on the loop; elsewhere the window system hands batches over one by one
    for number in range(1, 1101):
        page.session.receive(_batch(number, 1))
    assert len(page.calls) == 1000
    page.loop.drain()
    assert _numbers(page) == list(range(1, 1101))


def test_large_calls_of_a_window_wait_for_the_loop_so_that_other_windows_get_their_turn() -> None:
    page = FakePage()  # its batches come from another thread than the loop's
    large = f'{{"value":"{"x" * 200_000}"}}'
    for number in range(1, 11):
        page.session.receive(f'[[0,{number},"cmd",{large}]]')
    # What is handed to the loop is begun before the calls of every other page.
    assert _numbers(page) == [1, 2]
    page.loop.drain()
    assert _numbers(page) == list(range(1, 11))
    page.session.receive(_batch(11, 1))
    assert _numbers(page)[-1] == 11


def test_a_call_that_waits_does_not_keep_its_page_from_sending_the_buffers_of_the_next() -> None:
    page = _behind(limits=QueueLimits(max_queued_bytes=5000, max_message_bytes=1000))
    for number in (3, 4, 5):
        page.session.receive_chunk(chunk_frame(number, 800, [memoryview(bytes([number]) * 800)]))
        page.session.receive(f'[[0,{number},"cmd",null,null,[[[],"U",{number},0,800]]]]')
    assert page.taken()[1:] == []
    page.loop.drain()
    assert [(frame.id, buffers) for _, frame, buffers in page.calls[2:]] == [
        (number, [bytes([number]) * 800]) for number in (3, 4, 5)
    ]


@pytest.mark.parametrize("pack", [0, 7])
def test_what_a_waiting_call_keeps_is_counted_however_little_of_it_the_call_shows(pack: int) -> None:
    page = _behind(limits=QueueLimits(max_queued_bytes=5000, max_message_bytes=1000))
    page.taken()
    for number in range(3, 12):
        tail = memoryview(bytes(900))
        if pack:
            page.session.receive_chunk(chunk_frame(pack, 900, [tail]))
        call = f'[[0,{number},"cmd",null,null,[[[],"U",{pack},0,1]]]]'
        page.session.receive(call, None if pack else tail)
    page.loop.drain()
    refused = [message for message in page.taken() if message[0] == 1]
    assert "6000 bytes of calls that wait" in refused[0][2]
    assert 2 < len(refused) < 7


def test_small_batches_of_a_window_are_never_put_off_however_many_come() -> None:
    page = FakePage()
    for number in range(0, 100_000, 25):
        page.session.receive(_batch(number, 25))
    assert len(page.calls) == 100_000


def test_a_message_that_fails_costs_no_other(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    page = _behind(calls=2)
    handled: list[Any] = []

    def handle(message: Any, _: Any) -> None:
        handled.append(message.id)
        raise OSError("bad")

    monkeypatch.setattr(type(page.session), "handle", lambda _, message, buffers: handle(message, buffers))
    page.taken()
    page.loop.drain()
    assert handled == [2, 3]
    assert "a message of a page could not be handled" in caplog.text


def test_a_call_over_the_bound_of_calls_is_rejected(caplog: pytest.LogCaptureFixture) -> None:
    page = FakePage(QueueLimits(max_calls=2))
    page.session.receive(_batch(1, 4))
    assert _numbers(page) == [1, 2]
    text = (
        "page 'main' has 2 calls without an answer, which is the limit; release some first, or raise it with "
        "Builder.limits(max_calls=...)"
    )
    assert page.taken() == [[1, 3, text], [1, 4, text]]
    assert len(caplog.records) == 1
    page.calls[0].call.answer(True, b"1")
    page.session.receive(_batch(5, 1))
    assert _numbers(page) == [1, 2, 5]


# With commands: what begins later must wait too.


class Held:
    """Counts what begins, and lets a test hold it."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = threading.Event()

    def count(self) -> str:
        self.go.wait(SOON)
        self.begun += 1
        return "x" * 10_000


def _commands(held: Held) -> list[Any]:
    @command
    async def on_loop() -> str:
        return held.count()

    @command
    def in_worker() -> str:
        return held.count()

    @command(thread="main")
    def on_main() -> str:
        return held.count()

    @command(concurrency=2)
    def gated() -> str:
        return held.count()

    return [on_loop, in_worker, on_main, gated]


def _stop_reading(application: Running) -> None:
    application.page.wake = lambda: None  # type: ignore[method-assign]


@pytest.mark.parametrize("name", ["on_loop", "in_worker", "on_main", "gated"])
def test_calls_that_arrived_before_their_page_fell_behind_do_not_begin_after_it(name: str) -> None:
    held = Held()
    held.go.set()
    with running(*_commands(held), builder=Builder().limits(max_queued_bytes=50_000), windows=("main", "other")) as app:
        page, wake = app.page, app.page.wake
        other = app.runtime.pages["other"]
        _stop_reading(app)
        page.session.receive(_batch(1, 400, name))
        assert other.invoke(name) == "x" * 10_000
        app.on_main()
        app.on_loop()
        assert 5 <= held.begun < 60  # those that had begun, in 32 workers, may end
        page.wake = wake  # type: ignore[method-assign]
        page.wake()
        page.wait(lambda message: message[0] == 0, 400)
        assert held.begun == 401
        assert sorted(message[1] for message in page.messages) == list(range(1, 401))


def test_a_call_that_waits_for_its_page_can_be_cancelled() -> None:
    held = Held()
    held.go.set()
    with running(*_commands(held), builder=Builder().limits(max_queued_bytes=50_000)) as app:
        page, wake = app.page, app.page.wake
        _stop_reading(app)
        page.session.receive(_batch(1, 100, "gated"))
        page.session.receive("[[1,100],[1,99]]")
        page.wake = wake  # type: ignore[method-assign]
        page.wake()
        page.wait(lambda message: message[0] == 0, 98)
        page.wait(lambda message: message[0] == 1 and message[1] in (99, 100), 2)
        assert held.begun == 98
        assert page.invoke("gated")
