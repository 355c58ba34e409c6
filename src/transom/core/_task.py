"""How a bound command runs: on the loop, in a worker, or on the window's thread. Each way ends in one answer."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from ..errors import TransomError
from ._invoke import Invoke
from ._plan import Plan

__all__ = ["run_on_loop", "run_on_main", "run_on_worker"]


class _LoopCall:
    """A task as other threads may cancel it."""

    __slots__ = ("_task",)

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def cancel(self) -> None:
        """Cancel the task, on its loop."""
        with suppress(RuntimeError):  # the loop has ended, and the task with it
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)


def run_on_loop(plan: Plan, invoke: Invoke) -> None:
    """Run an `async def` command as a task of the application's loop."""
    loop = invoke.app.loop_thread
    if loop.is_current:
        _start_task(plan, invoke)
    else:
        loop.post(_start_task, plan, invoke)


def _start_task(plan: Plan, invoke: Invoke) -> None:
    session = invoke.message.session
    if session.closed:
        return
    task = asyncio.get_running_loop().create_task(_run_task(plan, invoke))
    session.started(invoke.resolver.call, _LoopCall(task))


async def _run_task(plan: Plan, invoke: Invoke) -> None:
    try:
        positional, keywords = plan.bind(invoke)
        result: Any = await plan.function(*positional, **keywords)
    except asyncio.CancelledError:
        invoke.resolver.cancelled()
        raise
    except BaseException as error:  # noqa: BLE001 - a SystemExit would end the loop, and every other call with it
        invoke.resolver.fail(error)
    else:
        invoke.resolver.resolve(result, plain=plan.plain_result)


def run_on_worker(plan: Plan, invoke: Invoke) -> None:
    """Run a `def` command in a worker thread. Cancelled before it started, it never runs; later it runs to its end."""
    try:
        future = invoke.app.pool.submit(run_here, plan, invoke)
    except RuntimeError as error:  # the application is ending
        raise TransomError(str(error)) from None
    invoke.message.session.started(invoke.resolver.call, future)
    future.add_done_callback(lambda done: invoke.resolver.cancelled() if done.cancelled() else None)
    if future.done():
        invoke.message.session.finished(invoke.resolver.call)


def run_on_main(plan: Plan, invoke: Invoke) -> None:
    """Run a `def` command on the window system's thread: at once where its call arrived on it, soon from elsewhere."""
    if invoke.app.is_window_thread:
        run_here(plan, invoke)
    else:
        invoke.app.run_on_main_thread(lambda: run_here(plan, invoke))


def run_here(plan: Plan, invoke: Invoke) -> None:
    """Bind, call and answer on the calling thread."""
    try:
        positional, keywords = plan.bind(invoke)
        result = plan.function(*positional, **keywords)
    except BaseException as error:
        invoke.resolver.fail(error)
        if isinstance(error, KeyboardInterrupt):  # meant for the thread, which may be the main one
            raise
    else:
        invoke.resolver.resolve(result, plain=plan.plain_result)
