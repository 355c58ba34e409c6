from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.mock_app import Running, events_of, listen_in, running
from transom.commands import CommandSet
from transom.plugins.window import window_plugin
from transom.runtimes import Color, CursorIcon, SetBackgroundColor, SetCursorIcon
from transom.runtimes._mock import MockRejection


def test_every_command_can_be_compiled() -> None:
    handler = window_plugin().handler
    assert isinstance(handler, CommandSet)
    assert [spec.name for spec in handler.specs] == list(window_plugin().commands or ())
    assert all(spec.doc for spec in handler.specs)


def test_by_default_a_page_may_read_windows_and_nothing_else() -> None:
    allowed = {name.removeprefix("allow-").replace("-", "_") for name in window_plugin().default}
    reads = {name for name in window_plugin().commands or () if not name.startswith(("set_", "start_"))}
    changes = (
        "create center maximize unmaximize toggle_maximize minimize unminimize show hide close destroy set_focus "
        "request_user_attention"
    )
    assert allowed == reads - {*changes.split(), "activity_name", "scene_identifier"}


@contextmanager
def allowed(*permissions: str, labels: tuple[str, ...] = ("main", "other")) -> Iterator[Running]:
    with running(windows=labels) as application:
        listed = ", ".join(f'"core:window:allow-{permission}"' for permission in permissions)
        application.app.add_capability(f'{{"identifier": "c", "windows": ["*"], "permissions": [{listed}]}}')
        yield application


def test_a_page_reads_what_was_set() -> None:
    with allowed("set-title", "set-size", "set-position", "maximize", "set-theme", "set-always-on-top") as application:
        invoke = application.page.invoke
        invoke("plugin:window|set_title", {"label": "other", "value": "New"})
        assert invoke("plugin:window|title", {"label": "other"}) == "New"
        assert invoke("plugin:window|title") == "Tauri App"
        invoke("plugin:window|set_size", {"value": {"Logical": {"width": 300.4, "height": 200}}})
        assert invoke("plugin:window|inner_size") == {"width": 300, "height": 200}
        invoke("plugin:window|set_position", {"value": {"Physical": {"x": -5, "y": 7}}})
        assert invoke("plugin:window|outer_position", {"label": ""}) == {"x": -5, "y": 7}
        invoke("plugin:window|maximize")
        assert invoke("plugin:window|is_maximized") is True
        assert invoke("plugin:window|is_minimized") is False
        invoke("plugin:window|set_theme", {"value": "dark"})
        assert invoke("plugin:window|theme") == "dark"
        invoke("plugin:window|set_theme")
        assert invoke("plugin:window|theme") == "light"
        assert invoke("plugin:window|get_all_windows") == ["main", "other"]
        monitor = invoke("plugin:window|current_monitor")
        assert set(monitor) == {"name", "size", "position", "scaleFactor", "workArea"}
        assert invoke("plugin:window|available_monitors") == [monitor]
        assert invoke("plugin:window|monitor_from_point", {"x": 5, "y": -1}) is None


# What a page sends that is wrong -> what it hears.
WRONG = [
    ("set_size", {"value": {"width": 1, "height": 1}}, "a size is an object with one key, `Logical` or `Physical`"),
    ("set_size", {"value": {"Logical": {"width": 1}}}, "Object missing required field `height`"),
    ("set_size", {"value": {"Physical": {"width": 1.5, "height": 1}}}, "Expected `int`, got `float`"),
    ("set_size", {"value": {"Physical": {"width": -1, "height": 1}}}, "Expected `int` >= 0"),
    ("set_size", {"value": {"Logical": {"width": 0, "height": 1}}}, "at least 1 pixel"),
    ("set_position", {"value": None}, "Expected `object`, got `null`"),
    ("set_title", {}, "missing required key value"),
    ("set_title", {"value": 1}, "Expected `str`, got `int`"),
    ("set_title", {"value": "x", "label": "gone"}, "window not found: no window has the label `gone`"),
    ("set_background_color", {"value": "red"}, "a color is"),
    ("set_background_color", {"value": [1, 2, 256]}, "a color is"),
    ("set_icon", {"value": 77}, "The resource id 77 is invalid."),
    ("set_icon", {"value": "/nowhere/icon.png"}, "image"),
    ("set_icon", {"value": [1, 2, 3]}, "neither a PNG nor an ICO"),
    ("set_icon", {"value": {"rgba": [1], "width": 2, "height": 2}}, "1 bytes are not an RGBA image of 2 x 2 pixels"),
    ("set_progress_bar", {"value": {"status": "done"}}, "Invalid enum value 'done'"),
    ("start_resize_dragging", {"value": "Up"}, "Invalid enum value 'Up'"),
    ("request_user_attention", {"value": {"type": "Loud"}}, "Invalid enum value 'Loud'"),
]


