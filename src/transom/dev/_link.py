"""The back end's end of its connection to `transom dev`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

from ._messages import Ended, Failed, Go, Hello, Imported, Message, Prepare, Run

__all__ = ["LINK", "DevLink", "dev_link"]

LINK = "TRANSOM_DEV_LINK"
"""The environment variable with the descriptor of the connection."""


def dev_link() -> DevLink | None:
    """Return the connection to the `transom dev` that started this process, `None` if none did.

    Only the first call returns it: programs that the application starts do not get the environment variable.
    """
    number = os.environ.pop(LINK, "")
    return DevLink(int(number)) if number.isdecimal() else None


class DevLink:
    """The connection to the supervisor.

    Args:
        descriptor: The socket.
    """

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        self._connection = Connection(descriptor)

    def wait_for_run(self) -> Iterator[Prepare]:
        """Yield what to import ahead, until the program is to run.

        Raises:
            SystemExit: The supervisor is gone, or does not need this process.
        """
        try:
            while not isinstance(message := self._connection.recv(), Run):
                assert isinstance(message, Prepare), message
                yield message
        except (EOFError, OSError):
            raise SystemExit(1) from None

    def wait_for_go(self, hello: Hello) -> Go:
        """Say that the program is ready, and wait until the back end before it is gone.

        Raises:
            SystemExit: The supervisor is gone, or stops this back end before it began.
        """
        try:
            self._connection.send(hello)
            message = self._connection.recv()
        except (EOFError, OSError):
            raise SystemExit(1) from None
        assert isinstance(message, Go), message
        return message

    def follow(self, heard: Callable[[Message], object], gone: Callable[[], object]) -> None:
        """Call `heard` with every further message, and `gone` when the supervisor has ended, in a thread."""

        def read() -> None:
            try:
                while True:
                    heard(self._connection.recv())
            except (EOFError, OSError):
                gone()

        threading.Thread(target=read, name="transom-dev", daemon=True).start()

    def tell(self, message: Ended | Failed | Imported) -> None:
        """Tell the supervisor something; one that has ended hears nothing."""
        try:
            self._connection.send(message)
        except OSError:
            return
