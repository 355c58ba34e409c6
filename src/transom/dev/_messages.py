"""What the supervisor and a back end tell each other: pickled values over a socket that only the two have."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "SPARE",
    "Down",
    "Ended",
    "Failed",
    "Go",
    "Hello",
    "Imported",
    "Inspect",
    "Message",
    "Prepare",
    "Reload",
    "Report",
    "Run",
    "Show",
]

SPARE = "--spare"
"""The argument of a process that imports ahead and waits for `Run`."""


class Hello(NamedTuple):
    """The program has reached `App.run` and waits for `Go`.

    Attributes:
        runtime: The name of the runtime that it would use.
        fingerprint: The same for back ends that can use each other's windows; empty if its windows cannot outlive it.
    """

    runtime: str
    fingerprint: str = ""


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
        windows: Where the process with the windows listens; empty if the back end makes its own.
        generation: How many back ends were there before.
    """

    again: bool = False
    sessions: str = ""
    windows: str = ""
    generation: int = 0


class Show(NamedTuple):
    """Show a text on every page; an empty one takes the last one away."""

    text: str


class Down(NamedTuple):
    """No back end is there, and none comes before a file is saved."""


class Inspect(NamedTuple):
    """Serve the inspector's page, or show it again.

    Attributes:
        open_browser: Whether to open it in a browser; `None` for "where there is a display".
    """

    open_browser: bool | None


class Reload(NamedTuple):
    """Load every page again."""


class Report(NamedTuple):
    """Say which modules of transom the application uses."""


class Imported(NamedTuple):
    """The modules of transom, and of the packages that it brings, which the application uses.

    Attributes:
        modules: Their names.
    """

    modules: tuple[str, ...]


class Prepare(NamedTuple):
    """Import these modules, and wait for `Run`.

    Attributes:
        modules: Their names.
    """

    modules: tuple[str, ...]


class Run(NamedTuple):
    """Run the program now."""


Message = Hello | Failed | Ended | Go | Show | Down | Inspect | Reload | Report | Imported | Prepare | Run
