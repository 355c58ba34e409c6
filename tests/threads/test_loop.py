from __future__ import annotations

import asyncio
import contextvars
import logging
import sys
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from queue import SimpleQueue
from typing import Any

import pytest

from tests.mock_app import SOON
from transom.threads._loop import Loop
from transom.threads._workers import WorkerPool

VARIABLE: contextvars.ContextVar[str] = contextvars.ContextVar("VARIABLE", default="none")


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    pool = WorkerPool(4)
    yield pool
    pool.shutdown(cancel_futures=True)


@pytest.fixture
def loop(pool: WorkerPool) -> Iterator[Loop]:
    loop = Loop(pool)
    loop.start()
    yield loop
    loop.stop(0.5)


def test_work_runs_in_a_named_daemon_thread(pool: WorkerPool) -> None:
    thread = pool.submit(threading.current_thread).result(SOON)
    assert (thread.name, thread.daemon) == ("transom-worker", True)


def test_arguments_results_and_errors_pass(pool: WorkerPool) -> None:
    assert pool.submit(divmod, 7, 2).result(SOON) == (3, 1)
    assert pool.submit(dict, a=1).result(SOON) == {"a": 1}
    assert isinstance(pool.submit(int, "x").exception(SOON), ValueError)


def test_a_worker_outlives_whatever_its_work_raises(pool: WorkerPool) -> None:
    def leave() -> None:
        raise SystemExit(3)

    assert isinstance(pool.submit(leave).exception(SOON), SystemExit)
    assert pool.submit(lambda: 1).result(SOON) == 1


def test_the_pool_grows_to_its_limit_and_no_further(pool: WorkerPool) -> None:
    release, names, all_busy = threading.Event(), set(), threading.Semaphore(0)

    def block() -> None:
        names.add(threading.get_ident())
        all_busy.release()
        release.wait(SOON)

    futures = [pool.submit(block) for _ in range(10)]
    for _ in range(4):
        assert all_busy.acquire(timeout=SOON)
    assert not all_busy.acquire(blocking=False)
    release.set()
    for future in futures:
        future.result(SOON)
    assert len(names) == 4


def test_a_worker_that_has_just_taken_its_work_stands_for_no_other(pool: WorkerPool) -> None:
    taken, go_on = threading.Event(), threading.Event()

    class Queue(SimpleQueue[Any]):
        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            job = super().get(block, timeout)
            if not taken.is_set():  # the worker has the first job and has told nobody
                taken.set()
                go_on.wait(10 * SOON)
            return job

    pool._jobs = Queue()
    first = pool.submit(lambda: 1)
    assert taken.wait(SOON)
    assert pool.submit(lambda: 2).result(SOON) == 2
    go_on.set()
    assert first.result(SOON) == 1


def test_the_callers_context_is_carried(pool: WorkerPool) -> None:
    token = VARIABLE.set("caller")
    try:
        assert pool.submit(VARIABLE.get).result(SOON) == "caller"
        pool.submit(VARIABLE.set, "worker").result(SOON)
        assert VARIABLE.get() == "caller"
    finally:
        VARIABLE.reset(token)
    assert pool.submit(VARIABLE.get).result(SOON) == "none"


def test_what_is_cancelled_before_it_starts_never_runs() -> None:
    pool, release, ran = WorkerPool(1), threading.Event(), []
    blocker = pool.submit(release.wait, SOON)
    waiting = pool.submit(ran.append, 1)
    assert waiting.cancel()
    release.set()
    blocker.result(SOON)
    pool.submit(lambda: None).result(SOON)
    assert ran == []
    pool.shutdown()


def test_shutdown_cancels_what_waits_refuses_more_and_waits_for_nobody() -> None:
    pool, release, started = WorkerPool(1), threading.Event(), threading.Event()
    running = pool.submit(lambda: (started.set(), release.wait(SOON))[-1])
    assert started.wait(SOON)
    waiting = pool.submit(lambda: None)
    pool.shutdown(cancel_futures=True)
    assert not running.done()
    with pytest.raises(CancelledError):
        waiting.result(SOON)
    with pytest.raises(RuntimeError, match="the application has ended"):
        pool.submit(lambda: None)
    assert not running.done()
    release.set()
    assert running.result(SOON) is True


