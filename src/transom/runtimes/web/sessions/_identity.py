"""The user of a connection, found once for every request, before anything else handles it."""

from __future__ import annotations

import asyncio
import hmac
import inspect
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.types import Receive, Scope, Send

from ....acl import User
from ....callables import is_async
from ....threads import Threads
from ... import ServerOptions
from ..access import visit_of
from ..responses import HEADERS

__all__ = ["USER", "Identity"]

USER: Final = "transom.user"
"""Where the ASGI scope holds the user; `None` when there is none."""
ANONYMOUS: Final = User("anonymous", anonymous=True)
_log = logging.getLogger("transom")
_FAILED = "it could not be found out who you are; the application's log says why. Try again later"


class Identity:
    """An ASGI application that finds out the user of every request and connection, and passes it on in the scope.

    Args:
        app: The ASGI application behind it.
        options: The options of the server.
        of_session: Returns the user of a connection by the runtime's own cookie, where the author has no `authenticate`.
        probe: Tells whether the process can serve, and figures about it.
        threads: The threads of the application.
    """

    def __init__(
        self,
        app: Starlette,
        options: ServerOptions,
        of_session: Callable[[HTTPConnection], User | None],
        probe: Callable[[], tuple[bool, dict[str, int]]],
        threads: Threads,
    ) -> None:
        self._threads = threads
        self._app = app
        self._options = options
        self._of_session = of_session
        self._probe = probe

    @asynccontextmanager
    async def lifespan(self, _application: object = None) -> AsyncIterator[None]:
        """Run around the life of a server, as the `lifespan` of an application that this one is mounted in.

        A server tells its start and end to the outermost application only. Without this, sessions end with the process.
        """
        async with self._app.router.lifespan_context(self._app):
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        probe = self._probe_of(connection)
        if probe is not None:
            await probe(scope, receive, send)
            return
        try:
            user = await asyncio.wait_for(self._user_of(connection), self._options.hook_seconds)
        except Exception:  # noqa: BLE001 - whatever the author's hook does, nobody gets in by it
            _log.exception("authenticate failed; the request is refused")
            await self._refuse(scope, receive, send, PlainTextResponse(_FAILED, 503, HEADERS))
            return
        if user is None and self._options.anonymous:
            user = ANONYMOUS
        if user is None and self._options.authenticate is not None:
            await self._refuse(scope, receive, send, self._unknown(connection))
            return
        await self._app({**scope, USER: user}, receive, send)

    def _probe_of(self, connection: HTTPConnection) -> JSONResponse | None:
        """Return the answer to a probe of whoever watches the process; `None` for every other request."""
        token = self._options.probe_token
        path = connection.scope["path"].removeprefix(connection.scope.get("root_path", ""))
        if token is None or connection.scope["type"] != "http" or path not in ("/healthz", "/readyz"):
            return None
        given = connection.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), f"Bearer {token}".encode()):
            return JSONResponse({"error": "a probe shows the token of Builder.server(probe_token=...)"}, 401, HEADERS)
        is_ready, facts = self._probe()
        ready = path == "/healthz" or is_ready
        return JSONResponse({"ready": is_ready, **facts}, 200 if ready else 503, HEADERS)

    async def _user_of(self, connection: HTTPConnection) -> User | None:
        authenticate = self._options.authenticate
        if authenticate is None:
            return self._of_session(connection)
        given: Any
        if is_async(authenticate):
            given = await authenticate(connection)  # type: ignore[misc]  # it is a coroutine function
        else:
            # In a share of its own: what hangs in it must not hold what commands do in `asyncio.to_thread`.
            given = await self._threads.in_share("authenticate", authenticate, connection)
            if inspect.isawaitable(given):
                given = await given
        if isinstance(given, str):
            return User(given)
        if given is None or isinstance(given, User):
            return given
        raise TypeError(
            f"Builder.server(authenticate=...): the hook returned {type(given).__qualname__}; return a transom.User, the id of "
            "one, or None to refuse"
        )

    def _unknown(self, connection: HTTPConnection) -> PlainTextResponse | RedirectResponse:
        login = self._options.login
        if (
            login is None
            or connection.scope.get("method") != "GET"
            or visit_of(connection.headers) in ("part", "ahead")
        ):
            return PlainTextResponse("log in first: this application is for users that it knows", 401, HEADERS)
        # Two slashes at the start would name another host.
        wanted = quote(
            "/" + connection.url.path.lstrip("/") + (f"?{connection.url.query}" if connection.url.query else ""),
            safe="",
        )
        return RedirectResponse(f"{login}{'&' if '?' in login else '?'}next={wanted}", 303, HEADERS)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, response: PlainTextResponse | RedirectResponse
    ) -> None:
        if scope["type"] == "http":
            await response(scope, receive, send)
            return
        await receive()  # the server's word that there is a connection
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
