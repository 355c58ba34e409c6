from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import Iterator

import pytest

from tests.mock_app import SOON, Running
from transom.threads import Loop, WorkerPool


class Records(logging.Handler):
    """Keeps records and lets a test wait for one."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.came = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))
        self.came.set()


@pytest.fixture
def records() -> Iterator[Records]:
    records = Records()
    logging.getLogger("transom").addHandler(records)
    yield records
    logging.getLogger("transom").removeHandler(records)


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop(WorkerPool())
    loop.start()
    yield loop
    loop.stop(SOON)


async def boom() -> None:
    raise ValueError("boom")


def test_a_task_that_fails_unseen_is_logged_with_its_traceback(application: Running, records: Records) -> None:
    application.app.handle().spawn(boom())
    assert records.came.wait(SOON)
    [text] = records.texts
    assert text.startswith("a task failed, and its result was never retrieved (AppHandle.spawn)\nTraceback")
    assert text.endswith("ValueError: boom")


def test_a_failure_is_logged_though_the_future_is_kept(
    loop: Loop, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transom.threads._spawned._PATIENCE", 0)
    kept = loop.spawn(boom())
    assert records.came.wait(SOON)
    with pytest.raises(ValueError, match="boom"):
        kept.result()
    del kept
    gc.collect()
    assert len(records.texts) == 1


@pytest.mark.parametrize("look", ["result", "exception", "add_done_callback"])
def test_a_failure_that_somebody_looks_at_is_not_logged(
    loop: Loop, records: Records, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    monkeypatch.setattr("transom.threads._spawned._PATIENCE", 0)
    go, told = asyncio.Event(), threading.Event()

    async def later() -> None:
        await go.wait()
        raise ValueError("boom")

    future = loop.spawn(later())
    if look == "add_done_callback":
        future.add_done_callback(lambda _: told.set())
        loop.post(go.set)
        assert told.wait(SOON)
    else:
        loop.post(loop.asyncio_loop.call_later, 0.2, go.set)
        with pytest.raises(ValueError, match="boom"):
            raise getattr(future, look)(SOON)
    del future
    gc.collect()
    assert records.texts == []


def test_a_task_that_is_cancelled_is_no_failure(loop: Loop, records: Records) -> None:
    begun = threading.Event()

    async def wait() -> None:
        begun.set()
        await asyncio.Event().wait()

    future = loop.spawn(wait())
    assert begun.wait(SOON)
    assert future.cancel()
    assert future.cancelled()
    loop.stop(SOON)
    assert records.texts == []
