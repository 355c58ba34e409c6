"""The inspector under `transom inspect` and `transom dev`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.conformance.application import Program
from tests.conformance.raw_page import RawPage, request
from tests.dev.test_dev import Dev, write_config
from tests.requirements import ROOT

pytestmark = pytest.mark.slow  # `transom dev` in a process of its own

PROGRAM = """
import os
from transom import Builder, command, generate_context, generate_handler

@command
def answer() -> int:
    return 1

builder = Builder().invoke_handler(generate_handler(answer))
builder.setup(lambda app: print("answer", answer(), os.getpid(), flush=True)).run(generate_context())
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text(PROGRAM, "utf-8")
    (folder / "index.html").write_text("<!doctype html>", "utf-8")
    write_config(folder)
    return folder


def _environment(project: Path) -> dict[str, str]:
    data = {"XDG_DATA_HOME": str(project.parent / "data"), "TRANSOM_RUNTIME": "web", "PYTHONPATH": str(ROOT / "src")}
    return {name: value for name, value in os.environ.items() if "DISPLAY" not in name} | data


class _Inspect(Dev):
    def __init__(self, project: Path) -> None:
        self.project = project
        self.file = project / "app.py"
        command = [sys.executable, "-m", "transom.cli", "inspect", str(self.file)]
        self.program = Program(command, {"DISPLAY": None, "WAYLAND_DISPLAY": None, **_environment(project)})

    def address(self, number: int) -> str:
        """Wait for the address that was printed as number `number`, and return it."""
        with self.program._errors_changed:
            found = self.program._errors_changed.wait_for(lambda: len(self._addresses()) > number, 30)
        assert found, self.program.errors
        return self._addresses()[number]

    def _addresses(self) -> list[str]:
        return [line.split()[-1] for line in self.program.errors if "inspector: http" in line]


def test_the_inspector_is_there_again_at_its_address_when_the_code_has_changed(project: Path) -> None:
    dev = _Inspect(project)
    with dev.program:
        _, first = dev.started()
        page = RawPage(dev.address(0))
        with page:
            resolved, seen = page.invoke("overview", {})
            assert (resolved, seen["pid"], seen["runtime"]) == (True, first, "web")
            assert " is at http" in dev.program.line()
            dev.change("return 1", "return 2")
            with pytest.raises(ConnectionClosed) as closed:
                page.closed()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1012, "the page is told to wait for the next back end"
        _, second = dev.started()
        again = dev.address(1)
        assert again.partition("?")[0] == dev._addresses()[0].partition("?")[0]
        assert page.get("/").status == 200, "the browser that was admitted still is"
        with RawPage(again) as page:
            assert page.invoke("overview", {})[1]["pid"] == second
        base = again.partition("?")[0]
    with pytest.raises(ConnectionRefusedError):
        request(base)


def test_a_key_in_the_terminal_shows_the_inspector(project: Path) -> None:
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "transom.cli", "dev", str(project / "app.py")]
    process = subprocess.Popen(
        command,
        env=_environment(project),
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        os.close(terminal)
        assert process.stdout is not None
        assert process.stderr is not None
        assert "press i and Enter for the inspector" in process.stderr.readline()
        assert process.stdout.readline().startswith("answer 1")
        os.write(master, b"x\ni\n")
        said = process.stderr.readline()
        assert "inspector: http" in said
        assert RawPage(said.split()[-1]).document.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=30)
        os.close(master)
