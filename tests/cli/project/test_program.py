"""The program that `transom init` makes of a project with the stubs of `transom migrate`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from transom.cli.project import init, migrate


def test_init_makes_a_program_with_the_stubs_and_the_plugins_of_the_pages(tmp_path: Path) -> None:
    tauri = tmp_path / "src-tauri"
    (tauri / "capabilities").mkdir(parents=True)
    (tauri / "tauri.conf.json").write_text('{"identifier": "org.example.x", "app": {"windows": [{}]}}', "utf-8")
    capability = {
        "identifier": "main",
        "windows": ["main"],
        "permissions": ["core:default", "window-state:default", {"identifier": "fs:allow-stat", "allow": ["$HOME/*"]}],
    }
    (tauri / "capabilities" / "main.json").write_text(json.dumps(capability), "utf-8")
    (tmp_path / "main.ts").write_text(
        "import { load } from '@tauri-apps/plugin-store'; import x from '@tauri-apps/plugin-nowhere'; invoke('ping')",
        "utf-8",
    )
    _, steps = migrate(tmp_path)
    assert [step for step in steps if "plugin add" in step] == [
        "`transom plugin add store`: the front end uses @tauri-apps/plugin-store"
    ]
    init(tmp_path, "made")
    program = (tmp_path / "app.py").read_text("utf-8")
    assert "from commands import handler\n" in program
    assert "from transom.plugins import fs, store, window_state\n" in program
    chain = ".plugin(fs.init()).plugin(store.init()).plugin(window_state.init()).invoke_handler(handler)"
    assert f"    return Builder(){chain}\n" in program
    assert "client(" not in program
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_program_of_a_project_of_tauri_1_says_that_its_pages_speak_1(tmp_path: Path) -> None:
    (tmp_path / "src-tauri").mkdir()
    old = {
        "tauri": {"allowlist": {"shell": {"open": True}, "dialog": {"all": True}}, "bundle": {"identifier": "org.x"}}
    }
    (tmp_path / "src-tauri" / "tauri.conf.json").write_text(json.dumps(old), "utf-8")
    (tmp_path / "main.js").write_text("invoke('ping')", "utf-8")
    migrate(tmp_path)
    init(tmp_path, "made")
    program = (tmp_path / "app.py").read_text("utf-8")
    for part in (
        '\n        .client("1.x")  #',
        "from transom.plugins import dialog, shell\n",
        "\n        .plugin(shell.init())",
    ):
        assert part in program
    compile(program, "app.py", "exec")
