"""Files with the same content, and only those."""

import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atlas._duplicates import EDGE, Same, duplicates
from atlas._scan import scan
from atlas._tree import Entry, Tree
from atlas._view import files_by_size
from tests.property import examples


def groups(folder: Path) -> tuple[set[frozenset[str]], int, int]:
    tree = Tree(str(folder))
    for _ in scan(tree, [tree.root]):
        pass
    sizes = files_by_size(tree, tree.root)
    steps = [step for step in duplicates(sizes, tree.path) if step is not None]
    found = {frozenset(entry.name for entry in step.group.entries) for step in steps if step.group is not None}
    assert sum(step.done for step in steps) == sum(map(len, sizes.values()))
    return found, sum(step.done for step in steps), sum(step.failed for step in steps)


def test_equal_files_are_found_whatever_they_are_called(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "one.txt").write_bytes(b"same")
    (tmp_path / "sub" / "two.bin").write_bytes(b"same")
    (tmp_path / "other").write_bytes(b"else")
    assert groups(tmp_path)[0] == {frozenset({"one.txt", "two.bin"})}


def test_files_that_differ_only_in_the_middle_are_not_the_same(tmp_path: Path) -> None:
    edge = bytes(EDGE)
    (tmp_path / "one").write_bytes(edge + b"1" * 100 + edge)
    (tmp_path / "two").write_bytes(edge + b"2" * 100 + edge)
    (tmp_path / "three").write_bytes(edge + b"2" * 100 + edge)
    assert groups(tmp_path)[0] == {frozenset({"two", "three"})}


def test_names_of_one_file_are_not_duplicates(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"linked")
    os.link(tmp_path / "one", tmp_path / "two")
    assert groups(tmp_path)[0] == set()


def test_empty_files_and_links_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "one").touch()
    (tmp_path / "two").touch()
    (tmp_path / "three").symlink_to("one")
    (tmp_path / "four").symlink_to("two")
    assert groups(tmp_path)[0] == set()


def test_files_that_vanish_or_change_are_passed_over(tmp_path: Path) -> None:
    for name in ("one", "two", "gone", "grown"):
        (tmp_path / name).write_bytes(b"same")
    tree = Tree(str(tmp_path))
    for _ in scan(tree, [tree.root]):
        pass
    (tmp_path / "gone").unlink()
    (tmp_path / "grown").write_bytes(b"same and more")
    steps = [step for step in duplicates(files_by_size(tree, tree.root), tree.path) if step is not None]
    (same,) = [step.group for step in steps if step.group is not None]
    assert {entry.name for entry in same.entries} == {"one", "two"}
    assert sum(step.failed for step in steps) == 1
    assert sum(step.done for step in steps) == 4


def test_the_largest_are_compared_first(tmp_path: Path) -> None:
    for name, size in (("a", 10), ("b", 10), ("c", 1000), ("d", 1000)):
        (tmp_path / name).write_bytes(b"x" * size)
    tree = Tree(str(tmp_path))
    for _ in scan(tree, [tree.root]):
        pass
    found: list[Same] = [
        step.group for step in duplicates(files_by_size(tree, tree.root), tree.path) if step is not None and step.group
    ]
    assert [group.size for group in found] == [1000, 10]


def test_a_pipe_in_the_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    tree = Tree(str(tmp_path))
    for _ in scan(tree, [tree.root]):
        pass
    entry: Entry = tree.root.children["pipe"]
    steps = [step for step in duplicates({4: [entry, entry]}, tree.path) if step is not None]
    assert sum(step.failed for step in steps) == 2


contents = st.lists(st.binary(max_size=3).map(lambda head: head * 3000), min_size=2, max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(40), deadline=None)
@given(contents)
def test_groups_are_those_of_equal_bytes(tmp_path_factory: object, contents: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("equal")  # type: ignore[attr-defined]
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(content)
    expected = {
        frozenset(str(number) for number, other in enumerate(contents) if other == content)
        for content in contents
        if content and contents.count(content) > 1
    }
    assert groups(folder)[0] == expected
