"""The options of an application that serves many users."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import msgspec

from ...acl import User
from ...errors import ConfigError

__all__ = ["Authenticate", "ServerOptions", "SessionHook"]

# Takes the ASGI connection, Starlette's `HTTPConnection`: `def` runs in a worker, `async def` on the event loop. `None`
# refuses, unless anonymous sessions are possible.
Authenticate: TypeAlias = Callable[[Any], User | str | Awaitable[User | str | None] | None]


# Called with the `AppHandle` of a session that begins: `def` in a worker, `async def` on the event loop.
SessionHook: TypeAlias = Callable[[Any], object]


_OPEN = ("max_user_calls_per_second", "max_call_seconds")
_SECONDS = ("idle_seconds", "hook_seconds")


class ServerOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options; see `Builder.server`.

    Attributes:
        authenticate: Returns the user of a connection; `None` for one user for each browser that has shown a token or code.
        anonymous: Whether a connection without a user gets a session.
        login: The address of a page to log in at; `None` for none.
        secret: The key that signs tickets; processes that share it accept each other's. `None` for a random one.
        on_session: Called when a session has begun, before its pages can call; `None` for nothing.
        bus: The address of the engine that carries events between processes; `None` for `$TRANSOM_BUS`, else memory.
        probe_token: What `GET /healthz` and `/readyz` need to be answered; `None` answers neither.
        idle_seconds: How long a session without a page stays.
        max_sessions: The most sessions in this process.
        max_user_sessions: The most sessions of one user, in all processes.
        max_address_sessions: The most sessions without a user of one address in this process.
        max_address_sessions_per_minute: The most of them that begin in a minute.
        max_windows: The most windows of one session.
        max_groups: The most groups of one session.
        max_user_calls: The most calls of one user without an answer, in this process.
        max_user_calls_per_second: The most calls of one user in a second, in this process; `None` for any number.
        max_call_seconds: How long a call may have no answer; `None` for any time.
        max_user_channels: The most channels of one user that the application keeps, in this process.
        max_user_queued_bytes: The bytes that wait for all pages of one user in this process, which they share evenly.
        max_user_upload_bytes: The most bytes of one user's calls that wait or run, in this process.
        max_shared_bytes: The most bytes of the shared state of one session.
        hook_seconds: How long `authenticate`, `on_session`, and the factories and context managers of state may take.

    Raises:
        ConfigError: A number is not at least 1, or a secret has fewer than 16 characters.
    """

    authenticate: Authenticate | None = None
    anonymous: bool = False
    login: str | None = None
    secret: str | None = None
    on_session: SessionHook | None = None
    bus: str | None = None
    probe_token: str | None = None
    idle_seconds: float = 30.0
    max_sessions: int = 10_000
    max_user_sessions: int = 50
    max_address_sessions: int = 1000
    max_address_sessions_per_minute: int = 600
    max_windows: int = 20
    max_groups: int = 1000
    max_user_calls: int = 100_000
    max_user_calls_per_second: int | None = None
    max_call_seconds: float | None = None
    max_user_channels: int = 20_000
    max_user_queued_bytes: int = 256 * 1024 * 1024
    max_user_upload_bytes: int = 512 * 1024 * 1024
    max_shared_bytes: int = 256 * 1024
    hook_seconds: float = 10.0

    def __post_init__(self) -> None:
        for name in (*(field for field in self.__struct_fields__ if field.startswith("max_")), *_SECONDS):
            value = getattr(self, name)
            if value is None and name in _OPEN:
                continue
            if not isinstance(value, int | float) or not value >= 1:
                raise ConfigError(f"Builder.server: {name} is {value!r}; it must be a number of at least 1")
        for name in ("secret", "probe_token"):
            secret = getattr(self, name)
            if secret is not None and len(secret) < 16:
                raise ConfigError(f"Builder.server: {name} has fewer than 16 characters; take secrets.token_hex(32)")
