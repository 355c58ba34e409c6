"""The report of the check mode."""

from pathlib import Path

import pytest

from atlas._scan import scan
from atlas._tree import Tree
from atlas.commands_check import CHECKS, CheckReport, generate_tree

pytestmark = pytest.mark.slow  # each report makes thousands of files


def test_the_generated_tree_holds_as_many_files_as_it_says(tmp_path: Path) -> None:
    files = generate_tree(tmp_path)
    tree = Tree(str(tmp_path))
    for _ in scan(tree, [tree.root]):
        pass
    assert tree.root.files == files
    assert tree.problems == {}


def test_a_report_with_every_check_passed_ends_well() -> None:
    lines: list[str] = []
    report = CheckReport(lines.append)
    for name in CHECKS:
        assert report.left()[0] == name
        report.add(name, ok=True, detail="fine")
    assert report.finish() == 0
    assert lines == [f"ok    {name}: fine" for name in CHECKS]
    assert report.finished


def test_what_failed_or_was_not_reached_fails_the_report() -> None:
    lines: list[str] = []
    report = CheckReport(lines.append)
    report.add("start", ok=False, detail="")
    assert report.finish() == 1
    assert lines[0] == "FAIL  start"
    assert lines[1:] == [f"FAIL  {name}: not reached" for name in CHECKS[1:]]


def test_a_second_word_on_the_same_check_is_ignored() -> None:
    lines: list[str] = []
    report = CheckReport(lines.append)
    report.add("start", ok=False, detail="")
    report.add("start", ok=True, detail="")
    report.add("unheard of", ok=True, detail="")
    assert len(lines) == 1
    assert report.finish() == 1


def test_the_end_of_a_report_removes_its_files() -> None:
    report = CheckReport(lambda line: None)
    assert (report.folder / "steady.txt").exists()
    report.finish()
    assert not report.folder.exists()
