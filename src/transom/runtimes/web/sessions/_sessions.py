"""The sessions of this process: each begins with the first page that shows a ticket, and ends when it is unused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from ....acl import User
from ... import ServerHost, ServerOptions, SessionEnded, SessionHost, Tickets, Verdict
from ..link import CLOSED, MOVED
from ..windows import WebWindows
from ._counts import SessionCounts
from ._session import SessionRuntime, WebSession

__all__ = ["Sessions"]

_log = logging.getLogger("transom")


class Sessions:
    """Finds, begins and ends sessions. On the event loop.

    Args:
        host: The application.
        options: Its options as a server.
        tickets: Signs the tickets of windows.
        post: Runs work on the server's main thread.
    """

    def __init__(
        self,
        host: ServerHost,
        options: ServerOptions,
        tickets: Tickets,
        post: Callable[[Callable[[], object]], None],
    ) -> None:
        self._host = host
        self._options = options
        self._tickets = tickets
        self._post = post
        self._sessions: dict[str, WebSession] = {}
        self._beginning: dict[str, asyncio.Task[WebSession]] = {}
        self._ending: dict[str, asyncio.Task[None]] = {}
        self._counts = SessionCounts(options)
        self._moving = host.moving
        if self._moving is not None:
            self._moving.on_release(self.release, partial(self.end, keep=True))

    def find(self, session_id: str, identity: User) -> WebSession | None:
        """Return a session of a user; `None` when there is none, or it is another user's or of the user's former roles."""
        found = self._sessions.get(session_id)
        if found is None or found.identity != identity or found.identity.roles != identity.roles:
            return None
        return found

    def get(self, session_id: str) -> WebSession | None:
        """Return a session whose user was compared already; `None` when there is none."""
        return self._sessions.get(session_id)

    async def labels_of(self, session_id: str) -> tuple[str, ...]:
        """Return the labels of the windows of a session that another process has, or had."""
        if self._moving is None or session_id in self._sessions or session_id in self._beginning:
            return ()
        return await self._moving.labels_of(session_id)

    async def is_elsewhere(self, session_id: str) -> bool:
        """Tell whether another process has a session, so that its pages can go on there."""
        if self._moving is None or session_id in self._sessions:
            return False
        return await self._moving.is_elsewhere(session_id)

    async def release(self, session_id: str, label: str, takes: bool) -> Verdict:
        """Give a session up for a page of another process, unless its pages are here; see `Moving.on_release`."""
        if session_id in self._beginning:
            return "kept"
        session = self._sessions.get(session_id)
        if session is None:
            if (ending := self._ending.get(session_id)) is None:
                return "gone"
            await asyncio.wait((ending,))  # what it has is stored then
            return "released"
        if not takes and await session.windows.stays(label):
            return "elsewhere"
        if session.windows.has_pages_beside(label):
            return "kept"
        if (task := self.end(session_id, keep=True)) is not None:
            await asyncio.wait((task,))
        return "released"

    async def take(
        self, session_id: str, identity: User, label: str = "", *, takes: bool = False, address: str = ""
    ) -> WebSession:
        """Return a session of a user, begun now if there is none.

        Args:
            session_id: The session's id, from a ticket that was signed for this user.
            identity: The user as the connection shows it.
            label: Label of the window whose page is here; empty if that is not known.
            takes: Whether the user has chosen it over another page of the window.
            address: The address of its connection; empty if the server knows none.

        Raises:
            LimitReached: There are too many sessions.
            SessionElsewhere: Another process has it, and keeps it.
            SessionEnded: It is another user's.
            Exception: What the host raises.
        """
        found = self._sessions.get(session_id)
        if found is not None:
            if self.find(session_id, identity) is None:
                raise SessionEnded(session_id)
            return found
        beginning = self._beginning.get(session_id)
        if beginning is None:
            self._counts.add(session_id, identity, address)
            beginning = asyncio.ensure_future(self._begin(session_id, identity, label, takes))
            self._beginning[session_id] = beginning
            beginning.add_done_callback(partial(self._begun, session_id))
        # The page may leave meanwhile; the session is then begun all the same, and ends as one without a page does.
        return await asyncio.shield(beginning)

    async def _begin(self, session_id: str, identity: User, label: str, takes: bool) -> WebSession:
        # Until it has ended here it may still be stored, and would replace what is stored of the new one.
        while (ending := self._ending.get(session_id)) is not None:
            await asyncio.wait((ending,))
        # Nobody knows who is behind an anonymous session, so it has nothing in common with another one.
        user = User(User.ANONYMOUS + session_id[:16], anonymous=True) if identity.anonymous else identity
        made: list[WebWindows] = []
        loop = asyncio.get_running_loop()

        def end() -> None:
            loop.call_soon_threadsafe(self.end, session_id)

        def runtime(host: SessionHost) -> SessionRuntime:
            made.append(WebWindows(host, partial(self._tickets.ticket, session_id, identity)))
            return SessionRuntime(made[0], self._post, end)

        host = await self._host.begin_session(session_id, user, runtime, label, takes=takes)
        session = WebSession(
            session_id,
            user,
            identity,
            host,
            made[0],
            self._options.idle_seconds,
            partial(self.end, session_id),
        )
        self._sessions[session_id] = session
        return session

    def _begun(self, session_id: str, task: asyncio.Task[WebSession]) -> None:
        del self._beginning[session_id]
        if task.cancelled() or task.exception() is not None:
            self._counts.remove(session_id)

    def end(self, session_id: str, *, keep: bool = False) -> asyncio.Task[None] | None:
        """End a session. Nothing happens if there is none.

        Args:
            session_id: The session.
            keep: Whether it goes on in another process, or when the server runs again: its pages connect again then.

        Returns:
            What ends it; `None` if there is none.
        """
        session = self._sessions.pop(session_id, None)
        if session is None:
            return None
        session.stop()
        self._counts.remove(session_id)
        task = asyncio.ensure_future(self._end(session, keep))
        self._ending[session_id] = task
        task.add_done_callback(partial(self._has_ended, session_id))
        return task

    def _has_ended(self, session_id: str, task: asyncio.Task[None]) -> None:
        if self._ending.get(session_id) is task:
            del self._ending[session_id]

    async def _end(self, session: WebSession, keep: bool) -> None:
        links = session.windows.links
        why = (1012, MOVED) if keep else (4002, CLOSED)
        # Not waited for longer: a page that takes nothing cannot be told.
        await asyncio.wait([asyncio.ensure_future(link.close(*why)) for link in links] or [_nothing()], timeout=1)
        for link in links:
            link.end()
        try:
            await session.host.end_session(keep=keep)
        except Exception:  # noqa: BLE001 - the other sessions go on
            _log.exception("the session of %r could not be ended in order", session.user.id)

    async def end_all(self) -> None:
        """End every session, also those that are beginning, and wait until they have ended."""
        beginning = list(self._beginning.values())
        for task in beginning:
            task.cancel()
        if beginning:
            await asyncio.wait(beginning)
        for session_id in list(self._sessions):
            self.end(session_id, keep=True)
        if self._ending:
            await asyncio.wait(self._ending.values())

    def reconnected(self) -> None:
        """Note that a page's link has gone on over another connection."""
        self._host.reconnected()

    @property
    def count(self) -> int:
        """How many sessions there are."""
        return len(self._sessions)


def _nothing() -> asyncio.Future[None]:
    future = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future
