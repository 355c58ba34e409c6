"""One session of a server: an application of its own to its pages and commands, made of the server's parts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import msgspec

from ..acl import Capability, RuntimeAuthority, RuntimeCapability, User
from ..config import WindowConfig
from ..core import AppCore, AppParts, LayeredState, Plugin, enter, shared_state
from ..errors import ConfigError, LimitReached
from ..events import PublishedEvent, Recipients
from ..handles import NewWindow, StateManager
from ..pages import Client
from ..runtimes import ServerOptions
from ..runtimes import WindowEvent as RuntimeWindowEvent
from ..values import encode_body
from ..wire import EventTarget
from ._allowance import UserAllowance
from ._patience import in_time
from .moving import Saver, SessionRecord

__all__ = ["Server", "SessionCore"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_GRACE = 0.5  # seconds that the last calls of a session's pages get
_PLAIN: Final = NewWindow()
_OF_SERVER = "belongs to the application and not to a session: do it with the Builder, or in the setup hook"


class Server(Protocol):
    """The server, as its sessions see it."""

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
        # What stores the session for other processes; `None` where there is one process.
        self.saver: Saver | None = None
        self._allowance = server.allowance_of(user)  # kept by the sessions of the user
        parts = server.parts
        session_type = self._allowance.session_type(parts.session_type, self._called)
        parts = msgspec.structs.replace(parts, session_type=session_type)
        super().__init__(within.config, parts, within, server.authority_for(user), user)
        self.state = LayeredState(state)
        self.id = session_id
        self._server = server
        self._max_groups = server.options.max_groups
        self._tasks: set[Future[Any]] = set()
        self._joining = threading.Lock()
        self._over = False
        self._shares = any(factory.shared for factory in server.parts.scoped)
        self._made: dict[str, WindowConfig] = {}

    @property
    def asset_scope_allows(self) -> Callable[[Path], bool]:
        """See `SessionHost`."""
        return self.asset_scope.allows

    @property
    def is_exiting(self) -> bool:
        """Whether `exit` was called."""
        return self._exiting

    async def begin(self, stored: Mapping[str, bytes]) -> None:
        """Make the state of the session.

        Args:
            stored: What another process has stored of it, by the names of classes.

        Raises:
            Exception: What a factory raises.
        """
        scope = await enter(self._server.parts.scoped, "session", self.client.user, self.state, stored)
        if self._over:  # a factory has ignored that its time was over
            await scope.aclose()
            return
        self._scopes = (scope,)

    def record(self, owner: str) -> bytes:
        """Return what another process needs to go on with the session; see `SessionRecord`."""
        made = self._made
        windows = [made[label] for label in self.client.windows if label in made]
        groups = sorted(self.client.groups)
        state = shared_state(self._server.parts.scoped, self.state, self._server.options.max_shared_bytes)
        return SessionRecord(1, owner, self.client.user.id, groups, windows, state).encode()

    def is_busy(self) -> bool:
        """Tell whether calls run."""
        return any(page.calls for page in self.client.pages)

    async def save_session(self) -> None:
        """See `Application`."""
        if self.saver is not None:
            await self.saver.save()

    def restore(self, record: SessionRecord) -> None:
        """Make the windows of a session that another process had. Their pages are open already, or come again."""
        for options in record.windows:
            self.create_window(self.client, msgspec.structs.replace(options, visible=False))
            self._made[options.label] = options
        self.loop.call_later(self._server.options.idle_seconds, self._forget_unseen, record.windows)

    def _forget_unseen(self, windows: Sequence[WindowConfig]) -> None:
        """Take windows away whose pages have not come."""
        seen = {page.page.label for page in self.client.pages}
        for options in windows[1:]:
            if options.visible and options.label not in seen and options.label in self.client.windows:
                window = self.app_handle().get_window(options.label)
                if window is not None:
                    window.destroy()

    async def end_session(self, *, keep: bool = False) -> None:
        """End the pages, tasks, resources and state of the session; see `SessionHost`."""
        self.client.close()
        with self._joining:
            self._over = True
            self._server.forget(self)
        for task in list(self._tasks):
            task.cancel()
        # In a share of its own: blocked hooks of the author may have all workers of `asyncio.to_thread`.
        await self.threads.in_share("the ends of sessions", self.client.wait_for_last_calls, _GRACE)
        self._ended = True
        if self.saver is not None:
            await self.saver.end(keep=keep)
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
        self._made[options.label] = options
        if self.saver is not None:
            self.saver.changed()

    def window_event(self, event: RuntimeWindowEvent) -> bool:
        """See `Host`."""
        goes = super().window_event(event)
        if event.name == "destroyed":
            self._made.pop(event.label, None)
            self._touch()
        return goes

    def _called(self) -> None:
        """Note that a call has come, which may change shared state."""
        if self._shares:
            self._touch()

    def _touch(self) -> None:
        if self.saver is not None:
            self.saver.touch()

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
        self._touch()

    def leave(self, client: Client, group: str) -> None:
        """See `Application`."""
        with self._joining:
            super().leave(client, group)
            self._server.left(self, group)
        self._touch()

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
