"""One session: its windows, and how long it stays without a page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from ....acl import User
from ... import Op, Page, SessionHost
from ..link import WebLink
from ..windows import PARTIAL, UNSUPPORTED, WINDOW_EVENTS, WINDOW_OPTIONS, WebWindows

__all__ = ["SessionRuntime", "WebSession"]

T = TypeVar("T")
_LATE = 0.1  # seconds that a timer may be late on a loop that keeps up
_PATIENCE = 20  # times that a new session waits longer


class SessionRuntime:
    """The `Runtime` of one session: its windows are pages of one browser.

    Args:
        windows: Its windows.
        post: Runs work on the server's main thread.
        end: Ends the session. Any thread.
    """

    name: ClassVar[str] = "web"
    UNSUPPORTED: ClassVar[Mapping[type[Op[Any]], str]] = UNSUPPORTED
    PARTIAL: ClassVar[Mapping[type[Op[Any]], str]] = PARTIAL
    WINDOW_OPTIONS: ClassVar[frozenset[str]] = WINDOW_OPTIONS
    WEBVIEW_HOOKS: ClassVar[frozenset[str]] = frozenset()
    WINDOW_EVENTS: ClassVar[frozenset[str]] = WINDOW_EVENTS
    windows_on_loop: ClassVar[bool] = True

    def __init__(
        self,
        windows: WebWindows,
        post: Callable[[Callable[[], object]], None],
        end: Callable[[], object],
    ) -> None:
        self.windows = windows
        self._post = post
        self._end = end

    def run(self) -> int:
        """See `Runtime`: the server runs."""
        return 0

    def perform(self, op: Op[T]) -> T:
        """See `Runtime`."""
        return self.windows.perform(op)  # type: ignore[no-any-return]

    def post(self, work: Callable[[], object]) -> None:
        """See `Runtime`."""
        self._post(work)

    def quit(self, code: int) -> None:
        """End the session; the server goes on."""
        self._end()


class WebSession:
    """A session and its pages; it lives on the event loop.

    Args:
        session_id: What tells it apart.
        user: Its user.
        identity: The user as connections show it; an anonymous session has a user of its own.
        host: Its host.
        windows: Its windows.
        idle_seconds: How long it stays without a page.
        end: Ends it.
    """

    def __init__(
        self,
        session_id: str,
        user: User,
        identity: User,
        host: SessionHost,
        windows: WebWindows,
        idle_seconds: float,
        end: Callable[[], object],
    ) -> None:
        self.id = session_id
        self.user = user
        self.identity = identity
        self.host = host
        self.windows = windows
        self.ended = False
        self._idle_seconds = idle_seconds
        self._end = end
        self._pages = 0
        self._patience = _PATIENCE  # until its first page is here
        self._timer: asyncio.TimerHandle | None = None
        self._watch()

    async def connected(self, page: Page, link: WebLink, url: str, takes: bool) -> bool:
        """Carry the link of a page; see `WebWindows.connected`."""
        self.page_comes()
        link.when_ended(self.page_goes)
        carried = False
        try:
            carried = await self.windows.connected(page, link, url, takes)
        finally:
            if not carried and not link.has_ended:
                self.page_goes()
        return carried

    def page_comes(self) -> None:
        """Note that there is a page."""
        self._pages += 1
        self._patience = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def page_goes(self) -> None:
        """Note that a page has gone; without any, the session ends after a while."""
        self._pages -= 1
        if not self._pages and not self.ended:
            self._watch()

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._idle_seconds, self._idle, loop.time() + self._idle_seconds)

    def _idle(self, due: float) -> None:
        late = asyncio.get_running_loop().time() - due
        if late > _LATE and self._patience:
            # The loop is far behind, such as when thousands of pages come at once: this session's may be among them.
            self._patience -= 1
            self._watch()
        else:
            self._end()

    def stop(self) -> None:
        """End no more by itself."""
        self.ended = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
