"""Choosers of files in Flatpak and Snap: the portal draws them, as a program outside the sandbox."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.dialog.program import write_files
from tests.requirements import ROOT, needs_session_bus, needs_webkitgtk


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portal").resolve()
    write_files(folder)
    return folder


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, folder: Path) -> dict[str, Any]:
    """Run the program beside a portal; return what both say."""
    needs_webkitgtk()
    environment = {
        "DISPLAY": request.getfixturevalue("display"),
        "GDK_BACKEND": "x11",
        "GTK_USE_PORTAL": "1",
        "GSETTINGS_BACKEND": "memory",
        "HOME": str(folder / "home"),
        "NO_AT_BRIDGE": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        "WAYLAND_DISPLAY": "",
    }
    portal = str(Path(__file__).parent / "portal.py")
    program = [sys.executable, "-m", "tests.plugins.dialog.portal_program", str(folder)]
    done = subprocess.run(
        [needs_session_bus(), "--", sys.executable, portal, str(folder), *program],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert said["status"] == 0, done.stderr
    assert "CRITICAL" not in done.stderr, done.stderr
    return {**json.loads(said["printed"].splitlines()[-1]), "asked": said["asked"]}


def test_what_the_portal_returns_reaches_page_and_python(told: dict[str, Any], folder: Path) -> None:
    one, several, directory, save, cancelled = told["results"]
    assert one == str(folder / "one.txt")
    assert sorted(several) == [str(folder / "pair/a.txt"), str(folder / "pair/b.txt")]
    assert (directory, save, cancelled) == (str(folder / "sub"), str(folder / "new.txt"), None)
    assert told["python"] == [str(folder / "two.txt")]


def test_the_portal_is_told_what_to_choose_and_for_which_window(told: dict[str, Any], folder: Path) -> None:
    one, several, directory, save, *others = told["asked"]
    assert others[-1]["title"] == "Left open"  # and the program ended nevertheless
    methods = ["OpenFile"] * 3 + ["SaveFile"] + ["OpenFile"] * 3
    assert [asked["method"] for asked in told["asked"]] == methods
    assert {asked["parent"] for asked in told["asked"]} == {"x11"}
    assert one["title"] == "Take one"
    assert [name for name, _ in one["filters"]] == ["Texts"]
    assert [0, "*.txt"] in one["filters"][0][1]
    assert (several["multiple"], directory["directory"]) == (True, True)
    assert not any(asked.get("multiple") or asked.get("directory") for asked in others)
    assert (save["title"], save["current_name"], save["current_folder"]) == ("Keep", "new.txt", str(folder))


def test_what_the_portal_returned_may_be_used_and_nothing_else(told: dict[str, Any]) -> None:
    before, chosen, below, other = told["reads"]
    assert before.startswith("forbidden path: ")
    assert (chosen, below) == ("one.txt", "sub/deep/four.txt")
    assert other.startswith("forbidden path: ")
