"""The file that a page and the application share: without a window, by its path, and with the real WebKitGTK."""

from __future__ import annotations

import errno
import logging
import mmap
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.property import examples
from tests.requirements import needs_linux

if sys.platform != "linux":
    needs_linux()

from tests.runtimes.conftest import Scenario, read_at
from transom.runtimes.webkitgtk.bulk import _bulk as bulk_module
from transom.runtimes.webkitgtk.bulk._bulk import FILE_BYTES, Bulk, SharedFile, is_request

KIB, MIB = 1 << 10, 1 << 20
TOKEN = "0123456789abcdef"
KIND = f"application/x-transom-{TOKEN}"


def put(file: SharedFile | Bulk, number: int, *data: bytes) -> int | None:
    """Put a part into the file and return where, `None` when it has no room."""
    at = file.place(number, sum(map(len, data)))
    if at is not None:
        file.write(at, [memoryview(piece) for piece in data])
    return at


def read(file: SharedFile, at: int, size: int) -> bytes:
    return read_at(file.path, at, size)


def memory(file: SharedFile) -> int:
    return Path(file.path).stat().st_blocks * 512


@pytest.fixture
def file() -> Iterator[SharedFile]:
    file = SharedFile()
    yield file
    file.close()


class SharedFileModel(RuleBasedStateMachine):
    """Packs come and go; a page may read each of them at any time in between."""

    def __init__(self) -> None:
        super().__init__()
        self.file = SharedFile()
        self.time: int | None = None
        self.places: dict[int, tuple[int, bytes]] = {}
        self.last = 0

    @rule(pieces=st.lists(st.sampled_from([0, 1, 5000, 300 * KIB, 3 * MIB, 9 * MIB]), min_size=1, max_size=3))
    def place(self, pieces: list[int]) -> None:
        self.last += 1
        data = [bytes([self.last % 251]) * size for size in pieces]
        whole = b"".join(data)
        if len(whole) > FILE_BYTES:
            return
        at = put(self.file, self.last, *data)
        if at is None:
            assert self.places, "a part that is alone finds no place"
        else:
            self.places[self.last] = (at, whole)

    @precondition(lambda self: self.places)
    @rule(random=st.randoms())
    def free(self, random: Any) -> None:
        number = random.choice(sorted(self.places))
        del self.places[number]
        assert self.file.free(number)
        assert not self.file.free(number)

    @invariant()
    def every_pack_is_where_it_was_put(self) -> None:
        for at, data in self.places.values():
            assert read(self.file, at, len(data)) == data

    @invariant()
    def the_time_stays(self) -> None:
        now = Path(self.file.path).stat().st_mtime_ns
        if self.places:
            self.time = self.time or now
            assert now == self.time

    @invariant()
    def memory_is_bounded(self) -> None:
        assert memory(self.file) <= FILE_BYTES

    def teardown(self) -> None:
        self.file.close()


SharedFileModel.TestCase.settings = settings(max_examples=examples(25), stateful_step_count=25, deadline=None)
TestSharedFileModel = SharedFileModel.TestCase


def test_memory_comes_only_while_nothing_is_read(file: SharedFile) -> None:
    assert put(file, 1, bytes(600 * KIB)) == 0
    assert put(file, 2, bytes(MIB)) is None
    assert put(file, 3, b"x") is None, "a small one that keeps the file in use keeps it from growing"
    file.free(1)
    assert put(file, 4, bytes(MIB)) == 0
    assert put(file, 5, bytes(MIB)) == MIB
    file.free(4)
    assert put(file, 6, bytes(MIB)) == 0


def test_a_file_that_has_all_its_memory_waits_for_room_only(file: SharedFile) -> None:
    assert put(file, 1, bytes(FILE_BYTES)) == 0
    assert put(file, 2, b"x") is None
    file.free(1)
    quarter = FILE_BYTES // 4
    assert [put(file, number, bytes(quarter)) for number in range(3, 8)] == [0, quarter, 2 * quarter, 3 * quarter, None]
    file.free(4)
    assert put(file, 8, b"y" * quarter) == quarter
    assert read(file, quarter, 3) == b"yyy"


