"""The commands about the pointer over a window, and dragging with it, as X11 sees them."""

from __future__ import annotations

import re
import sys

import pytest

from tests.desktop.desktop import App, eventually


def test_enabled(app: App, xid: str) -> None:
    app.run("window.clicks = 0; window.onmousedown = () => window.clicks++;")
    x, y, _, _ = app.desktop.place(xid)

    def click() -> None:
        app.desktop.ask("xdotool", "mousemove", str(x + 50), str(y + 50), "click", "1")

    app.window("setEnabled(false)")
    assert app.window("isEnabled()") is False
    click()
    app.window("setEnabled(true)")
    assert app.window("isEnabled()") is True
    click()
    assert eventually(lambda: app.run("return window.clicks;"), bool) == 1


def test_cursor_position(app: App, xid: str) -> None:
    app.desktop.ask("xdotool", "mousemove", "333", "222")
    assert app.run("return await api.window.cursorPosition();") == {"x": 333, "y": 222}
    x, y, _, _ = app.desktop.place(xid)
    app.window("setCursorPosition(new api.window.LogicalPosition(20, 30))")
    assert f"x:{x + 20} y:{y + 30} " in app.desktop.ask("xdotool", "getmouselocation")


def test_cursor_icon_and_visible(app: App, xid: str) -> None:
    def shape() -> str:
        return app.desktop.ask(sys.executable, "-m", "tests.desktop.pointer")

    def after(call: str) -> str:
        before = shape()
        app.window(call)
        app.desktop.ask("xdotool", "mousemove_relative", "1", "0")
        return eventually(shape, lambda found: found != before)

    x, y, _, _ = app.desktop.place(xid)
    app.desktop.ask("xdotool", "mousemove", str(x + 200), str(y + 200))
    arrow = shape()
    cross = after("setCursorIcon('crosshair')")
    assert cross != arrow
    assert cross.endswith(" seen\n")
    assert after("setCursorVisible(false)").endswith(" unseen\n")
    assert after("setCursorVisible(true)") == cross
    assert after("setCursorIcon('default')") == arrow


def test_cursor_grab(app: App, xid: str) -> None:
    """Relative moves stop at the edges of the window's content; these are what a mouse does."""
    app.window("setFocus()")
    assert eventually(app.desktop.active, lambda found: found == str(int(xid, 0)))

    def pushed(x: int, y: int) -> tuple[int, int]:
        app.desktop.ask("xdotool", "mousemove_relative", "--", str(x), str(y))
        found = re.findall(r"[xy]:(-?\d+)", app.desktop.ask("xdotool", "getmouselocation"))
        return int(found[0]), int(found[1])

    x, y, width, height = app.desktop.place(xid)
    app.desktop.ask("xdotool", "mousemove", str(x + 50), str(y + 50))
    app.window("setCursorGrab(true)")
    try:
        assert pushed(3000, 3000) == (x + width - 1, y + height - 1)
        assert pushed(-3000, -3000) == (x, y)
        app.window("setPosition(new api.window.LogicalPosition(300, 200))")
        moved = eventually(lambda: app.desktop.place(xid), lambda at: at[0] >= 300)
        assert app.becomes("innerPosition()", {"x": moved[0], "y": moved[1]})
        app.desktop.ask("xdotool", "mousemove", str(moved[0] + 9), str(moved[1] + 9))
        assert eventually(lambda: pushed(-3000, -3000), lambda at: at == moved[:2]) == moved[:2]
    finally:
        app.window("setCursorGrab(false)")
    assert pushed(-3000, -3000) == (0, 0)


def test_ignore_cursor_events(app: App, xid: str) -> None:
    app.run("window.clicks = 0; window.onmousedown = () => window.clicks++;")
    x, y, _, _ = app.desktop.place(xid)
    at = ("xdotool", "mousemove", str(x + 60), str(y + 60), "click", "1")
    app.window("setIgnoreCursorEvents(true)")
    app.desktop.ask(*at)
    app.window("setIgnoreCursorEvents(false)")
    app.desktop.ask(*at)
    assert eventually(lambda: app.run("return window.clicks;"), bool) == 1


@pytest.mark.parametrize(
    ("call", "moved", "grown"),
    [("startDragging()", (50, 30), (0, 0)), ("startResizeDragging('SouthEast')", (0, 0), (50, 30))],
)
def test_dragging(app: App, xid: str, call: str, moved: tuple[int, int], grown: tuple[int, int]) -> None:
    app.window("setFocus()")
    app.run(
        "addEventListener('mousedown', () => { window.dragged = api.window.getCurrentWindow()."
        f"{call}; }}, {{ once: true }}); window.dragged = null;"
    )
    x, y, width, height = eventually(lambda: app.desktop.place(xid), lambda at: at[2:] == (400, 300))
    app.desktop.ask("xdotool", "mousemove", str(x + 100), str(y + 100), "mousedown", "1")
    eventually(lambda: app.run("return window.dragged !== null && (await window.dragged, true);"), bool)
    for step in range(1, 6):
        app.desktop.ask("xdotool", "mousemove", str(x + 100 + step * 10), str(y + 100 + step * 6))
    app.desktop.ask("xdotool", "mouseup", "1")
    wanted = x + moved[0], y + moved[1], width + grown[0], height + grown[1]
    assert eventually(lambda: app.desktop.place(xid), lambda at: at == wanted) == wanted


@pytest.mark.parametrize("call", ["startDragging()", "startResizeDragging('North')"])
def test_dragging_without_a_button_does_nothing(app: App, xid: str, call: str) -> None:
    before = app.desktop.place(xid)
    app.window(call)
    app.desktop.ask("xdotool", "mousemove_relative", "40", "40")
    assert app.window("title()") == "Desktop"
    assert app.desktop.place(xid) == before
