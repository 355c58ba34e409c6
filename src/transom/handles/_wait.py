"""The check of a call that waits for the window system."""

from __future__ import annotations

from ..errors import WindowError
from ._application import Application

__all__ = ["check_may_wait"]


def check_may_wait(app: Application, what: str) -> None:
    """Refuse to wait for the window system on the event loop's thread, which everything else would wait for.

    Raises:
        WindowError: This is that thread, and windows are on another.
    """
    if app.threads.on_loop and not app.windows_on_loop:
        raise WindowError(f"{what} waits for the window system; in `async def` use `await asyncio.to_thread(...)`")
