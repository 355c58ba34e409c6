"""The web runtime of an application for many users."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ...acl import User
from ...errors import WindowError
from .. import Host, Op, ServerHost, ServerOptions, Settings, Tickets
from ._runtime import WebRuntime
from .access import Access, Listening, cookie_name, say

if TYPE_CHECKING:
    import uvicorn
    from starlette.requests import HTTPConnection

    from ._connections import Connections
    from ._server import WebServer
    from .sessions import Sessions

__all__ = ["ServerRuntime"]

T = TypeVar("T")


class UsersAccess(Access):
    """Decides about requests of which it is known who sends them: names, origins and fetch metadata remain."""

    def has_session(self, connection: HTTPConnection) -> bool:
        """Tell whether a request is of a user."""
        from .sessions import USER

        return connection.scope.get(USER) is not None

    def user_of(self, connection: HTTPConnection) -> User | None:
        """Return the user that stands for a browser which was admitted by a token or a code; `None` for another browser."""
        if not super().has_session(connection):
            return None
        # The cookie is a secret, and the id of a user is none.
        number = connection.cookies[cookie_name(connection)].partition(".")[0]
        return User(f"browser-{hashlib.sha256(number.encode()).hexdigest()[:16]}")


class ServerRuntime(WebRuntime):
    """Windows as pages of browsers, those of each user's sessions apart from all others."""

    def __init__(self, host: Host, settings: Settings) -> None:
        self._server_options: ServerOptions = settings.options["server"]
        super().__init__(host, settings)
        self._tickets = Tickets(
            self._server_options.secret or os.environ.get("TRANSOM_SECRET") or secrets.token_hex(32)
        )
        self._sessions: Sessions | None = None
        self._first_labels: tuple[str, ...] = tuple(settings.options["first_labels"])

    def perform(self, op: Op[T]) -> T:
        """See `Runtime`.

        Raises:
            WindowError: Always: every window is a session's.
        """
        raise WindowError(
            "an application for many users has windows in its sessions only; take the AppHandle that a command, or "
            "Builder.server(on_session=...), gets"
        )

    def asgi(self, begin: Callable[[], None], end: Callable[[], None]) -> Any:
        """See `WebRuntime.asgi`."""
        self._begin = begin
        if self._token is None and self._server_options.authenticate is None and not self._server_options.anonymous:
            self._log_code()

        def ended() -> None:
            end()
            self._work.put(None)

        server = self._make_server()
        server.ended = ended
        server.ending = self.end_sessions
        return self._identified(server)

    async def end_sessions(self) -> None:
        """End every session, on the event loop."""
        if self._sessions is not None:
            await self._sessions.end_all()

    def _probe(self) -> tuple[bool, dict[str, int]]:
        self._ensure_begun()  # who waits for it sends no request before
        sessions = 0 if self._sessions is None else self._sessions.count
        return cast("ServerHost", self._host).is_ready, {"sessions": sessions}

    def _identified(self, server: WebServer) -> Any:
        from .sessions import Identity

        access = cast("UsersAccess", self._access)
        return Identity(server.asgi, self._server_options, access.user_of, self._probe, self._host.threads)

    def _new_access(self, names: Collection[str], *, any_address: bool = False) -> Access:
        return UsersAccess(
            self._token,
            self._installation.secret,
            {*names, *self._options.get("allowed_hosts", ())},
            any_address=any_address,
            spent=lambda: self._announce_again(),  # noqa: PLW0108 - it changes when there is an address
        )

    def _make_server(self) -> WebServer:
        from ._sessions_server import SessionServer
        from .sessions import Sessions

        host = cast("ServerHost", self._host)
        self._sessions = Sessions(host, self._server_options, self._tickets, self.post)
        return SessionServer(
            self._settings,
            access=self._access,
            started=self._ensure_begun,
            tickets=self._tickets,
            sessions=self._sessions,
            first_labels=self._first_labels,
            threads=host.threads,
        )

    def _make_carrier(self, server: WebServer, connections: Connections) -> uvicorn.Server:
        import uvicorn

        from .sockets import LinkProtocol

        trusted = list(self._options.get("trusted_proxies", ()))
        config = uvicorn.Config(
            self._identified(server),
            proxy_headers=bool(trusted),
            forwarded_allow_ips=trusted,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws=LinkProtocol,
            ws_max_size=self._settings.max_message_bytes + 65536,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        return uvicorn.Server(config)

    async def _close_links(self) -> None:
        await self.end_sessions()

    def _announce(self, listening: Listening) -> None:
        options = self._server_options
        if options.authenticate is None and not options.anonymous:
            super()._announce(listening)
            return
        self.address = f"{listening.base}/"
        say(f"{self._settings.name} is at {self.address}")
