"""Futures of coroutines that wait for a page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial

__all__ = ["settle", "wait_until", "wake_up"]


def wake_up(futures: list[asyncio.Future[None]]) -> None:
    """Settle futures on their loops. Any thread."""
    for future in futures:
        with suppress(RuntimeError):  # the loop has ended, and its waiters with it
            future.get_loop().call_soon_threadsafe(settle, future)


def settle(future: asyncio.Future[None]) -> None:
    """Settle a future, unless it was cancelled."""
    if not future.done():
        future.set_result(None)


async def wait_until(park: Callable[[Callable[[], object]], bool]) -> None:
    """Wait until nothing is to be parked.

    Args:
        park: Keeps a function that is called later, and returns `True`; or returns `False`, as there is nothing to wait for.
    """
    while True:
        future = asyncio.get_running_loop().create_future()
        if not park(partial(settle, future)):
            return
        await future
