"""The scans that are kept."""

from pathlib import Path

import pytest

from atlas._errors import Gone, UnknownScan
from atlas._index import KEPT, Index, Selected


def test_scans_have_numbers_of_their_own(tmp_path: Path) -> None:
    index = Index(tmp_path)
    first, second = index.open(str(tmp_path)), index.open(str(tmp_path))
    assert first.id != second.id
    assert index.get(first.id) is first
    assert [item.id for item in index.scans()] == [first.id, second.id]


def test_a_dropped_scan_is_unknown_and_told_to_end(tmp_path: Path) -> None:
    index = Index(tmp_path)
    item = index.open(str(tmp_path))
    index.selected = Selected(item.id, 0, item.path(0))
    index.drop(item.id)
    index.drop(item.id)
    assert item.closed.is_set()
    assert index.selected is None
    with pytest.raises(UnknownScan):
        index.get(item.id)


def test_only_a_few_ended_scans_are_kept_and_running_ones_always(tmp_path: Path) -> None:
    index = Index(tmp_path)
    running = index.open(str(tmp_path))
    for _ in range(KEPT + 3):
        index.open(str(tmp_path)).end("finished")
    kept = index.scans()
    assert len(kept) == KEPT
    assert kept[0] is running


def test_what_is_not_a_folder_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("file", "missing"):
        with pytest.raises(OSError, match=name):
            Index(tmp_path).open(str(tmp_path / name))
    assert Index(tmp_path).scans() == []


def test_a_link_to_a_folder_is_scanned_as_the_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert Index(tmp_path).open(str(tmp_path / "link")).tree.root.name == str((tmp_path / "real").resolve())


def test_a_number_that_is_gone_says_so(tmp_path: Path) -> None:
    item = Index(tmp_path).open(str(tmp_path))
    assert item.path(0) == str(tmp_path.resolve())
    with pytest.raises(Gone):
        item.path(99)


def test_the_clock_of_a_scan_stops_with_it(tmp_path: Path) -> None:
    item = Index(tmp_path).open(str(tmp_path))
    item.end("cancelled")
    seconds = item.info().seconds
    assert item.info().seconds == seconds
    assert item.info().state == "cancelled"
