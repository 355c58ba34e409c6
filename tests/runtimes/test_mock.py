from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock_app import SOON, Running, running
from tests.runtimes.fake_host import FakeHost, new_window
from tests.runtimes.uri_schemes import PROTOCOLS
from transom.calls import Request
from transom.commands import command
from transom.errors import RuntimeUnavailable, WindowError
from transom.runtimes import ReloadPage, Settings, SetTitle, choose_runtime, find_runtime
from transom.runtimes._mock import MockPage, MockRejection, create
from transom.values import Response

RELEASE = threading.Event()


@command
def headers(request: Request) -> dict[str, str]:
    return dict(request.headers)


@command
def pictures() -> Any:
    return {"a": b"x", "list": [b"yy", {"b": b""}]}


@command
def picture() -> Response:
    return Response(b"png")


@command
def refuses() -> None:
    raise ValueError("no")


@command
def blocks() -> None:
    RELEASE.wait(SOON)


@pytest.fixture
def application() -> Iterator[Running]:
    with running(headers, pictures, picture, refuses, blocks) as application:
        yield application


def test_it_is_found_by_its_name() -> None:
    assert find_runtime("mock") is create
    with pytest.raises(RuntimeUnavailable, match="^no runtime is called 'moc'; did you mean `mock`\\?$"):
        find_runtime("moc")
    with pytest.raises(RuntimeUnavailable, match="^no runtime is called 'qt'; use one of pywebview, web, webkitgtk$"):
        find_runtime("qt")


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSOM_RUNTIME", "mock")
    assert choose_runtime() == ("mock", None)
    for name in ("TRANSOM_RUNTIME", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    name, why = choose_runtime()
    assert name == "web"
    assert why == "there is no display: neither $DISPLAY nor $WAYLAND_DISPLAY is set"


def test_headers_and_buffers(application: Running) -> None:
    assert application.page.invoke("headers", headers={"x-a": "b"}) == {"x-a": "b"}
    assert application.page.invoke("headers") == {}
    assert application.page.invoke("picture") == b"png"
    assert application.page.invoke("pictures") == {"a": b"x", "list": [b"yy", {"b": b""}]}


def test_a_rejection_holds_its_value(application: Running) -> None:
    with pytest.raises(MockRejection) as caught:
        application.page.invoke("refuses")
    assert caught.value.value["kind"] == "internal"


def test_an_answer_that_does_not_come_is_a_timeout(application: Running) -> None:
    RELEASE.clear()
    call = application.page.send("blocks")
    with pytest.raises(TimeoutError, match="0 of 1 messages came within 0.01 s"):
        application.page.answer(call, timeout=0.01)
    RELEASE.set()
    assert application.page.answer(call) is None


def test_a_page_of_another_origin_may_call_nothing(application: Running) -> None:
    page = MockPage(application.core, "remote", "https://example.org")
    with pytest.raises(MockRejection, match="remote origin https://example.org"):
        page.invoke("headers")


def test_operations_are_noted_and_need_a_window(application: Running) -> None:
    runtime, first = application.runtime, application.page
    runtime.perform(SetTitle("main", "x"))
    runtime.perform(ReloadPage("main"))
    assert runtime.performed[-2:] == [SetTitle("main", "x"), ReloadPage("main")]
    assert application.page is not first
    with pytest.raises(WindowError, match="no window has the label `gone`"):
        runtime.perform(SetTitle("gone", "x"))


def test_loads_are_told() -> None:
    host = FakeHost(lambda runtime: None, lambda *_: None)
    runtime = create(host, Settings())
    runtime.perform(new_window("main"))
    runtime.perform(new_window("other", url="/a.html?b=1"))
    runtime.perform(ReloadPage("other"))
    urls = {"main": "tauri://localhost/index.html", "other": "tauri://localhost/a.html?b=1"}
    assert host.loads == [
        (label, event, urls[label]) for label in ("main", "other", "other") for event in ("started", "finished")
    ]


def test_pages_ask_the_schemes_of_the_application() -> None:
    host = FakeHost(lambda runtime: None, lambda *_: None)
    runtime = create(host, Settings(uri_schemes=PROTOCOLS))
    answer = runtime.fetch("main", "stream://localhost/a%20b?q", method="PUT", headers={"X-Own": "v"}, body=b"abc")
    assert (answer.status, answer.headers) == (200, (("Content-Type", "application/json"),))
    told = json.loads(answer.body)
    assert (told["method"], told["uri"], told["own"], told["body"]) == ("PUT", "stream://localhost/a%20b?q", "v", 3)
    assert (told["label"], told["host"], told["worker"]) == ("main", True, True)
    assert runtime.fetch("main", "later://localhost/").body == b"later"
    assert runtime.fetch("main", "stream://localhost/fails").status == 500
    with pytest.raises(LookupError, match="^no scheme is called 'other'"):
        runtime.fetch("main", "other://localhost/")


def test_messages_of_many_threads_are_all_here_in_the_order_of_the_queue(application: Running) -> None:
    page, session = application.page, application.session
    lock, pushed = threading.Lock(), []

    def push(thread: int) -> None:
        for index in range(100):
            with lock:
                pushed.append([7, "x", thread, index])
                session.operate("x", thread, index)

    threads = [threading.Thread(target=push, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    assert page.wait(lambda message: message[0] == 7, 400) == pushed
    for thread in threads:
        thread.join(SOON)
