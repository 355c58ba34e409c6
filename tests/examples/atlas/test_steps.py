"""Long work in slices."""

import asyncio
from collections.abc import Generator
from contextlib import aclosing

import pytest

from atlas._steps import Steps


class Work:
    """Counts up and remembers whether it was closed."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.at = 0
        self.closed = False

    def run(self) -> Generator[int | None, None, None]:
        try:
            while self.at < self.end:
                self.at += 1
                yield self.at if self.at % 2 else None
        finally:
            self.closed = True


class Clock:
    """A clock that moves one second each time someone looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def test_a_slice_ends_with_its_time_and_returns_what_was_found() -> None:
    work = Work(10)
    steps = Steps(work.run(), Clock())
    assert steps.run_slice(4) == ([1, 3], False)
    assert steps.run_slice(100) == ([5, 7, 9], True)
    assert work.closed


def test_stopping_closes_the_work() -> None:
    work = Work(10)
    steps = Steps(work.run(), Clock())
    steps.run_slice(1)
    steps.stop()
    assert work.closed
    assert steps.run_slice(1) == ([], True)


def test_stopping_from_inside_a_running_slice_ends_it_at_the_next_step() -> None:
    def run() -> Generator[str | None, None, None]:
        for word in ("one", "two", "three"):
            if word == "two":
                steps.stop()
            yield word

    steps = Steps(run(), Clock())
    assert steps.run_slice(100) == (["one", "two"], True)


def test_an_error_in_the_work_reaches_the_caller() -> None:
    def run() -> Generator[None, None, None]:
        yield None
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        Steps(run(), Clock()).run_slice(100)


def test_leaving_the_slices_stops_the_work() -> None:
    async def leave_early() -> list[int]:
        async with aclosing(Steps(work.run(), Clock()).slices(2)) as slices:
            async for found in slices:
                return found
        return []

    work = Work(1000)
    assert asyncio.run(leave_early()) == [1]
    assert work.closed
    assert work.at < 1000


def test_cancelling_the_task_stops_the_work() -> None:
    async def cancel() -> None:
        begun = asyncio.Event()

        async def follow() -> None:
            async with aclosing(Steps(work.run(), Clock()).slices(2)) as slices:
                async for _ in slices:
                    begun.set()

        task = asyncio.create_task(follow())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    work = Work(1_000_000)
    asyncio.run(cancel())
    assert work.at < 1_000_000
