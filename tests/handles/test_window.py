from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from tests.mock_app import SOON, Running, context, running
from transom.app import Builder, Context
from transom.commands import command
from transom.config import WindowConfig
from transom.errors import RequestError, WindowError
from transom.handles import (
    AppHandle,
    Webview,
    WebviewBuilder,
    WebviewWindow,
    WebviewWindowBuilder,
    Window,
    WindowBuilder,
)
from transom.menu import Menu, MenuItem
from transom.runtimes import (
    CloseWindow,
    CreateBareWindow,
    CreateWindow,
    DestroyWindow,
    EvaluateScript,
    ReloadPage,
    SetFocus,
    SetTitle,
    SetVisible,
    SetWindowMenu,
    Theme,
    TitleBarStyle,
    WindowSizeConstraints,
)
from transom.values import LogicalPosition, LogicalSize, PixelUnit


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
    runtime = type(application.runtime)
    before, runtime.UNSUPPORTED = runtime.UNSUPPORTED, {SetFocus: "it has no windows"}
    try:
        with pytest.raises(WindowError, match="^the runtime mock does not support SetFocus: it has no windows$"):
            window.set_focus()
        window.show()
    finally:
        runtime.UNSUPPORTED = before


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


@pytest.mark.parametrize(
    ("method", "arguments", "options"),
    [
        ("max_inner_size", (900, 700), {"max_width": 900, "max_height": 700}),
        (
            "inner_size_constraints",
            (WindowSizeConstraints(min_width=PixelUnit(logical=10), max_height=PixelUnit(physical=20)),),
            {"min_width": 10, "max_height": 20},
        ),
        ("position", (-5, 7.5), {"x": -5, "y": 7.5}),
        ("prevent_overflow", (), {"prevent_overflow": True}),
        ("prevent_overflow_with_margin", (8, 9), {"prevent_overflow": {"width": 8, "height": 9}}),
        ("theme", (Theme.DARK,), {"theme": "Dark"}),
        ("title_bar_style", (TitleBarStyle.OVERLAY,), {"title_bar_style": "Overlay"}),
        ("window_classname", ("Notes",), {"window_classname": "Notes"}),
        ("hidden_title", (True,), {"hidden_title": True}),
        ("tabbing_identifier", ("notes",), {"tabbing_identifier": "notes"}),
        ("shadow", (False,), {"shadow": False}),
        *((name, (True,), {name: True}) for name in "always_on_bottom content_protected skip_taskbar".split()),
        *((name, (False,), {name: False}) for name in "maximizable minimizable closable focusable".split()),
        ("visible_on_all_workspaces", (True,), {"visible_on_all_workspaces": True}),
    ],
)
def test_every_option_of_a_window_is_one_of_the_builder(
    application: Running, method: str, arguments: Any, options: dict[str, Any]
) -> None:
    getattr(WebviewWindowBuilder(application.app, "details"), method)(*arguments).build()
    made = application.runtime.performed[-1]
    assert made.options == WindowConfig(label="details", **options)  # type: ignore[attr-defined]


def test_a_window_has_another_one_as_its_parent(application: Running, window: WebviewWindow) -> None:
    WebviewWindowBuilder(application.app, "details").parent(window).build()
    assert application.runtime.performed[-1].options.parent == "main"  # type: ignore[attr-defined]


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
        with pytest.raises(RequestError, match="Window labels must only include"):
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
    with pytest.raises(WindowError, match=r"use `await asyncio.to_thread\(\.\.\.\)`"):
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


def test_a_configured_window_that_is_not_created_can_be_built_later() -> None:
    base = context("main")
    later = WindowConfig(label="later", create=False, title="Later", user_agent="me")
    app_config = msgspec.structs.replace(base.config.app, windows=(*base.config.app.windows, later))
    config = msgspec.structs.replace(base.config, app=app_config)
    made: list[WebviewWindow] = []

    def setup(app: AppHandle) -> None:
        assert list(app.windows()) == ["main"]
        made.append(WebviewWindowBuilder.from_config(app, app.config().app.windows[1]).build())
        app.exit(0)

    app = Builder().setup(setup).build(Context(config=config), "mock")
    assert app.run() == 0
    assert made[0].label == "later"
    [created] = [op for op in app._core._runtime.performed if isinstance(op, CreateWindow) and op.label == "later"]  # type: ignore[attr-defined, union-attr]
    assert created.options == later


def test_a_window_knows_its_own_webviews_and_finds_those_of_all(application: Running, window: WebviewWindow) -> None:
    application.open("other")
    plain = application.app.get_window("main")
    assert plain is not None
    plain.add_child(WebviewBuilder("child"), LogicalPosition(0, 0), LogicalSize(10, 10))
    assert list(plain.webviews()) == ["main", "child"]
    assert plain.get_webview("other") == Webview(application.core, application.core.client, "other")
    assert plain.get_webview("none") is None
    assert plain.get_window("other") is not None
    # Tauri: only `Window` has a method for it.
    assert set(window.webviews()) == set(application.app.webviews()) == {"main", "other", "child"}
    application.app.get_webview_window("other").destroy()  # type: ignore[union-attr]
    assert application.app.get_webview("other") is None


def test_a_window_without_a_webview(application: Running) -> None:
    seen: list[str] = []
    application.app.listen_any("tauri://webview-created", lambda event: seen.append(event.payload["label"]))
    bare = WindowBuilder(application.app, "bare").title("Bare").inner_size(300, 200).build()
    assert isinstance(bare, Window)
    [made] = [op for op in application.runtime.performed if isinstance(op, CreateBareWindow)]
    assert (made.options.title, made.options.width) == ("Bare", 300)
    assert bare.webviews() == {}
    assert application.app.get_webview("bare") is None
    assert application.app.get_webview_window("bare") is None
    bare.add_child(WebviewBuilder("child"), LogicalPosition(0, 0), LogicalSize(10, 10))
    assert list(bare.webviews()) == ["child"]
    with pytest.raises(WindowError, match="a window with label `bare` already exists"):
        WindowBuilder(application.app, "bare").build()
    bare.close()
    assert application.app.get_window("bare") is None
    assert application.app.get_webview("child") is None


@pytest.mark.parametrize("builder", [WebviewWindowBuilder, WindowBuilder])
def test_a_builder_gives_its_window_a_menu(application: Running, builder: Any) -> None:
    app = application.app
    item = MenuItem(app, "Open")
    menu = Menu.with_items(app, [item])
    told: list[tuple[str, str]] = []
    made = builder(app, "made").menu(menu).on_menu_event(lambda window, event: told.append((window.label, event.id)))
    window = made.build()
    assert window.menu() == menu
    shown = [op for op in application.runtime.performed if isinstance(op, SetWindowMenu)]
    assert [op.label for op in shown] == ["made"]
    assert app.menu() is None


def test_a_window_that_cannot_be_made_changes_no_menu(application: Running, window: WebviewWindow) -> None:
    app = application.app
    with pytest.raises(WindowError):
        WebviewWindowBuilder(app, "main").menu(Menu.with_items(app, [MenuItem(app, "Open")])).build()
    assert window.menu() is None
