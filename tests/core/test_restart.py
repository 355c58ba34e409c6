"""The restart of a real program: a process that ends cleanly and begins anew with its arguments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mock_app import context, running
from tests.requirements import needs_posix
from transom.app import Builder
from transom.errors import WindowError

PROGRAM = """
import atexit, os, sys
from transom import Builder, command, generate_context, generate_handler

log = sys.argv[1]

def note(text):
    with open(log, "a") as file:
        file.write(text + "\\n")

class Resource:
    def close(self):
        note("released")

first = not os.path.exists(log)
note(f"started {os.getpid()} {sys.argv[2:]} {sys.flags.optimize}")
atexit.register(note, "ended")
print("unflushed", end="")

def setup(app):
    app.resources_table().add(Resource())
    app.spawn(work(app))

async def work(app):
    app.restart() if first else app.exit(7)

sys.exit(Builder().setup(setup).run(generate_context(os.path.dirname(__file__)), "mock"))
"""


def test_a_program_ends_and_starts_anew_with_its_arguments(tmp_path: Path) -> None:
    needs_posix()  # elsewhere the new program is another process, which nothing waits for
    (tmp_path / "dist").mkdir()
    (tmp_path / "tauri.conf.json").write_text(
        '{"identifier": "org.example.restart", "build": {"frontendDist": "dist"}, "app": {"windows": [{}]}}'
    )
    program, log = tmp_path / "program.py", tmp_path / "log"
    program.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-O", program, log, "--folder", "a b"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert done.stdout == "unflushed" * 2
    started, *rest = log.read_text().splitlines()
    assert started.endswith(" ['--folder', 'a b'] 1")
    # The same line twice: the same process with the same arguments, Python's own among them.
    assert rest == ["released", "ended", started, "released", "ended"]


def test_an_application_that_ends_already_does_not_restart() -> None:
    with running() as application:
        application.app.handle().exit(3)
        application.app.handle().restart()
        assert application.ended() == 3
        assert application.core.restarting is False


def test_an_application_that_does_not_run_does_not_restart() -> None:
    app = Builder().build(context(), "mock")
    with pytest.raises(WindowError, match="not running yet"):
        app.handle().restart()
    assert app._app.restarting is False
