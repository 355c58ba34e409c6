"""One client of an application: who it is, and its windows, webviews and pages."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from ..acl import User
from ..errors import WindowError
from ..runtimes import Link, Page
from ..threads import Threads, WorkerShare
from ..values import InvokeResponse, InvokeResponseBody
from ..wire import InvokeFrame, InvokeRequest
from ._call import Call, Respond, cancelled_report
from ._limits import QueueLimits
from ._resource import ResourceTables
from ._session import PageSession

__all__ = ["ChannelHook", "Client", "Dispatch"]

_log = logging.getLogger("transom")
_MAX_EARLY = 1000  # calls that wait for the link of their page
_LAST_CALLS_SECONDS = 10.0  # what calls that a page made while it was left have when it is gone
_LOOK_SECONDS = 0.005

# Gives a call its one answer, now or later, and never raises: client, page, call, its message, its buffers.
Dispatch: TypeAlias = "Callable[[Client, PageSession, Call, InvokeFrame, Sequence[memoryview]], None]"
# Page, callback of the channel, number of the message, message -> whether it was taken, and must not be sent.
ChannelHook: TypeAlias = Callable[[PageSession, int, int, InvokeResponseBody], bool]


class Client:
    """Stands between an application and the pages of one user.

    An application on a desktop has one client. A label names one window, and one webview, of a client.

    Args:
        threads: The application's threads.
        limits: The bounds of every page.
        dispatch: Answers the pages' calls.
        page_closed: Called once for every page generation that ends.
        on_channel: Called with every message of every channel; `None` for no interceptor.
        session_type: Makes the page generations: `PageSession`, or what observes them too.

    Attributes:
        user: The user that the client belongs to.
        groups: The groups whose events its pages get.
        focused: Label of the window that has the keyboard; `None` when none has.
        resources: The tables of resources that outlive a page.
    """

    def __init__(
        self,
        threads: Threads,
        limits: QueueLimits,
        dispatch: Dispatch,
        page_closed: Callable[[PageSession], None],
        on_channel: ChannelHook | None = None,
        *,
        user: User = User.LOCAL,
        session_type: Callable[..., PageSession] = PageSession,
    ) -> None:
        self.user = user
        self._session_type = session_type
        self.groups: frozenset[str] = frozenset()
        self.focused: str | None = None
        self.resources = ResourceTables(limits.max_resources)
        self._threads = threads
        self._limits = limits
        self._dispatch = dispatch
        self._page_closed = page_closed
        self._on_channel = on_channel
        self._webviews: dict[str, str] = {}  # label of a webview -> label of its window
        self._windows: dict[str, None] = {}
        self._pages: dict[str, PageSession] = {}
        # By label and not by page generation: a blocked worker outlives its page, and a page can be loaded again and again.
        self._workers: dict[str, WorkerShare] = {}
        self._early: dict[str, deque[tuple[InvokeRequest, Respond]]] = {}
        self._last_calls: set[Call] = set()  # of pages that are gone
        self._lock = threading.Lock()

    # Windows and webviews.

    @property
    def windows(self) -> list[str]:
        """Labels of the windows, in the order in which they were made."""
        return list(self._windows)

    @property
    def webviews(self) -> dict[str, str]:
        """The label of every webview, with the label of the window that it is in."""
        return dict(self._webviews)

    def add_window(self, label: str, *, bare: bool = False) -> None:
        """Register a window with one webview of the same label, or a bare one, without.

        Raises:
            WindowError: The label is taken.
        """
        with self._lock:
            if label in self._windows:
                raise WindowError(f"a window with label `{label}` already exists")
            if label in self._webviews and not bare:
                raise WindowError(f"a webview with label `{label}` already exists")
            self._windows[label] = None
            if not bare:
                self._webviews[label] = label

    def add_webview(self, label: str, window: str) -> None:
        """Register a webview inside a window.

        Raises:
            WindowError: The label is taken, or there is no such window.
        """
        with self._lock:
            self.check_window(window)
            if label in self._webviews:
                raise WindowError(f"a webview with label `{label}` already exists")
            self._webviews[label] = window

    def reparent(self, label: str, window: str) -> None:
        """Note that a webview is in another window now.

        Raises:
            WindowError: There is no such webview or window.
        """
        with self._lock:
            self.window_of(label)
            self.check_window(window)
            self._webviews[label] = window

    def remove_webview(self, label: str) -> None:
        """Forget a webview and end its page."""
        with self._lock:
            self._webviews.pop(label, None)
            self._workers.pop(label, None)
            page = self._pages.get(label)
            early = self._early.pop(label, ())
        if page is not None:
            page.close()
        for request, respond in early:
            _answer_early(request, respond)

    def remove_window(self, label: str) -> bool:
        """Forget a window, end its pages and release its resources; tell whether it was the client's last one."""
        with self._lock:
            known = label in self._windows
            self._windows.pop(label, None)
            webviews = [webview for webview, window in self._webviews.items() if window == label]
            for webview in webviews:
                del self._webviews[webview]
            pages = [page for webview in webviews if (page := self._pages.get(webview)) is not None]
            early = [call for webview in webviews for call in self._early.pop(webview, ())]
            for webview in webviews:
                self._workers.pop(webview, None)
            last = known and not self._windows
        if self.focused == label:
            self.focused = None
        for page in pages:
            page.close()
        for request, respond in early:
            _answer_early(request, respond)
        self.resources.end_window(label)
        return last

    def window_of(self, webview: str) -> str:
        """Return the label of the window that a webview is in.

        Raises:
            WindowError: There is no such webview.
        """
        try:
            return self._webviews[webview]
        except KeyError:
            raise WindowError.no_webview(webview) from None

    def webviews_of(self, window: str) -> list[str]:
        """Return the labels of the webviews in a window, none for one that is gone."""
        return [webview for webview, owner in self._webviews.copy().items() if owner == window]

    def check_window(self, label: str) -> None:
        """Refuse a label that no window has.

        Raises:
            WindowError: There is no such window.
        """
        if label not in self._windows:
            raise WindowError.no_window(label)

    # Pages.

    def open_page(self, page: Page, link: Link) -> tuple[PageSession, Sequence[tuple[InvokeRequest, Respond]]]:
        """Begin a page generation and end the one before it in the same webview.

        Returns:
            The generation, and the calls that a message system of the application's own brought before its link was there.
        """
        workers = self._workers.setdefault(page.label, WorkerShare(f"page {page.label!r}"))
        dispatch = partial(self._dispatch, self)
        session = self._session_type(
            page,
            link,
            self._limits,
            dispatch,
            self._closed,
            self._threads,
            self._on_channel,
            self._end_in_time,
            workers,
        )
        with self._lock:
            before = self._pages.get(page.label)
            self._pages[page.label] = session
            early = self._early.pop(page.label, ())
        if before is not None:
            before.close()
        return session, tuple(early)

    def _closed(self, session: PageSession) -> None:
        with self._lock:
            if self._pages.get(session.page.label) is session:
                del self._pages[session.page.label]
        self._page_closed(session)

    def _end_in_time(self, calls: Sequence[Call]) -> None:
        """Let the last calls of a page that is gone go on for some time."""
        with self._lock:
            self._last_calls = {call for call in self._last_calls if not call.answered}.union(calls)
        self._threads.loop.post(self._end_later, calls)

    def _end_later(self, calls: Sequence[Call]) -> None:
        """Give the last calls of a page some time, on the loop."""
        self._threads.loop.asyncio_loop.call_later(_LAST_CALLS_SECONDS, self._end_now, calls)

    def _end_now(self, calls: Sequence[Call]) -> None:
        _end_calls(calls)
        with self._lock:
            self._last_calls.difference_update(calls)  # each holds its page

    def wait_for_last_calls(self, seconds: float) -> None:
        """Wait until the last calls of pages that are gone have ended, at most `seconds`. Not on the event loop's thread."""
        end = time.monotonic() + seconds
        # Looked at again and again: to be told of it would cost every call something, and this happens once.
        while any(not call.answered for call in self._last_calls) and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)

    @property
    def pages(self) -> list[PageSession]:
        """The pages that have a link."""
        return list(self._pages.values())

    @property
    def queued_bytes(self) -> int:
        """Bytes that wait for the pages to read them."""
        return sum(page.outbox.queued_bytes for page in self.pages)

    def page(self, webview: str) -> PageSession:
        """Return the page that a webview shows.

        Raises:
            WindowError: There is no such webview, or it shows no page yet.
        """
        found = self._pages.get(webview)
        if found is None:
            raise (
                WindowError.no_webview(webview)
                if webview not in self._webviews
                else WindowError(f"the webview `{webview}` shows no page yet")
            )
        return found

    def tell_pages(self, text: str) -> None:
        """Let every page write an error to its console."""
        for page in list(self._pages.values()):
            page.operate("error", text)

    def page_or_wait(self, webview: str, request: InvokeRequest, respond: Respond) -> PageSession | None:
        """Return the page that a webview shows; `None` when it has none yet and the request was kept for it.

        Raises:
            WindowError: There is no such webview.
        """
        with self._lock:
            found = self._pages.get(webview)
            if found is None and webview in self._webviews:
                # A page may call before its link is there, by which alone we know of it.
                early = self._early.setdefault(webview, deque())
                if len(early) < _MAX_EARLY:
                    early.append((request, respond))
                    return None
        if found is None and webview in self._webviews:
            raise WindowError(f"the webview `{webview}` shows no page yet, and {_MAX_EARLY} calls wait for it already")
        return self.page(webview) if found is None else found

    def close(self) -> None:
        """End every page, release every resource, and answer the calls whose page never came."""
        with self._lock:
            early = [call for calls in self._early.values() for call in calls]
            self._early.clear()
        for request, respond in early:
            _answer_early(request, respond)
        for page in list(self._pages.values()):
            page.close()
        self.resources.close_all()


def _end_calls(calls: Sequence[Call]) -> None:
    for call in calls:
        call.page_gone()


def _answer_early(request: InvokeRequest, respond: Respond) -> None:
    """Reject a call whose page never came."""
    try:
        respond(InvokeResponse.err(cancelled_report(request.cmd)))
    except Exception:  # noqa: BLE001 - the author's responder must not keep the other calls from their answers
        _log.exception("the responder of the invoke system failed for command %r", request.cmd)
