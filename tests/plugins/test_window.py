from __future__ import annotations

import pytest

from tests.mock_app import events_of, listen_in, running
from transom.plugins.window import window_plugin
from transom.runtimes._mock import MockRejection


def test_the_commands() -> None:
    assert list(window_plugin().commands or ()) == ["close", "destroy"]


@pytest.mark.parametrize("name", ["close", "destroy"])
@pytest.mark.parametrize("args", [{}, {"label": None}, {"label": ""}, {"label": "main"}])
def test_a_page_ends_its_own_window(name: str, args: dict[str, str]) -> None:
    with running() as application:
        other = application.open("other")
        listen_in(application.page, "tauri://destroyed", 1)
        other.send(f"plugin:window|{name}", {key: value and "other" for key, value in args.items()})
        application.page.wait(lambda message: message[0] == 4, 1)
        assert other.session.closed  # type: ignore[attr-defined]
        assert application.app.get_webview_window("other") is None
        assert not application.session.closed


def test_close_asks_and_destroy_does_not() -> None:
    with running() as application:
        other = application.open("other")
        listen_in(application.page, "tauri://close-requested", 1, "Window", "other")
        assert application.page.invoke("plugin:window|close", {"label": "other"}) is None
        assert not other.session.closed  # type: ignore[attr-defined]
        assert [event[0] for event in events_of(application.page)] == ["tauri://close-requested"]
        assert application.page.invoke("plugin:window|destroy", {"label": "other"}) is None
        assert other.session.closed  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["close", "destroy"])
def test_a_window_that_is_not_there_is_named(name: str) -> None:
    with running() as application:
        with pytest.raises(MockRejection) as caught:
            application.page.invoke(f"plugin:window|{name}", {"label": "gone"})
        assert caught.value.value == "window not found: no window has the label `gone`"


def test_a_capability_may_deny_it() -> None:
    with running() as application:
        application.app.add_capability(
            '{"identifier": "c", "windows": ["main"], "permissions": ["core:window:deny-destroy"]}'
        )
        with pytest.raises(MockRejection, match="denies it"):
            application.page.invoke("plugin:window|destroy")
        assert application.open("other").session
