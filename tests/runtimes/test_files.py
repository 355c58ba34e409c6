"""Files that runtimes serve: what is opened is what was checked."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from transom.runtimes import open_file
from transom.runtimes.files import MAX_PATH_BYTES

TYPE = "text/plain"


def inside(folder: Path) -> Callable[[Path], bool]:
    return lambda path: path.is_relative_to(folder.resolve())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    scope = tmp_path / "scope"
    (scope / "sub").mkdir(parents=True)
    (scope / "sub" / "a.txt").write_text("inside")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("outside")
    return scope


def test_a_file_is_read_from_any_place_until_it_is_closed(folder: Path) -> None:
    file = open_file(folder / "sub" / "a.txt", inside(folder), TYPE)
    assert file is not None
    assert (file.size, file.media_type, file.read(2, 3), file.read(0, 99)) == (6, TYPE, b"sid", b"inside")
    file.close()
    file.close()
    with pytest.raises(OSError, match="closed"):
        file.read(0, 1)


def test_links_are_what_they_lead_to(folder: Path) -> None:
    (folder / "in.txt").symlink_to(folder / "sub" / "a.txt")
    (folder / "out.txt").symlink_to(folder.parent / "outside" / "a.txt")
    file = open_file(folder / "in.txt", inside(folder), TYPE)
    assert file is not None
    assert file.read_all() == b"inside"
    assert open_file(folder / "out.txt", inside(folder), TYPE) is None


def test_a_folder_that_becomes_a_link_after_the_check_leads_nowhere(folder: Path) -> None:
    def swap(path: Path) -> bool:
        if not (folder / "moved").exists():
            (folder / "sub").rename(folder / "moved")
            (folder / "sub").symlink_to(folder.parent / "outside")
        return inside(folder)(path)

    assert open_file(folder / "sub" / "a.txt", swap, TYPE) is None


@pytest.mark.parametrize(
    "name", ["none.txt", "sub", "fifo", "x" * 300, "loop", "gone/" * 60 + "a"], ids=lambda name: name[:8]
)
def test_what_is_no_regular_file_is_not_there(folder: Path, name: str) -> None:
    os.mkfifo(folder / "fifo")
    (folder / "loop").symlink_to(folder / "loop")
    try:
        assert open_file(folder / name, lambda _: True, TYPE) is None
        assert name == "loop"  # a loop has no path without links, so no scope has it
    except OSError:
        pass


@pytest.mark.parametrize(
    "path", ["relative.txt", "", "/a\0b", "/" + "a/" * (MAX_PATH_BYTES // 2) + "b", "/\udcff\ud800"]
)
def test_a_path_that_no_file_has_is_not_allowed(path: str) -> None:
    def never(_: Path) -> bool:
        pytest.fail("looked up")

    if "\ud800" in path:  # a lone surrogate, which no file system can write
        never = lambda _: True  # type: ignore[assignment]  # noqa: E731
    assert open_file(Path(path), never, TYPE) is None


def test_every_descriptor_is_closed(folder: Path) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    before = descriptors()
    for name in ("sub/a.txt", "sub", "none"):
        for answers in ([True, True], [True, False], [False]):
            given = iter(answers)
            try:
                file = open_file(folder / name, lambda _, given=given: next(given), TYPE)  # type: ignore[misc]
            except OSError:
                continue
            if file is not None:
                file.close()
    assert descriptors() == before


def test_closing_waits_for_the_thread_that_reads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = open_file(folder / "sub" / "a.txt", inside(folder), TYPE)
    assert file is not None
    reading, go_on, read = threading.Event(), threading.Event(), []

    class Slow:
        def __init__(self, file: object) -> None:
            self.file = file

        def __getattr__(self, name: str) -> object:
            return getattr(self.file, name)

        def seek(self, at: int) -> None:
            reading.set()
            assert go_on.wait(10)
            self.file.seek(at)  # type: ignore[attr-defined]

    slow = Slow(file._file)
    monkeypatch.setattr(file, "_file", slow)
    thread = threading.Thread(target=lambda: read.append(file.read(0, 6)))
    thread.start()
    assert reading.wait(10)
    file.close()
    assert not slow.closed
    go_on.set()
    thread.join(10)
    assert read == [b"inside"]
    assert slow.closed
