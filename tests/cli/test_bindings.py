"""`transom bindings`, as a shell calls it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import needs_watchfiles
from transom.cli import main
from transom.cli._new import new

BINDINGS = """\
// Made by `transom bindings` from the commands of the application. Do not edit it: make it again.
import { invoke } from "@tauri-apps/api/core";

/** Answer `invoke('greet', { name })` of the page. */
export function greet(args: { name: string }): Promise<string> {
  return invoke("greet", args);
}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    new(tmp_path / "app", "vanilla")
    monkeypatch.chdir(tmp_path / "app")
    return tmp_path / "app"


@pytest.mark.slow
def test_the_module_is_written_and_then_found_up_to_date(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["bindings", "--out", "src/bindings.ts"]) == 0
    assert (project / "src" / "bindings.ts").read_text("utf-8") == BINDINGS
    assert main(["bindings", "--out", "src/bindings.ts", "--check"]) == 0
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("wrote src/bindings.ts\n", "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "why"),
    [
        (None, "does not exist"),
        (b"old", "is out of date"),
        ("// UTF-16, as some shells write it".encode("utf-16"), "is out of date"),
    ],
)
def test_a_module_that_is_not_up_to_date_is_left_and_told(
    project: Path, capfd: pytest.CaptureFixture[str], before: bytes | None, why: str
) -> None:
    if before is not None:
        (project / "bindings.ts").write_bytes(before)
    assert main(["bindings", "--out", "bindings.ts", "--check"]) == 1
    assert capfd.readouterr().err == f"bindings.ts {why}; run: transom bindings app.py --out bindings.ts\n"
    assert (project / "bindings.ts").exists() == (before is not None)


@pytest.mark.parametrize(("program", "error"), [
    (None, "there is no program app.py"),
    ("raise SystemExit(3)", "app.py failed with exit status 3"),
    ("print('hello')", "app.py ended without running an application"),
])  # fmt: skip
def test_a_program_without_an_application_is_one_sentence(
    project: Path, capfd: pytest.CaptureFixture[str], program: str | None, error: str
) -> None:
    if program is None:
        (project / "app.py").unlink()
    else:
        (project / "app.py").write_text(program, "utf-8")
    assert main(["bindings", "--out", "bindings.ts"]) == 1
    assert capfd.readouterr().err.startswith(f"transom: {error}")
    assert not (project / "bindings.ts").exists()


@pytest.mark.slow
def test_the_schema_is_a_second_file_and_checked_too(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = ["--out", "bindings.ts", "--schema", "commands.schema.json"]
    assert main(["bindings", *files, "--result"]) == 0
    assert capfd.readouterr().out == "wrote bindings.ts\nwrote commands.schema.json\n"
    schema = json.loads((project / "commands.schema.json").read_text("utf-8"))
    assert schema["commands"]["greet"]["args"]["properties"] == {"name": {"type": "string"}}
    assert main(["bindings", *files, "--result", "--check"]) == 0
    (project / "commands.schema.json").write_text("{}", "utf-8")
    assert main(["bindings", *files, "--result", "--check"]) == 1
    said = capfd.readouterr().err
    assert "run: transom bindings app.py --out bindings.ts --schema commands.schema.json --result\n" in said
    assert (project / "commands.schema.json").read_text("utf-8") == "{}"


def test_with_watch_a_change_is_written_and_a_mistake_waits_for_the_next(project: Path) -> None:
    needs_watchfiles()
    command = [sys.executable, "-u", "-m", "transom.cli", "bindings", "--out", "bindings.ts", "--watch"]
    program = project / "app.py"
    text = program.read_text("utf-8")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as watching:
        assert watching.stdout is not None
        try:
            assert watching.stdout.readline() == "wrote bindings.ts\n"
            program.write_text("raise SystemExit(3)", "utf-8")
            assert "app.py failed with exit status 3" in watching.stdout.readline()
            program.write_text(text.replace("def greet(name", "def greet(name: str, more: int, other"), "utf-8")
            assert watching.stdout.readline() == "wrote bindings.ts\n"
            assert "more: number" in (project / "bindings.ts").read_text("utf-8")
            watching.send_signal(signal.SIGINT)
            assert watching.wait(10) == 0
        finally:
            watching.kill()
