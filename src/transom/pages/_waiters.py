"""Futures of coroutines that wait for a page."""

from __future__ import annotations

import asyncio
from contextlib import suppress

__all__ = ["settle", "wake_up"]


def wake_up(futures: list[asyncio.Future[None]]) -> None:
    """Settle futures on their loops. Any thread."""
    for future in futures:
        with suppress(RuntimeError):  # the loop has ended, and its waiters with it
            future.get_loop().call_soon_threadsafe(settle, future)


def settle(future: asyncio.Future[None]) -> None:
    """Settle a future, unless it was cancelled."""
    if not future.done():
        future.set_result(None)
