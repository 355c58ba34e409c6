from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.property import examples
from transom.wire import Pack, PackQueue


def _pack(number: int, *buffers: bytes) -> Pack:
    return Pack(number, [memoryview(buffer) for buffer in buffers], sum(map(len, buffers)))


class PackQueueModel(RuleBasedStateMachine):
    """Packs come, and parts of them are cut."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = PackQueue()
        self.left: dict[int, bytes] = {}  # in the order in which they came
        self.packs: dict[int, Pack] = {}
        self.last = 0
        self.oldest_next = True

    @rule(buffers=st.lists(st.binary(max_size=30), max_size=4).filter(any))
    def add(self, buffers: list[bytes]) -> None:
        self.last += 1
        self.packs[self.last] = _pack(self.last, *buffers)
        self.left[self.last] = b"".join(buffers)
        self.queue.add(self.packs[self.last])

    @precondition(lambda self: self.left)
    @rule(max_bytes=st.integers(1, 40))
    def cut(self, max_bytes: int) -> None:
        by_left = min(self.left, key=lambda number: (len(self.left[number]), number))
        number = next(iter(self.left)) if self.oldest_next else by_left
        self.oldest_next = not self.oldest_next
        assert self.queue.next == (self.packs[number], len(self.left[number]))
        part = self.queue.cut(max_bytes)
        assert part.pack is self.packs[number]
        assert b"".join(part.buffers) == self.left[number][:max_bytes]
        assert part.size == len(self.left[number][:max_bytes])
        self.left[number] = self.left[number][max_bytes:]
        assert part.last is not bool(self.left[number])
        if part.last:
            del self.left[number]

    @rule()
    def clear(self) -> None:
        self.queue.clear()
        self.left.clear()

    @invariant()
    def it_ends_with_its_packs(self) -> None:
        assert (self.queue.next is None) is (not self.left)


PackQueueModel.TestCase.settings = settings(max_examples=examples(100), stateful_step_count=40, deadline=None)
TestPackQueueModel = PackQueueModel.TestCase


def _order(queue: PackQueue, max_bytes: int) -> list[int]:
    order = []
    while queue.next:
        order.append(queue.cut(max_bytes).pack.number)
    return order


def test_a_short_pack_overtakes_a_long_one_and_the_long_one_goes_on() -> None:
    queue = PackQueue()
    queue.add(_pack(1, bytes(100)))
    assert queue.cut(10).pack.number == 1
    queue.add(_pack(2, bytes(30)))
    queue.add(_pack(3, bytes(20)))
    assert _order(queue, 10) == [3, 1, 3, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1]


def test_packs_of_one_size_go_one_after_the_other() -> None:
    queue = PackQueue()
    for number in (1, 2, 3):
        queue.add(_pack(number, bytes(20)))
    assert _order(queue, 10) == [1, 1, 2, 2, 3, 3]


def test_there_is_nothing_to_cut_from_an_empty_queue() -> None:
    queue = PackQueue()
    with pytest.raises(LookupError, match="no pack waits"):
        queue.cut(1)
    queue.add(_pack(1, b"x"))
    queue.cut(1)
    with pytest.raises(LookupError, match="no pack waits"):
        queue.cut(1)
