"""The editor whose front end would run on Tauri unchanged, with the npm packages that it names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program
from tests.desktop.desktop import Desktop, desktop, eventually
from tests.repository.tree import ROOT
from tests.requirements import NODE_MODULES, needs_npm_package

EXAMPLE = ROOT / "examples" / "notes"
DAEMON = ROOT / "tests" / "plugins" / "notification" / "daemon.py"
NAME = "org.example.notes"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example as its `npm run build` does."""
    folder = tmp_path_factory.mktemp("notes") / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    needs_npm_package("esbuild")
    package = json.loads((folder / "package.json").read_text("utf-8"))
    (folder / "node_modules" / "@tauri-apps").mkdir(parents=True)
    for name in package["dependencies"]:
        (folder / "node_modules" / name).symlink_to(needs_npm_package(name), target_is_directory=True)
    path = f"{NODE_MODULES / '.bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", package["scripts"]["build"]],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Desktop]:
    with desktop(tmp_path) as found:
        found.environment |= {
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "G_DEBUG": "fatal-criticals",
        }
        yield found


def written(path: Path) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def close(screen: Desktop, window: str) -> None:
    """Close a window as the user does."""
    screen.ask("xdotool", "windowactivate", "--sync", window, "key", "alt+F4")


def test_the_packages_are_those_that_are_tested() -> None:
    package = json.loads((EXAMPLE / "package.json").read_text("utf-8"))
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        installed = json.loads((needs_npm_package(name) / "package.json").read_text("utf-8"))
        assert installed["version"] == version


def test_the_front_end_knows_nothing_but_tauri() -> None:
    text = (EXAMPLE / "src" / "main.js").read_text("utf-8")
    assert "transom" not in text.lower()
    assert "invoke(" not in text


def test_the_notes_check_themselves(project: Path, screen: Desktop, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, DAEMON, "0", sys.executable, project / "notes.py", "--check"],
        env=screen.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["status"], result["printed"]) == (0, "notes: ok\n"), done.stderr
    assert [shown[3:5] for shown in result["shown"]] == [["Notes", "Checked"]]
    data = tmp_path / "data" / NAME
    assert (data / "check.txt").read_text("utf-8") == "checked by itself\n\nchecked by itself"
    assert written(data / "settings.json") == {"size": 18, "last": str(data / "check.txt")}
    assert (written(tmp_path / "config" / NAME / ".window-state.json"))["main"]["width"] == 720


def test_a_user_writes_saves_and_comes_back(project: Path, screen: Desktop, tmp_path: Path) -> None:
    data = tmp_path / "data" / NAME
    data.mkdir(parents=True)
    (data / "mine.txt").write_text("old", "utf-8")
    (data / "settings.json").write_text(json.dumps({"last": str(data / "mine.txt")}), "utf-8")
    command = [sys.executable, project / "notes.py"]
    with Program(command, screen.environment) as program:
        window = screen.window("mine.txt - Notes")
        screen.ask("xdotool", "windowactivate", "--sync", window)
        screen.ask("xdotool", "key", "--window", "0", "ctrl+End")
        eventually(
            lambda: screen.ask("xdotool", "key", "x") or screen.ask("xdotool", "getwindowname", window),
            lambda title: title.startswith("\u2022"),
        )
        eventually(
            lambda: screen.ask("xdotool", "key", "ctrl+s") or screen.ask("xdotool", "getwindowname", window),
            lambda title: title.strip() == "mine.txt - Notes",
        )
        assert "x" in (data / "mine.txt").read_text("utf-8")
        screen.ask("xdotool", "windowmove", "--sync", window, "200", "150")
        moved = eventually(lambda: screen.place(window), lambda place: place[0] > 190)
        close(screen, window)
        assert program.status() == 0, program.errors
    for _ in range(2):  # the menu bar, which comes later than the window, must not make it smaller each time
        with Program(command, screen.environment) as program:
            window = screen.window("mine.txt - Notes")
            assert eventually(partial(screen.place, window), lambda place: place == moved) == moved
            close(screen, window)
            assert program.status() == 0, program.errors
