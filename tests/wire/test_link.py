"""The batches that calls leave a page in, with our script in Node.js."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.node_page import NodePage
from tests.property import examples

Batches = list[list[list[list[Any]]]]  # turns of batches of messages
MIN_EARLY = 25


@pytest.fixture(scope="module")
def batches_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[list[int]], Batches]]:
    page = NodePage("batches_page.mjs", tmp_path_factory.mktemp("link"))
    yield page.ask
    page.end()


@pytest.mark.parametrize(
    ("steps", "sizes"),
    [
        ([1, 2, 24], [[1], [2], [24]]),
        ([25, 25], [[25], [25]]),
        ([50, -25, 25], [[25, 25], [], [25]]),
        ([24, 500], [[24], [25, 49, 98, 196, 132]]),
        ([500], [[25, 25, 50, 100, 200, 100]]),
    ],
)
def test_many_calls_of_a_turn_leave_in_few_batches(
    batches_of: Callable[[list[int]], Batches], steps: list[int], sizes: list[list[int]]
) -> None:
    assert [[len(batch) for batch in turn] for turn in batches_of(steps)] == sizes


@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-200, 200), max_size=8))
def test_no_call_is_lost_and_a_batch_ends_when_it_holds_as_many_calls_as_were_open_before(
    batches_of: Callable[[list[int]], Batches], steps: list[int]
) -> None:
    turns = batches_of(steps)
    ids = [message[1] for turn in turns for batch in turn for message in batch]
    assert ids == sorted(set(ids))
    opened = 0
    for step, turn in zip(steps, turns, strict=True):
        assert sum(map(len, turn)) == max(step, 0)
        for batch in turn[:-1]:
            assert len(batch) == max(MIN_EARLY, opened)
            opened += len(batch)
        opened = max(opened + (len(turn[-1]) if turn else step), 0)
