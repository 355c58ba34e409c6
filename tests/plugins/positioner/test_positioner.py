from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.plugins.guests import guests
from tests.plugins.windowed import windowed
from transom.errors import CommandError
from transom.plugins import positioner
from transom.plugins.positioner import Place, TrayIcon, move_window
from transom.values import PhysicalPosition, PhysicalSize

PACKAGE = "@tauri-apps/plugin-positioner"


class Monitor:
    position = PhysicalPosition(100, 50)
    size = PhysicalSize(1000, 800)


class FakeWindow:
    """A window of 200 x 100 that remembers where it was put."""

    def __init__(self, monitor: Any = Monitor, size: PhysicalSize | None = None) -> None:
        self.monitor, self.size = monitor, size or PhysicalSize(200, 100)
        self.place: Any = None

    def current_monitor(self) -> Any:
        return self.monitor

    def primary_monitor(self) -> Any:
        return None

    def outer_size(self) -> PhysicalSize:
        return self.size

    def set_position(self, position: PhysicalPosition) -> None:
        self.place = (position.x, position.y)


PLACES = [
    (100, 50),
    (900, 50),
    (100, 750),
    (900, 750),
    (500, 50),
    (500, 750),
    (100, 400),
    (900, 400),
    (500, 400),
    (600, 600),
    (600, 700),
    (620, 600),
    (620, 700),
    (510, 600),
    (510, 700),
]


@pytest.mark.parametrize("place", Place)
def test_every_place_is_where_its_name_says(place: Place) -> None:
    window: Any = FakeWindow()
    move_window(window, place, tray=TrayIcon(600, 700, 20))
    assert window.place == PLACES[place]


def test_a_constrained_window_stays_on_its_monitor() -> None:
    window: Any = FakeWindow()
    move_window(window, Place.TRAY_RIGHT, tray=TrayIcon(1090, 60, 20), constrained=True)
    assert window.place == (900, 50)
    window = FakeWindow(size=PhysicalSize(2000, 2000))
    move_window(window, Place.BOTTOM_RIGHT, constrained=True)
    assert window.place == (100, 50)


def test_a_place_beside_an_icon_that_nobody_knows_rejects() -> None:
    window: Any = FakeWindow()
    with pytest.raises(CommandError, match="Tray position not set"):
        move_window(window, Place.TRAY_LEFT)
    window = FakeWindow(monitor=None)
    with pytest.raises(CommandError, match="no monitor"):
        move_window(window, Place.CENTER)


SCRIPT = """
const { getCurrentWindow, currentMonitor } = await import('@tauri-apps/api/window');
const window = getCurrentWindow();
const id = (await outside('xdotool', 'search', '--name', '^Windowed$')).trim().split('\\n').pop();
const where = async () => {
  const text = await outside('xdotool', 'getwindowgeometry', '--shell', id);
  return ['X', 'Y', 'WIDTH', 'HEIGHT'].map((name) => Number(new RegExp(`^${name}=(-?\\\\d+)`, 'm').exec(text)[1]));
};
const settled = async (wanted) => {
  for (let count = 0; count < 100; count++) {
    const [x, y, width, height] = await where();
    if (wanted(x, y, width, height)) return true;
  }
  return await where();
};
const { size } = await currentMonitor();
const result = [];
await plugin.moveWindow(plugin.Position.TopRight);
result.push(await settled((x, y, width) => x + width === size.width && y === 0));
await plugin.moveWindow(plugin.Position.BottomLeft);
result.push(await settled((x, y, width, height) => x === 0 && y + height === size.height));
result.push(await plugin.moveWindow(plugin.Position.TrayLeft).catch((error) => error));
await plugin.handleIconState({ rect: { position: { Physical: { x: 40, y: 10 } }, size: { Physical: { width: 20, height: 20 } } } });
await plugin.moveWindowConstrained(plugin.Position.TrayBottomLeft);
result.push(await settled((x, y) => x === 40 && y === 10));
return result;
"""


def test_the_npm_package_moves_the_window(tmp_path: Path, display: str) -> None:
    permissions = ["positioner:default", "core:default", "core:window:default"]
    result = windowed(tmp_path, display, PACKAGE, SCRIPT, permissions=permissions)
    assert result == [True, True, "Tray position not set", True]


def test_in_a_browser_it_is_refused(tmp_path: Path) -> None:
    with guests(tmp_path, positioner.init(), permissions=["positioner:default"], packages=[PACKAGE]) as page:
        assert "a browser places its own windows" in page.fails(PACKAGE, "await plugin.moveWindow(0)")["reason"]
        said = page.fails(PACKAGE, "await plugin.handleIconState({rect: {position: {}, size: {}}})")
        assert said.startswith("set_tray_icon_state: ")
