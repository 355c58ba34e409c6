"""Reading real folders, and folders that misbehave."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from atlas._names import printable
from atlas._scan import kernel_mounts, listing, scan
from atlas._steps import Steps
from atlas._tree import Folder, Tree
from tests.requirements import needs_names_outside_utf8


def read(tree: Tree, **options: object) -> Tree:
    for _ in scan(tree, [tree.root], **options):  # type: ignore[arg-type]
        pass
    return tree


def names(tree: Tree) -> set[str]:
    return {os.path.relpath(tree.path(entry), tree.root.name) for entry in tree.walk(tree.root)}


def test_a_scan_finds_everything_and_adds_it_up(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x.py").write_bytes(b"12345")
    (tmp_path / "y.png").write_bytes(b"123")
    tree = read(Tree(str(tmp_path)))
    assert names(tree) == {".", "a", "a/b", "a/b/x.py", "y.png"}
    assert (tree.root.size, tree.root.files, tree.root.folders) == (8, 2, 2)


def test_links_are_entries_and_are_never_followed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "dangling").symlink_to("nowhere")
    tree = read(Tree(str(tmp_path)))
    assert names(tree) == {".", "a", "a/up", "dangling"}
    assert {tree.find(str(tmp_path / name))[0].kind for name in ("a/up", "dangling")} == {"link"}


def test_hard_links_count_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(bytes(100))
    os.link(tmp_path / "one", tmp_path / "two")
    assert read(Tree(str(tmp_path))).root.size == 100


def test_a_pipe_has_no_size_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    tree = read(Tree(str(tmp_path)))
    assert tree.root.children["pipe"].kind == "special"
    assert tree.root.size == 0


def test_a_name_that_is_not_utf_8_is_found_shown_and_opened_again(tmp_path: Path) -> None:
    needs_names_outside_utf8(tmp_path)
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(raw)).write_bytes(b"found")
    tree = read(Tree(str(tmp_path)))
    (entry,) = tree.root.children.values()
    assert printable(entry.name) == "caf\\xe9.txt"
    assert Path(tree.path(entry)).read_bytes() == b"found"


class Vanishing:
    """Lists folders as `os.scandir` does, and fails for some names."""

    def __init__(self, errors: dict[str, OSError]) -> None:
        self.errors = errors

    def __call__(self, path: str) -> "AbstractContextManager[Iterator[os.DirEntry[str]]]":
        error = self.errors.get(Path(path).name)
        if error is not None:
            raise error
        return os.scandir(path)


def test_folders_that_vanish_or_are_closed_are_counted_and_the_rest_is_read(tmp_path: Path) -> None:
    for name in ("gone", "closed", "broken", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_bytes(b"1")
    fake = Vanishing(
        {"gone": FileNotFoundError(), "closed": PermissionError(), "broken": OSError(5, "Input/output error")}
    )
    tree = read(Tree(str(tmp_path)), scandir=fake)
    assert tree.root.files == 1
    assert set(tree.problems.values()) == {"it no longer exists", "permission denied", "input/output error"}


class Ghost:
    """A directory entry whose file went before it could be looked at."""

    name = "ghost"

    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        raise FileNotFoundError


class Haunted:
    """A folder that fails in the middle of its listing."""

    def __enter__(self) -> "Iterator[Ghost]":
        def entries() -> Iterator[Ghost]:
            yield Ghost()
            raise OSError(5, "Input/output error")

        return entries()

    def __exit__(self, *_: object) -> None:
        return


def test_files_that_vanish_are_counted_and_a_listing_that_breaks_off_is_noted() -> None:
    tree = read(Tree("/nowhere"), scandir=lambda path: Haunted())
    assert tree.gone == 1
    assert list(tree.problems.values()) == ["input/output error"]


def test_a_path_to_skip_is_noted_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "kcore").write_bytes(b"1")
    tree = read(Tree(str(tmp_path)), skip=frozenset({str(tmp_path / "proc")}))
    assert names(tree) == {".", "proc"}
    assert len(tree.problems) == 1


def test_mounts_of_the_kernel_are_known_by_their_type(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(
        "22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n"
        "23 22 0:21 / /proc rw shared:2 - proc proc rw\n"
        "24 22 0:22 / /mnt/my\\040sys rw - sysfs sysfs rw\n"
    )
    assert kernel_mounts(table) == {"/proc", "/mnt/my sys"}
    assert kernel_mounts(tmp_path / "missing") == frozenset()


def test_a_stopped_scan_leaves_what_it_found_and_closes_its_folder(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number}").mkdir()
    tree = Tree(str(tmp_path))
    ticks = iter(range(1000))
    steps = Steps(scan(tree, [tree.root]), clock=lambda: float(next(ticks)))
    found, ended = steps.run_slice(0.5)
    assert len(found) == 1
    assert not ended
    assert 0 < tree.root.folders < 300
    steps.stop()
    assert steps.run_slice(0.5) == ([], True)


def test_a_listing_is_complete(tmp_path: Path) -> None:
    for number in range(600):
        (tmp_path / f"{number}").touch()
    assert len(listing(str(tmp_path), Tree(str(tmp_path)))) == 600


def test_areas_grow_side_by_side(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name / "deep").mkdir(parents=True)
    tree = Tree(str(tmp_path))
    depths = [path.count("/") for path in scan(tree, [tree.root]) if path is not None]
    assert depths == sorted(depths)
    assert all(isinstance(entry, Folder) for entry in tree.walk(tree.root))
