from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import pytest

from tests.mock_app import SOON, Running, context, events_of, listen_in
from transom.app import Builder
from transom.errors import RequestError
from transom.events import Event
from transom.handles import Webview, Window
from transom.wire import EventTarget


class Ear:
    """A `def` listener that keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int, Any]] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.heard.append((event.event, event.id, event.payload))
            self._changed.notify_all()

    def wait(self, count: int) -> list[Any]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= count, SOON), self.heard
            return [payload for _, _, payload in self.heard]


def test_an_event_reaches_every_listener_with_its_own_id(application: Running) -> None:
    page, ear = application.page, Ear()
    first, second = listen_in(page, "news", 11), listen_in(page, "news", 12)
    own = application.app.listen("news", ear)
    application.app.emit("news", {"a": 1})
    assert ear.wait(1) == [{"a": 1}]
    assert ear.heard == [("news", own, {"a": 1})]
    assert events_of(page) == [["news", {"a": 1}, [[first, 11], [second, 12]]]]
    assert len({first, second, own}) == 3


def test_a_page_learns_its_listener_before_any_event(application: Running) -> None:
    listener = listen_in(application.page, "news", 11)
    application.app.emit("news")
    assert [message for message in application.page.messages if message[0] in (4, 5)] == [
        [5, listener, 11, "news", {"kind": "Any"}],
        [4, "news", None, [[listener, 11]]],
    ]


def test_an_event_reaches_other_pages_and_the_one_that_sent_it(application: Running) -> None:
    other = application.open("other")
    for page in (application.page, other):
        listen_in(page, "news", 11)
    application.page.invoke("plugin:event|emit", {"event": "news", "payload": [1]})
    assert [events_of(page)[0][:2] for page in (application.page, other)] == [["news", [1]]] * 2


# Listener's kind -> kinds of `emit_to` that reach it when the labels are equal: WIRE's table, row by row.
HEARS = {
    "Any": {"Any", "App", "AnyLabel", "Window", "Webview", "WebviewWindow"},
    "App": {"Any", "App"},
    "AnyLabel": {"Any", "AnyLabel", "Window", "Webview", "WebviewWindow"},
    "Window": {"Any", "AnyLabel", "Window"},
    "Webview": {"Any", "AnyLabel", "Webview"},
    "WebviewWindow": {"Any", "AnyLabel", "WebviewWindow"},
}
KINDS: list[Any] = list(HEARS)


def target_of(kind: Any, label: str) -> EventTarget:
    return EventTarget(kind) if kind in ("Any", "App") else EventTarget(kind, label)


@pytest.mark.parametrize("emitted", KINDS)
@pytest.mark.parametrize("by", ["payload", "text"])
def test_every_cell_of_the_table_for_pages_and_for_python(application: Running, emitted: str, by: str) -> None:
    page, ears = application.page, {kind: Ear() for kind in KINDS}
    for number, kind in enumerate(KINDS):
        target = target_of(kind, "main")
        listen_in(page, "news", number, kind, target.label)
        application.core.events.listen("news", ears[kind], target)
    app, heard = application.app, {kind for kind in KINDS if emitted in HEARS[kind]}
    send = app.emit_to if by == "payload" else app.emit_str_to
    send(target_of(emitted, "main"), "news", "1")
    send(target_of(emitted, "other"), "news", "2")
    app.emit("news", "end")
    payload = {"payload": ("1", "2"), "text": (1, 2)}[by]
    expected = {}
    for kind in KINDS:
        label_counts = emitted in ("Any", "App") or kind in ("Any", "App")
        expected[kind] = [] if kind not in heard else list(payload) if label_counts else [payload[0]]
        assert ears[kind].wait(len(expected[kind]) + 1) == [*expected[kind], "end"], kind
    for number, kind in enumerate(KINDS):
        in_page = [sent for _, sent, pairs in events_of(page) if number in {handler for _, handler in pairs}]
        assert in_page == [*expected[kind], "end"], kind


def test_a_filter_chooses_targets_and_any_always_hears(application: Running) -> None:
    page, asked = application.page, []
    listen_in(page, "news", 1)
    listen_in(page, "news", 2, "Window", "main")
    listen_in(page, "news", 3, "Window", "other")

    def accepts(target: EventTarget) -> bool:
        asked.append(target)
        return target.label == "other"

    application.app.emit_filter("news", 5, accepts)
    assert [handler for _, handler in events_of(page)[0][2]] == [1, 3]
    assert asked == [EventTarget("Window", "main"), EventTarget("Window", "other")]


def test_a_page_that_nothing_is_for_gets_nothing(application: Running) -> None:
    listen_in(application.page, "news", 1, "Window", "main")
    application.app.emit_to("other", "news")
    application.app.emit("other-news")
    application.app.emit("news", 1)
    assert [payload for _, payload, _ in events_of(application.page)] == [1]


def test_handles_listen_as_what_they_are(application: Running) -> None:
    window = application.app.get_webview_window("main")
    assert window is not None
    listens: dict[str, tuple[Ear, Callable[[str, Any], int]]] = {
        "app": (Ear(), application.app.listen),
        "window": (Ear(), Window(application.core, application.core.client, "main").listen),
        "webview window": (Ear(), window.listen),
        "webview": (Ear(), Webview(application.core, application.core.client, "main").listen),
        "any": (Ear(), application.app.listen_any),
    }
    for ear, listen in listens.values():
        listen("news", ear)
    application.app.emit_to(EventTarget("WebviewWindow", "main"), "news", 1)
    application.app.emit_to(EventTarget("App"), "news", 2)
    application.app.emit_to(EventTarget("Window", "main"), "news", 3)
    application.app.emit_to(EventTarget("Webview", "main"), "news", 4)
    application.app.emit("news", 5)
    heard = {name: ear.wait({"any": 5}.get(name, 2)) for name, (ear, _) in listens.items()}
    assert heard == {
        "app": [2, 5],
        "window": [3, 5],
        "webview": [4, 5],
        "webview window": [1, 5],
        "any": [1, 2, 3, 4, 5],
    }


@pytest.mark.parametrize(
    "emit",
    [
        "emit",
        "emit_str",
        "emit_to",
        "emit_str_to",
        "emit_filter",
        "emit_str_filter",
        "listen",
        "listen_any",
        "once",
        "once_any",
    ],
)
def test_names_are_checked_even_when_nobody_listens(application: Running, emit: str) -> None:
    app = application.app
    calls: dict[str, Callable[[], object]] = {
        "emit": lambda: app.emit("bad name"),
        "emit_to": lambda: app.emit_to("main", "bad name"),
        "emit_str": lambda: app.emit_str("bad name", "1"),
        "emit_str_to": lambda: app.emit_str_to("main", "bad name", "1"),
        "emit_filter": lambda: app.emit_filter("bad name", None, bool),
        "emit_str_filter": lambda: app.emit_str_filter("bad name", "1", bool),
        "listen_any": lambda: app.listen_any("bad name", Ear()),
        "once_any": lambda: app.once_any("bad name", Ear()),
        "listen": lambda: app.listen("bad name", Ear()),
        "once": lambda: app.once("bad name", Ear()),
    }
    with pytest.raises(RequestError, match="Event name must include only"):
        calls[emit]()


def test_a_payload_that_cannot_cross_is_an_error_of_the_emitter(application: Running) -> None:
    application.app.listen("news", Ear())
    with pytest.raises(TypeError, match="cannot be sent to the page"):
        application.app.emit("news", object())


@pytest.mark.parametrize("emit", ["emit", "emit_to", "emit_filter"])
def test_a_payload_that_cannot_cross_is_an_error_without_listeners_too(application: Running, emit: str) -> None:
    app = application.app
    calls: dict[str, Callable[[], None]] = {
        "emit": lambda: app.emit("unheard", object()),
        "emit_to": lambda: app.emit_to("main", "unheard", object()),
        "emit_filter": lambda: app.emit_filter("unheard", object(), lambda target: False),
    }
    with pytest.raises(TypeError, match="an object of the type object cannot be sent to the page"):
        calls[emit]()


def test_once_hears_one_event(application: Running) -> None:
    once, always = Ear(), Ear()
    application.app.once("news", once)
    application.app.listen("news", always)
    for number in range(3):
        application.app.emit("news", number)
    assert always.wait(3) == [0, 1, 2]
    assert once.wait(1) == [0]


def test_once_hears_one_event_of_many_threads(application: Running) -> None:
    ears, barrier = [Ear() for _ in range(30)], threading.Barrier(4)
    for ear in ears:
        application.app.once("news", ear)

    def emit() -> None:
        barrier.wait(SOON)
        application.app.emit("news")

    threads = [threading.Thread(target=emit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    last = Ear()
    application.app.listen("end", last)
    application.app.emit("end")
    last.wait(1)
    assert [len(ear.wait(1)) for ear in ears] == [1] * 30
    assert application.core.events._by_event.keys() == {"end"}


def test_once_from_within_its_own_event_does_not_hear_itself(application: Running) -> None:
    always = Ear()
    seen: list[Any] = []

    def again(event: Event) -> None:
        seen.append(event.payload)
        application.app.emit("news", "inner")

    application.app.listen("news", always)
    application.app.once("news", again)
    application.app.emit("news", "outer")
    assert always.wait(2) == ["outer", "inner"]
    assert seen == ["outer"]


def test_an_unlistened_listener_hears_nothing_and_an_unknown_id_is_nothing(application: Running) -> None:
    ear, last = Ear(), Ear()
    listener = application.app.listen("news", ear)
    application.app.listen("news", last)
    application.app.unlisten(listener)
    application.app.unlisten(listener)
    application.app.unlisten(12345)
    application.app.emit("news")
    last.wait(1)
    assert ear.heard == []


def test_who_comes_and_goes_between_two_emits_is_heard_of(application: Running) -> None:
    page, own, ear = application.page, application.app, Ear()

    def told() -> list[Any]:
        before = len(events_of(page))
        own.emit("news")
        return [listeners for _, _, listeners in events_of(page)[before:]]

    first = listen_in(page, "news", 11)
    assert told() == [[[first, 11]]]
    second = listen_in(page, "news", 12)
    assert told() == [[[first, 11], [second, 12]]]
    page.invoke("plugin:event|unlisten", {"event": "news", "eventId": first})
    assert told() == [[[second, 12]]]
    listener = own.listen("news", ear)
    assert told() == [[[second, 12]]]
    assert ear.wait(1) == [None]
    own.unlisten(listener)
    page.invoke("plugin:event|unlisten", {"event": "news", "eventId": second})
    assert told() == []
    assert ear.wait(1) == [None]


def test_the_way_to_a_page_that_is_gone_is_forgotten(application: Running) -> None:
    other = application.open("other")
    listen_in(application.page, "news", 11)
    listen_in(other, "news", 12)
    application.app.emit("news")
    routes = application.core.events._routes
    assert [session.page.label for session, _ in routes["news"].pages] == ["main", "other"]
    other.session.close()
    assert routes == {}, "a page that is gone is kept"
    application.app.emit("news")
    assert [session.page.label for session, _ in routes["news"].pages] == ["main"]
    assert [len(events_of(page)) for page in (application.page, other)] == [2, 1]


def test_async_listeners_run_on_the_loop_and_others_in_workers(application: Running) -> None:
    names: dict[str, str] = {}
    both = threading.Barrier(3)

    def plain(event: Event) -> None:
        names["def"] = threading.current_thread().name
        both.wait(SOON)

    async def later(event: Event) -> None:
        names["async def"] = threading.current_thread().name
        await asyncio.to_thread(both.wait, SOON)

    application.app.listen("news", plain)
    application.app.listen("news", later)
    application.app.emit("news")
    both.wait(SOON)
    assert names == {"def": "transom-worker", "async def": "transom-loop"}


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_slow_listener_holds_nobody_and_keeps_its_order(application: Running, kind: str) -> None:
    release, seen, done = threading.Event(), [], threading.Event()

    def slow(event: Event) -> None:
        release.wait(SOON)
        note(event)

    async def slow_async(event: Event) -> None:
        await asyncio.to_thread(release.wait, SOON)
        note(event)

    def note(event: Event) -> None:
        seen.append(event.payload)
        if len(seen) == 20:
            done.set()

    quick = Ear()
    application.app.listen("news", slow if kind == "def" else slow_async)
    application.app.listen("news", quick)
    for number in range(20):
        application.app.emit("news", number)
    assert quick.wait(20) == list(range(20))
    assert seen == []
    release.set()
    assert done.wait(SOON)
    assert seen == list(range(20))


class Odd(BaseException):
    pass


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(1), asyncio.CancelledError(), Odd()])
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_listener_that_fails_is_logged_and_hears_the_next(
    application: Running, kind: str, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()

    def fails(event: Event) -> None:
        if event.payload == 1:
            raise error
        ear(event)

    async def fails_async(event: Event) -> None:
        fails(event)

    application.app.listen("news", fails if kind == "def" else fails_async)
    with caplog.at_level(logging.ERROR, "transom"):
        application.app.emit("news", 1)
        application.app.emit("news", 2)
        assert ear.wait(1) == [2]
        application.app.emit("news", 3)
        assert ear.wait(2) == [2, 3]
    assert "a listener of 'news' failed" in caplog.text


def test_every_listener_gets_a_payload_of_its_own(application: Running) -> None:
    events: list[Event] = []
    done = threading.Semaphore(0)

    def keep(event: Event) -> None:
        events.append(event)
        done.release()

    for _ in range(2):
        application.app.listen("news", keep)
    payload = {"a": [1]}
    application.app.emit("news", payload)
    for _ in range(2):
        assert done.acquire(timeout=SOON)
    first, second = (event.payload for event in events)
    assert first == second == payload
    assert first is not second
    assert first is not payload


@pytest.mark.parametrize("payload", [b"abc", {"a": [b"x", {"b": b"y"}]}, [b""]])
def test_bytes_reach_pages_and_python_alike(application: Running, payload: Any) -> None:
    ear = Ear()
    application.app.listen("news", ear)
    listen_in(application.page, "news", 1)
    application.app.emit("news", payload)
    assert ear.wait(1) == [payload]
    assert events_of(application.page)[0][1] == payload


def test_the_end_of_a_page_ends_its_listeners_only(application: Running) -> None:
    old, ear = application.page, Ear()
    listen_in(old, "news", 1)
    listen_in(application.open("other"), "news", 2)
    application.app.listen("news", ear)
    window = application.app.get_webview_window("main")
    assert window is not None
    window.reload()
    application.app.emit("news", 1)
    ear.wait(1)
    assert events_of(old) == []
    assert events_of(application.page) == []
    assert len(events_of(application.runtime.pages["other"])) == 1
    assert len(application.core.events._by_event["news"]) == 2


def test_a_page_that_is_gone_cannot_listen(application: Running) -> None:
    session = application.session
    session.close()
    application.core.events.listen_in_page(session, "news", EventTarget("Any"), 1)
    assert "news" not in application.core.events._by_event


def test_a_listener_before_the_start_is_no_obstacle(application: Running) -> None:
    app = Builder().build(context(), "mock")

    async def later(event: Event) -> None: ...

    heard: SimpleQueue[Any] = SimpleQueue()
    app.listen("news", later)
    app.listen("news", lambda event: heard.put(event.payload))
    for number in range(2):  # the first one leaves nothing behind that would hold the next
        with pytest.raises(RuntimeError, match="not running yet"):
            app.emit("news", number)
        assert heard.get(timeout=SOON) == number