def test_shutdown_ends_the_threads() -> None:
    pool = WorkerPool(2)
    thread = pool.submit(threading.current_thread).result(SOON)
    pool.shutdown()
    thread.join(SOON)
    assert not thread.is_alive()


def test_the_loop_has_a_thread_of_its_own(loop: Loop) -> None:
    async def where() -> tuple[str, bool, bool]:
        return threading.current_thread().name, loop.is_current, asyncio.get_running_loop() is loop.asyncio_loop

    assert loop.spawn(where()).result(SOON) == ("transom-loop", True, True)
    assert not loop.is_current


def test_to_thread_uses_the_pool(loop: Loop) -> None:
    async def where() -> str:
        return (await asyncio.to_thread(threading.current_thread)).name

    assert loop.spawn(where()).result(SOON) == "transom-worker"


def test_posted_work_runs_in_order_and_survives_an_error(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    done, seen = threading.Event(), []
    with caplog.at_level(logging.ERROR, "transom"):
        loop.post(seen.append, 1)
        loop.post(lambda: 1 / 0)
        loop.post(seen.append, 2)
        loop.post(done.set)
        assert done.wait(SOON)
    assert seen == [1, 2]
    assert "work on the event loop failed" in caplog.text


def test_work_posted_by_many_threads_is_all_done(loop: Loop) -> None:
    seen: list[tuple[int, int]] = []

    def post(number: int) -> None:
        for index in range(200):
            loop.post(seen.append, (number, index))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    done = threading.Event()
    loop.post(done.set)
    assert done.wait(SOON)
    assert [[index for number, index in seen if number == each] for each in range(4)] == [list(range(200))] * 4


def test_what_is_posted_while_held_comes_at_once_at_the_flush(loop: Loop) -> None:
    done: list[int] = []
    loop.hold()
    for number in range(3):
        loop.post(done.append, number)
    other: Future[None] = Future()
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop.asyncio_loop).result(SOON)
    assert done == []
    loop.flush()
    loop.post(other.set_result, None)
    other.result(SOON)
    assert done == [0, 1, 2]


def test_what_another_thread_posts_is_not_held(loop: Loop) -> None:
    loop.hold()
    done: Future[None] = Future()
    thread = threading.Thread(target=loop.post, args=(done.set_result, None))
    thread.start()
    done.result(SOON)
    thread.join()
    loop.flush()


