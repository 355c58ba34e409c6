"""What the garbage collector does while an application runs, asked of the collector itself."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import httpx
import pytest

from tests.mock_app import context
from transom import Builder
from transom.app import _collector
from transom.app._collector import short_collections


class Thing:
    """An object that is garbage only in a cycle."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_nobody_has_set_it() -> Iterator[None]:
    """An application under another server that no test has ended may have set the collector."""
    others = list(gc.callbacks)
    gc.callbacks.clear()
    gc.unfreeze()
    yield
    assert gc.get_freeze_count() == 0
    assert gc.callbacks == []
    gc.callbacks.extend(others)


def test_what_was_there_before_the_application_is_left_out() -> None:
    with short_collections():
        assert gc.get_freeze_count() > 10_000
    assert gc.get_freeze_count() == 0


def test_what_is_left_after_a_long_run_is_left_out_of_the_next_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_collector, "_LONG", 0.0)
    with short_collections():
        before = gc.get_freeze_count()
        kept = [Thing() for _ in range(1000)]
        gc.collect()
        assert gc.get_freeze_count() >= before + len(kept)
        assert gc.get_objects(2) == []


def test_what_is_left_after_a_short_run_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_collector, "_LONG", 1000.0)
    with short_collections():
        before = gc.get_freeze_count()
        kept = Thing()
        gc.collect()
        assert gc.get_freeze_count() <= before
        assert any(found is kept for found in gc.get_objects(2))


def test_a_cycle_that_was_left_out_is_freed_by_a_run_that_looks_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_collector, "_LONG", 0.0)
    with short_collections():
        thing = Thing()
        seen = weakref.ref(thing)
        gc.collect()
        del thing
        gc.collect()
        assert seen() is not None, "the run between looked at everything"
    monkeypatch.setattr(_collector, "_BETWEEN", 0.0)
    monkeypatch.setattr(_collector, "_TIMES", 0)
    with short_collections():
        thing = Thing()
        seen = weakref.ref(thing)
        gc.collect()
        del thing
        gc.collect()
        assert seen() is None
        assert gc.get_freeze_count() > 10_000, "and the others are left out again"


def test_a_run_that_looks_at_everything_is_rare_where_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    now, used = [0.0], [0.0]
    monkeypatch.setattr(_collector, "monotonic", lambda: now[0])
    monkeypatch.setattr(_collector, "thread_time", lambda: used[0])
    watch = _collector._Watch()

    def whole_run(takes: float) -> bool:
        gc.freeze()
        watch("start", {"generation": 2})
        everything = gc.get_freeze_count() == 0
        used[0] += takes
        watch("stop", {"generation": 2})
        return everything

    try:
        now[0] = 59.0
        assert not whole_run(takes=0.3)
        now[0] = 60.0
        assert whole_run(takes=0.3)
        now[0] = 60.0 + 299.0
        assert not whole_run(takes=0.3)
        now[0] = 60.0 + 300.0
        assert whole_run(takes=0.001)
        now[0] += 60.0
        assert whole_run(takes=0.001)
    finally:
        gc.unfreeze()


def test_it_is_so_for_an_application_that_another_server_carries() -> None:
    asgi = Builder().build(context("main")).asgi()

    async def served() -> None:
        ask = httpx.AsyncClient(transport=httpx.ASGITransport(asgi), base_url="http://127.0.0.1")
        async with asgi.router.lifespan_context(asgi), ask:
            await ask.get("/")
            assert gc.get_freeze_count() > 10_000

    asyncio.run(served())
    assert gc.get_freeze_count() == 0


def test_the_collector_stays_as_the_program_set_it() -> None:
    gc.freeze()
    try:
        callbacks, count = list(gc.callbacks), gc.get_freeze_count()
        with short_collections():
            assert gc.callbacks == callbacks
            assert gc.get_freeze_count() <= count
    finally:
        gc.unfreeze()