def test_an_older_kernel_gives_the_memory_too(file: SharedFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_module, "_MADV_POPULATE_WRITE", 9999)
    with mmap.mmap(-1, 4096) as probe, pytest.raises(OSError, match="Invalid argument"):
        probe.madvise(9999)
    assert put(file, 1, b"z" * MIB) == 0
    before = Path(file.path).stat().st_mtime_ns
    file.free(1)
    assert put(file, 2, b"z" * MIB) == 0
    assert Path(file.path).stat().st_mtime_ns == before


def test_the_name_of_a_closed_file_is_a_later_files_or_nothings() -> None:
    first = SharedFile()
    put(first, 1, b"secret")
    path, time = first.path, Path(first.path).stat().st_mtime_ns
    first.close()
    assert read(first, 0, 6) == b""
    with Path(os.devnull).open() as other:
        assert path != f"/proc/{os.getpid()}/fd/{other.fileno()}"
    second = SharedFile()
    put(second, 1, b"x")
    assert second.path == path
    assert abs(Path(path).stat().st_mtime_ns - time) >= 10**9, "WebKit compares seconds"
    second.close()


class Rig:
    def __init__(self) -> None:
        self.scripts: list[str] = []
        self.bulk = Bulk(TOKEN, self.scripts.append)

    def open(self) -> None:
        assert not self.bulk.is_open()
        path = self.bulk.choose([KIND])
        assert path is not None
        with Path(path).open("rb") as page:
            self.bulk.opened(page.read(len(TOKEN)))
        assert self.bulk.is_open()


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.bulk.close()


def test_the_page_is_asked_at_its_first_pack_and_once(rig: Rig) -> None:
    assert rig.scripts == []
    assert [rig.bulk.is_open() for _ in range(2)] == [False, False]
    assert len(rig.scripts) == 1
    assert TOKEN in rig.scripts[0]


def test_parts_travel_in_the_file_once_the_page_has_read_its_beginning(rig: Rig) -> None:
    rig.open()
    assert put(rig.bulk, 2, b"data") == 0
    rig.bulk.free(2)
    assert put(rig.bulk, 3, b"data") == 0


@pytest.mark.parametrize("accepted", [[], ["image/png"], [KIND, "image/png"], [KIND + "0"], [KIND[:-1]]])
def test_another_chooser_gets_nothing(rig: Rig, accepted: list[str]) -> None:
    rig.bulk.is_open()
    assert rig.bulk.choose(accepted) is None
    assert rig.bulk.choose([KIND]) is not None


def test_a_chooser_that_was_not_asked_for_or_comes_twice_gets_nothing(rig: Rig) -> None:
    assert rig.bulk.choose([KIND]) is None
    rig.bulk.is_open()
    assert rig.bulk.choose([KIND]) is not None
    assert rig.bulk.choose([KIND]) is None


@pytest.mark.parametrize("said", [b"", b"another file", TOKEN[:-1].encode()])
def test_a_page_that_found_another_file_gets_no_part(rig: Rig, said: bytes, caplog: pytest.LogCaptureFixture) -> None:
    rig.bulk.is_open()
    rig.bulk.choose([KIND])
    with caplog.at_level(logging.INFO, "transom"):
        rig.bulk.opened(said)
    assert "travel slowly" in caplog.text
    rig.bulk.opened(TOKEN.encode())
    assert not rig.bulk.is_open()


def test_a_page_cannot_open_what_it_was_not_given(rig: Rig) -> None:
    rig.bulk.opened(TOKEN.encode())
    assert not rig.bulk.is_open()
    assert rig.bulk.choose([KIND]) is None


def test_three_parts_that_could_not_be_read_are_the_last(rig: Rig) -> None:
    rig.open()
    for number in range(2, 5):
        assert put(rig.bulk, number, b"x") == 0
        rig.bulk.failed(number)
        rig.bulk.failed(99)  # one that went by the scheme from the beginning
    assert not rig.bulk.is_open()


