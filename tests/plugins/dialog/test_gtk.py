"""The dialogs of GTK windows, opened by a page and answered by somebody who sees what people see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.dialog.program import write_files
from tests.requirements import ROOT, needs_webkitgtk


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dialogs").resolve()
    write_files(folder)
    return folder


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, folder: Path) -> dict[str, Any]:
    """Run the program and return what it prints."""
    needs_webkitgtk()
    display = request.getfixturevalue("display")
    environment = {
        "DISPLAY": display,
        "GDK_BACKEND": "x11",
        "NO_AT_BRIDGE": "1",
        "PYTHONPATH": f"{ROOT}/src",
        "LANGUAGE": "C",
    }
    environment |= {"HOME": str(folder / "home"), "GSETTINGS_BACKEND": "memory", "WAYLAND_DISPLAY": ""}
    result = subprocess.run(
        [sys.executable, "-m", "tests.plugins.dialog.program", folder],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "CRITICAL" not in result.stderr, result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def test_messages_resolve_with_the_label_of_the_pressed_button(told: dict[str, Any]) -> None:
    results = told["results"]
    assert [results[name] for name in ("message", "custom", "closed", "ask", "confirm")] == [
        *("Ok", "Drop", "Cancel", True, False)
    ]


def test_messages_show_their_text_in_front_of_their_window(told: dict[str, Any]) -> None:
    first, custom, closed, ask, _ = told["seen"][:5]
    assert first == {
        "title": "Greeting_1",
        "buttons": ["Ok"],
        "modal": True,
        "parent": "Dialogs",
        "text": ["Greeting_1", "Hello"],
    }
    assert custom["buttons"] == ["Stay", "Drop", "Save__it"]  # an underscore is written twice, else it marks a key
    assert closed["buttons"] == ["No", "Yes"]
    assert (ask["text"], ask["buttons"]) == (["Old?", None], ["No", "Aye"])


def test_chosen_files_are_returned(told: dict[str, Any], folder: Path) -> None:
    results = told["results"]
    assert results["open"] == str(folder / "one.txt")
    assert sorted(results["several"]) == [str(folder / "pair/a.txt"), str(folder / "pair/b.txt")]
    assert results["folder"] == str(folder / "sub")
    assert results["save"] == str(folder / "new.txt")
    assert results["cancelled"] is None


def test_choosers_begin_where_the_page_says(told: dict[str, Any]) -> None:
    one, several, _, save, _ = told["seen"][5:10]
    assert (one["title"], one["filters"], one["parent"]) == ("Take one", ["Texts"], "Dialogs")
    assert several["title"] == "Open File"
    assert (save["title"], save["name"], save["buttons"]) == ("Keep", "new.txt", ["_Cancel", "_Save"])


def test_what_was_chosen_may_be_used_and_nothing_else(told: dict[str, Any], folder: Path) -> None:
    before, chosen, below, other = told["results"]["reads"]
    assert before.startswith("forbidden path: ")
    assert (chosen, below) == ("one.txt", "sub/deep/four.txt")
    assert other.startswith("forbidden path: ")
    assert (folder / "new.txt").read_text("utf-8") == "kept"


def test_alert_and_confirm_of_pages_are_dialogs(told: dict[str, Any]) -> None:
    assert told["results"]["confirmed"] == [True, False]
    assert {seen["text"][0] for seen in told["seen"][10:13]} == {"An alert", "Sure?"}


def test_python_opens_the_same_dialogs(told: dict[str, Any], folder: Path) -> None:
    assert told["results"]["python"] == [True, [str(folder / "two.txt")]]
    assert told["seen"][13]["text"] == ["Python", "From Python?"]
