"""Menus of the webkitgtk runtime, used by keyboard and mouse from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.menu.conftest import Desktop, Program

PAGE = """<!doctype html><meta charset=utf-8><title>menus</title><body><input id=text value=hello autofocus>
<script type=module>
import { invoke } from './api/core.js';
const report = (value) => invoke('report', { value });
window.report = report;
const text = document.getElementById('text');
addEventListener('keydown', ({ key, ctrlKey }) => ctrlKey && key !== 'Control' && report({ key }));
text.addEventListener('input', () => report({ text: text.value }));
document.addEventListener('selectionchange', () => {
  if (text.selectionEnd - text.selectionStart === 5) report({ selected: true });
});
%s
</script>"""

READY = """
text.focus();
text.setSelectionRange(0, 0);
await new Promise(requestAnimationFrame);
await report({ height: innerHeight });
"""


@pytest.fixture
def program(start: Callable[..., Program], front_end: Path) -> Program:
    (front_end / "index.html").write_text(PAGE % READY, encoding="utf-8")
    return start("tests.menu.menu_application", str(front_end))


def focus(desktop: Desktop) -> None:
    [window] = desktop.xdotool("search", "--sync", "--onlyvisible", "--name", "^menus$").split()
    desktop.xdotool("windowactivate", "--sync", window)


def test_a_menu_bar_is_used_by_keyboard(desktop: Desktop, program: Program) -> None:
    height = program.next()["page"]["height"]
    assert 200 < height < 300  # the bar is above the page, inside of the window's size
    focus(desktop)
    desktop.xdotool("key", "alt+f", "Return")
    assert sorted([program.next(), program.next()], key=str) == [
        {"app": "open", "wrap": False},
        {"window": "main", "id": "open"},
    ]
