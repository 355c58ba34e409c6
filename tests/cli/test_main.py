"""The command line, as a shell calls it."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.requirements import needs_webkitgtk
from transom.cli import main
from transom.cli._main import _parser


def transom(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "transom.cli", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment or None,
    )


def test_doctor_names_every_runtime(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["doctor"])
    printed = capsys.readouterr().out
    assert status == 0
    assert "web: can run" in printed
    assert "webkitgtk" in printed


def test_a_reader_that_has_gone_is_no_error() -> None:
    command = [sys.executable, "-m", "transom.cli", "explain"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listing:
        assert listing.stdout is not None
        listing.stdout.close()  # as `| head` does
        assert listing.stderr is not None
        assert listing.stderr.read() == ""
    assert listing.returncode == 1


def test_an_interrupt_is_a_status_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("transom.cli._main._doctor", interrupted)
    assert main(["doctor"]) == 130


def test_a_folder_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    done = transom("demo", str(tmp_path / "nowhere"), "--runtime", "web")
    assert done.returncode == 1
    assert (
        done.stderr
        == f"transom: {tmp_path / 'nowhere'} is not a folder; pass a folder to scan, or nothing for the home folder\n"
    )


def test_a_window_without_a_display_is_one_sentence() -> None:
    needs_webkitgtk()
    done = transom("demo", "--runtime", "webkitgtk", PATH="/usr/bin:/bin")
    assert done.returncode == 1
    assert done.stderr.startswith("transom: ")
    assert "DISPLAY" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_sentence() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = transom("demo", "--runtime", "web", "--port", str(port))
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_alone_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert "make a project that runs" in printed
    assert "example: transom new" in printed


def _verbs(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield name, parser
    for action in parser._actions:  # argparse has no other way to read a parser
        if isinstance(action, argparse._SubParsersAction):
            for word, verb in action.choices.items():
                yield from _verbs(verb, f"{name} {word}")


def test_every_command_has_an_example_that_begins_with_its_name() -> None:
    verbs = dict(_verbs(_parser(), "transom"))
    assert len(verbs) > 30
    without = [name for name, verb in verbs.items() if f"{' '.join(name.split()[:2])}" not in (verb.epilog or "")]
    assert without == []
