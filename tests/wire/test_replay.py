"""Frames over a connection that breaks: every order of steps for small sizes, both ways at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.wire import Replay


def test_frames_are_kept_until_they_have_arrived() -> None:
    replay: Replay[str] = Replay(100)
    for name in "abc":
        replay.note(name, 10)
    assert (replay.sent, replay.arrived, replay.kept_bytes) == (3, 0, 30)
    replay.acknowledge(1)
    assert (replay.arrived, replay.kept_bytes) == (1, 20)
    assert replay.after(2) == ["c"]
    assert replay.after(1) is None, "it had two already"
    assert replay.after(3) == []
    replay.note("d", 1)
    assert replay.after(3) == ["d"]
    assert replay.after(5) is None, "a count from the future"
    assert replay.after(-1) is None


def test_what_nobody_can_have_received_is_no_acknowledgement() -> None:
    replay: Replay[str] = Replay(100)
    replay.note("a", 1)
    for count in (2, -1, 0):
        replay.acknowledge(count)
        assert replay.after(0) == ["a"]


def test_over_the_bound_the_oldest_are_forgotten_and_that_is_known() -> None:
    replay: Replay[str] = Replay(10)
    replay.note("a", 6)
    replay.note("b", 6)
    assert replay.kept_bytes == 6
    assert replay.after(0) is None
    assert replay.after(1) == ["b"]
    replay.note("c", 11)
    assert replay.after(2) is None
    assert replay.after(3) == []
    replay.clear()
    assert replay.kept_bytes == 0


class End:
    """One end of a connection: what it sends and has received, as `WebLink` and the page have it."""

    def __init__(self, bound: int) -> None:
        self.replay: Replay[int] = Replay(bound)
        self.got: list[int] = []


class World:
    """Two ends, and the frames on their way in each direction."""

    def __init__(self, bound: int) -> None:
        self.ends = (End(bound), End(bound))
        self.wire: tuple[list[int], list[int]] = ([], [])  # to the first end, to the second
        self.connected = True
        self.told = False  # whether the user was told that frames are gone

    def step(self, step: str) -> None:
        kind, side = step[:-1], int(step[-1])
        end, other = self.ends[side], self.ends[1 - side]
        if kind == "send":
            number = end.replay.sent
            end.replay.note(number, 1)
            if self.connected:
                self.wire[1 - side].append(number)
        elif kind == "arrive" and self.wire[side]:
            end.got.append(self.wire[side].pop(0))
        elif kind == "tell" and self.connected:
            other.replay.acknowledge(len(end.got))
        elif kind == "cut":
            self.connected = False
            for frames in self.wire:
                frames.clear()
        elif kind == "join" and not self.connected:
            missed = [self.ends[each].replay.after(len(self.ends[1 - each].got)) for each in (0, 1)]
            if missed[0] is None or missed[1] is None:
                self.told = True  # a reload: both begin anew
                return
            self.connected = True
            self.wire[1].extend(missed[0])
            self.wire[0].extend(missed[1])

    def check(self) -> None:
        for end, other in (self.ends, self.ends[::-1]):
            assert other.got == list(range(len(other.got))), "a frame twice, out of order, or a hole"
            assert len(other.got) <= end.replay.sent

    def settle(self) -> None:
        """Let everything arrive: nothing is missing unless it was told."""
        if not self.connected:
            self.step("join0")
        if self.told:
            return
        for side in (0, 1):
            while self.wire[side]:
                self.step(f"arrive{side}")
            assert len(self.ends[side].got) == self.ends[1 - side].replay.sent
        self.check()


STEPS = ("send0", "send1", "arrive0", "arrive1", "tell0", "tell1", "cut0", "join0")


class Size(NamedTuple):
    steps: int
    bound: int


def _orders(steps: int) -> Iterator[tuple[str, ...]]:
    if not steps:
        yield ()
        return
    for rest in _orders(steps - 1):
        for step in STEPS:
            yield (*rest, step)


@pytest.mark.parametrize("size", [Size(5, 100), Size(5, 1), Size(4, 2)], ids=str)
def test_every_order_of_steps(size: Size) -> None:
    told = 0
    for order in _orders(size.steps):
        world = World(size.bound)
        for step in order:
            world.step(step)
            world.check()
            if world.told:
                break
        world.settle()
        told += world.told
    assert (told > 0) is (size.bound < size.steps), "only a bound loses frames"


@given(st.lists(st.sampled_from(STEPS), max_size=120), st.sampled_from([1, 3, 1000]))
def test_long_orders_of_steps(order: list[str], bound: int) -> None:
    world = World(bound)
    for step in order:
        world.step(step)
        world.check()
        if world.told:
            assert bound < 1000
            return
    world.settle()
    assert not world.told or bound < 1000
