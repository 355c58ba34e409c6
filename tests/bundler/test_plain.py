"""A plain `pyinstaller app.py` needs no options for transom: PyInstaller finds the hooks by an entry point."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.bundler.project import write_project
from tests.bundler.test_build import reports
from tests.repository.tree import ROOT
from tests.requirements import needs_pyinstaller, needs_webkitgtk

pytestmark = pytest.mark.timeout(900)  # it copies GTK too, and takes minutes on a busy machine


def installed_hooks(folder: Path) -> Path:
    """Return a folder with the metadata of this checkout, as pip writes it: that of the environment may be older."""
    points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["pyinstaller40"]
    info = folder / "transom_hooks-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: transom-hooks\nVersion: 1\n")
    lines = [f"{name} = {value}\n" for name, value in points.items()]
    (info / "entry_points.txt").write_text("[pyinstaller40]\n" + "".join(lines))
    return folder


def test_a_plain_pyinstaller_makes_an_application_that_runs(display: str, tmp_path: Path) -> None:
    needs_pyinstaller()
    needs_webkitgtk()
    program = write_project(tmp_path / "project")
    places = (("tauri.conf.json", "."), ("note.txt", "."), ("ui", "ui"))
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += [word for source, place in places for word in ("--add-data", f"{source}:{place}")]
    paths = [str(installed_hooks(tmp_path / "site")), *sys.path]
    cache = {"PYINSTALLER_CONFIG_DIR": str(tmp_path / "cache"), "PYTHONPATH": os.pathsep.join(paths)}
    environment = {**os.environ, **cache}
    subprocess.run([*command, program.name], cwd=program.parent, env=environment, check=True, timeout=800)
    assert reports(program.parent / "dist/app/app", display, tmp_path / "report") == "from the page a note True"
