"""The examples with windows, menus and tray icons, used as a user does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.menu.conftest import SOON, Desktop
from tests.requirements import ROOT, needs_global_api, needs_webkitgtk

EXAMPLES = ROOT / "examples"


def start(desktop: Desktop, program: str, *arguments: str) -> subprocess.Popen[str]:
    needs_webkitgtk()
    needs_global_api("global_api.js")
    return subprocess.Popen(
        [sys.executable, EXAMPLES / program, *arguments],
        env={**desktop.environ, "PYTHONPATH": str(ROOT / "src"), "G_DEBUG": "fatal-criticals"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def killing(process: subprocess.Popen[str]) -> Iterator[None]:
    """End a program that a failed test leaves behind, for which `Popen` would wait."""
    try:
        yield
    finally:
        process.kill()


@pytest.mark.parametrize("name", ["timer", "editor", "chat", "splash", "frameless"])
def test_an_example_checks_itself(desktop: Desktop, tmp_path: Path, name: str) -> None:
    arguments = [str(tmp_path / "notes.txt")] if name == "editor" else []
    with start(desktop, f"{name}/{name}.py", "--check", *arguments) as process, killing(process):
        said, errors = process.communicate(timeout=SOON)
    assert (process.returncode, said) == (0, f"{name}: ok\n"), errors


def test_the_editor_saves_by_its_menu_and_asks_before_it_closes(desktop: Desktop, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("old ", encoding="utf-8")
    with start(desktop, "editor/editor.py", str(notes)) as process, killing(process):
        desktop.wait_for(lambda: bool(desktop.window("notes.txt - Editor")))
        window = desktop.window("notes.txt - Editor")
        desktop.xdotool("windowactivate", "--sync", window)
        # The page may not listen yet.
        desktop.wait_for(lambda: bool(desktop.xdotool("key", "x")) or "\u2022" in desktop.title(window))
        desktop.xdotool("key", "alt+f", "Return")
        desktop.wait_for(lambda: "x" in notes.read_text("utf-8"))
        # Some of the keys above may have reached the page after it was saved.
        desktop.wait_for(lambda: bool(desktop.xdotool("key", "ctrl+s")) or "\u2022" not in desktop.title(window))
        desktop.xdotool("key", "m")
        desktop.wait_for(lambda: "\u2022" in desktop.title(window))
        desktop.xdotool("key", "ctrl+w")
        # In the text it is a line break; when the page asks, it is Save.
        desktop.wait_for(lambda: bool(desktop.xdotool("key", "Return")) or process.poll() is not None)
        _, errors = process.communicate(timeout=SOON)
    assert process.returncode == 0, errors
    assert "m" in notes.read_text("utf-8")
