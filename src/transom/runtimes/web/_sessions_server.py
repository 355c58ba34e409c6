"""The server of the web runtime for many users: the same documents and links, each for one session."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from ...acl import User
from ...errors import LimitReached
from ...threads import Threads
from .. import (
    Page,
    SessionElsewhere,
    SessionEnded,
    Settings,
    Tickets,
    UriSchemeContext,
    UriSchemeProtocol,
    UriSchemeRequest,
    UriSchemeResponse,
)
from ._admission import Again
from ._server import WebServer
from .access import Access, Issued, Served, Visit
from .link import CLOSED, ELSEWHERE, FAILED, MOVED, LinkSocket, WebLink
from .responses import hop, scheme_address
from .sessions import USER, Sessions

__all__ = ["SessionServer"]

_log = logging.getLogger("transom")
_MAX_USED = 10_000  # keys that are remembered, so that none is good twice while it is valid
_USED_SECONDS = 240.0  # after which a key is too old in any case
_ID = 32
_STORED = 0.2  # seconds in which what a session has is stored
_SESSION = re.compile(f"[0-9a-f]{{{_ID}}}")


class SessionAdmission(NamedTuple):
    """A page that opens its link.

    Attributes:
        served: Its document.
        session_id: The session that it belongs to.
        user: The user of its connection.
        label: Label of its window; `None` for the first one of a session that begins.
        takes: Whether the user has chosen it over another page of the window.
        is_new: Whether its tab has shown no ticket, or one that is not good, so that it must be told its own.
        ticket: The ticket that it has shown; empty for none.
        address: The address of its connection, as the server knows it; empty for none.
    """

    served: Served
    session_id: str
    user: User
    label: str | None
    takes: bool
    is_new: bool
    ticket: str
    address: str


class SessionServer(WebServer):
    """The ASGI application behind `Identity`.

    Args:
        settings: Settings of the runtime.
        access: Decides about names, origins and fetch metadata.
        started: See `WebServer`.
        tickets: Signs tickets and keys.
        sessions: The sessions.
        first_labels: The labels of the windows that a session begins with; the first is at the address.
        threads: The threads of the application.
    """

    # Of all users: one who loads many documents must not make the server forget those of others.
    _max_unclaimed = _MAX_USED

    def __init__(
        self,
        settings: Settings,
        *,
        access: Access,
        started: Callable[[], None],
        tickets: Tickets,
        sessions: Sessions,
        first_labels: tuple[str, ...],
        threads: Threads,
    ) -> None:
        super().__init__(
            settings,
            access=access,
            started=started,
            labels=lambda: first_labels,
            connected=_not_connected,
            serve=self._serve_session,
            threads=threads,
        )
        self._threads = threads
        self._tickets = tickets
        self._sessions = sessions
        self._first_labels = first_labels
        self._used: dict[str, float] = {}  # each with the time of its use

    def _at_the_door(self, request: Request) -> Response:
        # Links in mails and the way back from a login begin in other sites. A page of this origin leads on.
        address = str(request.url.replace(scheme="", netloc=""))
        return hop("/" + address.lstrip("/"))

    def _issue(self, request: Request, visit: Visit, frame: str) -> Issued:
        user: User = request.scope[USER]
        label = self._first_label()
        key = self._tickets.key(user, time.time())
        self._note(Served(key, f"{request.url.scheme}://{request.headers['host']}", str(request.url), True, frame))
        return Issued(key, label, self._tickets.ticket(self._tickets.new_session(), user, label))

    def _is_of(self, connection: HTTPConnection, key: str) -> bool:
        return self._tickets.is_key(key, connection.scope[USER], None)

    def _claim(self, connection: HTTPConnection, key: str) -> Served | None:
        now = time.time()
        if key in self._used or not self._tickets.is_key(key, connection.scope[USER], now):
            return None
        self._used[key] = now
        while len(self._used) > _MAX_USED or next(iter(self._used.values())) < now - _USED_SECONDS:
            del self._used[next(iter(self._used))]
        served = super()._claim(connection, key)
        if served is not None or self._settings.isolation is not None:
            return served
        # Another process has served the document, so nothing is known of its address but its origin.
        origin = connection.headers["origin"]
        return Served(key, origin, f"{origin}{connection.scope.get('root_path', '')}/", True, "")

    def _admission(self, connection: HTTPConnection, served: Served, shown: Mapping[str, str]) -> SessionAdmission:
        user: User = connection.scope[USER]
        ticket = shown.get("window", "")
        session = self._sessions.find(ticket[:_ID], user)
        labels = self._first_labels if session is None else session.windows.labels()
        found = self._tickets.session_of(ticket, user, labels)
        # Proxies' headers count as far as the server trusts them.
        address = connection.client.host if connection.client is not None else ""
        if found is None:
            # Somebody else's, such as of the user who has just logged out in this tab or has other roles now; or of a window
            # that is gone.
            new = self._tickets.new_session()
            return SessionAdmission(served, new, user, None, "take" in shown, True, ticket, address)
        return SessionAdmission(served, *found[:1], user, found[1], "take" in shown, False, ticket, address)

    async def _look_up(self, admission: SessionAdmission) -> SessionAdmission:
        """Return the admission of a page to a window that another process knows."""
        user, ticket = admission.user, admission.ticket
        if not admission.is_new or not _SESSION.fullmatch(ticket[:_ID]):
            return admission
        for _ in range(2):
            labels = await self._sessions.labels_of(ticket[:_ID])
            found = self._tickets.session_of(ticket, user, labels)
            if found is not None:
                return admission._replace(session_id=found[0], label=found[1], is_new=False)
            if not labels:
                break
            await asyncio.sleep(_STORED)  # the window may have been made just now, by another process
        return admission

    async def carry(self, admission: Any, socket: LinkSocket) -> None:
        """See `WebServer.carry`."""
        if isinstance(admission, Again):
            session_id = admission.ticket[:_ID]
            if (
                admission.link is None
                and _SESSION.fullmatch(session_id)
                and await self._sessions.is_elsewhere(session_id)
            ):
                await socket.close(1013, MOVED)  # the page tries again, until it meets the process that has it
                return
            await self._carry_again(admission, socket, self._sessions.reconnected)
            return
        served, session_id, user, label, takes, is_new, _, address = await self._look_up(admission)
        try:
            session = await self._sessions.take(session_id, user, label or "", takes=takes, address=address)
        except SessionElsewhere as error:
            self._give_back(served)
            await socket.close(*((4010, ELSEWHERE) if error.may_take else (4013, MOVED)))
            return
        except LimitReached as error:
            _log.warning("%s; no session is begun", error)
            await socket.close(4029, "there are too many sessions; close a tab, or try again later")
            return
        except SessionEnded:
            await socket.close(4002, CLOSED)
            return
        except Exception:  # noqa: BLE001 - what the author's factory or hook raises concerns this session alone
            _log.exception("the session of the user %r could not be begun", user.id)
            await socket.close(1011, FAILED)
            return
        label = label or next(iter(session.windows.labels()), None)
        if label is None or label not in session.windows:
            await socket.close(4002, CLOSED)
            return
        link = WebLink(socket, *self._keep)
        if is_new:
            link.operate("become", label, self._tickets.ticket(session_id, user, label))
        if not await self._connect(session.connected, self._page(label, served), link, served, takes):
            self._give_back(served)
            await socket.close(4010, ELSEWHERE)

    def _give_back(self, served: Served) -> None:
        """Let the page of a document come again with its key: when the user has chosen it, or to another process."""
        self._keys[served.key] = served
        self._used.pop(served.key, None)

    # Files and schemes

    def _part_refusal(self, scheme: str, connection: HTTPConnection) -> str | None:
        refusal = super()._part_refusal(scheme, connection)
        if refusal is None and self._session_at(scheme_address(connection, scheme).label, connection) is None:
            refusal = "this address is of no session of the user"
        return refusal

    def _session_at(self, place: str, connection: HTTPConnection) -> Any:
        session_id, _, label = place.partition(".")
        session = self._sessions.find(session_id, connection.scope[USER])
        return None if session is None or label not in session.windows else session

    def _asset_scope(self, label: str) -> Callable[[Path], bool] | None:
        session = self._sessions.get(label.partition(".")[0])
        return None if session is None or self._settings.asset_scope is None else session.host.asset_scope_allows

    async def _serve_session(
        self, protocol: UriSchemeProtocol, place: str, request: UriSchemeRequest
    ) -> UriSchemeResponse | None:
        session_id, _, label = place.partition(".")
        session = self._sessions.get(session_id)
        if session is None or label not in session.windows:
            return None
        return await protocol.serve(
            UriSchemeContext(app_handle=session.host.app_handle(), webview_label=label),
            request,
            self._threads,
            f" of session {session_id[:8]}",
        )


async def _not_connected(_page: Page, _link: WebLink, _url: str, _takes: bool) -> bool:
    raise AssertionError("a page is connected by its session")
