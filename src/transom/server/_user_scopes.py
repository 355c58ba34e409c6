"""The state of each user: made for the first session of the user, closed after the last one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import NamedTuple

from ..acl import User
from ..core import LayeredState, ScopedFactory, enter
from ..handles import StateManager
from ._patience import in_time

__all__ = ["UserScopes"]

_log = logging.getLogger("transom")


class _Entered(NamedTuple):
    state: StateManager
    stack: AsyncExitStack


class UserScopes:
    """The users who have sessions in this process. On the event loop.

    Args:
        factories: The factories of state.
        outer: The state of the application.
        seconds: How long closing a user's state may take.
    """

    def __init__(self, factories: Sequence[ScopedFactory], outer: StateManager, seconds: float) -> None:
        self._seconds = seconds
        self._factories = [factory for factory in factories if factory.scope == "user"]
        self._outer = outer
        self._entered: dict[str, asyncio.Future[_Entered]] = {}
        self._sessions: dict[str, int] = {}

    async def enter(self, user: User) -> StateManager:
        """Return the state of a user, and count a session more.

        Raises:
            Exception: What a factory raises; the session is not counted then.
        """
        if not self._factories:
            return self._outer
        self._sessions[user.id] = self._sessions.get(user.id, 0) + 1
        entering = self._entered.get(user.id)
        if entering is None:
            entering = self._entered[user.id] = asyncio.ensure_future(self._enter(user))
        try:
            return (await asyncio.shield(entering)).state
        except BaseException:
            await self.leave(user)
            raise

    async def _enter(self, user: User) -> _Entered:
        state = LayeredState(self._outer)
        return _Entered(state, await enter(self._factories, "user", user, state))

    async def leave(self, user: User) -> None:
        """Count a session less, and close the state after the last one."""
        if not self._factories:
            return
        left = self._sessions.pop(user.id) - 1
        if left:
            self._sessions[user.id] = left
            return
        entering = self._entered.pop(user.id)
        if not entering.done():  # its time is over
            entering.cancel()
            return
        try:
            await in_time(self._seconds, f"closing the state of the user {user.id!r}", entering.result().stack.aclose())
        except Exception:  # noqa: BLE001 - it was logged when it could not be made; the server goes on
            _log.debug("the state of the user %r was not closed in order", user.id, exc_info=True)
