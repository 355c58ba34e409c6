from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock_app import Running, context, running
from transom.app import Builder
from transom.commands import command, generate_handler
from transom.errors import ConfigError, NotAllowed, WindowError
from transom.handles import Webview
from transom.runtimes import Page
from transom.values import CallbackFn, InvokeResponse
from transom.wire import InvokeRequest


@command
async def size(data: bytes) -> int:
    return len(data)


@command
async def echo(text: str) -> str:
    return text


class Answers:
    def __init__(self) -> None:
        self.all: list[Any] = []

    def __call__(
        self, webview: Webview, cmd: str, response: InvokeResponse, callback: CallbackFn, error: CallbackFn
    ) -> None:
        self.all.append((webview.label, cmd, response.is_ok, response.body.deserialize(), callback, error))


def _request(application: Running, cmd: str = "echo", body: Any = None, key: str | None = None) -> InvokeRequest:
    return InvokeRequest(
        cmd=cmd,
        callback=CallbackFn(1),
        error=CallbackFn(2),
        body={"text": "hi"} if body is None else body,
        invoke_key=application.page.invoke_key if key is None else key,
    )


@pytest.fixture
def application() -> Iterator[Running]:
    builder = Builder().invoke_handler(generate_handler(size, echo)).invoke_system("", Answers())
    with running(builder=builder) as application:
        yield application


def _answers(application: Running) -> list[Any]:
    application.on_loop()
    answers = application.core._parts.invoke_responder
    assert isinstance(answers, Answers)
    return answers.all


def test_a_call_goes_the_way_of_all_calls_and_its_answer_to_the_responder(application: Running) -> None:
    webview = application.app.get_webview("main")
    assert webview is not None
    webview.on_message(_request(application))
    webview.on_message(_request(application, "none"))
    webview.on_message(_request(application, "plugin:event|shout"))
    not_found = "Command none not found; is it in generate_handler(...)?"
    refused = "Command shout not found; plugin event does not have this command in this version of transom"
    assert sorted(_answers(application), key=lambda answer: answer[1]) == [
        ("main", "echo", True, "hi", 1, 2),
        ("main", "none", False, not_found, 1, 2),
        ("main", "plugin:event|shout", False, refused, 1, 2),
    ]
    assert application.session.calls == {}


def test_another_responder_may_be_given_with_the_call(application: Running) -> None:
    answers = Answers()
    webview = application.app.get_webview("main")
    assert webview is not None
    webview.on_message(_request(application), answers)
    application.on_loop()
    assert [answer[3] for answer in answers.all] == ["hi"]
    assert _answers(application) == []


@pytest.mark.parametrize("key", ["", "forged", "\u2028"])
def test_a_call_without_the_key_is_refused(application: Running, key: str) -> None:
    with pytest.raises(NotAllowed, match="^bad __TAURI_INVOKE_KEY__ value received in ipc message$"):
        application.core.receive(application.core.client, "main", _request(application, key=key), None)
    assert _answers(application) == []


def test_a_call_of_a_page_that_is_not_linked_yet_waits_for_its_link(application: Running) -> None:
    application.session.close()
    application.core.receive(application.core.client, "main", _request(application, body={"text": "early"}), None)
    application.core.receive(
        application.core.client, "main", _request(application, body={"text": "of another page"}, key="0" * 32), None
    )
    application.core.receive(application.core.client, "main", _request(application, body={"text": "\ud800"}), None)
    application.core.receive(application.core.client, "main", _request(application, body={"text": "the last"}), None)
    assert _answers(application) == []
    page = Page("main", "main", "tauri://localhost", True, application.page.invoke_key)
    application.core.open_page(page, application.page)
    assert [answer[3] for answer in _answers(application)] == ["early", "the last"]


def test_the_key_of_one_document_is_nothing_to_the_next(application: Running) -> None:
    old = _request(application)
    application.core.open_page(Page("main", "main", "tauri://localhost", True, "another"), application.page)
    with pytest.raises(NotAllowed):
        application.core.receive(application.core.client, "main", old, None)


def test_a_call_for_no_window_is_refused(application: Running) -> None:
    with pytest.raises(WindowError, match="webview not found: no webview has the label `none`"):
        application.core.receive(application.core.client, "none", _request(application), None)


def test_raw_bodies_stay_raw_and_odd_ones_are_refused(application: Running) -> None:
    application.core.receive(application.core.client, "main", _request(application, "size", b"abc"), None)
    [answer] = _answers(application)
    assert "the IPC call used a bytes payload" in answer[3]
    with pytest.raises(TypeError, match="cannot be sent"):
        application.core.receive(application.core.client, "main", _request(application, "size", object()), None)
    assert application.session.calls == {}


def test_a_responder_is_needed() -> None:
    with running(echo) as application, pytest.raises(ConfigError, match="on_message needs a responder"):
        application.core.receive(application.core.client, "main", _request(application), None)


def test_only_pages_of_such_an_application_get_a_key() -> None:
    for builder, given in ((Builder(), False), (Builder().invoke_system("", Answers()), True)):
        app = builder.setup(lambda handle: handle.exit(0)).build(context("main"), "mock")
        assert app.run() == 0
        assert app._core._runtime.settings.invoke_by_message is given  # type: ignore[attr-defined]
