from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program
from tests.mock_app import running
from tests.plugins.guests import guests
from tests.requirements import ROOT, needs_posix
from transom.app import Builder
from transom.handles import AppHandle
from transom.plugins import process

PACKAGE = "@tauri-apps/plugin-process"
DEFAULT = '{"identifier": "a", "windows": ["main"], "permissions": ["process:default"]}'


def test_exit_ends_the_application_with_the_status() -> None:
    with running(builder=Builder().plugin(process.init())) as application:
        application.app.add_capability(DEFAULT)
        application.page.send("plugin:process|exit", {"code": 7})
        assert application.ended() == 7


_RESTARTED = """
import sys, threading
from pathlib import Path
from tests.mock_app import context
from transom.app import Builder
from transom.plugins import process
count = Path(sys.argv[1])
starts = int(count.read_text() or 0) + 1
count.write_text(str(starts))
def setup(app):
    app.add_capability(sys.argv[2])
    def act():
        page = built._core.runtime.pages["main"]
        page.send("plugin:process|restart" if starts == 1 else "plugin:process|exit", {"code": 3})
    app.run_on_main_thread(act)
built = Builder().plugin(process.init()).setup(setup).build(context("main"), "mock")
sys.exit(built.run())
"""


def test_restart_starts_the_program_again(tmp_path: Path) -> None:
    needs_posix()
    count = tmp_path / "count"
    count.write_text("")
    path = f"{ROOT}:{ROOT / 'src'}"
    with Program([sys.executable, "-c", _RESTARTED, count, DEFAULT], {"PYTHONPATH": path}) as program:
        assert program.status() == 3, program.errors
    assert count.read_text() == "2"


def test_the_npm_package_asks_for_exit_and_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(AppHandle, "exit", lambda self, code=0: asked.append(code))
    monkeypatch.setattr(AppHandle, "restart", lambda self: asked.append("restart"))
    with guests(tmp_path, process.init(), permissions=["process:default"], packages=[PACKAGE]) as page:
        page.run(PACKAGE, "await plugin.exit(5); await plugin.exit(); await plugin.relaunch()")
    assert json.dumps(asked) == '[5, 0, "restart"]'
