"""Python listeners: what may be one, what it may do, and what a slow one costs."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mock_app import SOON, Running, events_of, listen_in, running
from transom.app import Builder
from transom.errors import RequestError
from transom.events import Event


class Log:
    """What listeners heard, and in which thread."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.threads: set[str] = set()
        self._changed = threading.Condition()

    def note(self, value: Any) -> None:
        with self._changed:
            self.heard.append(value)
            self.threads.add(threading.current_thread().name)
            self._changed.notify_all()

    def wait(self, count: int) -> list[Any]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= count, SOON), self.heard
            return list(self.heard)


class Plain:
    def __init__(self, log: Log) -> None:
        self.log = log

    def __call__(self, event: Event) -> None:
        self.log.note(event.payload)

    async def later(self, event: Event) -> None:
        self.log.note(event.payload)


class Later(Plain):
    async def __call__(self, event: Event) -> None:  # type: ignore[override]
        self.log.note(event.payload)


def with_prefix(log: Log, event: Event) -> None:
    log.note(event.payload)


async def with_prefix_later(log: Log, event: Event) -> None:
    log.note(event.payload)


def by_lambda(log: Log) -> Callable[[Event], Coroutine[Any, Any, None]]:
    return lambda event: with_prefix_later(log, event)


@pytest.mark.parametrize(
    ("make", "thread"),
    [
        (Plain, "transom-worker"),
        (Later, "transom-loop"),
        (lambda log: Plain(log).later, "transom-loop"),
        (lambda log: partial(with_prefix, log), "transom-worker"),
        (lambda log: partial(with_prefix_later, log), "transom-loop"),
        (lambda log: partial(Later(log)), "transom-loop"),
        (by_lambda, "transom-loop"),
    ],
    ids=["object", "async object", "async method", "partial", "async partial", "partial of object", "lambda"],
)
def test_whatever_can_be_called_listens(application: Running, make: Callable[[Log], Any], thread: str) -> None:
    log = Log()
    application.app.listen("news", make(log))
    for number in range(3):
        application.app.emit("news", number)
    assert log.wait(3) == [0, 1, 2]
    assert log.threads == {thread}


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_function_that_takes_no_event_is_logged_and_holds_nobody(
    application: Running, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    def nothing() -> None: ...

    async def nothing_later() -> None: ...

    log = Log()
    application.app.listen("news", nothing if kind == "def" else nothing_later)  # type: ignore[arg-type]
    application.app.listen("news", partial(with_prefix, log))
    with caplog.at_level(logging.ERROR, "transom"):
        for number in range(2):
            application.app.emit("news", number)
        log.wait(2)
        application.on_loop()
        while caplog.text.count("takes 0 positional arguments") < 2:
            application.on_loop()


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_listener_may_emit_listen_and_unlisten(application: Running, kind: str) -> None:
    app, log = application.app, Log()
    ids: list[int] = []

    def again(event: Event) -> None:
        log.note(("first", event.payload))
        app.unlisten(event.id)
        ids.append(app.listen("news", partial(second, "second")))
        app.emit("news", event.payload + 1)  # reaches the new listener only

    def second(name: str, event: Event) -> None:
        log.note((name, event.payload))
        if event.payload < 4:
            app.emit("news", event.payload + 1)

    async def again_later(event: Event) -> None:
        again(event)

    listen_in(application.page, "news", 1)
    app.listen("news", again if kind == "def" else again_later)
    app.emit("news", 1)
    assert log.wait(4) == [("first", 1), ("second", 2), ("second", 3), ("second", 4)]
    assert [payload for _, payload, _ in events_of(application.page)] == [1, 2, 3, 4]


def test_once_may_emit_its_own_event(application: Running) -> None:
    log = Log()

    def once(event: Event) -> None:
        log.note(event.payload)
        application.app.emit("news", "again")

    application.app.once_any("news", once)
    always = Log()
    application.app.listen("news", partial(with_prefix, always))
    application.app.emit("news", "first")
    assert always.wait(2) == ["first", "again"]
    assert log.heard == ["first"]


def test_all_listeners_hear_the_events_of_many_threads_in_one_order(application: Running) -> None:
    logs, barrier = [Log() for _ in range(4)], threading.Barrier(4)
    for log in logs:
        application.app.listen("news", partial(with_prefix, log))
    listen_in(application.page, "news", 1)

    def emit(sender: int) -> None:
        barrier.wait(SOON)
        for index in range(50):
            application.app.emit("news", [sender, index])

    threads = [threading.Thread(target=emit, args=(sender,)) for sender in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    in_page = [payload for _, payload, _ in events_of(application.page)]
    assert len(in_page) == 200
    for log in logs:
        assert log.wait(200) == in_page


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_after_unlisten_no_waiting_event_is_handled(application: Running, kind: str) -> None:
    inside, go_on, log = threading.Event(), threading.Event(), Log()

    def slow(event: Event) -> None:
        inside.set()
        go_on.wait(SOON)
        log.note(event.payload)

    async def slow_later(event: Event) -> None:
        await asyncio.to_thread(slow, event)

    listener = application.app.listen("news", slow if kind == "def" else slow_later)
    for number in range(3):
        application.app.emit("news", number)
    assert inside.wait(SOON)
    application.app.unlisten(listener)
    go_on.set()
    after = Log()
    application.app.listen("news", partial(with_prefix, after))
    application.app.emit("news", "after")
    after.wait(1)
    assert log.wait(1) == [0]


def test_a_listener_that_never_suspends_leaves_the_loop_to_others(application: Running) -> None:
    app = application.app

    async def again(event: Event) -> None:
        app.emit("news")

    listener = app.listen("news", again)
    app.emit("news")
    for _ in range(3):
        application.on_loop()
    app.unlisten(listener)
    application.on_loop()


class Held:
    """A listener that is held at its first event."""

    def __init__(self) -> None:
        self.inside, self.go_on, self.log = threading.Event(), threading.Event(), Log()

    def __call__(self, event: Event) -> None:
        self.inside.set()
        self.go_on.wait(SOON)
        self.log.note(event.payload)


def test_over_the_bound_the_oldest_events_are_dropped_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with running(builder=Builder().limits(max_queued_messages=3)) as application:
        held, quick = Held(), Log()
        application.app.listen("news", held)
        application.app.listen("news", partial(with_prefix, quick))
        application.app.emit("news", 0)
        assert held.inside.wait(SOON)
        with caplog.at_level(logging.WARNING, "transom"):
            for number in range(1, 8):
                application.app.emit("news", number)
                quick.wait(number + 1)
            held.go_on.set()
            assert held.log.wait(4) == [0, 5, 6, 7]
            held.log.heard.clear()
            application.app.emit("news", 8)
            assert held.log.wait(1) == [8]
        assert [record.getMessage() for record in caplog.records] == [
            "a listener of 'news' is too slow: the oldest of 3 waiting events are dropped",
            "a listener of 'news' has caught up; it missed 4 events",
        ]
        assert quick.heard == list(range(9))


def test_waiting_events_are_bounded_in_bytes_too_and_the_newest_always_stays() -> None:
    with running(builder=Builder().limits(max_queued_bytes=1000)) as application:
        held = Held()
        application.app.listen("news", held)
        application.app.emit("news", 0)
        assert held.inside.wait(SOON)
        for number in range(1, 4):
            application.app.emit("news", {"number": number, "data": bytes(600)})
        held.go_on.set()
        held.log.wait(2)
        application.app.emit("news", "end")
        assert [payload if isinstance(payload, (int, str)) else payload["number"] for payload in held.log.wait(3)] == [
            0,
            3,
            "end",
        ]


class DownloadStarted(msgspec.Struct, rename="camel"):
    url: str
    download_id: int
    target: Path = Path()


def received(application: Running, payload: Any) -> Event:
    events: list[Event] = []
    done = threading.Event()

    def keep(event: Event) -> None:
        events.append(event)
        done.set()

    application.app.once("news", keep)
    application.app.emit("news", payload)
    assert done.wait(SOON)
    return events[0]


def test_a_payload_is_read_as_the_class_it_was_sent_as(application: Running) -> None:
    listen_in(application.page, "news", 1)
    sent = DownloadStarted("https://example.org", 1, Path("/a"))
    event = received(application, sent)
    assert events_of(application.page)[0][1] == {"url": "https://example.org", "downloadId": 1, "target": "/a"}
    assert event.payload_as(DownloadStarted) == sent
    assert repr(event) == f"<Event 'news' for listener {event.id}>"


def test_a_payload_of_bytes_and_of_plain_types_is_read_too(application: Running) -> None:
    assert received(application, {"a": b"xy"}).payload_as(dict[str, bytes]) == {"a": b"xy"}
    assert received(application, [1, 2]).payload_as(tuple[int, ...]) == (1, 2)


def test_a_payload_that_does_not_fit_says_where(application: Running) -> None:
    event = received(application, {"url": 5, "downloadId": 1})
    with pytest.raises((msgspec.ValidationError, RequestError), match=r"`str`.*url"):
        event.payload_as(DownloadStarted)


def test_a_payload_of_json_text_is_sent_as_it_is(application: Running) -> None:
    log = Log()
    application.app.listen("news", partial(with_prefix, log))
    listen_in(application.page, "news", 1)
    application.app.emit_str("news", '{"a": [1]}')
    application.app.emit_str_filter("news", "2", lambda target: target.kind == "App")
    application.app.emit_str_filter("news", "3", lambda target: False)
    assert log.wait(2) == [{"a": [1]}, 2]
    assert [payload for _, payload, _ in events_of(application.page)] == [{"a": [1]}, 2, 3]


@pytest.mark.parametrize("text", ["", "{", "1 2", "undefined", "'a'"])
def test_a_text_that_is_not_json_is_the_emitters_error_and_reaches_nobody(application: Running, text: str) -> None:
    listen_in(application.page, "news", 1)
    with pytest.raises(TypeError, match="^the payload of 'news' must be JSON text: .*; `emit` encodes a value itself$"):
        application.app.emit_str("news", text)
    application.app.emit_str("news", "1")
    assert [payload for _, payload, _ in events_of(application.page)] == [1]
