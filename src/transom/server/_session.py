"""One session of a server: an application of its own to its pages and commands, made of the server's parts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import msgspec

from ..acl import Capability, RuntimeAuthority, RuntimeCapability, User
from ..config import WindowConfig
from ..core import AppCore, AppParts, LayeredState, Plugin, enter
from ..errors import ConfigError, LimitReached
from ..events import PublishedEvent, Recipients
from ..handles import NewWindow, StateManager
from ..pages import Client
from ..runtimes import ServerOptions
from ..values import encode_body
from ..wire import EventTarget
from ._allowance import UserAllowance
from ._patience import in_time

__all__ = ["Server", "SessionCore"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_GRACE = 0.5  # seconds that the last calls of a session's pages get
_PLAIN: Final = NewWindow()
_OF_SERVER = "belongs to the application and not to a session: do it with the Builder, or in the setup hook"


class Server(Protocol):
    """What a session asks of its server."""

    parts: AppParts
    options: ServerOptions

    def allowance_of(self, user: User) -> UserAllowance:
        """Return the bounds that all sessions of a user share."""
        ...

    def authority_for(self, user: User) -> RuntimeAuthority:
        """Return what decides about the calls of a user."""
        ...

    def publish_event(self, event: PublishedEvent) -> None:
        """Send an event to the sessions of its recipients."""

    def joined(self, session: SessionCore, group: str) -> None:
        """Note that a session is in a group."""

    def left(self, session: SessionCore, group: str) -> None:
        """Note that a session is in a group no more."""

    def forget(self, session: SessionCore) -> None:
        """Forget a session that ends."""

    async def left_by(self, session: SessionCore) -> None:
        """Note that a session has ended."""


class SessionCore(AppCore):
    """A session; see `AppCore`. Nothing that it holds is reached from another session.

    Args:
        within: The application.
        server: The same, as sessions know it.
        session_id: What tells sessions apart.
        user: The user.
        state: The state of the user.
    """

    def __init__(self, within: AppCore, server: Server, session_id: str, user: User, state: StateManager) -> None:
        self._allowance = server.allowance_of(user)  # kept by the sessions of the user
        parts = server.parts
        parts = msgspec.structs.replace(parts, session_type=self._allowance.session_type(parts.session_type))
        super().__init__(within.config, parts, within, server.authority_for(user), user)
        self.state = LayeredState(state)
        self.id = session_id
        self._server = server
        self._max_groups = server.options.max_groups
        self._tasks: set[Future[Any]] = set()
        self._joining = threading.Lock()
        self._over = False

    @property
    def asset_scope_allows(self) -> Callable[[Path], bool]:
        """See `SessionHost`."""
        return self.asset_scope.allows

    @property
    def is_exiting(self) -> bool:
        """Whether `exit` was called."""
        return self._exiting

    async def begin(self) -> None:
        """Make the state of the session.

        Raises:
            Exception: What a factory raises.
        """
        scope = await enter(self._server.parts.scoped, "session", self.client.user, self.state)
        if self._over:  # a factory has ignored that its time was over
            await scope.aclose()
            return
        self._scopes = (scope,)

    async def end_session(self) -> None:
        """End the pages, tasks, resources and state of the session."""
        self.client.close()
        with self._joining:
            self._over = True
            self._server.forget(self)
        for task in list(self._tasks):
            task.cancel()
        # In a share of its own: blocked hooks of the author may have all workers of `asyncio.to_thread`.
        await self.threads.in_share("the ends of sessions", self.client.wait_for_last_calls, _GRACE)
        self._ended = True
        scopes, self._scopes = self._scopes, ()
        for scope in scopes:
            try:
                await in_time(self._server.options.hook_seconds, "closing the state of a session", scope.aclose())
            except Exception:  # noqa: BLE001 - the session is over, whatever the author's context manager does
                _log.exception("the state of a session of %r could not be closed in order", self.client.user.id)
        await self._server.left_by(self)

    # What differs for a session from an application of its own.

    def create_window(self, client: Client, options: WindowConfig, new: NewWindow = _PLAIN) -> None:
        """See `Application`.

        Raises:
            LimitReached: The session has too many windows.
        """
        limit = self._server.options.max_windows
        if len(client.windows) >= limit:
            raise LimitReached("the session", limit, "windows", "max_windows", "Builder.server")
        super().create_window(client, options, new)

    def publish(self, recipients: Recipients, event: str, payload: Any, target: EventTarget | None = None) -> None:
        """Send an event to other sessions; see `Application`."""
        self._server.publish_event(PublishedEvent(event, encode_body(payload), recipients=recipients, target=target))

    def join(self, client: Client, group: str) -> None:
        """See `Application`."""
        # Commands in several workers join at once, and one may still run when the session has ended.
        with self._joining:
            if not self._over:
                super().join(client, group)
                self._server.joined(self, group)

    def leave(self, client: Client, group: str) -> None:
        """See `Application`."""
        with self._joining:
            super().leave(client, group)
            self._server.left(self, group)

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine until it ends, or the session does."""
        if self._over:
            coroutine.close()
            raise RuntimeError("the session has ended; no task can be started any more")
        future = super().spawn(coroutine)
        self._tasks.add(future)
        future.add_done_callback(self._tasks.discard)
        return future

    def add_capability(self, capability: RuntimeCapability | Capability | str | Path) -> None:
        """See `Application`.

        Raises:
            ConfigError: Always: it would count for every user.
        """
        raise ConfigError(f"a capability {_OF_SERVER}")

    def add_plugin(self, plugin: Plugin) -> None:
        """See `Application`.

        Raises:
            ConfigError: Always: it would be there for every user.
        """
        raise ConfigError(f"a plugin {_OF_SERVER}")

    def remove_plugin(self, name: str) -> bool:
        """See `Application`.

        Raises:
            ConfigError: Always: it would be gone for every user.
        """
        raise ConfigError(f"a plugin {_OF_SERVER}")