def test_a_machine_without_such_files_has_none(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(errno.ENOSYS, "no such call")

    monkeypatch.setattr(os, "memfd_create", refuse)
    rig.bulk.is_open()
    with caplog.at_level(logging.INFO, "transom"):
        assert rig.bulk.choose([KIND]) is None
    assert "no such call" in caplog.text
    assert not rig.bulk.is_open()


def test_after_its_end_there_is_nothing(rig: Rig) -> None:
    rig.open()
    rig.bulk.close()
    assert not rig.bulk.is_open()
    assert rig.bulk.choose([KIND]) is None
    rig.bulk.free(2)
    rig.bulk.failed(2)


def test_whose_chooser_it_is() -> None:
    assert is_request([KIND])
    assert is_request(["image/png", "application/x-transom-"])
    assert not is_request([])
    assert not is_request(["application/x-other"])


def test_large_buffers_come_in_a_file_that_the_page_cannot_get_hold_of(run: Scenario) -> None:
    result = run("shared_file", module="webkitgtk_bulk_scenarios")
    assert result["log"] == []
    assert result["code"] == 0, "no pack came in the file"
    assert result["fetched"] > 0, "the first pack did not wait for the file"
    assert result["report"] == {"wrong": 0, "seen": [], "inputs": 0}


@pytest.mark.parametrize("how", ["missing", "other", "spoilt"])
def test_large_buffers_arrive_though_the_file_cannot_be_read(run: Scenario, how: str) -> None:
    result = run("unshared_file", module="webkitgtk_bulk_scenarios", HOW=how)
    assert result["log"] == []
    assert result["report"] == [{"value": 0}]
    assert result["fetched"] == 40


def test_packs_that_a_page_cannot_get_hold_back_nothing_after_them(run: Scenario) -> None:
    result = run("unfetched", module="webkitgtk_bulk_scenarios")
    assert result["log"] == []
    assert result["code"] == 0, "the application still keeps what the page cannot get"
    assert result["report"] == {"value": [3, 512]}
    assert result["packs"] == [1, 2, 3]


def test_small_calls_overtake_very_large_bodies(run: Scenario) -> None:
    result = run("overtaking", module="webkitgtk_bulk_scenarios")
    assert result["log"] == []
    assert result["code"] == 0
    assert result["report"] == [{"value": [["long", 5, 0, 300 << 10, None, None]] * 3}]
    assert result["packs"] == [2, 1, 4, 3, 6, 5]
    assert 0 < result["fetched"] < 60, "the file was not used though it was there"


def test_bodies_arrive_though_the_page_has_replaced_its_timers(run: Scenario) -> None:
    result = run("fake_timers", module="webkitgtk_bulk_scenarios")
    assert result == {"code": 0, "log": [], "report": [{"value": [600, 3000]}], "in the file": True}


def test_the_file_is_for_our_scripts_chooser_only(run: Scenario) -> None:
    result = run("foreign_choosers", module="webkitgtk_bulk_scenarios")
    assert result["log"] == []
    assert [report["value"] for report in result["report"]] == [1 << 20, "cancelled", "cancelled"]


def test_a_file_that_cannot_be_mapped_leaves_no_descriptor_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOMEM, "no address space")

    before = _own_descriptors()
    with monkeypatch.context() as patch:
        patch.setattr(bulk_module.mmap, "mmap", refuse)
        for _ in range(3):
            with pytest.raises(OSError, match="no address space"):
                SharedFile()
    # Those of files that are gone stay, for the next ones.
    assert {place for fd, place in _own_descriptors().items() if fd not in before} <= {os.devnull}
    file = SharedFile()
    assert put(file, 1, b"a") == 0
    file.close()


def _own_descriptors() -> dict[int, str]:
    found = {}
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that reads the folder
            found[int(link.name)] = str(link.readlink())
    return found