def test_nothing_that_many_threads_hold_and_flush_is_lost(loop: Loop) -> None:
    done: list[int] = []
    all_done = threading.Event()
    threads, rounds, posts = 4, 200, 5

    def note(number: int) -> None:
        done.append(number)
        if len(done) == threads * rounds * posts:
            all_done.set()

    def post() -> None:
        for number in range(rounds):
            loop.hold()
            for _ in range(posts):
                loop.post(note, number)
            loop.flush()

    workers = [threading.Thread(target=post) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert all_done.wait(SOON)


def test_a_loop_that_was_not_started_says_so_and_forgets_nothing_it_could_do(pool: WorkerPool) -> None:
    loop = Loop(pool)

    async def nothing() -> None:
        pass

    with pytest.raises(RuntimeError, match="not running yet; start tasks in the setup hook or later"):
        loop.spawn(nothing())
    loop.post(lambda: None)
    loop.stop(0.1)
    loop.start()
    done = threading.Event()
    loop.post(done.set)
    assert done.wait(SOON)
    loop.stop(0.1)


def test_while_the_loop_runs_a_busy_thread_gives_way_sooner(pool: WorkerPool) -> None:
    before = sys.getswitchinterval()
    loop = Loop(pool)
    loop.start()
    found: Future[float] = Future()
    loop.post(lambda: found.set_result(sys.getswitchinterval()))
    assert found.result(SOON) == pytest.approx(0.0005)
    loop.stop(0.5)
    assert sys.getswitchinterval() == before


def test_stop_cancels_tasks_and_ends_the_thread(pool: WorkerPool) -> None:
    loop, started, seen = Loop(pool), threading.Event(), []
    loop.start()
    thread = loop._thread
    assert thread is not None

    async def wait() -> None:
        try:
            started.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    future: Future[None] = loop.spawn(wait())
    assert started.wait(SOON)
    loop.stop(0.5)
    assert seen == ["cancelled"]
    assert future.cancelled()
    assert not thread.is_alive()
    loop.post(lambda: None)
    loop.stop(0.5)
    with pytest.raises(RuntimeError):
        loop.spawn(wait())


def test_stop_does_not_wait_for_a_task_that_ignores_its_cancel(pool: WorkerPool) -> None:
    loop, started = Loop(pool), threading.Event()
    loop.start()

    async def stubborn() -> None:
        nonlocal cancelled
        started.set()
        for _ in range(3):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled += 1

    cancelled = 0
    loop.spawn(stubborn())
    assert started.wait(SOON)
    loop.stop(0.2)
    assert cancelled == 1
    assert loop.asyncio_loop.is_closed()


def test_a_servers_loop_can_be_adopted(pool: WorkerPool) -> None:
    async def serve() -> None:
        loop = Loop(pool)
        loop.adopt()
        assert loop.asyncio_loop is asyncio.get_running_loop()
        assert loop.is_current
        done = asyncio.Event()
        loop.post(done.set)
        await asyncio.wait_for(done.wait(), SOON)
        loop.stop(0.1)
        assert not loop.asyncio_loop.is_closed()

    asyncio.run(serve())


def test_an_idle_worker_keeps_nothing_of_what_it_was_given() -> None:
    pool, go, gone = WorkerPool(1), threading.Event(), threading.Event()

    class Kept:
        pass

    kept = Kept()
    weakref.finalize(kept, gone.set)
    first = pool.submit(go.wait, SOON)
    cancelled = pool.submit(lambda _: None, kept)
    assert cancelled.cancel()
    del kept, cancelled
    go.set()
    assert first.result(SOON)
    assert gone.wait(SOON)
    pool.shutdown()


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt])
def test_an_exit_in_a_task_ends_that_task_and_not_the_loop(
    loop: Loop, end: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    async def leaves() -> None:
        raise end

    async def stays() -> str:
        await asyncio.sleep(0)
        return "here"

    ended: Future[None] = loop.spawn(leaves())
    with pytest.raises(end):
        ended.result(SOON)
    assert loop.spawn(stays()).result(SOON) == "here"
    assert "AppHandle.exit" in caplog.text


def test_stop_cancels_the_tasks_that_the_end_of_others_starts(pool: WorkerPool) -> None:
    loop, started, seen = Loop(pool), threading.Event(), []
    loop.start()

    async def wait(number: int) -> None:
        seen.append(f"begins {number}")
        try:
            started.set()
            await asyncio.Event().wait()
        finally:
            seen.append(f"ends {number}")
            if number < 3:
                following.append(asyncio.get_running_loop().create_task(wait(number + 1)))

    following: list[asyncio.Task[None]] = []
    loop.spawn(wait(1))
    assert started.wait(SOON)
    loop.stop(SOON)
    assert all(task.cancelled() for task in following)
    assert [line for line in seen if "begins" in line] == [
        line.replace("ends", "begins") for line in seen if "ends" in line
    ]


def test_without_another_thread_the_workers_that_are_there_do_the_work(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    done: list[str] = []
    with monkeypatch.context() as limited:
        limited.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError, match="can't start new thread"):
            pool.submit(done.append, "refused")
    go = threading.Event()
    first = pool.submit(go.wait, SOON)
    with monkeypatch.context() as limited:
        limited.setattr(threading.Thread, "start", refuse)
        later = pool.submit(done.append, "later")
    go.set()
    assert first.result(SOON)
    later.result(SOON)
    assert done == ["later"]
