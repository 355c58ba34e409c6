"""A tree that follows the disk."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas._index import Index, Scan
from atlas._messages import Changed
from atlas._scan import scan
from atlas._watch import MOST_FOLDERS, CannotWatch, Watchfiles, keep_true, paths_to_watch, refresh, touched
from tests.requirements import needs_names_outside_utf8, needs_watchfiles


def scanned(folder: Path) -> Scan:
    item = Index(folder).open(str(folder))
    for _ in scan(item.tree, [item.tree.root]):
        pass
    item.end("finished")
    return item


class Script:
    """A source that plays changes: each step changes the disk and names the paths a watcher would name."""

    def __init__(self, stop: threading.Event, *steps: Callable[[], list[Path]]) -> None:
        self.stop = stop
        self.steps = list(steps)
        self.watched: list[str] = []
        self.closed = False

    def add(self, paths: list[str]) -> None:
        self.watched += paths

    def gather(self) -> set[str]:
        if not self.steps:
            self.stop.set()
            return set()
        return {str(path) for path in self.steps.pop(0)()}

    def close(self) -> None:
        self.closed = True


def play(item: Scan, *steps: Callable[[], list[Path]]) -> tuple[list[Changed], Script]:
    told: list[Changed] = []
    stop = threading.Event()
    source = Script(stop, *steps)
    keep_true(item, source, told.append, stop)
    return told, source


def test_the_first_word_is_that_the_folder_is_watched(tmp_path: Path) -> None:
    item = scanned(tmp_path)
    told, source = play(item)
    assert [(change.scan.watching, change.rows) for change in told] == [(True, 0)]
    assert source.watched == [str(tmp_path)]
    assert source.closed
    assert not item.watching


def test_many_changes_of_a_moment_become_one_event(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    item = scanned(tmp_path)

    def write() -> list[Path]:
        paths = [tmp_path / "a" / f"{number}" for number in range(500)]
        for path in paths:
            path.write_bytes(b"12")
        return paths

    told, _ = play(item, write)
    assert [change.rows for change in told] == [0, 1]
    assert (item.tree.root.files, item.tree.root.size) == (500, 1000)
    assert told[1].scan.files == 500
    assert told[1].folders == [item.tree.root.id, item.tree.root.children["a"].id]


def test_a_change_without_effect_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"1")
    told, _ = play(scanned(tmp_path), lambda: [tmp_path / "x"])
    assert len(told) == 1


def test_new_folders_are_read_watched_and_read_again(tmp_path: Path) -> None:
    item = scanned(tmp_path)

    def make() -> list[Path]:
        (tmp_path / "new" / "deep").mkdir(parents=True)
        (tmp_path / "new" / "deep" / "x").write_bytes(b"123")
        return [tmp_path / "new"]

    told, source = play(item, make)
    assert item.tree.root.size == 3
    assert source.watched == [str(tmp_path), str(tmp_path / "new"), str(tmp_path / "new" / "deep")]
    assert told[-1].rows == 1


def test_files_and_folders_that_go_leave_the_tree(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x").write_bytes(b"1")
    item = scanned(tmp_path)

    def remove() -> list[Path]:
        (tmp_path / "a" / "b" / "x").unlink()
        (tmp_path / "a" / "b").rmdir()
        return [tmp_path / "a" / "b" / "x", tmp_path / "a" / "b"]

    play(item, remove)
    assert (item.tree.root.size, item.tree.root.folders) == (0, 1)


def test_a_scanned_folder_that_goes_becomes_empty(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    (top / "x").write_bytes(b"1")
    item = scanned(top)

    def remove() -> list[Path]:
        (top / "x").unlink()
        top.rmdir()
        return [top / "x"]

    play(item, remove)
    assert item.tree.root.size == 0
    assert item.tree.problems == {0: "it no longer exists"}


def test_a_file_that_grows_changes_every_sum(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "log").write_bytes(b"1")
    item = scanned(tmp_path)
    (tmp_path / "a" / "log").write_bytes(b"12345")
    changed, fresh = refresh(item.tree, touched(item.tree, [str(tmp_path / "a" / "log")]))
    assert [folder.name for folder in changed] == ["a"]
    assert fresh == []
    assert item.tree.root.size == 5


def test_folders_whose_names_are_not_utf_8_are_left_out(tmp_path: Path) -> None:
    needs_names_outside_utf8(tmp_path)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff")).mkdir()
    tree = scanned(tmp_path).tree
    assert paths_to_watch(tree, tree.folders()) == [str(tmp_path)]


def test_a_tree_with_too_many_folders_is_not_watched(tmp_path: Path) -> None:
    item = scanned(tmp_path)
    item.tree.folders = lambda: iter([item.tree.root] * (MOST_FOLDERS + 1))  # type: ignore[method-assign]
    with pytest.raises(CannotWatch, match="folders are too many to watch"):
        play(item)


@pytest.mark.slow
def test_watchfiles_sees_changes_and_survives_a_name_it_cannot_decode(tmp_path: Path) -> None:
    needs_watchfiles()
    needs_names_outside_utf8(tmp_path)
    (tmp_path / "a").mkdir()
    stop = threading.Event()
    source = Watchfiles(stop)
    source.add([str(tmp_path), str(tmp_path / "a")])
    try:
        (tmp_path / "a" / "x").write_bytes(b"1")
        assert str(tmp_path / "a" / "x") in gathered(source)
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff")).write_bytes(b"1")
        assert str(tmp_path) in gathered(source)
        (tmp_path / "a" / "y").write_bytes(b"1")
        assert str(tmp_path / "a" / "y") in gathered(source)
    finally:
        stop.set()
        source.close()


def gathered(source: Watchfiles) -> set[str]:
    for _ in range(20):
        paths = source.gather()
        if paths:
            return paths
    return set()


def test_watchfiles_does_not_follow_links_out_of_the_folder(tmp_path: Path) -> None:
    needs_watchfiles()
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside, target_is_directory=True)
    item = scanned(inside)
    stop = threading.Event()
    source = Watchfiles(stop)
    source.add(paths_to_watch(item.tree, item.tree.folders()))
    try:
        (outside / "x").write_bytes(b"1")
        (inside / "y").write_bytes(b"1")
        assert gathered(source) == {str(inside / "y")}
    finally:
        stop.set()
        source.close()


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), RuntimeError("Error creating recommended watcher: Too many open files")],
)
def test_a_system_without_watches_to_give_says_so(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    watchfiles = needs_watchfiles()

    def refuse(*paths: str, **options: object) -> list[object]:
        raise error

    monkeypatch.setattr(watchfiles, "watch", refuse)
    with pytest.raises(CannotWatch, match=r"the system refused: (No space|.*Too many)"):
        Watchfiles(threading.Event()).add(["/"])


def test_without_the_package_nothing_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(CannotWatch, match="watchfiles is not installed"):
        Watchfiles(threading.Event()).add(["/"])