@pytest.mark.parametrize(("name", "args", "said"), WRONG, ids=[f"{name}-{args}" for name, args, _ in WRONG])
def test_what_is_wrong_with_an_argument_is_said(name: str, args: dict[str, Any], said: str) -> None:
    with allowed(name.replace("_", "-")) as application:
        with pytest.raises(MockRejection) as caught:
            application.page.invoke(f"plugin:window|{name}", args)
        assert said in caught.value.value
        assert "/nowhere" not in caught.value.value


def test_a_command_that_the_runtime_does_not_support_rejects_with_the_reason() -> None:
    with allowed("activity-name") as application:
        with pytest.raises(MockRejection) as caught:
            application.page.invoke("plugin:window|activity_name")
        assert caught.value.value == {
            "kind": "unsupported",
            "command": "plugin:window|activity_name",
            "runtime": "mock",
            "reason": "only windows on Android have one",
            "message": "plugin:window|activity_name is not supported by the runtime mock: only windows on Android have one",
        }


@pytest.mark.parametrize(
    ("sent", "shape"), [("notAllowed", "notAllowed"), ("NOTALLOWED", "notAllowed"), ("sausage", "default")]
)
def test_a_pointer_of_an_unknown_name_is_the_default_one(sent: str, shape: str) -> None:
    with allowed("set-cursor-icon") as application:
        application.page.invoke("plugin:window|set_cursor_icon", {"value": sent})
        assert application.runtime.performed[-1] == SetCursorIcon("main", CursorIcon(shape))


@pytest.mark.parametrize(
    ("sent", "color"),
    [
        ("#f80", (255, 136, 0, 255)),
        ("#ff880080", (255, 136, 0, 128)),
        ([1, 2, 3], (1, 2, 3, 255)),
        ([1, 2, 3, 4], (1, 2, 3, 4)),
        ({"red": 1, "green": 2, "blue": 3}, (1, 2, 3, 255)),
        (None, None),
    ],
)
def test_a_color_has_every_form_that_the_npm_package_knows(sent: Any, color: tuple[int, ...] | None) -> None:
    with allowed("set-background-color") as application:
        application.page.invoke("plugin:window|set_background_color", {"value": sent})
        assert application.runtime.performed[-1] == SetBackgroundColor("main", color and Color(*color))


@pytest.mark.parametrize("resizable", [True, False])
def test_a_double_click_on_a_drag_region_maximizes_only_what_can_be_resized(resizable: bool) -> None:
    with allowed("set-resizable") as application:
        application.page.invoke("plugin:window|set_resizable", {"value": resizable})
        application.page.invoke("plugin:window|internal_toggle_maximize")
        assert application.page.invoke("plugin:window|is_maximized") is resizable


@pytest.mark.parametrize("name", ["close", "destroy"])
@pytest.mark.parametrize("args", [{}, {"label": None}, {"label": ""}, {"label": "main"}])
def test_a_page_ends_its_own_window(name: str, args: dict[str, str]) -> None:
    with allowed("close", "destroy", labels=("main",)) as application:
        other = application.open("other")
        listen_in(application.page, "tauri://destroyed", 1)
        other.send(f"plugin:window|{name}", {key: value and "other" for key, value in args.items()})
        application.page.wait(lambda message: message[0] == 4, 1)
        assert other.session.closed  # type: ignore[attr-defined]
        assert application.app.get_webview_window("other") is None
        assert not application.session.closed


def test_close_asks_and_destroy_does_not() -> None:
    with allowed("close", "destroy", labels=("main",)) as application:
        other = application.open("other")
        listen_in(application.page, "tauri://close-requested", 1, "Window", "other")
        assert application.page.invoke("plugin:window|close", {"label": "other"}) is None
        assert not other.session.closed  # type: ignore[attr-defined]
        assert [event[0] for event in events_of(application.page)] == ["tauri://close-requested"]
        assert application.page.invoke("plugin:window|destroy", {"label": "other"}) is None
        assert other.session.closed  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["close", "destroy"])
def test_a_window_that_is_not_there_is_named(name: str) -> None:
    with allowed("close", "destroy", labels=("main",)) as application:
        with pytest.raises(MockRejection) as caught:
            application.page.invoke(f"plugin:window|{name}", {"label": "gone"})
        assert caught.value.value == "window not found: no window has the label `gone`"


def test_a_capability_may_deny_it() -> None:
    with allowed("close", "destroy", labels=("main",)) as application:
        application.app.add_capability(
            '{"identifier": "d", "windows": ["main"], "permissions": ["core:window:deny-destroy"]}'
        )
        with pytest.raises(MockRejection, match="denies it"):
            application.page.invoke("plugin:window|destroy")
        assert application.open("other").session


def test_it_needs_a_permission_as_in_tauri() -> None:
    with running() as application:
        for name in ("close", "destroy"):
            with pytest.raises(MockRejection, match="not allowed by ACL"):
                application.page.invoke(f"plugin:window|{name}")
