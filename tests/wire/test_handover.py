"""The hand-over between who sends, the runtime and the page, model-checked: every order of their steps, on the real queue."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from transom.wire import Outbox

ALL = 1 << 30


class Rules(NamedTuple):
    """How the actors keep their half of the promise; every variation of them must be caught.

    Attributes:
        takes_on: After a take that returned a frame the runtime takes again without being woken.
        told_once: A wake-up is told for every `True` of `push`.
    """

    takes_on: bool = True
    told_once: bool = True


class World:
    """Producers that push, a runtime that takes while it has a slot, and a page that gives slots back.

    A push and its wake-up are two steps, because the lock is released between them.
    """

    def __init__(self, outbox: Outbox, rules: Rules, pushes: tuple[int, ...], slots: int) -> None:
        self.outbox = outbox
        self.rules = rules
        self.left = list(pushes)
        self.to_wake = [False] * len(pushes)
        self.slots = slots
        self.woken = self.going_on = False
        self.arrived: list[tuple[int, int]] = []
        self.under_way = 0

    def steps(self) -> Iterator[str]:
        """Yield what may happen next."""
        for number, left in enumerate(self.left):
            if self.to_wake[number]:
                yield f"wake {number}"
            elif left:
                yield f"push {number}"
        if self.slots and (self.woken or self.going_on):
            yield "take"
        if self.under_way:
            yield "give back"

    def do(self, step: str) -> None:
        """Take one step."""
        what, _, number = step.partition(" ")
        if what == "push":
            producer = int(number)
            wake = self.outbox.push(b"[6,%d,%d]" % (producer, self.left[producer]))
            self.left[producer] -= 1
            self.to_wake[producer] = wake and self.rules.told_once
        elif what == "wake":
            self.to_wake[int(number)] = False
            self.woken = True
        elif what == "take":
            self.woken = False
            frame = self.outbox.take(1, ALL)
            self.going_on = frame is not None and self.rules.takes_on
            if frame is not None:
                self.slots -= 1
                self.under_way += 1
                self.arrived += [(producer, left) for _, producer, left in json.loads(frame.text)]
        else:
            self.under_way -= 1
            self.slots += 1

    def state(self) -> tuple[object, ...]:
        """Return what the future depends on, and what has arrived."""
        queue = tuple(self.outbox._queue)
        flags = (self.outbox._awake, self.woken, self.going_on, self.slots, self.under_way)
        return queue, flags, tuple(self.left), tuple(self.to_wake), tuple(self.arrived)


def _lost(rules: Rules, pushes: tuple[int, ...], slots: int) -> tuple[int, list[tuple[int, int]] | None]:
    """Go through every state that can be reached; return their number, and what arrived where messages were left for ever."""
    seen: set[tuple[object, ...]] = set()
    waiting = [World(Outbox(ALL, ALL), rules, pushes, slots)]
    while waiting:
        world = waiting.pop()
        if world.state() in seen:
            continue
        seen.add(world.state())
        steps = list(world.steps())
        if not steps:
            expected = [(number, left) for number, count in enumerate(pushes) for left in range(count, 0, -1)]
            if sorted(world.arrived) != sorted(expected):
                return len(seen), world.arrived
            for number, _ in enumerate(pushes):
                own = [left for producer, left in world.arrived if producer == number]
                assert own == sorted(own, reverse=True), "a producer's messages changed places"
        for step in steps:
            after = copy.deepcopy(world)
            after.do(step)
            waiting.append(after)
    return len(seen), None


@pytest.mark.parametrize(("pushes", "slots"), [((3,), 1), ((2, 2), 1), ((3, 3), 2), ((2, 2, 2), 2)])
def test_no_order_of_steps_leaves_a_message_behind(pushes: tuple[int, ...], slots: int) -> None:
    states, lost = _lost(Rules(), pushes, slots)
    assert lost is None
    assert states > 20


@pytest.mark.parametrize("broken", [Rules(takes_on=False), Rules(told_once=False)])
def test_each_half_of_the_promise_is_needed(broken: Rules) -> None:
    assert _lost(broken, (2, 1), 1)[1] is not None
