"""The application of a server: what all sessions share, and how one reaches others."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Final
from weakref import WeakValueDictionary

from ..acl import RuntimeAuthority, User, UsersAuthority
from ..callables import is_async
from ..config import Config
from ..core import AppCore, AppParts, run_logged
from ..events import Bus, PublishedEvent, Recipients
from ..runtimes import Runtime, ServerOptions, SessionEnded, SessionHost, Settings
from ..values import encode_body
from ..wire import EventTarget, check_event_name
from ._allowance import UserAllowance
from ._patience import in_time
from ._session import SessionCore
from ._user_scopes import UserScopes
from .buses import EngineBus, find_bus
from .moving import Mover, Place, Taken, find_store
from .telemetry import TracedDispatcher, find_telemetry

__all__ = ["ServerCore"]

_log = logging.getLogger("transom")
_MOST_AUTHORITIES = 1000
_LOOKS = 8  # at the calls in the time that they may take
_NO_SETTINGS: Final = Settings()


class ServerCore(AppCore):
    """An application for many users; see `AppCore`. It has no window itself.

    Args:
        config: The project's configuration.
        parts: What the application's author put together.
        options: The options of the server.
    """

    def __init__(self, config: Config, parts: AppParts, options: ServerOptions) -> None:
        super().__init__(config, parts)
        self.parts = parts
        self.options = options
        address = options.bus or os.environ.get("TRANSOM_BUS") or "memory"
        self._bus: Bus = find_bus(address, config.identifier)
        self._bus.subscribe(self._carry)
        self._sessions: dict[str, SessionCore] = {}
        self._of_user: dict[str, frozenset[SessionCore]] = {}
        self._of_group: dict[str, frozenset[SessionCore]] = {}
        self._authorities: dict[frozenset[str], UsersAuthority] = {}
        self._allowances: WeakValueDictionary[str, UserAllowance] = WeakValueDictionary()
        self._people = threading.Lock()
        self._reconnects = 0
        self.session_ended: Callable[[], object] = lambda: None
        store = find_store(address, config.identifier, self._bus.process) if isinstance(self._bus, EngineBus) else None
        self.moving = None if store is None else Mover(store)
        self._users = UserScopes(parts.scoped, self.state, options.hook_seconds)

    def ready(self) -> None:
        """Run the setup hook, and begin to carry events."""
        super().ready()
        telemetry = find_telemetry(self)
        if telemetry is not None:
            self.dispatcher.kind = partial(TracedDispatcher, telemetry)
        if self.options.max_call_seconds is not None and self.failure is None:
            self.spawn(self._end_late_calls(self.options.max_call_seconds))
        if isinstance(self._bus, EngineBus) and self.failure is None:
            self._bus.lost = self._tell_of_loss
            self.spawn(self._bus.run())
            if self.moving is not None:
                self.spawn(self.moving.run())

    @property
    def is_ready(self) -> bool:
        """Whether events reach all processes."""
        return not isinstance(self._bus, EngineBus) or self._bus.is_ready

    def reconnected(self) -> None:
        """See `ServerHost`."""
        self._reconnects += 1

    def figures(self) -> dict[str, float]:
        """Return what telemetry looks at."""
        clients = [session.client for session in list(self._sessions.values())]
        pages, queued = sum(len(client.pages) for client in clients), sum(client.queued_bytes for client in clients)
        waiting, lag = (self._bus.waiting, self._bus.lag) if isinstance(self._bus, EngineBus) else (0, 0.0)
        return {
            "transom.sessions": len(clients),
            "transom.pages": pages,
            "transom.queued": queued,
            "transom.bus.waiting": waiting,
            "transom.bus.lag": lag,
            "transom.reconnects": self._reconnects,
        }

    async def _end_late_calls(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds / _LOOKS)
            for allowance in list(self._allowances.values()):
                allowance.end_late_calls(seconds)

    def _tell_of_loss(self) -> None:
        for session in list(self._sessions.values()):
            session.client.tell_pages("transom: events of other processes did not reach this page; load it again")

    # Sessions

    async def begin_session(
        self,
        session_id: str,
        user: User,
        factory: Callable[[SessionHost], Runtime],
        label: str = "",
        *,
        takes: bool = False,
    ) -> SessionCore:
        """Begin a session; see `ServerHost`.

        Raises:
            LimitReached: The user has too many sessions, in all processes together.
            SessionElsewhere: Another process has it, and keeps it.
            SessionEnded: `on_session` has called `exit`.
            TimeoutError: `on_session` or a factory of state took too long.
            Exception: What they raise.
        """
        moving = self.moving
        if moving is None:
            return await self._begin(session_id, user, factory, Taken(None, ""), None)
        # Each anonymous session has a user of its own.
        place = None if user.anonymous else Place(user.id, session_id)
        if place is not None:
            await moving.claim(place, self.options.max_user_sessions)
        taken = await moving.take_or_begin(session_id, user, label, takes=takes)
        try:
            return await self._begin(session_id, user, factory, taken, place)
        except BaseException:
            if place is not None and taken.record is None:  # one that has moved keeps its place: its page comes again
                await moving.give_back(place)
            raise

    async def _begin(
        self,
        session_id: str,
        user: User,
        factory: Callable[[SessionHost], Runtime],
        taken: Taken,
        place: Place | None,
    ) -> SessionCore:
        seconds = self.options.hook_seconds
        state = await in_time(seconds, f"the state of the user {user.id!r}", self._users.enter(user))
        session = SessionCore(self, self, session_id, user, state)
        record = taken.record
        try:
            if self.moving is not None:
                session.saver = self.moving.saver(
                    session_id, taken.mark, session.record, partial(self._lost, session_id), place
                )
                session.saver.is_busy = session.is_busy
            session.start(lambda _host, _settings: factory(session), _NO_SETTINGS)
            await in_time(
                seconds,
                f"the state of a session of the user {user.id!r}",
                session.begin({} if record is None else record.state),
            )
            for group in () if record is None else record.groups:
                session.join(session.client, group)
            hook: Any = self.options.on_session
            if hook is not None:
                handle = session.app_handle()
                running = hook(handle) if is_async(hook) else self.threads.in_share("on_session", hook, handle)
                await in_time(seconds, f"Builder.server(on_session=...) for the user {user.id!r}", running)
            if session.is_exiting:
                raise SessionEnded
            if record is None or not record.windows:
                session.create_windows()
            else:
                session.restore(record)
        except BaseException as error:
            # What the hook or a factory has against it, it may have no more when the page comes again.
            await session.end_session(keep=not isinstance(error, SessionEnded))
            raise
        with self._people:
            self._sessions[session_id] = session
            self._of_user[user.id] = self._of_user.get(user.id, frozenset()) | {session}
        return session

    def _lost(self, session_id: str) -> None:
        """End a session that another process has taken up."""
        if self.moving is not None:
            self.moving.drop(session_id)

    def forget(self, session: SessionCore) -> None:
        """Forget a session that ends."""
        with self._people:
            # A page may have begun another session under the same id while this one was ending.
            if self._sessions.get(session.id) is session:
                del self._sessions[session.id]
            _without(self._of_user, session.client.user.id, session)
            for group in session.client.groups:
                _without(self._of_group, group, session)

    async def left_by(self, session: SessionCore) -> None:
        """Note that a session has ended."""
        self.session_ended()
        await self._users.leave(session.client.user)

    def enter_scopes(self) -> None:
        """Make no state: users and sessions come later."""

    def allowance_of(self, user: User) -> UserAllowance:
        """Return the bounds that all sessions of a user share."""
        return self._allowances.setdefault(user.id, UserAllowance(user.id, self.options))

    def authority_for(self, user: User) -> RuntimeAuthority:
        """Return what decides about the calls of a user."""
        found = self._authorities.get(user.roles)
        if found is None:
            if len(self._authorities) >= _MOST_AUTHORITIES:
                self._authorities.clear()
            found = self._authorities[user.roles] = UsersAuthority(self.authority, user.roles)
        return found

    def create_windows(self) -> None:
        """Make no window: the configured ones are every session's."""

    # Events

    def joined(self, session: SessionCore, group: str) -> None:
        """Note that a session is in a group."""
        with self._people:
            self._of_group[group] = self._of_group.get(group, frozenset()) | {session}

    def left(self, session: SessionCore, group: str) -> None:
        """Note that a session is in a group no more."""
        with self._people:
            _without(self._of_group, group, session)

    def publish(self, recipients: Recipients, event: str, payload: Any, target: EventTarget | None = None) -> None:
        """Send an event to sessions; see `Application`."""
        self.publish_event(PublishedEvent(event, encode_body(payload), recipients=recipients, target=target))

    def publish_event(self, event: PublishedEvent) -> None:
        """Send an event to the sessions of its recipients.

        Raises:
            RequestError: The event's name holds a character that none may hold.
        """
        check_event_name(event.name)
        self._bus.publish(event)

    def _carry(self, event: PublishedEvent) -> None:
        """Hand an event to the sessions of this process: what the bus calls."""
        kind, name = event.recipients or ("everybody", "")
        sessions: Any
        if kind == "everybody":
            with self._people:
                sessions = list(self._sessions.values())
            self.deliver(event)
        else:
            sessions = (self._of_user if kind == "user" else self._of_group).get(name, ())
        for session in sessions:
            session.deliver(event)

    def cleanup(self) -> None:
        """End every page and release every resource."""
        for session in list(self._sessions.values()):
            run_logged(session.cleanup)
        super().cleanup()


def _without(table: dict[str, frozenset[SessionCore]], name: str, session: SessionCore) -> None:
    left = table.get(name, frozenset()) - {session}
    if left:
        table[name] = left
    else:
        table.pop(name, None)
