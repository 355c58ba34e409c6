"""Builds the wheel of a checkout, and a virtual environment that has it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.repository.tree import ROOT
from tests.requirements import needs_hatchling

__all__ = ["build", "built", "environment_with", "run"]


def run(command: Sequence[str | Path], **options: object) -> subprocess.CompletedProcess[str]:
    """Run a program and return what it printed."""
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, **options)  # type: ignore[call-overload]


def build(target: str, into: Path, root: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
    """Build a wheel or a source archive into a folder."""
    needs_hatchling()
    beside_python = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**os.environ, "PATH": beside_python, **environ}
    return run([sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into], cwd=root, env=environ)


def built(into: Path) -> Path:
    """Return the wheel of this checkout, with the demo's front end; it is built into a folder."""
    done = build("wheel", into, TRANSOM_REQUIRE_DEMO="1")
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = into.glob("*.whl")
    return path


def environment_with(wheel: Path, folder: Path) -> Path:
    """Return the Python of a new environment that has the wheel, and the packages it depends on from our own environment.

    They come through a path file, so that nothing is downloaded; path files of our own environment, such as the one
    of an editable install, are not read through it.
    """
    run([sys.executable, "-m", "venv", "--without-pip", folder]).check_returncode()
    python = folder / "bin" / "python"
    done = run([sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel])
    assert done.returncode == 0, done.stderr
    (packages,) = folder.glob("lib/python*/site-packages")
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "dependencies.pth").write_text(ours + "\n", encoding="utf-8")
    return python
