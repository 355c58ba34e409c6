"""`transom explain`, and the programs that name it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.requirements import ROOT
from transom.cli import main


def test_an_error_is_explained_by_its_name_and_by_its_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "missing-argument"]) == 0
    by_name = capsys.readouterr().out
    assert "As with Tauri, arguments are camelCase in the page" in by_name
    assert "invoke('open_file', { fileName: 'a.txt' })" in by_name
    assert main(["explain", "command", "open_file", "missing", "required", "key", "fileName"]) == 0
    assert capsys.readouterr().out == by_name


def test_all_explanations_are_listed_and_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    assert "no-display" in capsys.readouterr().out
    assert main(["explain", "something else"]) == 1
    assert "no error has this name or text" in capsys.readouterr().err


def test_a_text_without_a_page_is_found_with_its_class_and_where_it_is_raised(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "the menu item 'notes' is not a child of this menu or submenu"]) == 0
    text, _, kind, place = capsys.readouterr().out.splitlines()
    assert text == "the menu item <id> is not a child of this menu or submenu"
    assert (kind, place) == ("Kind: MenuError", "From: transom.menu._item.Container.remove")


def test_a_program_that_fails_names_the_explanation_behind_its_traceback(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from transom import Builder, generate_context\nBuilder().run(generate_context())\n", "utf-8"
    )
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[0].startswith("Traceback")
    assert lines[-1] == "`transom explain no-configuration` says more about this error"
