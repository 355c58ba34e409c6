"""Packs on their way to a page, with a page that reads the shared file by its path."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.property import examples
from tests.requirements import needs_linux

if sys.platform != "linux":
    needs_linux()

from tests.runtimes.conftest import read_at
from transom.runtimes.webkitgtk.bulk import _packs as packs_module
from transom.runtimes.webkitgtk.bulk._bulk import Bulk
from transom.runtimes.webkitgtk.bulk._packs import Packs, part_number
from transom.wire import Pack

TOKEN = "0123456789abcdef"
FILE, PART, AHEAD, SCHEME = 20, 8, 16, 5


@pytest.fixture(autouse=True, scope="module")
def small_parts() -> Iterator[None]:
    """Parts of a few bytes, so that the packs of a test may be as short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packs_module, "FILE_BYTES", FILE)
        patch.setattr(packs_module, "_FILE_PART_BYTES", PART)
        patch.setattr(packs_module, "_AHEAD_BYTES", AHEAD)
        patch.setattr(packs_module, "_SCHEME_PART_BYTES", SCHEME)
        yield


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (b"7", 7),
        (b"9" * 15, 10**15 - 1),
        (b"9" * 16, None),
        (b"", None),
        (b"-1", None),
        (b"1.5", None),
        ("٣".encode(), None),
    ],
)
def test_the_number_of_a_part(text: bytes, number: int | None) -> None:
    assert part_number(text) == number


class PacksModel(RuleBasedStateMachine):
    """Packs come; the page gets hold of the file at any time, and of the parts in any order and in either way."""

    def __init__(self) -> None:
        super().__init__()
        self.bulk = Bulk(TOKEN, lambda script: None)
        self.path = ""
        self.sent: list[int] = []
        self.packs = Packs(self.bulk, self.sent.append)
        self.data: dict[int, bytes] = {}
        self.told: dict[int, tuple[int, int, int]] = {}  # part -> its place, its size, its pack
        self.wanted: dict[int, bytes] = {}  # part -> what it must hold
        self.arrived: dict[int, int] = {}  # pack -> bytes
        self.announced: dict[int, int] = {}  # pack -> bytes that the page was told of

    @rule(data=st.binary(min_size=1, max_size=3 * FILE))
    def add(self, data: bytes) -> None:
        number = len(self.data) + 1
        self.data[number] = data
        half = len(data) // 2
        self.packs.add(Pack(number, [memoryview(data)[:half], memoryview(data)[half:]], len(data)))
        self.announce()

    @precondition(lambda self: not self.path)
    @rule(finds=st.booleans())
    def open(self, finds: bool) -> None:
        self.bulk.is_open()  # asks the page
        self.path = self.bulk.choose([f"application/x-transom-{TOKEN}"]) or ""
        assert self.path
        self.bulk.opened(read_at(self.path, 0, len(TOKEN)) if finds else b"something else")
        self.announce()

    @precondition(lambda self: self.told)
    @rule(choice=st.randoms(use_true_random=False), by_scheme=st.booleans())
    def read(self, choice: Random, by_scheme: bool) -> None:
        number = choice.choice(sorted(self.told))
        place, size, pack = self.told.pop(number)
        if place < 0 or by_scheme:
            fetched = self.packs.fetch(number)
            assert fetched is not None
            data = bytes(fetched)
            assert self.packs.fetch(number) is None, "one request gets it"
        else:
            data = read_at(self.path, place, size)
        assert data == self.wanted.pop(number)
        self.arrived[pack] = self.arrived.get(pack, 0) + size
        before = len(self.sent)
        self.packs.received(number)
        self.packs.received(number)
        assert self.sent[before:] == ([pack] if self.arrived[pack] == len(self.data[pack]) else [])
        assert self.packs.fetch(number) is None
        self.announce()

    def announce(self) -> None:
        text = self.packs.announce()
        for part in text.decode().strip("@").split(";") if text else []:
            number, size, place, pack, total = map(int, part.split(","))
            assert total == len(self.data[pack])
            start = self.announced.get(pack, 0)
            self.announced[pack] = start + size
            self.wanted[number] = self.data[pack][start : start + size]
            assert len(self.wanted[number]) == size > 0
            self.told[number] = (place, size, pack)

    @invariant()
    def little_is_on_its_way(self) -> None:
        assert sum(place < 0 for place, _, _ in self.told.values()) <= 1
        long = [size for place, size, pack in self.told.values() if place >= 0 and len(self.data[pack]) > FILE]
        assert all(size <= PART for size in long)
        assert sum(long) < AHEAD + PART, "another one is told of only while less than AHEAD is on its way"

    @invariant()
    def what_waits_is_waited_for(self) -> None:
        assert bool(self.told) is (len(self.sent) < len(self.data)), "a pack waits and no part is on its way"

    def teardown(self) -> None:
        while self.told:
            number = min(self.told)
            _, size, pack = self.told.pop(number)
            self.arrived[pack] = self.arrived.get(pack, 0) + size
            self.packs.received(number)
            self.announce()
        assert sorted(self.sent) == sorted(self.data)
        assert self.arrived == {number: len(data) for number, data in self.data.items()}
        self.bulk.close()


PacksModel.TestCase.settings = settings(max_examples=examples(100), stateful_step_count=40, deadline=None)
TestPacksModel = PacksModel.TestCase
