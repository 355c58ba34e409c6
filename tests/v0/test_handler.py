"""The commands of Tauri 0.x, as its documentation has them, over a page that sends what the client of 0.x does."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from tests.mock_app import SOON, Running, context, running
from transom import TaggedUnion, v0
from transom.app import Builder
from transom.commands import command
from transom.errors import AuthorError
from transom.handles import Webview
from transom.runtimes._mock import MockRejection

NAMES = {"tauri-callback": "0a-1b-2c-3d-4e", "tauri-error": "5a-1b-2c-3d-4e"}


class Cmd(TaggedUnion, tag="cmd", rename_all="camelCase"):
    pass


class DoSomething(Cmd):
    count: int
    callback: str | None = None
    error: str | None = None


class TooFew(Exception):
    def __str__(self) -> str:
        return "count should be > 5"


class Handler:
    """Answers `doSomething` as in the documentation of 0.x, and notes what it got."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.threads: list[int] = []

    def __call__(self, webview: Webview, arg: str) -> None:
        self.got.append(arg)
        found: Any = v0.decode(arg, Cmd)
        if found.callback is None:
            return

        def task() -> Any:
            self.threads.append(threading.get_ident())
            if found.count > 5:
                return {"value": 5, "message": "async response!"}
            raise TooFew

        run = v0.execute_promise_sync if found.count == 7 else v0.execute_promise
        run(webview, task, found.callback, found.error)


@command
def other() -> str:
    return "of 2.x"


def application(handler: Any) -> Any:
    from transom.commands import generate_handler

    return running(builder=Builder().invoke_handler(v0.invoke_handler(handler), generate_handler(other)))


def test_a_message_without_callbacks_is_done() -> None:
    handler = Handler()
    with application(handler) as running_app:
        assert running_app.page.invoke("doSomething", {"count": 5, "payload": {"state": "x"}}) is None
    assert json.loads(handler.got[0]) == {"cmd": "doSomething", "count": 5, "payload": {"state": "x"}}


@pytest.mark.parametrize("count", [6, 7])
def test_a_promise_gets_the_value_of_its_task(count: int) -> None:
    handler = Handler()
    with application(handler) as running_app:
        answer = running_app.page.invoke("doSomething", {"count": count}, NAMES)
        assert answer == {"value": 5, "message": "async response!"}
        assert (handler.threads == [running_app.thread.ident]) == (count == 7)
    assert json.loads(handler.got[0])["callback"] == NAMES["tauri-callback"]


def test_a_promise_rejects_with_the_text_of_a_custom_error() -> None:
    with application(Handler()) as running_app:
        with pytest.raises(MockRejection) as caught:
            running_app.page.invoke("doSomething", {"count": 1}, NAMES)
        assert caught.value.value == "count should be > 5"


def test_what_the_handler_raises_rejects() -> None:
    def handler(webview: Webview, arg: str) -> None:
        raise RuntimeError("it went wrong")

    with application(handler) as running_app:
        with pytest.raises(MockRejection) as caught:
            running_app.page.invoke("doSomething", {}, NAMES)
        assert caught.value.value == "it went wrong"


def test_an_unknown_variant_is_left_to_the_next_handler() -> None:
    with application(Handler()) as running_app:
        assert running_app.page.invoke("other", {}, NAMES) == "of 2.x"


def test_a_message_that_does_not_fit_rejects() -> None:
    with application(Handler()) as running_app:
        with pytest.raises(MockRejection) as caught:
            running_app.page.invoke("doSomething", {"count": "x"}, NAMES)
        assert "count" in caught.value.value
        with pytest.raises(MockRejection):
            running_app.page.invoke("doSomething", [1], NAMES)


def test_names_that_no_promise_of_the_page_has_are_refused() -> None:
    seen: list[str] = []

    def handler(webview: Webview, arg: str) -> None:
        message = json.loads(arg)
        for callback, error in (
            ("alert", "alert"),
            (message["callback"], "alert"),
            (message["error"], message["callback"]),
        ):
            with pytest.raises(AuthorError, match="no promise of the page in 'main' waits for"):
                v0.execute_promise(webview, lambda: seen.append("ran"), callback, error)
        v0.execute_promise(webview, lambda: 1, message["callback"], message["error"])
        with pytest.raises(AuthorError):
            v0.execute_promise(webview, lambda: 2, message["callback"], message["error"])

    with application(handler) as running_app:
        assert running_app.page.invoke("x", {}, NAMES) == 1
    assert seen == []


def test_decode_names_the_variants() -> None:
    with pytest.raises(ValueError, match="^unknown variant `nothing`, expected one of `doSomething`$"):
        v0.decode('{"cmd":"nothing"}', Cmd)
    found: Any = v0.decode('{"cmd":"doSomething","count":1}', Cmd)
    assert (type(found), found.count) == (DoSomething, 1)


def test_the_builder_makes_an_application_whose_pages_speak_0x() -> None:
    heard: list[tuple[str, str]] = []
    loaded = threading.Event()

    def setup(webview: Webview, url: str) -> None:
        heard.append((webview.label, url))
        loaded.set()

    builder = v0.AppBuilder().invoke_handler(Handler()).setup(setup)
    running_app = Running(*_made(builder))
    running_app.thread.start()
    assert loaded.wait(SOON)
    settings = running_app.runtime.settings
    running_app.exit()
    assert heard == [("main", "tauri://localhost/index.html")]
    assert settings.clients.generations[""] == "0.x"


def _made(builder: v0.AppBuilder) -> Any:
    app = builder.build(context("main"), "mock")
    return app, app._core
