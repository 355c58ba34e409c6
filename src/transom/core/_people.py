"""What an application does for its user and for groups; on a server there are many users, here there is one."""

from __future__ import annotations

from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from ..errors import LimitReached
from ..events import EventListeners, PublishedEvent, Recipients
from ..pages import Client
from ..threads import Threads
from ..values import encode_body
from ..wire import EventTarget, heard_by

__all__ = ["MAX_GROUPS", "PeopleMethods"]

T = TypeVar("T")
# The most groups of one session, unless a server's author says something else.
MAX_GROUPS = 1000


class PeopleMethods:
    """The part of `handles.Application` that concerns users, groups and tasks."""

    _max_groups: int = MAX_GROUPS
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

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """See `handles.Application`."""
        return self.threads.loop.spawn(coroutine)
