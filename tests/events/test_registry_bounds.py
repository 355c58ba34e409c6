from __future__ import annotations

import time

import pytest

from tests.fake_page import FakePage, FakeThreads
from transom.errors import LimitReached
from transom.events import EventListeners, MemoryBus
from transom.pages import QueueLimits
from transom.wire import EventTarget

ANY = EventTarget("Any")


def _listeners(limit: int = 10_000) -> EventListeners:
    return EventListeners(FakeThreads(), QueueLimits(max_listeners=limit), MemoryBus())


def test_a_page_over_the_bound_of_listeners_is_told_the_bound_and_others_are_not_affected() -> None:
    events, page, other = _listeners(2), FakePage().session, FakePage().session
    first = events.listen_in_page(page, "a", ANY, 1)
    events.listen_in_page(page, "b", ANY, 2)
    with pytest.raises(LimitReached) as refused:
        events.listen_in_page(page, "c", ANY, 3)
    assert str(refused.value) == (
        "page 'main' has 2 event listeners, which is the limit; release some first, or raise it with "
        "Builder.limits(max_listeners=...)"
    )
    events.listen_in_page(other, "c", ANY, 3)
    assert events.unlisten(first, session=page)
    events.listen_in_page(page, "c", ANY, 3)


def test_a_listener_is_removed_by_its_page_and_under_its_event_only() -> None:
    events, page, other = _listeners(), FakePage().session, FakePage().session
    listener = events.listen_in_page(page, "a", ANY, 1)
    assert not events.unlisten(listener, session=other)
    assert not events.unlisten(listener, "b", page)
    assert not events.unlisten(listener + 1)
    assert events.unlisten(listener, "a", page)
    assert not events.unlisten(listener)


def test_the_end_of_a_page_costs_what_the_page_had_and_not_what_all_have() -> None:
    events, other = _listeners(100_000), FakePage().session
    listened = 0

    def end_a_page(others: int) -> None:
        nonlocal listened
        for number in range(listened, others):
            events.listen_in_page(other, f"event-{number}", ANY, number)
        listened = max(listened, others)
        pages = [FakePage().session for _ in range(100)]
        for page in pages:
            events.listen_in_page(page, "a", ANY, 1)
        began = time.thread_time()
        for page in pages:
            events.end_page(page)
        costs.append(time.thread_time() - began)

    costs: list[float] = []
    for others in (500, 500, 500, 20_000, 20_000, 20_000):
        end_a_page(others)
    assert min(costs[3:]) < 10 * min(costs[:3])
    events.end_page(other)
    assert not events._by_event
    assert not events._events
    assert not events._of_page
