from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.events import Bus, MemoryBus, PublishedEvent
from transom.values import encode_body


def _event(name: str) -> PublishedEvent:
    return PublishedEvent(name, encode_body(None))


def test_every_subscriber_gets_every_event_in_order() -> None:
    bus: Bus = MemoryBus()
    first: list[str] = []
    second: list[str] = []
    bus.publish(_event("before"))
    bus.subscribe(lambda event: first.append(event.name))
    bus.publish(_event("a"))
    bus.subscribe(lambda event: second.append(event.name))
    bus.publish(_event("b"))
    assert (first, second) == (["a", "b"], ["b"])


def test_what_a_subscriber_raises_reaches_the_publisher() -> None:
    def refuse(event: PublishedEvent) -> None:
        raise RuntimeError("no loop")

    bus = MemoryBus()
    bus.subscribe(refuse)
    with pytest.raises(RuntimeError, match="no loop"):
        bus.publish(_event("a"))


def test_nothing_is_kept_unless_it_is_asked_for() -> None:
    bus = MemoryBus()
    bus.publish(_event("a"))
    assert bus.history(0) == []


@given(kept=st.integers(1, 5), published=st.integers(0, 12), after=st.integers(0, 14))
def test_history_is_what_came_after_a_cursor_as_far_as_it_is_kept(kept: int, published: int, after: int) -> None:
    bus = MemoryBus(kept)
    delivered: list[PublishedEvent] = []
    bus.subscribe(delivered.append)
    for number in range(published):
        bus.publish(_event(f"e{number}"))
    assert [event.cursor for event in delivered] == list(range(1, published + 1))
    assert bus.history(after) == [event for event in delivered if event.cursor > after][-kept:]
    assert [event.cursor for event in bus.history(0)] == list(range(max(1, published - kept + 1), published + 1))
