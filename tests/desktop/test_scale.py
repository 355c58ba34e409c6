"""A display with two physical pixels for each logical one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.desktop.desktop import App, Desktop, application, eventually


@pytest.fixture(scope="module")
def app(screen: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The application on this display; its window is 200 x 150 logical pixels."""
    folder = tmp_path_factory.mktemp("scaled") / "project"
    with application(screen, folder, environment={"GDK_SCALE": "2"}, x=50, y=40, width=200, height=150) as found:
        yield found


@pytest.fixture(autouse=True)
def _as_it_was() -> None:
    """Each test sets what it needs."""


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    """Tell whether a place is right: GTK counts whole logical pixels, and the window manager's border may be an odd one."""
    return all(abs(one - other) <= 1 for one, other in zip(found, wanted, strict=True))


def pointer(app: App) -> tuple[int, ...]:
    """Return where the pointer is."""
    return tuple(map(int, re.findall(r"[xy]:(-?\d+)", app.desktop.ask("xdotool", "getmouselocation"))))


def test_sizes_and_places_are_physical_pixels(app: App, xid: str) -> None:
    assert app.window("scaleFactor()") == 2
    assert app.run("return [devicePixelRatio, innerWidth, innerHeight];") == [2, 200, 150]
    x, y, width, height = eventually(lambda: app.desktop.place(xid), lambda at: at[2:] == (400, 300))
    assert (width, height) == (400, 300)
    assert app.window("innerSize()") == {"width": 400, "height": 300}
    left, _, top, _ = app.desktop.frame(xid)
    assert (x, y) == (100 + left, 80 + top)
    found = app.window("innerPosition()")
    assert near((found["x"], found["y"]), (x, y))
    assert app.becomes("outerPosition()", {"x": 100, "y": 80})


@pytest.mark.parametrize(("kind", "width", "height"), [("Logical", 260, 170), ("Physical", 520, 340)])
def test_both_kinds_of_pixels_can_be_given(app: App, xid: str, kind: str, width: int, height: int) -> None:
    app.window("setSize(new api.window.LogicalSize(200, 150))")
    app.window(f"setSize(new api.window.{kind}Size({width}, {height}))")
    assert eventually(lambda: app.desktop.place(xid)[2:], lambda size: size == (520, 340)) == (520, 340)
    assert app.becomes("innerSize()", {"width": 520, "height": 340})
    app.window(f"setPosition(new api.window.{kind}Position({width}, {height}))")
    assert app.becomes("outerPosition()", {"x": 520, "y": 340})
    left, _, top, _ = app.desktop.frame(xid)
    place = (520 + left, 340 + top)
    assert eventually(lambda: app.desktop.place(xid)[:2], lambda at: at == place) == place


def test_the_monitor_and_the_pointer_are_in_physical_pixels(app: App, xid: str) -> None:
    monitor = app.run("return await api.window.currentMonitor();")
    assert (monitor["scaleFactor"], monitor["size"]) == (2, {"width": 1280, "height": 900})
    app.desktop.ask("xdotool", "mousemove", "640", "480")
    assert app.run("return await api.window.cursorPosition();") == {"x": 640, "y": 480}
    x, y, _, _ = app.desktop.place(xid)
    app.window("setCursorPosition(new api.window.PhysicalPosition(40, 60))")
    assert near(pointer(app), (x + 40, y + 60))


def test_the_pointer_is_kept_inside_in_physical_pixels(app: App, xid: str) -> None:
    app.window("setFocus()")
    assert eventually(app.desktop.active, lambda found: found == str(int(xid, 0)))
    x, y, width, height = app.desktop.place(xid)
    app.desktop.ask("xdotool", "mousemove", str(x + 50), str(y + 50))
    app.window("setCursorGrab(true)")
    app.desktop.ask("xdotool", "mousemove_relative", "--", "3000", "3000")
    assert near(pointer(app), (x + width - 1, y + height - 1))
    app.window("setCursorGrab(false)")
