from __future__ import annotations

import asyncio
import gc
import weakref
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextvars import ContextVar, copy_context
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property import examples
from transom.threads._eager import EagerStarter

variable: ContextVar[str] = ContextVar("variable", default="none")


class Job:
    def __init__(
        self, coroutine: Coroutine[Any, Any, None] | None, waits: Callable[[asyncio.Task[None]], None]
    ) -> None:
        self.context = copy_context()
        self.begin = lambda: coroutine
        self.waits = waits


def start(starter: EagerStarter, *coroutines: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
    """Start coroutines and return the tasks of those that wait."""
    tasks: list[asyncio.Task[None]] = []
    jobs = deque(Job(coroutine, tasks.append) for coroutine in coroutines)
    starter.start(jobs)
    assert not jobs
    return tasks


class Rig:
    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.complaints: list[dict[str, Any]] = []
        loop.set_exception_handler(lambda _, context: self.complaints.append(context))
        self.starter = EagerStarter(loop)
        self.start(nothing())
        self.turn()

    def start(self, *coroutines: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
        """Start on the loop's thread, in a callback, as posted work is."""
        found: list[list[asyncio.Task[None]]] = []
        self.loop.call_soon(lambda: found.append(start(self.starter, *coroutines)))
        self.turn()
        return found[0]

    def turn(self) -> None:
        self.loop.call_soon(self.loop.stop)
        self.loop.run_forever()


@pytest.fixture
def rig() -> Iterator[Rig]:
    loop = asyncio.new_event_loop()
    rig = Rig(loop)
    yield rig
    loop.close()
    del rig.starter
    gc.collect()
    assert rig.complaints == []


async def nothing() -> None:
    pass


def test_a_coroutine_that_never_waits_has_ended_when_it_is_started(rig: Rig) -> None:
    log = []

    async def work() -> None:
        log.append(isinstance(asyncio.current_task(), asyncio.Task))

    def begin() -> None:
        assert start(rig.starter, work(), work()) == []
        assert start(rig.starter, work()) == []
        log.append(None)

    rig.loop.call_soon(begin)
    rig.turn()
    assert log == [True, True, True, None]


def test_one_that_waits_is_a_task_from_its_first_step_on(rig: Rig) -> None:
    log: list[Any] = []
    gate = rig.loop.create_future()

    async def work() -> None:
        log.append(asyncio.current_task())
        await gate
        log.append(asyncio.current_task())

    [task] = rig.start(work())
    assert log == [task]
    assert task in asyncio.all_tasks(rig.loop)
    gate.set_result(None)
    rig.loop.run_until_complete(task)
    assert log == [task, task]


def test_nobody_finds_the_task_that_waits_for_the_next_coroutine(rig: Rig) -> None:
    assert rig.start(nothing()) == []
    assert asyncio.all_tasks(rig.loop) == set()


def test_every_step_runs_in_the_coroutines_own_context(rig: Rig) -> None:
    seen = []

    async def work(name: str) -> None:
        seen.append(variable.get())
        variable.set(name)
        for _ in range(2):
            await asyncio.sleep(0)
            seen.append(variable.get())

    tasks = rig.start(*map(work, "abc"))
    rig.loop.run_until_complete(asyncio.gather(*tasks))
    assert sorted(seen) == ["a", "a", "b", "b", "c", "c", "none", "none", "none"]
    assert variable.get() == "none"


def test_timeouts_and_task_groups_work_in_the_first_step(rig: Rig) -> None:
    log: list[Any] = []

    async def child() -> None:
        await asyncio.sleep(0)
        log.append("child")

    async def never_waits() -> None:
        async with asyncio.timeout(60):  # noqa: ASYNC100 - that it waits for nothing is the point
            log.append("no wait")

    async def late() -> None:
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            log.append("timeout")
        async with asyncio.TaskGroup() as group:
            group.create_task(child())
        log.append("end")

    [task] = rig.start(never_waits(), late())
    rig.loop.run_until_complete(task)
    assert log == ["no wait", "timeout", "child", "end"]


def test_a_task_that_waits_can_be_cancelled_and_may_clean_up(rig: Rig) -> None:
    log = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            log.append(variable.get())
            raise
        finally:
            log.append("finally")

    async def begin() -> None:
        variable.set("own")
        await work()

    [task] = rig.start(begin())
    task.cancel("why")
    with pytest.raises(asyncio.CancelledError, match="why"):
        rig.loop.run_until_complete(task)
    assert task.cancelled()
    assert log == ["own", "finally"]


def test_a_task_that_an_exception_ends_needs_no_collector(rig: Rig) -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    class Holder:
        context = copy_context()

        def begin(self) -> Coroutine[Any, Any, None]:
            return work()

        def waits(self, task: asyncio.Task[None]) -> None:
            self.task = task  # as a call does, so that it can be cancelled

    gc.disable()
    try:
        holder = Holder()
        rig.loop.call_soon(rig.starter.start, deque([holder]))
        rig.turn()
        holder.task.cancel()
        rig.turn()
        rig.turn()
        assert holder.task.cancelled()
        ended = weakref.ref(holder.task)
        del holder
        rig.turn()
        assert ended() is None
    finally:
        gc.enable()


def test_an_exception_is_its_tasks(rig: Rig) -> None:
    async def fail(wait: bool) -> None:
        if wait:
            await asyncio.sleep(0)
        raise ValueError("boom")

    [task] = rig.start(fail(True))
    rig.turn()
    with pytest.raises(ValueError, match="boom"):
        rig.loop.run_until_complete(task)
    log: list[str] = []

    async def work() -> None:
        log.append("not at fault")

    rig.start(fail(False), work())
    rig.turn()
    gc.collect()
    assert [str(complaint["exception"]) for complaint in rig.complaints] == ["boom"]
    rig.complaints.clear()
    assert log == ["not at fault"]
    assert rig.start(nothing()) == []


def _keep(task: asyncio.Task[Any], kept: list[Any]) -> None:
    kept.append(task)


def _watch(task: asyncio.Task[Any], kept: list[Any]) -> None:
    task.add_done_callback(lambda done: kept.append(done.done()))


def _refer(task: asyncio.Task[Any], kept: list[Any]) -> None:
    kept.append(weakref.ref(task))


def _give_up(task: asyncio.Task[Any], kept: list[Any]) -> None:
    task.cancel()
    kept.append(None)


@pytest.mark.parametrize("hold", [_keep, _watch, _refer, _give_up])
def test_a_task_that_somebody_has_hold_of_is_not_used_again(
    rig: Rig, hold: Callable[[asyncio.Task[Any], list[Any]], None]
) -> None:
    kept: list[Any] = []
    tasks = []

    async def work() -> None:
        task = asyncio.current_task()
        assert task is not None
        hold(task, kept)

    async def other() -> None:
        tasks.append(id(asyncio.current_task()))

    async def first() -> None:
        tasks.append(id(asyncio.current_task()))
        await work()

    assert rig.start(first()) == []
    rig.turn()
    assert len(kept) == 1
    if hold is _watch:
        assert kept == [True]
    elif hold is _keep:
        assert kept[0].done()
    rig.start(other())
    rig.turn()
    if hold is _keep:
        assert tasks[0] != tasks[1]


def test_one_coroutine_may_start_another_in_its_first_step(rig: Rig) -> None:
    log = []
    inner: list[asyncio.Task[None]] = []

    async def second() -> None:
        log.append("second")

    async def first() -> None:
        log.append("first")
        inner.extend(start(rig.starter, second()))
        log.append("end of first")

    assert rig.start(first()) == []
    for task in inner:
        rig.loop.run_until_complete(task)
    assert sorted(log) == ["end of first", "first", "second"]
    assert rig.start(nothing()) == []


def test_it_may_be_started_by_another_task(rig: Rig) -> None:
    log: list[Any] = []

    async def work() -> None:
        log.append(asyncio.current_task())

    async def around() -> None:
        before = asyncio.current_task()
        assert start(rig.starter, work()) == []
        assert asyncio.current_task() is before
        log.append(before)

    rig.loop.run_until_complete(around())
    assert log[0] is not log[1]


# What a coroutine may do, step by step.
STEPS = st.lists(st.sampled_from(["wait", "set", "get", "task", "keep", "callback", "timeout"]), max_size=5)
ENDS = st.sampled_from(["return", "raise", "cancel"])


async def _follow(steps: list[str], end: str, log: list[Any], kept: list[Any]) -> None:
    """Do these things and note what there is to see."""
    own = asyncio.current_task()
    assert own is not None
    for step in steps:
        match step:
            case "wait":
                await asyncio.sleep(0)
            case "set":
                variable.set(f"{id(log)}")
            case "get":
                log.append(variable.get() in ("none", f"{id(log)}"))
                log.append(variable.get() == "none")
            case "task":
                log.append(asyncio.current_task() is own)
            case "keep":
                kept.append(own)
            case "callback":
                own.add_done_callback(lambda done: log.append(("done", done.cancelled())))
            case _:
                async with asyncio.timeout(60):  # noqa: ASYNC100 - that it waits for nothing is the point
                    log.append("in time")
    if end == "raise":
        raise ValueError(end)
    if end == "cancel":
        raise asyncio.CancelledError
    log.append("end")


def _trace(programs: list[tuple[list[str], str]], eager: bool) -> list[list[Any]]:
    """Run coroutines that do these things, and return what each of them saw."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *_: None)
    starter = EagerStarter(loop)
    logs: list[list[Any]] = [[] for _ in programs]
    kept: list[Any] = []

    def begin() -> None:
        coroutines = [_follow(*program, log, kept) for program, log in zip(programs, logs, strict=True)]
        if eager:
            kept.extend(start(starter, *coroutines))
        else:
            kept.extend(loop.create_task(coroutine, context=copy_context()) for coroutine in coroutines)

    start(starter, nothing())
    loop.run_until_complete(asyncio.sleep(0))
    loop.call_soon(begin)
    for _ in range(12):
        loop.call_soon(loop.stop)
        loop.run_forever()
    assert asyncio.all_tasks(loop) == set()
    loop.close()
    return logs


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.tuples(STEPS, ENDS), max_size=6))
def test_coroutines_see_what_they_would_see_in_a_task_of_their_own(programs: list[tuple[list[str], str]]) -> None:
    assert _trace(programs, eager=True) == _trace(programs, eager=False)
