from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtimes.test_web_closing import browsed
from transom.runtimes import (
    CurrentMonitor,
    CursorIcon,
    EvaluateScript,
    GetTheme,
    GetTitle,
    InnerSize,
    IsFullscreen,
    IsVisible,
    OuterPosition,
    ScaleFactor,
    SetBackgroundColor,
    SetCursorIcon,
    Theme,
    WindowEvent,
    ops,
)
from transom.runtimes.web.state import PAGE_SCRIPTS, PageState, changes, parse_state
from transom.values import PhysicalPosition, PhysicalSize

WORDS = "1500 1 0 10 20 11 30 800 600 810 650 0 0 1920 1080 0 24 1920 1056".split()


def test_a_state_is_read_field_for_field() -> None:
    state = parse_state(WORDS)
    assert state is not None
    assert state.scale_factor == 1.5
    assert state.theme is Theme.DARK
    assert (state.width, state.height, state.free_y) == (800, 600, 24)


@pytest.mark.parametrize(
    "words",
    [[], WORDS[:-1], [*WORDS, "1"], ["0", *WORDS[1:]], [*WORDS[:-1], "-1"], [*WORDS[:-1], "9" * 7], ["x", *WORDS[1:]]],
)
def test_what_is_no_state_is_ignored(words: list[str]) -> None:
    assert parse_state(words) is None


@given(st.lists(st.text(max_size=8), max_size=25))
def test_a_page_may_say_anything(words: list[str]) -> None:
    assert parse_state(words) is None or isinstance(parse_state(words), PageState)


def test_only_what_has_changed_is_told() -> None:
    state = parse_state(WORDS)
    assert state is not None
    assert changes(None, state) == changes(state, state) == []
    size = {"width": 500, "height": 600}
    assert changes(state, state._replace(width=500)) == [("resize", size)]
    assert changes(state, state._replace(x=-3)) == [("move", {"x": -3, "y": 20})]
    assert changes(state, state._replace(dark=0)) == [("theme-changed", "light")]
    assert changes(state, state._replace(scale=1000, width=500)) == [
        ("scale-change", {"scaleFactor": 1.0, "size": size}),
        ("resize", size),
    ]


def test_shapes_and_colors_are_those_of_css() -> None:
    assert PAGE_SCRIPTS[SetCursorIcon](SetCursorIcon("main", CursorIcon.NOT_ALLOWED)).endswith("= 'not-allowed';")
    color = ops.Color(1, 2, 3, 128)
    assert "rgb(1 2 3 / 0.5020)" in PAGE_SCRIPTS[SetBackgroundColor](SetBackgroundColor("main", color))
    assert {icon.css_name for icon in CursorIcon} >= {"pointer", "default", "vertical-text", "nwse-resize"}


def test_a_page_tells_what_it_knows_of_its_window(tmp_path: Path) -> None:
    with browsed(tmp_path, "") as application:
        told: dict[str, Any] = {}

        def asks() -> bool:
            told["size"] = application.perform(InnerSize("main"))
            # A browser may move a new window once more, and tells no page of it.
            at = application.perform(OuterPosition("main"))
            return len(application.said) >= 2 and at == PhysicalPosition(*application.said[1][2:4])

        look = "report([innerWidth, innerHeight, screenX, screenY, screen.width, screen.height])"
        application.perform(EvaluateScript("main", f"dispatchEvent(new Event('resize')); {look}"))
        application.wait(asks)
        width, height, _, y, screen_width, screen_height = application.said[1]
        assert told["size"] == PhysicalSize(width, height)
        assert application.perform(ScaleFactor("main")) == 1
        assert application.perform(GetTheme("main")) is Theme.LIGHT
        assert application.perform(IsFullscreen("main")) is False
        assert application.perform(IsVisible("main")) is True
        assert application.perform(CurrentMonitor("main")).size == PhysicalSize(screen_width, screen_height)
        assert application.perform(GetTitle("main")) == "Tauri App"
        application.perform(SetCursorIcon("main", CursorIcon.HAND))
        application.perform(SetBackgroundColor("main", ops.Color(255, 0, 0)))
        application.perform(
            EvaluateScript(
                "main", "const s = getComputedStyle(document.documentElement); report([s.cursor, s.backgroundColor])"
            )
        )
        application.wait(lambda: len(application.said) == 3)
        assert application.said[2] == ["pointer", "rgb(255, 0, 0)"]
        application.perform(
            EvaluateScript(
                "main",
                "Object.defineProperty(window, 'screenX', {value: 77}); dispatchEvent(new Event('focus')); report('moved')",
            )
        )
        application.wait(lambda: len(application.said) == 4)
        assert WindowEvent("main", "move", {"x": 77, "y": y}) in application.host.events
