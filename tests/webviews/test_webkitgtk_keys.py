"""The keys of a webview, pressed from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.menu.conftest import Desktop
from tests.webviews.test_webkitgtk_drag import Pointer, page

__all__ = ["page"]

Start = Callable[..., Any]


def test_keys_and_the_wheel_zoom_a_page_that_wants_them(desktop: Desktop, start: Start, page: Path) -> None:
    program = start("tests.webviews.drag_application", str(page), json.dumps({"zoomHotkeysEnabled": True}))
    assert program.next() == "ready"
    pointer = Pointer(desktop, "Dragged")
    pointer.move(200, 200)
    pointer.do("windowfocus", "--sync", pointer.window, "key", "ctrl+plus")
    assert program.next() == ["width", 333]
    pointer.do("key", "ctrl+minus")
    assert program.next() == ["width", 400]
    pointer.do("keydown", "ctrl", "click", "4", "keyup", "ctrl")
    assert program.next() == ["width", 333]
    pointer.do("key", "ctrl+0")
    assert program.next() == ["width", 400]


def test_a_key_opens_the_inspector_where_it_is_on(desktop: Desktop, start: Start, page: Path) -> None:
    program = start("tests.webviews.drag_application", str(page), json.dumps({"devtools": True}))
    assert program.next() == "ready"
    pointer = Pointer(desktop, "Dragged")
    pointer.move(200, 200)
    pointer.do("windowfocus", "--sync", pointer.window, "key", "ctrl+shift+i")
    desktop.xdotool("search", "--sync", "--onlyvisible", "--name", "Web Inspector")
