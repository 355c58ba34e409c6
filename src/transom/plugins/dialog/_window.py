"""Finding the window in front of which a dialog opens, and waiting for dialogs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from ...errors import CommandError, TransomError, Unsupported
from ...handles import Manager, Window

__all__ = ["outcome", "window_of"]

T = TypeVar("T")


def window_of(manager: Manager) -> Window:
    """Return a window: the handle's own, else the focused one, else any.

    Raises:
        CommandError: The application has no window.
    """
    app = manager.app_handle()
    label = getattr(manager, "label", None)
    found = app.get_window(label) if isinstance(label, str) else app.get_focused_window()
    found = found or next(iter(app.windows().values()), None)
    if found is None:
        raise CommandError("a dialog opens in front of a window, and the application has none")
    return found


async def outcome(show: Callable[[], Future[T]]) -> T:
    """Open a dialog and wait for what becomes of it; when the waiting task is cancelled, the dialog is closed.

    Raises:
        CommandError: It cannot be shown.
    """
    # The window system is waited for, not the event loop.
    opening = asyncio.ensure_future(asyncio.to_thread(show))
    try:
        future = await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close)  # it may be open in a moment, with nobody to wait for it
        raise
    except Unsupported:
        raise  # rejects with the reason
    except TransomError as error:
        raise CommandError(str(error)) from None
    return await asyncio.wrap_future(future)


def _close(opening: asyncio.Future[Future[Any]]) -> None:
    """Close a dialog that was opened too late."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result().cancel()
