"""The parts of a builder that concern users: state with a scope, and the options of a server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Literal, Self

from ..config import Config
from ..core import AppCore, AppParts, ScopedFactory, scoped_factory
from ..errors import ConfigError
from ..handles import StateManager
from ..runtimes import Authenticate, ServerOptions, SessionHook
from ..threads import ExecutorSource
from ._uncaught import tell_in_a_sentence

__all__ = ["PeopleMethods"]


class PeopleMethods:
    """The methods of `Builder` for users."""

    def __init__(self) -> None:
        tell_in_a_sentence()  # from here on: what follows can fail too
        self._state = StateManager()
        self._scoped: tuple[ScopedFactory, ...] = ()
        self._server: ServerOptions | None = None
        self._executors: dict[str, ExecutorSource] = {}

    @property
    def server_options(self) -> ServerOptions | None:
        """The options that `server` has set; `None` for an application for one user."""
        return self._server

    def manage(
        self,
        state: object,
        *,
        scope: Literal["application", "user", "session"] = "application",
        shared: bool = False,
    ) -> Self:
        """Share an object with every command that has a `State[...]` parameter of its class.

        Args:
            state: The object. With another scope than the application: a factory, which takes the `User` or nothing, and
                returns the object, an awaitable of it, or an asynchronous context manager, which is left at the end.
            scope: On a server, `user` is one object for all sessions of a user in this process, and `session` one for each
                session. Where there is one user, both are made when the application starts.
            shared: With `scope="session"`: whether the object moves with its session to another process of the server. It
                is stored in the engine (`Builder.server(bus=...)`) soon after every call, as MessagePack of its fields: the
                class is a dataclass, an attrs class or a `msgspec.Struct`.

        Raises:
            ConfigError: An object of this class is managed already, this is no factory, or its objects cannot be shared.
        """
        if scope != "application" or shared:
            self._scoped = (*self._scoped, scoped_factory(state, scope, shared=shared))  # type: ignore[arg-type]  # checked there
            return self
        if not self._state.set(state):
            raise ConfigError(
                f"Builder.manage: an object of type {type(state).__qualname__} is managed already; one per class"
            )
        return self

    def executor(self, name: str, factory: Callable[[], Executor], *, host: str = "127.0.0.1") -> Self:
        """Let `@command(executor=name)` run functions in an executor.

        Args:
            name: Its name.
            factory: Makes it at its first use, and again when it is broken: any `concurrent.futures.Executor`, such as
                `lambda: ProcessPoolExecutor(4, mp_context=get_context("spawn"))`.
            host: The address of this machine at which the executor's processes reach this one, for the channels and the
                cancellation of calls; it listens there while a call that has them runs.

        Raises:
            ConfigError: An executor of this name was added already, or this is no factory.
        """
        if name in self._executors or not callable(factory):
            why = (
                "was added already; choose another name"
                if name in self._executors
                else "needs a function that makes it, such as `lambda: ProcessPoolExecutor(2)`"
            )
            raise ConfigError(f"Builder.executor: the executor {name!r} {why}")
        self._executors[name] = ExecutorSource(factory, host)
        return self

    def server(
        self,
        *,
        authenticate: Authenticate | None = None,
        anonymous: bool = False,
        login: str | None = None,
        secret: str | None = None,
        on_session: SessionHook | None = None,
        bus: str | None = None,
        probe_token: str | None = None,
        idle_seconds: float = 30.0,
        max_sessions: int = 10_000,
        max_user_sessions: int = 50,
        max_address_sessions: int = 1000,
        max_address_sessions_per_minute: int = 600,
        max_windows: int = 20,
        max_groups: int = 1000,
        max_user_calls: int = 100_000,
        max_user_calls_per_second: int | None = None,
        max_call_seconds: float | None = None,
        max_user_channels: int = 20_000,
        max_user_queued_bytes: int = 256 * 1024 * 1024,
        max_user_upload_bytes: int = 512 * 1024 * 1024,
        max_shared_bytes: int = 256 * 1024,
        hook_seconds: float = 10.0,
    ) -> Self:
        """Serve many users with the web runtime, each tab as a session with windows, events and resources of its own.

        `docs/server.md` says what differs from an application for one user.

        Args:
            authenticate: Takes the ASGI connection (Starlette's `HTTPConnection`) of every request and returns its `User`, the
                id of one, or `None` to refuse it. `def` runs in a worker, `async def` on the event loop. `None`: every browser
                that shows the token or a code of `Builder.web` is a user.
            anonymous: Whether a connection without a user gets a session, with a user of its own.
            login: Where a tab is led that has no user: an address of the application that this one is mounted in.
            secret: The key that signs what pages show; the processes of one server need the same. `None` for the environment
                variable `TRANSOM_SECRET`, else a random one, with which pages get new sessions when the server starts again.
            on_session: Called with the `AppHandle` of a session when it has begun and before its windows are made, to listen to
                events and join groups. `def` runs in a worker, `async def` on the event loop. An exception, `exit`, or more than
                `hook_seconds`, ends the session.
            bus: What carries events between the processes of one server: `memory` for a single one, or the address of a Redis
                or Valkey, `redis://host:port`, or of a NATS with JetStream, `nats://host:port`. `None` for the environment
                variable `TRANSOM_BUS`, else `memory`.
            probe_token: Answers `GET /healthz` (the process runs) and `GET /readyz` (it has begun, and its engine is there; else
                503) to requests with `Authorization: Bearer <probe_token>`. `None` answers neither.
            idle_seconds: How long a session without a page stays.
            max_sessions: The most sessions in this process.
            max_user_sessions: The most sessions of one user, in all processes.
            max_address_sessions: The most sessions without a user (`anonymous=True`) that come from one address (of IPv6: from
                one /64 network), in this process. Behind a proxy, the server must trust its headers.
            max_address_sessions_per_minute: The most of them that begin in a minute.
            max_windows: The most windows of one session.
            max_groups: The most groups that one session joins.
            max_user_calls: The most calls of one user without an answer, in this process; further ones are rejected.
            max_user_calls_per_second: The most calls of one user in a second, in this process; further ones are rejected.
                `None` for any number.
            max_call_seconds: How long a call may have no answer, streams too: it is then cancelled and rejected. `None` for any
                time.
            max_user_channels: The most channels of one user that the application keeps, in this process.
            max_user_queued_bytes: The bytes that wait for all pages of one user in this process. Each page has an even share,
                and at most `max_queued_bytes` of `Builder.limits`.
            max_user_upload_bytes: The most bytes of one user's calls that wait or run, in this process; further calls are
                rejected.
            max_shared_bytes: The most bytes of the shared state of one session; above, it does not move.
            hook_seconds: How long `authenticate`, `on_session`, and making or closing state with a scope may take.

        Raises:
            ConfigError: A number is not at least 1, or a secret has fewer than 16 characters.
        """
        self._server = ServerOptions(
            authenticate=authenticate,
            anonymous=anonymous,
            login=login,
            secret=secret,
            on_session=on_session,
            bus=bus,
            probe_token=probe_token,
            idle_seconds=idle_seconds,
            max_sessions=max_sessions,
            max_user_sessions=max_user_sessions,
            max_address_sessions=max_address_sessions,
            max_address_sessions_per_minute=max_address_sessions_per_minute,
            max_windows=max_windows,
            max_groups=max_groups,
            max_user_calls=max_user_calls,
            max_user_calls_per_second=max_user_calls_per_second,
            max_call_seconds=max_call_seconds,
            max_user_channels=max_user_channels,
            max_user_queued_bytes=max_user_queued_bytes,
            max_user_upload_bytes=max_user_upload_bytes,
            max_shared_bytes=max_shared_bytes,
            hook_seconds=hook_seconds,
        )
        return self

    def _core(self, config: Config, parts: AppParts) -> AppCore:
        if self._server is None:
            return AppCore(config, parts)
        from ..server import ServerCore  # an application for one user needs nothing of it

        return ServerCore(config, parts, self._server)
