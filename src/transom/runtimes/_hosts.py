"""The host interface of a runtime with many users."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ..acl import User
from ._interface import Host, Runtime
from .sessions import Moving

__all__ = ["ServerHost", "SessionEnded", "SessionHost"]


class SessionEnded(Exception):
    """A session has ended while it began, because the application called `exit`; or it is another user's."""


class SessionHost(Host, Protocol):
    """The host of one session: its windows, pages and events are those of no other session."""

    @property
    def asset_scope_allows(self) -> Callable[[Path], bool]:
        """Tells whether the asset protocol may read a file for this session."""
        ...

    async def end_session(self, *, keep: bool = False) -> None:
        """End the pages, tasks and state of the session. Called once, on the event loop.

        Args:
            keep: Whether another process of the server may take it up.
        """


class ServerHost(Host, Protocol):
    """The host of an application with many users."""

    @property
    def moving(self) -> Moving | None:
        """The sessions of all processes; `None` where there is one process."""
        ...

    @property
    def is_ready(self) -> bool:
        """Whether events reach all processes of the server."""
        ...

    def reconnected(self) -> None:
        """Note that a page's link has gone on over another connection."""

    async def begin_session(
        self,
        session_id: str,
        user: User,
        factory: Callable[[SessionHost], Runtime],
        label: str = "",
        *,
        takes: bool = False,
    ) -> SessionHost:
        """Begin a session, and make its configured windows. On the event loop.

        Args:
            session_id: What tells sessions apart.
            user: The session's user.
            factory: Makes what shows the windows of this session alone.
            label: Label of the window whose page begins it; empty if that is not known.
            takes: Whether the user has chosen this page over another one of the window.

        Raises:
            LimitReached: The user has too many sessions, in all processes together.
            SessionElsewhere: Another process has it, and keeps it.
            SessionEnded: The hook has called `exit`.
            TimeoutError: A factory of state, or the hook, took too long.
            Exception: What a factory of state, or the hook, raises. There is no session after any of these.
        """
        ...
