"""Drag regions and dropped files, as people use them: with a pointer, a window manager and another program."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.menu.conftest import SOON, Desktop

Start = Callable[..., Any]
PAGE = """<!doctype html><meta charset=utf-8><title>t</title>
<style>body { margin: 0 } body > div, p, button { height: 40px; margin: 0 }</style>
<div data-tauri-drag-region><button>b</button></div>
<div data-tauri-drag-region="deep"><p>text</p></div>
<div data-tauri-drag-region="deep"><p><button>b</button></p></div>
<div data-tauri-drag-region="deep"><p data-tauri-drag-region="false">text</p></div>
<script type=module src=main.js></script>"""
MAIN = """
import { getCurrentWebview } from './api/webview.js';
const report = (value) => window.__TAURI_INTERNALS__.invoke('report', { value });
await getCurrentWebview().onDragDropEvent(({ payload }) => report([payload.type, payload.paths ?? [], payload.position ?? null]));
addEventListener('mousedown', ({ target }) => report(['pressed', target.tagName]));
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => { event.preventDefault(); report(['page', 'drop']); });
addEventListener('resize', () => report(['width', innerWidth]));
report('ready');
"""


@pytest.fixture
def page(front_end: Path) -> Path:
    (front_end / "index.html").write_text(PAGE, "utf-8")
    (front_end / "main.js").write_text(MAIN, "utf-8")
    return front_end


class Pointer:
    """The pointer of a desktop, over a window."""

    def __init__(self, desktop: Desktop, title: str) -> None:
        self._desktop = desktop
        self.window = desktop.xdotool("search", "--sync", "--onlyvisible", "--name", f"^{title}$").split()[-1]

    def geometry(self) -> tuple[int, int, int, int]:
        """Return the place and size of the window, as the X server knows them."""
        found = subprocess.run(
            ["xwininfo", "-id", self.window], env=self._desktop.environ, capture_output=True, text=True, check=True
        ).stdout
        names = ("Absolute upper-left X", "Absolute upper-left Y", "Width", "Height")
        x, y, width, height = (int(re.search(rf"{name}: +(-?\d+)", found)[1]) for name in names)  # type: ignore[index]
        return x, y, width, height

    def move(self, x: int, y: int) -> None:
        left, top, *_ = self.geometry()
        self._desktop.xdotool("mousemove", str(left + x), str(top + y))

    def do(self, *arguments: str) -> None:
        self._desktop.xdotool(*arguments)

    def wait_for(self, what: Callable[[tuple[int, int, int, int]], bool]) -> tuple[int, int, int, int]:
        """Wait until the window's geometry is such."""
        end = time.monotonic() + SOON
        while not what(geometry := self.geometry()):
            assert time.monotonic() < end, geometry
        return geometry


def drag(pointer: Pointer, steps: int = 5) -> None:
    """Press, move in steps, as a hand does, and let go."""
    pointer.do("mousedown", "1", "sleep", "0.4")
    for _ in range(steps):
        pointer.do("mousemove_relative", "--", "10", "8", "sleep", "0.1")
    pointer.do("mouseup", "1")


def test_a_region_moves_its_window_and_what_reacts_to_clicks_does_not(
    desktop: Desktop, start: Start, page: Path
) -> None:
    program = start("tests.webviews.drag_application", str(page))
    assert program.next() == "ready"
    pointer = Pointer(desktop, "Dragged")
    for y in (20, 60):  # the element itself, and what is in a deep one
        before = pointer.geometry()
        pointer.move(300, y)
        drag(pointer)
        pointer.wait_for(lambda now, before=before: now[:2] == (before[0] + 50, before[1] + 40))
    before = pointer.geometry()
    for x, y, tag in ((5, 20, "BUTTON"), (5, 100, "BUTTON"), (300, 140, "P")):
        pointer.move(x, y)
        drag(pointer, 2)
        assert program.next() == ["pressed", tag]
    assert pointer.geometry() == before


def test_a_double_click_on_a_region_maximizes_the_window(desktop: Desktop, start: Start, page: Path) -> None:
    program = start("tests.webviews.drag_application", str(page))
    assert program.next() == "ready"
    pointer = Pointer(desktop, "Dragged")
    pointer.move(300, 20)
    pointer.do("sleep", "0.3", "click", "--repeat", "2", "--delay", "60", "1")
    pointer.wait_for(lambda now: now[2] > 1000)


def drop_files(desktop: Desktop, target: Pointer) -> None:
    source = Pointer(desktop, "Source")
    source.move(50, 50)
    source.do("mousedown", "1")
    for x in (20, 0, -40):
        source.move(x, 60)
        source.do("sleep", "0.2")
    for step in (0, 10, 20, 30):
        target.move(200 + step, 200 + step)
        target.do("sleep", "0.3")
    target.do("mouseup", "1")


def test_dropped_files_are_told_with_their_paths(desktop: Desktop, start: Start, page: Path) -> None:
    source = start("tests.webviews.drag_source", "file:///tmp/a%20b.txt", "file:///tmp/%C3%A9", "https://example.com/x")
    program = start("tests.webviews.drag_application", str(page))
    assert [source.next(), program.next()] == ["shown", "ready"]
    drop_files(desktop, Pointer(desktop, "Dragged"))
    paths = ["/tmp/a b.txt", "/tmp/é"]
    heard = [program.next() for _ in range(2)]
    while sum(value[0] == "drop" or value[:2] == ["python", "Drop"] for value in heard) < 2:
        heard.append(program.next())
    of_page = [value for value in heard if value[0] != "python"]
    of_python = [value[1:] for value in heard if value[0] == "python"]
    assert of_page[0][:2] == ["enter", paths]
    assert {value[0] for value in of_page[1:-1]} == {"over"}
    assert of_page[-1] == ["drop", paths, {"x": 230, "y": 230}]
    assert of_python[0] == ["Enter", paths]
    assert of_python[-1] == ["Drop", paths]


def test_without_the_handler_files_are_the_pages(desktop: Desktop, start: Start, page: Path) -> None:
    source = start("tests.webviews.drag_source", "file:///tmp/a%20b.txt")
    program = start("tests.webviews.drag_application", str(page), json.dumps({"dragDropEnabled": False}))
    assert [source.next(), program.next()] == ["shown", "ready"]
    drop_files(desktop, Pointer(desktop, "Dragged"))
    assert program.next() == ["page", "drop"]
