"""Cancellation of commands in threads, where no exception can be raised from outside."""

from __future__ import annotations

import threading

from ..errors import CommandCancelled

__all__ = ["CancellationToken"]


class CancellationToken:
    """Tells a `def` command that its call was cancelled: aborted by the page, timed out, or the page is gone.

    Each call of a command with such a parameter gets its own token. A thread cannot be stopped from outside, so a long
    command looks at it now and then.
    """

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """Whether the call was cancelled."""
        return self._event.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Sleep until the call is cancelled and tell whether it was.

        Args:
            timeout: The most seconds to sleep; `None` for no limit.
        """
        return self._event.wait(timeout)

    def raise_if_cancelled(self) -> None:
        """End the command here if its call was cancelled.

        Raises:
            CommandCancelled: It was.
        """
        if self._event.is_set():
            raise CommandCancelled("the call of this command was cancelled")

    def cancel(self) -> None:
        """Note that the call was cancelled. Any thread."""
        self._event.set()
