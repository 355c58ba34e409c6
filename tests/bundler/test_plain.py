"""A plain `pyinstaller app.py` needs no options for transom: PyInstaller finds the hooks by an entry point."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bundler.project import write_project
from tests.bundler.test_build import reports
from tests.requirements import needs_pyinstaller, needs_webkitgtk

pytestmark = pytest.mark.timeout(900)  # it copies GTK too, and takes minutes on a busy machine


def test_a_plain_pyinstaller_makes_an_application_that_runs(display: str, tmp_path: Path) -> None:
    needs_pyinstaller()
    needs_webkitgtk()
    program = write_project(tmp_path / "project")
    places = (("tauri.conf.json", "."), ("note.txt", "."), ("ui", "ui"))
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += [word for source, place in places for word in ("--add-data", f"{source}:{place}")]
    environment = {
        **os.environ,
        "PYINSTALLER_CONFIG_DIR": str(tmp_path / "cache"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    subprocess.run([*command, program.name], cwd=program.parent, env=environment, check=True, timeout=800)
    assert reports(program.parent / "dist/app/app", display, tmp_path / "report") == "from the page a note True"
