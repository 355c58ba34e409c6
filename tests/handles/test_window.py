from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.mock_app import SOON, Running, running
from transom.commands import command
from transom.config import WindowConfig
from transom.errors import RequestError, WindowError
from transom.handles import Webview, WebviewWindow, WebviewWindowBuilder, Window
from transom.runtimes import (
    CloseWindow,
    CreateWindow,
    DestroyWindow,
    EvaluateScript,
    ReloadPage,
    SetFocus,
    SetTitle,
    SetVisible,
)


@pytest.fixture
def window(application: Running) -> WebviewWindow:
    window = application.app.get_webview_window("main")
    assert window is not None
    return window


def test_handles_of_one_window_are_equal_when_they_are_of_one_kind(application: Running, window: WebviewWindow) -> None:
    core = application.core
    assert window == WebviewWindow(core, core.client, "main")
    assert hash(window) == hash(WebviewWindow(core, core.client, "main"))
    assert window != Window(core, core.client, "main")
    assert window != WebviewWindow(core, core.client, "other")
    assert window != "main"
    with running() as another:
        assert window != WebviewWindow(another.core, another.core.client, "main")
    assert repr(window) == "<WebviewWindow 'main'>"
    assert repr(Webview(core, core.client, "x")) == "<Webview 'x'>"


@pytest.mark.parametrize(
    ("method", "arguments", "op"),
    [
        ("set_title", ("New",), SetTitle("main", "New")),
        ("show", (), SetVisible("main", True)),
        ("hide", (), SetVisible("main", False)),
        ("set_focus", (), SetFocus("main")),
        ("eval", ("1+1",), EvaluateScript("main", "1+1")),
        ("reload", (), ReloadPage("main")),
        ("close", (), CloseWindow("main")),
        ("destroy", (), DestroyWindow("main")),
    ],
)
def test_methods_become_operations(application: Running, method: str, arguments: Any, op: Any) -> None:
    window = WebviewWindow(application.core, application.core.client, "main")
    getattr(window, method)(*arguments)
    assert application.runtime.performed[-1] == op
    gone = WebviewWindow(application.core, application.core.client, "gone")
    with pytest.raises(WindowError, match="^(window|webview) not found: no \\1 has the label `gone`$"):
        getattr(gone, method)(*arguments)


def test_what_a_runtime_cannot_do_is_an_error(application: Running, window: WebviewWindow) -> None:
    type(application.runtime).UNSUPPORTED = {SetFocus: "it has no windows"}
    try:
        with pytest.raises(WindowError, match="^the runtime mock does not support SetFocus: it has no windows$"):
            window.set_focus()
        window.show()
    finally:
        type(application.runtime).UNSUPPORTED = {}


def test_a_builder_makes_a_window_as_it_was_told(application: Running) -> None:
    built = (
        WebviewWindowBuilder(application.app, "details", "details.html")
        .title("Details")
        .inner_size(600, 400)
        .min_inner_size(300, 200)
        .resizable(False)
        .maximized(True)
        .fullscreen(True)
        .decorations(False)
        .always_on_top(True)
        .center()
        .visible(False)
        .focused(False)
        .build()
    )
    assert built == WebviewWindow(application.core, application.core.client, "details")
    assert application.runtime.performed[-1] == CreateWindow(
        WindowConfig(
            label="details",
            url="details.html",
            title="Details",
            width=600,
            height=400,
            min_width=300,
            min_height=200,
            resizable=False,
            maximized=True,
            fullscreen=True,
            decorations=False,
            always_on_top=True,
            center=True,
            visible=False,
            focus=False,
        ),
    )


def test_a_window_tells_that_it_was_made(application: Running) -> None:
    from tests.mock_app import events_of, listen_in

    listen_in(application.page, "tauri://window-created", 1)
    listen_in(application.page, "tauri://webview-created", 2)
    WebviewWindowBuilder(application.app, "details").build()
    assert [event[:2] for event in events_of(application.page)] == [
        ["tauri://window-created", {"label": "details"}],
        ["tauri://webview-created", {"label": "details"}],
    ]


def test_labels_are_checked_and_taken_once(application: Running) -> None:
    for label in ("", "a b"):
        with pytest.raises(RequestError, match="Window labels must include only"):
            WebviewWindowBuilder(application.app, label)
    with pytest.raises(WindowError, match="^a window with label `main` already exists$"):
        WebviewWindowBuilder(application.app, "main").build()
    assert len(application.app.webview_windows()) == 1


def test_the_loop_does_not_wait_for_the_window_system(application: Running) -> None:
    builder = WebviewWindowBuilder(application.app, "details")

    async def on_loop() -> None:
        builder.build()

    async def beside() -> WebviewWindow:
        return await asyncio.to_thread(builder.build)

    handle = application.app.handle()
    with pytest.raises(WindowError, match=r"use `await asyncio.to_thread\(builder.build\)`"):
        handle.spawn(on_loop()).result(SOON)
    assert handle.spawn(beside()).result(SOON).label == "details"


def test_a_command_may_make_a_window() -> None:
    @command
    def show_details(window: WebviewWindow) -> list[str]:
        WebviewWindowBuilder(window, "details").build()
        return sorted(window.webview_windows())

    with running(show_details) as application:
        assert application.page.invoke("show_details") == ["details", "main"]


def test_a_webview_knows_its_window(application: Running) -> None:
    assert Webview(application.core, application.core.client, "main").window() == Window(
        application.core, application.core.client, "main"
    )
