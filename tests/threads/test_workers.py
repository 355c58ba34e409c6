from __future__ import annotations

import contextvars
import gc
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.mock_app import SOON, running
from transom import Builder, command
from transom.threads import WorkerPool, WorkerShare


class Blocked:
    """Jobs that wait until they are let go."""

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self.go = threading.Event()

    def submit(self, share: WorkerShare | None, count: int = 1) -> list[Future[bool]]:
        return [self._pool.submit_in(share, contextvars.copy_context(), self.go.wait, SOON) for _ in range(count)]


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(2)
    yield pool
    pool.shutdown(cancel_futures=True)


def test_the_blocked_jobs_of_one_share_stop_no_other(pool: WorkerPool) -> None:
    one, other, blocked = WorkerShare("one"), WorkerShare("other"), Blocked(pool)
    jobs = blocked.submit(one, 5)
    assert pool.submit_in(other, contextvars.copy_context(), lambda: "there").result(SOON) == "there"
    assert pool.submit(lambda: "there").result(SOON) == "there"
    assert not any(job.done() for job in jobs)
    assert (one.running, len(one.waiting)) == (2, 3)
    blocked.go.set()
    assert all(job.result(SOON) for job in jobs)
    pool.submit(lambda: None).result(SOON)


def test_queued_jobs_of_a_share_run_in_order(pool: WorkerPool) -> None:
    pool._limit = 1
    share, blocked, ran = WorkerShare("one"), Blocked(pool), []
    blocked.submit(share)
    jobs = [pool.submit_in(share, contextvars.copy_context(), ran.append, number) for number in range(20)]
    blocked.go.set()
    for job in jobs:
        job.result(SOON)
    assert ran == list(range(20))


def test_a_job_that_waits_for_a_second_is_told_with_the_bound(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("transom.threads._workers._PATIENCE", 0.01)
    share, blocked = WorkerShare("page 'main'"), Blocked(pool)
    jobs = blocked.submit(share, 5)
    for _ in range(500):
        if caplog.records:
            break
        threading.Event().wait(0.01)
    blocked.go.set()
    assert all(job.result(SOON) for job in jobs)
    [record] = caplog.records
    assert record.getMessage() == (
        "all 2 workers of page 'main' are busy, and 3 calls of `def` functions are queued; wait in `async def` functions "
        "instead, or raise the bound with Builder.limits(max_workers=...)"
    )


def test_the_end_of_the_pool_cancels_what_is_queued(pool: WorkerPool) -> None:
    share, blocked = WorkerShare("one"), Blocked(pool)
    running = blocked.submit(share, 2)
    queued = blocked.submit(share, 2)
    pool.shutdown(cancel_futures=True)
    assert all(job.cancelled() for job in queued)
    blocked.go.set()
    assert all(job.result(SOON) for job in running)


def test_blocked_commands_of_one_window_stop_nothing_else() -> None:
    go = threading.Event()
    heard = threading.Event()

    @command
    def blocks() -> bool:
        return go.wait(SOON)

    @command
    def quick() -> str:
        return "there"

    with running(blocks, quick, windows=("main", "other")) as application:
        application.app.listen("news", lambda _: heard.set())
        calls = [application.page.send("blocks") for _ in range(40)]
        assert application.runtime.pages["other"].invoke("quick") == "there"
        application.app.emit("news")
        assert heard.wait(SOON)

        async def in_thread() -> str:
            import asyncio

            return await asyncio.to_thread(lambda: "there")

        assert application.app.handle().spawn(in_thread()).result(SOON) == "there"
        go.set()
        assert all(application.page.answer(call) for call in calls)


def test_a_call_that_waits_for_a_worker_has_few_objects_for_the_collector() -> None:
    go = threading.Event()

    @command
    def blocks() -> bool:
        return go.wait(SOON)

    with running(blocks) as application:
        first = [application.page.send("blocks") for _ in range(100)]
        gc.collect()
        before, count = len(gc.get_objects()), 1000
        calls = [application.page.send("blocks") for _ in range(count)]
        gc.collect()
        # Their list of messages is the test's: one object for each call.
        assert (len(gc.get_objects()) - before) / count < 16
        go.set()
        for call in (*first, *calls):
            assert application.page.answer(call)


def test_a_page_that_is_loaded_again_keeps_its_share() -> None:
    go, begun = threading.Event(), []

    @command
    def blocks() -> None:
        begun.append(1)
        go.wait(SOON)

    with running(blocks, builder=Builder().limits(max_workers=2)) as application:
        webview = application.app.get_webview("main")
        assert webview is not None
        for _ in range(3):
            for _ in range(3):
                application.page.send("blocks")
            webview.reload()
        application.on_main()
        assert len(begun) == 2
        go.set()
