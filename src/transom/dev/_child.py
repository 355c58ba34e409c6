"""A process of the loop, as the supervisor sees it: one that runs the author's program, or the one with the windows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection

from ..children import ChildGuard
from ._link import LINK
from ._messages import Message
from ._processes import end_group

__all__ = ["Child"]

_GRACE = 2.0  # seconds for the application to end; `App.stop` takes less than one


class Child:
    """A process with a connection to the supervisor.

    Args:
        command: A module of this package and its arguments.
        environment: Its environment.
        heard: Called with this object and each message; with the exit status when the process is gone. In a thread.
        guard: Ends it with the supervisor.
        descriptors: More descriptors that it inherits.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        heard: Callable[[Child, Message | int], object],
        guard: ChildGuard,
        descriptors: Sequence[int] = (),
    ) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *command],
                env={**environment, LINK: str(theirs.fileno())},
                pass_fds=[theirs.fileno(), *descriptors],
                start_new_session=True,
            )
        self._guard = guard
        guard.watch(self._process.pid)
        self._connection = Connection(os.dup(ours.fileno()))
        ours.close()
        self._heard = heard
        threading.Thread(target=self._read, name="transom-child", daemon=True).start()

    def _read(self) -> None:
        try:
            while True:
                self._heard(self, self._connection.recv())
        except (EOFError, OSError):
            self._connection.close()  # each change of a file has a process
            status = self._process.wait()
            self._guard.forget(self._process.pid)
            self._heard(self, status)

    def tell(self, message: Message) -> None:
        """Tell the process something; one that is gone hears nothing."""
        try:
            self._connection.send(message)
        except OSError:
            return

    def stop(self) -> None:
        """End the process and what it started, and wait until it is gone; may be called twice."""
        end_group(self._process, _GRACE)
        self._guard.forget(self._process.pid)
