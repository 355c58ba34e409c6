"""Sessions that move between the processes of a server, as a runtime knows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol, TypeAlias

__all__ = ["Moving", "SessionElsewhere", "Verdict"]

# What a process answers that is asked for a session: it has none, it has given it up, it keeps it because pages of other
# windows are here, or because the page of the same window is.
Verdict: TypeAlias = Literal["gone", "released", "kept", "elsewhere"]


class SessionElsewhere(Exception):
    """A session stays at another process of the server.

    Args:
        may_take: Whether the page of its window is there, and the user may choose the new one over it; otherwise pages of
            other windows are there, and the new one has to connect to that process.
    """

    def __init__(self, *, may_take: bool) -> None:
        super().__init__("the session is at another process")
        self.may_take = may_take


class Moving(Protocol):
    """The sessions of all processes. On the event loop."""

    def on_release(
        self, release: Callable[[str, str, bool], Awaitable[Verdict]], drop: Callable[[str], object]
    ) -> None:
        """Set what gives up a session of this process.

        Args:
            release: Takes the session's id, the label of the window whose page is at another process, and whether the user
                has chosen that page.
            drop: Ends a session, by its id, that another process has taken up; its pages connect again.
        """

    async def labels_of(self, session_id: str) -> tuple[str, ...]:
        """Return the labels of the windows of a session that is not here; none for an unknown one."""
        ...

    async def is_elsewhere(self, session_id: str) -> bool:
        """Tell whether another process has a session, so that its pages can go on there."""
        ...
