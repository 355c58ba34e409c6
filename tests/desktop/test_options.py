"""The options of a new window by the npm package, and their effect as others see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.desktop.desktop import App, Rejected, eventually


@pytest.fixture
def made(app: App) -> Iterator[Any]:
    """Make a window with options, and return its id on the display; it is destroyed at the end."""

    def make(**options: Any) -> str:
        app.run(
            f"const w = new api.webviewWindow.WebviewWindow('made', {json.dumps({'title': 'Made', **options})});"
            "window.made = w; await new Promise((done, fail) => {"
            " w.once('tauri://created', done); w.once('tauri://error', (event) => fail(event.payload)); });"
        )
        return app.desktop.window("Made")

    yield make
    app.run("if (await api.window.Window.getByLabel('made')) await window.made.destroy();")


def test_size_place_and_limits(app: App, made: Any) -> None:
    xid = made(width=320, height=240, x=150, y=170, minWidth=200, minHeight=100, maxWidth=500, maxHeight=400)
    left, _, top, _ = eventually(lambda: app.desktop.frame(xid), any)
    wanted = (150 + left, 170 + top, 320, 240)
    assert eventually(lambda: app.desktop.place(xid), lambda at: at == wanted) == wanted
    hints = app.desktop.properties(xid, "WM_NORMAL_HINTS")
    assert "program specified minimum size: 200 by 100" in hints
    assert "program specified maximum size: 500 by 400" in hints


@pytest.mark.parametrize(("margin", "size"), [(True, (1280, 900)), ({"width": 80, "height": 100}, (1200, 800))])
def test_a_window_that_would_be_too_large(app: App, made: Any, margin: Any, size: tuple[int, int]) -> None:
    made(width=3000, height=2000, preventOverflow=margin, decorations=False)
    assert app.run("const s = await window.made.innerSize(); return [s.width, s.height];") == list(size)


def test_states(app: App, made: Any) -> None:
    xid = made(alwaysOnTop=True, skipTaskbar=True, visibleOnAllWorkspaces=True, focusable=False, closable=False)
    wanted = {"ABOVE", "SKIP_TASKBAR"}
    assert eventually(lambda: app.desktop.state(xid), wanted.issubset) >= wanted
    assert "4294967295" in app.desktop.properties(xid, "_NET_WM_DESKTOP")
    assert "focus: False" in app.desktop.properties(xid, "WM_HINTS")
    assert app.run("return [await window.made.isClosable(), await window.made.isAlwaysOnTop()];") == [False, True]


def test_a_parent(app: App, made: Any, xid: str) -> None:
    child = made(parent="main")
    assert int(app.desktop.properties(child, "WM_TRANSIENT_FOR").split()[-1], 16) == int(xid)


def test_a_child_goes_with_its_parent(app: App, made: Any) -> None:
    made(title="Made")
    app.run(
        "const child = new api.window.Window('child', { parent: 'made', title: 'Child' });"
        "await new Promise((done, fail) => { child.once('tauri://created', done); child.once('tauri://error', fail); });"
        "window.gone = new Promise((done) => child.once('tauri://destroyed', done));"
    )
    xid = app.desktop.window("Child")
    app.run("await window.made.destroy(); await window.gone;")
    assert "child" not in app.run("return (await api.window.getAllWindows()).map(({ label }) => label);")
    assert eventually(lambda: app.desktop.ask("xwininfo", "-id", xid), lambda text: "Map State" not in text) == ""


def test_a_parent_that_is_not_there(made: Any) -> None:
    with pytest.raises(Rejected, match="window not found: no window has the label `nobody`"):
        made(parent="nobody")


def test_transparent_and_without_decorations(app: App, made: Any) -> None:
    xid = made(transparent=True, decorations=False)
    assert "Depth: 32" in app.desktop.ask("xwininfo", "-id", xid)
    assert app.desktop.frame(xid) == (0, 0, 0, 0)
