"""One process that runs the author's program, as the supervisor sees it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection

from ._link import LINK
from ._messages import Go, Message, Reload, Show
from ._processes import end_group

__all__ = ["BackEnd"]

_GRACE = 2.0  # seconds for the application to end; `App.stop` takes less than one


class BackEnd:
    """A process that runs the program.

    Args:
        command: The program and its arguments, as `transom.dev._program` takes them.
        environment: Its environment.
        heard: Called with this object and each message; with the exit status when the process is gone. In a thread.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        heard: Callable[[BackEnd, Message | int], object],
    ) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "transom.dev._program", *command],
                env={**environment, LINK: str(theirs.fileno())},
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self._connection = Connection(os.dup(ours.fileno()))
        ours.close()
        self._heard = heard
        self.started = False
        threading.Thread(target=self._read, name="transom-back-end", daemon=True).start()

    def _read(self) -> None:
        try:
            while True:
                self._heard(self, self._connection.recv())
        except (EOFError, OSError):
            self._heard(self, self._process.wait())

    def tell(self, message: Go | Show | Reload) -> None:
        """Tell the process something; one that is gone hears nothing."""
        try:
            self._connection.send(message)
        except OSError:
            return

    def stop(self) -> None:
        """End the process and what it started, and wait until it is gone."""
        end_group(self._process, _GRACE)
