from __future__ import annotations

from typing import Any

import pytest

from tests.fake_page import FakeLink, FakePage
from transom.errors import WindowError
from transom.pages import Client
from transom.runtimes import Page
from transom.values import CallbackFn, InvokeResponse
from transom.wire import InvokeRequest


class Thing:
    closed = 0

    def close(self) -> None:
        self.closed += 1


def _request(cmd: str = "cmd") -> InvokeRequest:
    return InvokeRequest(cmd=cmd, callback=CallbackFn(1), error=CallbackFn(2), invoke_key="key")


@pytest.fixture
def page() -> FakePage:
    return FakePage()


def test_a_label_names_one_window_and_one_webview_of_a_client(page: FakePage) -> None:
    client = page.client
    with pytest.raises(WindowError, match="^a window with label `main` already exists$"):
        client.add_window("main")
    client.add_window("other")
    assert client.windows == ["main", "other"]
    assert client.webviews == {"main": "main", "other": "other"}
    assert client.window_of("other") == "other"


def test_two_clients_may_have_windows_of_one_label(page: FakePage) -> None:
    other = FakePage()
    assert page.client.windows == other.client.windows == ["main"]
    page.client.remove_window("main")
    assert other.client.page("main") is other.session
    assert not other.session.closed


def test_a_label_that_nothing_has_is_named(page: FakePage) -> None:
    client = page.client
    with pytest.raises(WindowError, match="^window not found: no window has the label `gone`$"):
        client.check_window("gone")
    with pytest.raises(WindowError, match="^webview not found: no webview has the label `gone`$"):
        client.window_of("gone")
    with pytest.raises(WindowError, match="^webview not found: no webview has the label `gone`$"):
        client.page("gone")
    client.add_window("empty")
    with pytest.raises(WindowError, match="^the webview `empty` shows no page yet$"):
        client.page("empty")


def test_a_new_page_ends_the_one_before_it_in_its_webview_only(page: FakePage) -> None:
    client = page.client
    client.add_window("other")
    other, _ = client.open_page(Page("other", "other", "tauri://localhost", True), FakeLink())
    new, _ = client.open_page(Page("main", "main", "tauri://localhost", True), FakeLink())
    assert page.session.closed
    assert not other.closed
    assert client.page("main") is new
    page.session.close()
    assert client.page("main") is new


def test_a_window_that_is_gone_takes_its_page_its_resources_and_its_focus_with_it(page: FakePage) -> None:
    client, thing = page.client, Thing()
    client.add_window("other")
    client.focused = "main"
    client.resources.of_window("main").add(thing)
    assert not client.remove_window("main")
    assert page.session.closed
    assert thing.closed == 1
    assert client.focused is None
    assert client.remove_window("other")
    assert not client.remove_window("other"), "a window that was not there cannot have been the last"


def test_calls_that_come_before_their_page_wait_for_it(page: FakePage) -> None:
    client = page.client
    client.add_window("new")
    given: list[InvokeResponse] = []
    assert client.page_or_wait("new", _request("early"), given.append) is None
    session, early = client.open_page(Page("new", "new", "tauri://localhost", True), FakeLink())
    assert [request.cmd for request, _ in early] == ["early"]
    assert client.page_or_wait("new", _request("late"), given.append) is session
    assert given == []
    with pytest.raises(WindowError, match="no webview has the label `none`"):
        client.page_or_wait("none", _request(), given.append)


def test_calls_whose_page_never_came_are_answered_when_the_window_goes(
    page: FakePage, caplog: pytest.LogCaptureFixture
) -> None:
    client = page.client
    client.add_window("new")
    given: list[Any] = []

    def fails(response: InvokeResponse) -> None:
        raise OSError("no socket")

    client.page_or_wait("new", _request("first"), fails)
    client.page_or_wait("new", _request("second"), lambda response: given.append(response.body.deserialize()))
    client.remove_window("new")
    assert [value["kind"] for value in given] == ["cancelled"]
    assert given[0]["command"] == "second"
    assert "the responder of the invoke system failed for command 'first'" in caplog.text
    client.add_window("new")
    _, early = client.open_page(Page("new", "new", "tauri://localhost", True), FakeLink())
    assert early == (), "the next window of the label has none of them"


def test_only_so_many_calls_wait_for_a_page(page: FakePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transom.pages._client._MAX_EARLY", 2)
    client: Client = page.client
    client.add_window("new")
    for _ in range(2):
        client.page_or_wait("new", _request(), lambda _: None)
    with pytest.raises(WindowError, match="shows no page yet, and 2 calls wait for it already"):
        client.page_or_wait("new", _request(), lambda _: None)


def test_the_end_of_a_client_ends_its_pages_and_resources(page: FakePage) -> None:
    thing, of_window = Thing(), Thing()
    page.client.resources.application.add(thing)
    page.client.resources.of_window("main").add(of_window)
    page.client.close()
    assert page.session.closed
    assert (thing.closed, of_window.closed) == (1, 1)


def test_the_end_of_a_client_answers_the_calls_whose_page_never_came(page: FakePage) -> None:
    page.client.add_window("new")
    given: list[Any] = []
    page.client.page_or_wait("new", _request(), lambda response: given.append(response.body.deserialize()))
    page.client.close()
    assert [value["kind"] for value in given] == ["cancelled"]
