from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock_app import Running, running
from transom.ipc import CapabilityBuilder
from transom.runtimes import SetWebviewBackground, SetWebviewZoom
from transom.runtimes._mock import MockRejection

ALL = (
    "create-webview create-webview-window webview-close webview-hide webview-show set-webview-size set-webview-position "
    "set-webview-zoom set-webview-background-color reparent print"
).split()


@pytest.fixture
def application() -> Iterator[Running]:
    """An application with two windows, whose pages may do everything with webviews."""
    with running(windows=("main", "other")) as application:
        capability = CapabilityBuilder("all").window("*")
        for name in ALL:
            capability.permission(f"core:webview:allow-{name}")
        application.app.add_capability(capability)
        yield application


def call(application: Running, name: str, **arguments: Any) -> Any:
    return application.page.invoke(f"plugin:webview|{name}", arguments)


def refused(application: Running, name: str, **arguments: Any) -> Any:
    with pytest.raises(MockRejection) as caught:
        call(application, name, **arguments)
    return caught.value.value


CHILD = {"label": "side", "url": "side.html", "x": 1, "y": 2, "width": 30, "height": 40}


def test_without_a_capability_a_page_may_look_and_not_touch() -> None:
    with running() as application:
        assert call(application, "get_all_webviews") == [{"windowLabel": "main", "label": "main"}]
        assert call(application, "webview_size") == {"width": 800, "height": 600}
        assert call(application, "webview_position") == {"x": 0, "y": 0}
        for name in ("create_webview_window", "create_webview", "webview_close", "clear_all_browsing_data", "print"):
            assert "not allowed" in refused(application, name, options={"label": "x"}, windowLabel="main")


def test_a_page_makes_a_webview_in_a_window_and_moves_it(application: Running) -> None:
    call(application, "create_webview", windowLabel="main", options=CHILD)
    assert {"windowLabel": "main", "label": "side"} in call(application, "get_all_webviews")
    assert call(application, "webview_position", label="side") == {"x": 1, "y": 2}
    call(application, "set_webview_size", label="side", value={"Logical": {"width": 5, "height": 6}})
    assert call(application, "webview_size", label="side") == {"width": 5, "height": 6}
    call(application, "reparent", label="side", window="other")
    assert {"windowLabel": "other", "label": "side"} in call(application, "get_all_webviews")
    side = application.runtime.pages["side"]
    call(application, "webview_close", label="side")
    assert side.session.closed  # type: ignore[attr-defined]
    assert len(call(application, "get_all_webviews")) == 2


def test_the_webviews_of_a_window_end_with_it(application: Running) -> None:
    call(application, "create_webview", windowLabel="other", options=CHILD)
    window = application.app.get_window("other")
    assert window is not None
    window.destroy()
    assert list(application.app.webviews()) == ["main"]


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("create_webview_window", {"options": {"label": "main"}}, "a window with label `main` already exists"),
        ("create_webview_window", {"options": {"label": "a b"}}, "Window labels must only include"),
        ("create_webview_window", {"options": {}}, "label"),
        ("create_webview_window", {"options": {"label": "x", "height": []}}, "height"),
        ("create_webview_window", {"options": {"label": "x", "userAgent": "a\r\nX: 1"}}, "userAgent"),
        ("create_webview_window", {"options": {"label": "x", "dataDirectory": "/etc"}}, "dataDirectory"),
        ("create_webview_window", {"options": {"label": "x", "dataDirectory": "a/../../b"}}, "dataDirectory"),
        ("create_webview", {"windowLabel": "none", "options": CHILD}, "window not found"),
        ("create_webview", {"windowLabel": "main", "options": CHILD | {"label": "main"}}, "a webview with label `main` already exists"),
        ("create_webview", {"windowLabel": "main", "options": CHILD | {"label": ""}}, "Webview labels must only include"),
        ("create_webview", {"windowLabel": "main", "options": CHILD | {"x": "left"}}, "invalid args `options`"),
        ("create_webview", {"windowLabel": "main", "options": CHILD | {"width": 1e300}}, "invalid args `options`"),
        ("webview_close", {"label": "none"}, "webview not found"),
        ("webview_close", {"label": "main"}, "fills its window"),
        ("reparent", {"label": "main", "window": "other"}, "cannot reparent when using a WebviewWindow"),
        ("set_webview_zoom", {"value": 0}, "zoom"),
        ("set_webview_background_color", {"value": [1, 2]}, "color"),
        ("set_webview_size", {"value": {"Logical": {"width": 1, "height": 1}}}, "fills its window"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(application: Running, name: str, arguments: dict[str, Any], said: str) -> None:
    assert said in refused(application, name, **arguments)
    assert list(application.app.webviews()) == ["main", "other"]


def test_an_empty_label_is_the_caller_and_values_reach_the_runtime(application: Running) -> None:
    call(application, "set_webview_zoom", label="", value=1.5)
    call(application, "set_webview_background_color", value="#0a0b0c")
    assert application.runtime.performed[-2:] == [
        SetWebviewZoom("main", 1.5),
        SetWebviewBackground("main", (10, 11, 12, 255)),
    ]
