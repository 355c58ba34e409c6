"""What the command line says about wrong arguments."""

from __future__ import annotations

import importlib.metadata
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from transom.cli import main


def _refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"transom {importlib.metadata.version('transom')}\n"


def test_the_package_is_the_same_program() -> None:
    words = [sys.executable, "-m", "transom", "docter"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "did you mean `doctor`?" in done.stderr) == (2, True)


def test_a_misspelt_verb_is_met_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = _refusal(capsys, "docter")
    assert refusal.endswith("invalid choice 'docter': did you mean `doctor`?; see `transom --help`")
    assert "did you mean `check`?; see `transom acl --help`" in _refusal(capsys, "acl", "chek")


def test_a_misspelt_choice_is_met_with_the_nearest_one_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean `react-ts`?" in _refusal(capsys, "new", "x", "--template", "react_t")
    assert "choose from bash, zsh, fish" in _refusal(capsys, "completion", "xyz")


def test_an_unknown_argument_names_the_help_of_its_verb_and_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert _refusal(capsys, "acl", "explain", "main", "greet", "--wnidow=main").endswith(
        "acl explain: error: unrecognized arguments: --wnidow=main; see `transom acl explain --help`"
    )
    refusal = _refusal(capsys, "new", "x", "--tmplate", "single")
    assert "--tmplate single; did you mean `--template`?; see `transom new --help`" in refusal


def test_an_unknown_option_before_the_verb_is_named_before_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    refusal = _refusal(capsys, "--vresion")
    assert refusal.endswith("unrecognized arguments: --vresion; did you mean `--version`?; see `transom --help`")
    assert "unrecognized arguments: --jsn; did you mean `--json`?" in _refusal(capsys, "acl", "explain", "--jsn")


@pytest.mark.parametrize(
    "words", [["dev"], ["serve"], ["acl", "explain"], ["signer", "sign"]], ids=lambda words: words[-1]
)
def test_an_example_is_one_line_that_can_be_copied(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    last = capsys.readouterr().out.splitlines()[-1]
    example = last.removeprefix("example: ")
    assert last != example
    # A shell does not cut it, as it does at a bar or a semicolon.
    assert " ".join(["transom", *words]) in example
    assert not {"|", ";", "&"} & set(shlex.shlex(example, posix=True, punctuation_chars=True))


def test_a_missing_argument_names_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert _refusal(capsys, "plugin").endswith("required: COMMAND; see `transom plugin --help`")
    assert "name a file to write: --out src/bindings.ts" in _refusal(capsys, "bindings")


@pytest.mark.parametrize("port", ["-1", "65536", "http", "\u0663", ""])
@pytest.mark.parametrize("verb", [("demo",), ("serve", "app:builder")])
def test_a_number_that_is_no_port_is_refused(
    capsys: pytest.CaptureFixture[str], verb: tuple[str, ...], port: str
) -> None:
    assert f"{port!r} is not a port; write a number from 0 to 65535" in _refusal(capsys, *verb, f"--port={port}")


@pytest.mark.parametrize("count", ["0", "-2", "two"])
def test_a_server_needs_a_process(capsys: pytest.CaptureFixture[str], count: str) -> None:
    refusal = _refusal(capsys, "serve", "app:builder", f"--processes={count}")
    assert f"{count!r} is not a number of processes; write 1 or more" in refusal


def test_the_next_steps_can_be_pasted(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "word count"]) == 0
    assert "\n  cd 'word count'\n" in capsys.readouterr().out


def test_a_folder_in_the_place_of_a_program_is_told_apart(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "project").mkdir()
    for verb in ("dev", "run", "build"):
        assert main([verb, "project"]) == 1
        assert "project is a folder; run transom in it, or name the program" in capsys.readouterr().err
        assert main([verb]) == 1
        assert "or make a project with `transom new NAME`" in capsys.readouterr().err
