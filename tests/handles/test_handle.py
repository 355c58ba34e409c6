from __future__ import annotations

from typing import Any

import pytest

from tests.mock_app import Running, running
from transom.app import Builder
from transom.errors import ConfigError, StateError
from transom.handles import Webview, WebviewWindow, WebviewWindowBuilder, Window
from transom.runtimes import WindowEvent
from transom.runtimes._mock import MockPage, MockRejection


class Cache:
    pass


@pytest.fixture
def window(application: Running) -> WebviewWindow:
    window = application.app.get_webview_window("main")
    assert window is not None
    return window


def test_state_through_handles() -> None:
    cache = Cache()
    with running(builder=Builder().manage(cache)) as application:
        app = application.app
        assert app.state(Cache) is app.handle().state(Cache) is app.try_state(Cache) is cache
        assert app.manage(Cache()) is False
        assert app.try_state(int) is None
        with pytest.raises(StateError, match="state of type int is not managed"):
            app.state(int)
        assert app.manage(5) is True
        assert app.state(int) == 5


def test_configuration_and_handle_from_any_handle(application: Running, window: WebviewWindow) -> None:
    assert window.config() is application.core.config
    assert window.app_handle()._app is application.core


def test_windows_are_found_by_label(application: Running, window: WebviewWindow) -> None:
    assert application.app.get_webview_window("none") is None
    other = WebviewWindowBuilder(application.app, "other").build()
    assert application.app.webview_windows() == {"main": window, "other": other}
    assert list(application.app.webview_windows()) == ["main", "other"]


def test_work_for_the_main_thread(application: Running) -> None:
    import threading

    names: list[str] = []
    application.on_main(lambda: names.append(threading.current_thread().name))
    assert names == ["test-main"]


def test_unmanaged_state_is_gone_and_can_be_managed_anew(application: Running) -> None:
    app, cache = application.app, Cache()
    assert app.unmanage(Cache) is None
    app.manage(cache)
    assert app.handle().unmanage(Cache) is cache
    assert app.try_state(Cache) is None
    assert app.manage(Cache()) is True


def test_windows_webviews_and_both_together_have_handles_of_their_own(application: Running) -> None:
    app, core = application.app, application.core
    application.open("other")
    assert app.get_window("main") == Window(core, core.client, "main") == app.windows()["main"]
    assert app.get_webview("main") == Webview(core, core.client, "main") == app.webviews()["main"]
    assert list(app.windows()) == list(app.webviews()) == list(app.webview_windows()) == ["main", "other"]
    assert app.get_window("none") is app.get_webview("none") is None


def test_the_focused_window_is_the_one_that_was_told_of_last(application: Running) -> None:
    app, core = application.app, application.core
    application.open("other")

    def tell(label: str, name: Any) -> str | None:
        core.window_event(WindowEvent(label, name))
        focused = app.get_focused_window()
        return None if focused is None else focused.label

    assert app.get_focused_window() is None
    assert tell("main", "focus") == "main"
    assert tell("other", "focus") == "other"
    assert tell("main", "blur") == "other"  # some window systems tell of the new one first
    assert tell("other", "blur") is None
    tell("other", "focus")
    assert tell("other", "destroyed") is None


def test_a_capability_is_added_through_any_handle(application: Running) -> None:
    page = MockPage(application.core, "main", "https://example.org")
    with pytest.raises(MockRejection, match="not allowed"):
        page.invoke("plugin:event|emit", {"event": "news"})
    WebviewWindow(application.core, application.core.client, "main").add_capability(
        '{"identifier": "guests", "remote": {"urls": ["https://example.org"]}, "windows": ["main"],'
        ' "permissions": ["core:event:default"]}'
    )
    assert page.invoke("plugin:event|emit", {"event": "news"}) is None
    with pytest.raises(ConfigError):
        application.app.add_capability("{}")


def test_an_application_knows_its_runtime(application: Running) -> None:
    assert application.app.handle().runtime_name() == "mock"
