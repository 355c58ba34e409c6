"""What an application does for its user and for groups; on a server there are many users, here there is one."""

from __future__ import annotations

import logging
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import AsyncExitStack
from typing import Any, Final, TypeVar

from ..errors import LimitReached
from ..events import EventListeners, PublishedEvent, Recipients
from ..handles import StateManager
from ..pages import Client
from ..threads import Threads
from ..values import encode_body
from ..wire import EventTarget, heard_by
from ._parts import AppParts
from .scopes import Scope, enter

__all__ = ["MAX_GROUPS", "PeopleMethods"]

T = TypeVar("T")
# The most groups of one session, unless a server's author says something else.
MAX_GROUPS = 1000
_SCOPES: Final[tuple[Scope, ...]] = ("user", "session")
_CLOSE_SECONDS = 5.0
_log = logging.getLogger("transom")


class PeopleMethods:
    """The part of `handles.Application` that concerns users, groups and tasks."""

    _max_groups: int = MAX_GROUPS
    _parts: AppParts
    _scopes: tuple[AsyncExitStack, ...] = ()
    state: StateManager
    client: Client
    events: EventListeners
    threads: Threads

    def publish(self, recipients: Recipients, event: str, payload: Any, target: EventTarget | None = None) -> None:
        """See `handles.Application`."""
        self.deliver(PublishedEvent(event, encode_body(payload), recipients=recipients, target=target))

    def deliver(self, event: PublishedEvent) -> None:
        """Hand an event to the listeners of this session, if it is in the event's recipients."""
        kind, name = event.recipients or ("everybody", "")
        client = self.client
        if kind == "everybody" or (client.user.id == name if kind == "user" else name in client.groups):
            accepts = None if event.target is None else heard_by(event.target)
            self.events.publish(PublishedEvent(event.name, event.body, accepts))

    def join(self, client: Client, group: str) -> None:
        """See `handles.Application`."""
        limit = self._max_groups
        if group not in client.groups and len(client.groups) >= limit:
            raise LimitReached("a session", limit, "groups", "max_groups", "Builder.server")
        client.groups |= {group}

    def leave(self, client: Client, group: str) -> None:
        """See `handles.Application`."""
        client.groups -= {group}

    def enter_scopes(self) -> None:
        """Make the state of the one user and session of an application that is no server. Not on the event loop's thread.

        Raises:
            Exception: What a factory raises.
        """

        async def enter_both() -> None:
            for scope in _SCOPES:
                self._scopes += (await enter(self._parts.scoped, scope, self.client.user, self.state),)

        if self._parts.scoped:
            self.spawn(enter_both()).result()

    def leave_scopes(self) -> None:
        """Close the state of the user and the session. Not on the event loop's thread."""
        scopes, self._scopes = self._scopes, ()
        for scope in reversed(scopes):
            try:
                self.spawn(scope.aclose()).result(_CLOSE_SECONDS)
            except Exception:  # noqa: BLE001 - the application ends all the same
                _log.exception("the state of the session could not be closed in order")

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """See `handles.Application`."""
        return self.threads.loop.spawn(coroutine)

    async def save_session(self) -> None:
        """See `handles.Application`: nothing moves."""

    def cleanup(self) -> None:
        """End every page and release every resource."""
        self.client.close()
