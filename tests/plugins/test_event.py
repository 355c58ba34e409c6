from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest

from tests.mock_app import SOON, Running, events_of, invoke_buffers, listen_in, running
from transom.events import Event
from transom.plugins.event import event_plugin
from transom.runtimes._mock import MockRejection


@pytest.fixture
def application() -> Iterator[Running]:
    with running() as application:
        yield application


def test_the_commands() -> None:
    assert list(event_plugin().commands or ()) == ["listen", "unlisten", "emit", "emit_to"]


def test_a_page_listens_emits_and_unlistens(application: Running) -> None:
    page = application.page
    listener = listen_in(page, "news", 7)
    assert page.invoke("plugin:event|emit", {"event": "news", "payload": {"a": 1}}) is None
    assert page.invoke("plugin:event|unlisten", {"event": "news", "eventId": listener}) is None
    page.invoke("plugin:event|emit", {"event": "news"})
    assert events_of(page) == [["news", {"a": 1}, [[listener, 7]]]]


def test_a_missing_payload_is_null(application: Running) -> None:
    listen_in(application.page, "news", 7)
    application.page.invoke("plugin:event|emit", {"event": "news"})
    application.page.invoke("plugin:event|emit_to", {"event": "news", "target": {"kind": "Any"}})
    assert [payload for _, payload, _ in events_of(application.page)] == [None, None]


def test_emit_to_a_target(application: Running) -> None:
    page, other = application.page, application.open("other")
    listen_in(page, "news", 1, "WebviewWindow", "main")
    listen_in(other, "news", 2, "WebviewWindow", "other")
    page.invoke(
        "plugin:event|emit_to", {"target": {"kind": "AnyLabel", "label": "other"}, "event": "news", "payload": 5}
    )
    assert events_of(page) == []
    assert [event[1] for event in events_of(other)] == [5]


def test_a_page_cannot_unlisten_for_another_nor_for_the_application(application: Running) -> None:
    page, other = application.page, application.open("other")
    theirs = listen_in(other, "news", 1)

    def python(event: Event) -> None: ...

    own = application.app.listen("news", python)
    for listener in (theirs, own, 999):
        assert page.invoke("plugin:event|unlisten", {"event": "news", "eventId": listener}) is None
    assert set(application.core.events._by_event["news"]) == {theirs, own}
    other.invoke("plugin:event|unlisten", {"event": "wrong", "eventId": theirs})
    assert theirs in application.core.events._by_event["news"]
    other.invoke("plugin:event|unlisten", {"event": "news", "eventId": theirs})
    assert set(application.core.events._by_event["news"]) == {own}


def test_a_listener_is_a_page_generations(application: Running) -> None:
    listener = listen_in(application.page, "news", 1)
    assert len(application.core.events._by_event["news"]) == 1
    window = application.app.get_webview_window("main")
    assert window is not None
    window.reload()
    application.page.invoke("plugin:event|unlisten", {"event": "news", "eventId": listener})
    assert "news" not in application.core.events._by_event


@pytest.mark.parametrize(
    ("command", "args", "text"),
    [
        ("listen", {"event": "a b", "target": {"kind": "Any"}, "handler": 1}, "Event name must include only"),
        ("emit", {"event": "a b"}, "Event name must include only"),
        ("emit_to", {"event": "a b", "target": {"kind": "Any"}}, "Event name must include only"),
        ("listen", {"event": "a", "handler": 1}, "missing required key target"),
        ("listen", {"event": "a", "target": {"kind": "Window"}, "handler": 1}, "invalid args `target`"),
        ("listen", {"event": "a", "target": {"kind": "Nothing"}, "handler": 1}, "invalid args `target`"),
        ("listen", {"event": "a", "target": {"kind": "Any"}, "handler": "x"}, "invalid args `handler`"),
        ("unlisten", {"event": "a"}, "missing required key eventId"),
        ("emit", {}, "missing required key event"),
        ("emit", {"evnt": "a"}, "the page sent `evnt`"),
        ("emit_to", {"event": "a"}, "missing required key target"),
    ],
)
def test_wrong_arguments_reject(application: Running, command: str, args: Any, text: str) -> None:
    with pytest.raises(MockRejection) as caught:
        application.page.invoke(f"plugin:event|{command}", args)
    assert text in caught.value.value


def test_a_page_may_emit_bytes(application: Running) -> None:
    listen_in(application.page, "news", 7)
    args, spans = '{"event":"news","payload":{"a":null}}', [[["payload", "a"], "Uint8Array", 0, 0, 3]]
    invoke_buffers(application.page, 900, "plugin:event|emit", args, spans, b"abc")
    assert events_of(application.page)[0][1] == {"a": b"abc"}


def test_events_of_one_page_keep_the_order_of_its_calls(application: Running) -> None:
    page = application.page
    listen_in(page, "news", 7)
    calls = [page.send("plugin:event|emit", {"event": "news", "payload": number}) for number in range(50)]
    page.answer(calls[-1], SOON)
    assert [payload for _, payload, _ in events_of(page)] == list(range(50))


def test_an_event_of_a_page_names_its_window_and_may_be_for_one_page(application: Running) -> None:
    other, ear = application.open("other"), SimpleQueue[Any]()
    for page in (application.page, other):
        listen_in(page, "news", 11)
    application.app.listen("news", lambda event: ear.put(event.payload))
    application.page.invoke("plugin:event|emit", {"event": "news", "payload": 1, "fromWindow": True})
    application.page.invoke(
        "plugin:event|emit", {"event": "news", "payload": 2, "fromWindow": True, "onlyWindow": "other"}
    )
    assert [ear.get(timeout=SOON) for _ in range(2)] == [1, 2]
    assert [payload for _, payload, _ in events_of(application.page)] == [1]
    assert [(payload, listeners[-1]) for _, payload, listeners in events_of(other)] == [(1, "main"), (2, "main")]
