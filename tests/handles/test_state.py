from __future__ import annotations

import threading
from typing import Annotated, get_args, get_origin

import pytest

from transom.errors import StateError
from transom.handles import State, StateManager, StateMarker


class Cache:
    pass


class SmallCache(Cache):
    pass


def test_an_object_is_found_under_its_class_only() -> None:
    state, cache = StateManager(), SmallCache()
    assert state.set(cache) is True
    assert state.get(SmallCache) is cache
    assert state.try_get(SmallCache) is cache
    assert state.try_get(Cache) is None


def test_a_second_object_of_a_class_is_not_taken() -> None:
    state, first = StateManager(), Cache()
    state.set(first)
    assert state.set(Cache()) is False
    assert state.get(Cache) is first


def test_what_is_not_managed_names_the_class_and_the_fix() -> None:
    with pytest.raises(StateError) as caught:
        StateManager().get(Cache)
    assert str(caught.value) == "state of type Cache is not managed; call Builder.manage(Cache(...)) before run()"


def test_removed_state_is_returned_and_gone() -> None:
    state, cache = StateManager(), Cache()
    state.set(cache)
    assert state.remove(Cache) is cache
    assert state.remove(Cache) is None
    assert state.try_get(Cache) is None
    assert state.set(Cache()) is True


def test_of_many_threads_one_sets() -> None:
    state, barrier, won = StateManager(), threading.Barrier(8), []

    def race() -> None:
        cache = Cache()
        barrier.wait(5)
        if state.set(cache):
            won.append(cache)

    threads = [threading.Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert won == [state.get(Cache)]


def test_state_is_the_class_itself_with_a_mark() -> None:
    assert get_origin(State[Cache]) is Annotated
    assert get_args(State[Cache]) == (Cache, StateMarker)
