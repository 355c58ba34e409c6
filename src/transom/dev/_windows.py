"""The process that keeps the windows: `python -m transom.dev._windows DESCRIPTOR`."""

from __future__ import annotations

import os
import socket
import sys

from ..remote import WindowHost
from ._link import LINK, DevLink
from ._messages import Down, Ended, Message, Show

__all__ = ["main"]


def main(descriptor: int) -> int:
    """Keep windows until the supervisor or the last window has gone; return the exit status.

    Args:
        descriptor: The socket to which back ends connect; it listens already.
    """
    link = DevLink(int(os.environ.pop(LINK)))
    host = WindowHost(socket.socket(fileno=descriptor), lambda: link.tell(Ended(1)))

    def heard(message: Message) -> None:
        if isinstance(message, Show):
            host.show(message.text)
        elif isinstance(message, Down):
            host.go_down()

    link.follow(heard, host.quit)
    return host.run()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
