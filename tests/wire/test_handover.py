"""The hand-over between who sends, the runtime and the page, model-checked: every order of their steps, on the real queue."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import NamedTuple, cast

import pytest

from transom.values import LiftedBuffer
from transom.wire import Outbox

ALL = 1 << 30
EVENT = cast("memoryview", bytes(1000))  # a world is copied, which a view cannot be


class Rules(NamedTuple):
    """How the actors keep their half of the promise; every variation of them must be caught.

    Attributes:
        takes_on: After a take that returned a frame the runtime takes again without being woken.
        told_once: A wake-up is told for every `True` of `push`.
        told_of_room: And for every `True` of `pack_sent`.
    """

    takes_on: bool = True
    told_once: bool = True
    told_of_room: bool = True


class World:
    """Producers that push, a runtime that takes while it has a slot, and a page that gives slots back and gets packs.

    The first producer emits events with buffers, of which so many are taken before the page has to have one. A push and its
    wake-up are two steps, because the lock is released between them; so are the arrival of a pack and its wake-up.
    """

    def __init__(self, outbox: Outbox, rules: Rules, pushes: tuple[int, ...], slots: int) -> None:
        self.outbox = outbox
        self.rules = rules
        self.left = list(pushes)
        self.to_wake = [False] * len(pushes)
        self.slots = slots
        self.packs: list[int] = []
        self.to_wake_for_room = False
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
        for number in self.packs:
            yield f"pack {number}"
        if self.to_wake_for_room:
            yield "room"

    def do(self, step: str) -> None:
        """Take one step."""
        what, _, number = step.partition(" ")
        if what == "push":
            producer = int(number)
            message = b"[6,%d,%d]" % (producer, self.left[producer])
            if producer:
                wake = self.outbox.push(message)
            else:
                wake, _ = self.outbox.push_event(message, [LiftedBuffer(b"[]", "ArrayBuffer", EVENT)])
            self.left[producer] -= 1
            self.to_wake[producer] = wake and self.rules.told_once
        elif what == "wake":
            self.to_wake[int(number)] = False
            self.woken = True
        elif what == "take":
            self.woken = False
            frame = self.outbox.take(1, 0)
            self.going_on = frame is not None and self.rules.takes_on
            if frame is not None:
                self.slots -= 1
                self.under_way += 1
                self.arrived += [(producer, left) for _, producer, left, *_ in json.loads(frame.text)]
                self.packs += [frame.pack.number] if frame.pack else []
        elif what == "pack":
            self.packs.remove(int(number))
            self.to_wake_for_room |= self.outbox.pack_sent(int(number)) and self.rules.told_of_room
        elif what == "room":
            self.to_wake_for_room = False
            self.woken = True
        else:
            self.under_way -= 1
            self.slots += 1

    def state(self) -> tuple[object, ...]:
        """Return what the future depends on, and what has arrived."""
        queue = tuple(getattr(entry, "message", entry) for entry in self.outbox._queue)
        held = tuple(entry.message for entry in self.outbox._held)
        flags = (held, self.outbox._awake, self.woken, self.going_on, self.to_wake_for_room)
        counts = (self.slots, self.under_way, *self.left)
        return queue, flags, counts, tuple(self.to_wake), tuple(self.packs), tuple(self.arrived)


def _lost(rules: Rules, pushes: tuple[int, ...], slots: int) -> tuple[int, list[tuple[int, int]] | None]:
    """Go through every state that can be reached; return their number, and what arrived where messages were left for ever."""
    seen: set[tuple[object, ...]] = set()
    # Room for all events, and half of it for one or two that are on their way.
    waiting = [World(Outbox(pushes[0] * 1100, ALL), rules, pushes, slots)]
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


@pytest.mark.parametrize(
    ("pushes", "slots"),
    [
        ((3,), 1),
        ((2, 2), 1),
        *(pytest.param(pushes, 2, marks=pytest.mark.slow) for pushes in ((3, 3), (2, 2, 2), (3, 1, 1))),
    ],
)
def test_no_order_of_steps_leaves_a_message_behind(pushes: tuple[int, ...], slots: int) -> None:
    states, lost = _lost(Rules(), pushes, slots)
    assert lost is None
    assert states > 20


@pytest.mark.parametrize("broken", [Rules(takes_on=False), Rules(told_once=False), Rules(told_of_room=False)])
def test_each_part_of_the_promise_is_needed(broken: Rules) -> None:
    assert _lost(broken, (3, 1), 1)[1] is not None
