"""A time limit for what the application's author wrote, also when it ignores its cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

__all__ = ["in_time"]

T = TypeVar("T")


async def in_time(seconds: float, thing: str, awaitable: Awaitable[T]) -> T:
    """Return the result of an awaitable.

    Args:
        seconds: How long it may take. It is then cancelled, and not waited for.
        thing: What it is, for the error.
        awaitable: A coroutine or future.

    Raises:
        TimeoutError: It took longer.
        Exception: What the awaitable raises.
    """
    task = asyncio.ensure_future(awaitable)
    try:
        done, _ = await asyncio.wait((task,), timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if not done:
        task.cancel()
        task.add_done_callback(_drop)
        raise TimeoutError(
            f"{thing} took more than {seconds:g} seconds; do what takes long in a task (app.spawn), or raise the limit with "
            "Builder.server(hook_seconds=...)"
        )
    return task.result()


def _drop(task: asyncio.Future[Any]) -> None:
    """Read what ends a task that nobody waits for, so that asyncio does not report it."""
    if not task.cancelled():
        task.exception()
