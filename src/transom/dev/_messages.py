"""What the supervisor and a back end tell each other: pickled values over a socket that only the two have."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Ended", "Failed", "Go", "Hello", "Message", "Reload", "Show"]


class Hello(NamedTuple):
    """The program has reached `App.run` and waits for `Go`.

    Attributes:
        runtime: The name of the runtime that it would use.
    """

    runtime: str


class Failed(NamedTuple):
    """The program failed.

    Attributes:
        text: The traceback.
        summary: Its last line, with the file and line of the author's code.
    """

    text: str
    summary: str


class Ended(NamedTuple):
    """The application ends because it wants to, such as when its last window was closed.

    Attributes:
        code: Its exit status.
        restart: Whether it wants to start again (`AppHandle.restart`).
    """

    code: int
    restart: bool = False


class Go(NamedTuple):
    """The back end may begin: the one before it is gone.

    Attributes:
        again: Whether there was one, so that a browser shows the application already.
        sessions: A key for the sessions of browsers, the same for every back end of one supervisor.
    """

    again: bool = False
    sessions: str = ""


class Show(NamedTuple):
    """Show a text on every page; an empty one takes the last one away."""

    text: str


class Reload(NamedTuple):
    """Load every page again."""


Message = Hello | Failed | Ended | Go | Show | Reload
