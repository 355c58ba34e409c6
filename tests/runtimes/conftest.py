"""Fixtures of the tests of runtimes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import ROOT, needs_webkitgtk

Scenario = Callable[..., Any]


def read_at(path: str, at: int, size: int) -> bytes:
    """Return what a page reads of the file that is shared with it."""
    with Path(path).open("rb") as page:
        page.seek(at)
        return page.read(size)


@pytest.fixture
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Scenario:
    """Run a scenario of a module of programs, in a process of its own, and return the value that it prints."""
    needs_webkitgtk()
    display = request.getfixturevalue("display")

    def run(name: str, *, module: str = "webkitgtk_scenarios", **environ: str) -> Any:
        folder = tmp_path / "front end"
        folder.mkdir(exist_ok=True)
        result = subprocess.run(  # noqa: PLW1510 - the status is asserted with what was printed
            [sys.executable, "-m", f"tests.runtimes.{module}", name, str(folder)],
            cwd=ROOT,
            env={
                **os.environ,
                "DISPLAY": display,
                "GDK_BACKEND": "x11",
                "NO_AT_BRIDGE": "1",
                "PYTHONPATH": "src",
                **environ,
            },
            capture_output=True,
            text=True,
            timeout=60,
            start_new_session=True,
        )
        assert result.returncode == 0, result.stderr
        assert "CRITICAL" not in result.stderr, result.stderr
        assert _children_left(folder) == []
        return json.loads(result.stdout)

    return run


def _children_left(folder: Path) -> list[str]:
    """Return the processes whose command line names the scenario's folder."""
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in line:
            left.append(line.decode(errors="replace"))
    return left
