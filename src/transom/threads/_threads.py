"""Which threads an application has, and on which of them a caller is."""

from __future__ import annotations

import threading

from ._loop import Loop
from ._workers import WorkerPool

__all__ = ["Threads"]


class Threads:
    """The threads of one application: the window system's, the event loop's and the workers.

    Attributes:
        loop: Runs `async def` commands and listeners, and the web server.
        workers: Run `def` commands and listeners.
    """

    def __init__(self) -> None:
        self.workers = WorkerPool()
        self.loop = Loop(self.workers)
        self._window_thread = 0

    def enter_window_thread(self) -> None:
        """Note that the calling thread is the window system's."""
        self._window_thread = threading.get_ident()

    @property
    def on_window_thread(self) -> bool:
        """Whether the calling thread is the window system's and not also the event loop's, which must never block."""
        return threading.get_ident() == self._window_thread and not self.loop.is_current

    @property
    def on_loop(self) -> bool:
        """Whether the calling thread is the event loop's."""
        return self.loop.is_current

    def stop(self, grace: float) -> None:
        """Cancel every task, wait at most `grace` seconds for them, and take no more work. Not on the loop's thread."""
        self.loop.stop(grace)
        self.workers.shutdown(cancel_futures=True)
