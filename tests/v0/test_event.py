"""Events of 0.x: the page and Python hear each other, and neither hears itself."""

from __future__ import annotations

from queue import SimpleQueue
from typing import Any

import pytest

from tests.mock_app import SOON, events_of, listen_in, running
from transom.errors import RequestError
from transom.v0 import event


def test_python_hears_what_the_page_emits_and_not_itself() -> None:
    heard: SimpleQueue[Any] = SimpleQueue()
    with running() as application:
        webview = application.app.get_webview("main")
        assert webview is not None
        listener = event.listen(webview, "news", heard.put)
        event.emit(webview, "news", "of Python")
        for payload in ("text", None):
            application.page.invoke("plugin:event|emit", {"event": "news", "payload": payload, "fromWindow": True})
        assert [heard.get(timeout=SOON), heard.get(timeout=SOON)] == ["text", None]
        webview.unlisten(listener)
        application.app.emit("news", 3)
    assert heard.empty()


def test_an_event_that_the_page_does_not_listen_to_yet_is_sent_to_be_kept() -> None:
    with running(windows=("main", "other")) as application:
        for page in (application.page, application.runtime.pages["other"]):
            listen_in(page, "tauri://kept", 1)
        listen_in(application.runtime.pages["other"], "news", 1)
        webview = application.app.get_webview("main")
        assert webview is not None
        event.emit(webview, "news", 1)
        assert [found[:2] for found in events_of(application.page)] == [
            ["tauri://kept", {"event": "news", "payload": 1}]
        ]
        assert events_of(application.runtime.pages["other"]) == []
        with pytest.raises(RequestError, match="'a b'"):
            event.emit(webview, "a b")


def test_emit_reaches_the_page_of_the_webview_alone() -> None:
    with running(windows=("main", "other")) as application:
        other = application.runtime.pages["other"]
        for page in (application.page, other):
            listen_in(page, "news", 1)
        webview = application.app.get_webview("other")
        assert webview is not None
        event.emit(webview, "news", {"a": 1})
        assert events_of(application.page) == []
        assert [payload for _, payload, _ in events_of(other)] == [{"a": 1}]
