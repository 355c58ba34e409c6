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
    """tests/conftest.py has, and an application under another server that no test has ended."""
    others, kept_apart = list(gc.callbacks), gc.get_freeze_count()
    gc.callbacks.clear()
    gc.unfreeze()
    yield
    assert gc.get_freeze_count() == 0
    assert gc.callbacks == []
    gc.callbacks.extend(others)
    if kept_apart:
        gc.freeze()


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
    monkeypatch.setattr(_collector, "_SHARE", 1e9)
    with short_collections():
        thing = Thing()
        seen = weakref.ref(thing)
        gc.collect()
        del thing
        gc.collect()
        assert seen() is None
        assert gc.get_freeze_count() > 10_000, "and the others are left out again"


class Clock:
    """A clock for the collector's watch, and the whole runs that it sees."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.used = 0.0
        monkeypatch.setattr(_collector, "monotonic", lambda: self.now)
        monkeypatch.setattr(_collector, "thread_time", lambda: self.used)
        self.watch = _collector._Watch()

    def looks_at_everything(self, *, at: float, takes: float) -> bool:
        """Let the collector run, and tell whether nothing is kept apart from that run."""
        self.now = at
        gc.freeze()
        self.watch("start", {"generation": 2})
        everything = gc.get_freeze_count() == 0
        self.used += takes
        self.watch("stop", {"generation": 2})
        gc.unfreeze()
        return everything


def test_everything_is_looked_at_once_in_a_minute_and_in_a_hundredth_of_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    assert not clock.looks_at_everything(at=59.0, takes=0.7)
    assert clock.looks_at_everything(at=60.0, takes=0.7)
    assert not clock.looks_at_everything(at=60.0 + 69.0, takes=0.7)
    assert clock.looks_at_everything(at=60.0 + 70.0, takes=0.001)
    assert not clock.looks_at_everything(at=130.0 + 59.0, takes=0.001)
    assert clock.looks_at_everything(at=130.0 + 60.0, takes=0.001)


def test_everything_is_looked_at_sooner_when_many_sessions_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    for _ in range(99):
        clock.watch.session_ended()
    assert not clock.looks_at_everything(at=1.0, takes=0.05)
    clock.watch.session_ended()
    assert clock.looks_at_everything(at=2.0, takes=0.05)
    for _ in range(1000):
        clock.watch.session_ended()
    assert not clock.looks_at_everything(at=2.0 + 4.9, takes=0.05)
    assert clock.looks_at_everything(at=2.0 + 5.0, takes=0.05)
    assert not clock.looks_at_everything(at=20.0, takes=0.05), "those sessions were of the run before"


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
