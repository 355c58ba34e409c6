"""Two monitors of different sizes side by side, on the X server that real ones have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.desktop import App, Desktop, application, desktop, eventually
from tests.requirements import needs_two_monitors

CONFIGURATION = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
EndSection
Section "Device"
  Identifier "device"
  Driver "dummy"
  VideoRam 64000
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5.0-1000.0
  VertRefresh 5.0-200.0
EndSection
Section "Screen"
  Identifier "screen"
  Device "device"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Virtual 2400 1200
  EndSubSection
EndSection
"""
RIGHT = {"x": 1280, "y": 0, "width": 1024, "height": 768}


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """The desktop: 1280 x 800 pixels, and to the right of them 1024 x 768."""
    folder = tmp_path_factory.mktemp("monitors")
    (folder / "xorg.conf").write_text(CONFIGURATION, "utf-8")
    files = ["-config", str(folder / "xorg.conf"), "-logfile", str(folder / "log")]
    server = [needs_two_monitors(), "-noreset", "-novtswitch", "-sharevts", "-nolisten", "tcp", *files]
    with desktop(folder, server) as found:
        found.ask("xrandr", "--addmode", "DUMMY1", "1024x768")
        found.ask(
            *("xrandr", "--output", "DUMMY0", "--mode", "1280x800", "--primary"),
            *("--output", "DUMMY1", "--mode", "1024x768", "--right-of", "DUMMY0"),
        )
        assert "DUMMY1 connected 1024x768+1280+0" in found.ask("xrandr")  # which makes the server look
        yield found


@pytest.fixture(scope="module")
def app(screen: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The application, whose first window is on the left one."""
    with application(screen, tmp_path_factory.mktemp("application") / "project", x=100, y=80) as found:
        yield found


def monitor(app: App) -> str:
    """Return the name of the monitor that shows the window."""
    return str(app.run("return (await api.window.currentMonitor()).name;"))


def test_both_are_told_with_their_places(app: App) -> None:
    found = app.run(
        "return (await api.window.availableMonitors()).map("
        "(m) => [m.name, m.position.x, m.position.y, m.size.width, m.size.height, m.scaleFactor]);"
    )
    assert found == [["DUMMY0", 0, 0, 1280, 800, 1], ["DUMMY1", 1280, 0, 1024, 768, 1]]
    assert app.run("return (await api.window.primaryMonitor()).name;") == "DUMMY0"
    assert app.run("return (await api.window.monitorFromPoint(1279, 10)).name;") == "DUMMY0"
    assert app.run("return (await api.window.monitorFromPoint(1280, 10)).name;") == "DUMMY1"
    assert app.run("return await api.window.monitorFromPoint(1280, 790);") is None


def test_a_window_goes_from_one_to_the_other(app: App, xid: str) -> None:
    assert monitor(app) == "DUMMY0"
    app.window("setPosition(new api.window.PhysicalPosition(1500, 200))")
    assert app.becomes("outerPosition()", {"x": 1500, "y": 200})
    left, _, top, _ = app.desktop.frame(xid)
    assert app.desktop.place(xid)[:2] == (1500 + left, 200 + top)
    assert monitor(app) == "DUMMY1"
    app.window("center()")
    middle = RIGHT["x"] + RIGHT["width"] // 2
    x = eventually(lambda: app.desktop.place(xid)[0], lambda x: abs(x + 200 - middle) < 10)
    assert abs(x + 200 - middle) < 10


def test_a_window_fills_the_one_that_it_is_on(app: App, xid: str) -> None:
    app.window("setPosition(new api.window.PhysicalPosition(1500, 200))")
    assert app.becomes("outerPosition()", {"x": 1500, "y": 200})
    app.window("setFullscreen(true)")
    whole = tuple(RIGHT.values())
    assert eventually(lambda: app.desktop.place(xid), lambda found: found == whole) == whole
    app.window("setFullscreen(false)")
    assert app.has(xid, "FULLSCREEN", False)
    app.window("maximize()")
    place = eventually(lambda: app.desktop.place(xid), lambda found: found[2] == RIGHT["width"])
    assert (place[0], place[2]) == (RIGHT["x"], RIGHT["width"])
    app.window("unmaximize()")
    assert app.becomes("isMaximized()", False)


def test_fullscreen_on_the_other_one(app: App, xid: str) -> None:
    app.window("setPosition(new api.window.PhysicalPosition(100, 80))")
    assert app.becomes("outerPosition()", {"x": 100, "y": 80})
    app.run("return await api.core.invoke('plugin:window|set_fullscreen_on_monitor', {value: {x: 1300, y: 10}});")
    whole = tuple(RIGHT.values())
    assert eventually(lambda: app.desktop.place(xid), lambda found: found == whole) == whole
    app.window("setFullscreen(false)")
    assert app.has(xid, "FULLSCREEN", False)


def test_a_window_is_made_on_the_second_one(app: App) -> None:
    app.run("new api.webviewWindow.WebviewWindow('there', {title: 'There', x: 1400, y: 300, width: 200, height: 150});")
    there = app.desktop.window("There")
    left, _, top, _ = app.desktop.frame(there)
    place = (1400 + left, 300 + top)
    assert eventually(lambda: app.desktop.place(there)[:2], lambda found: found == place) == place
    app.run("await (await api.window.Window.getByLabel('there')).destroy();")


def test_a_monitor_that_is_unplugged_is_gone(app: App) -> None:
    app.desktop.ask("xrandr", "--output", "DUMMY1", "--off")
    names = "return (await api.window.availableMonitors()).map((m) => m.name);"
    assert eventually(lambda: app.run(names), lambda found: len(found) == 1) == ["DUMMY0"]
