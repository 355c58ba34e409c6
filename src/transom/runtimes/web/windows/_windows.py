"""The windows of the web runtime: which page shows which, and how they are opened, shown, left and closed."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ....errors import WindowError
from ....runtimes import (
    CloseWindow,
    CreateWindow,
    DestroyWindow,
    EvaluateScript,
    GetTitle,
    Host,
    IsFocused,
    IsVisible,
    Op,
    Page,
    ReloadPage,
    SetFocus,
    SetTitle,
    SetVisible,
    WindowEvent,
)
from ..link import CLOSED, WebLink
from ..state import STATE_READS, TAB_SCRIPTS, changes, in_the_page, parse_state
from ._window import WebWindow

if TYPE_CHECKING:
    from ..menus import WebMenus

__all__ = ["WebWindows"]

_GONE = 3.0  # seconds after which a page that was closed, not loaded again, counts as a closed window
_LEAVES = 2.0  # seconds that a page has to go when its window is closed
_RELOADS = 0.5  # seconds that the page before a reload gets to close its link
_LAST_CALLS = 0.5  # seconds that the last calls of a page have to come after its connection has ended
_MAX_REASON = 120  # bytes that the frame that closes a WebSocket has room for


class WebWindows:
    """The windows, in the order in which they were made; the first one is at the address of the application.

    Args:
        host: The application.
        ticket: Returns what a page shows to be the page of the window with this label.
        name: The application's name.
    """

    def __init__(self, host: Host, ticket: Callable[[str], str], name: str = "") -> None:
        self._host = host
        self._ticket = ticket
        self._windows: dict[str, WebWindow] = {}
        self._links: dict[str, WebLink] = {}
        self._name = name
        self._menus: WebMenus | None = None
        self._closing: set[asyncio.Task[None]] = set()  # of links whose windows are in other pages now
        # Windows whose pages have not come yet -> the page that was asked to open theirs, `None` while there is none.
        self._unopened: dict[str, str | None] = {}
        self._lock = threading.Lock()

    @property
    def links(self) -> list[WebLink]:
        """The links of all pages."""
        return list(self._links.values())

    def __contains__(self, label: str) -> bool:
        return label in self._windows

    def perform(self, op: Any) -> Any:
        """Do what an operation says; see `Runtime.perform`."""
        op = in_the_page(op, TAB_SCRIPTS)
        if isinstance(op, CreateWindow):
            self._create_window(op)
            return None
        window = self._windows.get(op.label)
        if window is None:
            raise WindowError.no_window(op.label)
        if type(op) in STATE_READS or isinstance(op, GetTitle | IsFocused | IsVisible):
            return self._read(window, op)
        if isinstance(op, DestroyWindow):
            self._destroyed(window)
        elif isinstance(op, CloseWindow):
            self._close(window)
        elif isinstance(op, SetVisible):
            self._set_visible(window, op.visible)
        elif isinstance(op, SetFocus) and op.label not in self._links:
            window.visible = True
            self._open(window)  # its page was closed and the window is about to count as closed
        elif isinstance(op, EvaluateScript):
            self._evaluate(window, op.script)
        elif type(op) in _OPERATIONS:
            if isinstance(op, SetTitle):
                window.title = op.title
            self._operate(op.label, *_OPERATIONS[type(op)](op))
        else:
            self._with_menus().perform(op)
        return None

    def _with_menus(self) -> WebMenus:
        with self._lock:
            if self._menus is None:
                from ..menus import WebMenus  # many applications have none

                self._menus = WebMenus(
                    self._name,
                    self._operate,
                    self._host.menu_event,
                    lambda label: self._close(self._windows[label]),
                )
            return self._menus

    def _read(self, window: WebWindow, op: Any) -> Any:
        if isinstance(op, GetTitle):
            return window.title
        if isinstance(op, IsVisible):
            return window.visible
        link = self._links.get(window.label)
        if isinstance(op, IsFocused):
            return link is not None and link.focused
        if window.state is None:
            raise WindowError(
                f"the page of the window `{window.label}` is not open, and only it could tell; show the window first"
            )
        return STATE_READS[type(op)](window.state)

    def _evaluate(self, window: WebWindow, script: str) -> None:
        with self._lock:
            link = self._links.get(window.label)
            if link is None:
                window.keep(script)
        if link is not None:
            link.operate("eval", script)

    def labels(self) -> tuple[str, ...]:
        """Return the labels of the windows; first the one that is at the address of the application."""
        with self._lock:
            windows = list(self._windows.values())
        # It is hidden only when no other is there: whoever opens the address is to see something. Tauri: a window of the name
        # `splashscreen` goes when the page of the hidden main window says so, which no browser opens before.
        known = [window for window in windows if window.label != "splashscreen"] or windows
        first = next((window for window in known if window.visible), next(iter(known), None))
        return tuple(window.label for window in sorted(windows, key=lambda window: window is not first))

    def address_of(self, label: str) -> str:
        """Return the address of a window's page from the root of the application; empty for the root and other sites."""
        with self._lock:
            window = self._windows.get(label)
        address = "" if window is None else window.address.lstrip("/")
        return "" if address == "index.html" or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address) else address

    async def stays(self, label: str) -> bool:
        """Tell whether a window has a page that does not go within a moment."""
        await self._other_page_goes(label)
        link = self._links.get(label)
        return link is not None and not link.is_lost

    def has_pages_beside(self, label: str) -> bool:
        """Tell whether other windows than this one have pages."""
        return any(other != label and not link.is_lost for other, link in list(self._links.items()))

    async def connected(self, page: Page, link: WebLink, url: str, takes: bool = False) -> bool:
        """Carry the link of a new page to its end.

        Args:
            page: The page.
            link: Its link.
            url: The address of its document.
            takes: Whether the user has chosen it over another page of the window.

        Returns:
            `False`, at once, when another page has the window and keeps it.
        """
        if not takes:
            await self._other_page_goes(page.label)
            other = self._links.get(page.label)
            if other is not None and not other.is_away:
                return False
        with self._lock:
            before = self._links.get(page.label)
            self._links[page.label] = link
            if (window := self._windows.get(page.label)) is not None:
                window.visible = True
                for script in window.take_scripts():
                    link.operate("eval", script)
        link.when_ended(partial(self._disconnected, page.label, link, asyncio.get_running_loop()))
        try:
            await self._carry(page, link, url, before)
        except BaseException:
            link.end()
            raise
        return True

    async def _other_page_goes(self, label: str) -> None:
        """Wait shortly for a window's page to go: the one before a reload may still be connected."""
        until = asyncio.get_running_loop().time() + _RELOADS
        while (link := self._links.get(label)) is not None and not link.is_away:
            seconds = until - asyncio.get_running_loop().time()
            if seconds <= 0:
                return
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(link.away.wait(), seconds)

    def _disconnected(self, label: str, link: WebLink, loop: asyncio.AbstractEventLoop) -> None:
        """Note that the page of a window has gone, unless another one has the window already."""
        if self._links.get(label) is not link:
            return
        del self._links[label]
        loop.call_later(0 if link.has_expired else _GONE, self._page_gone, label)
        window = self._windows.get(label)
        if window is None:
            return
        if link.focused:
            self._host.window_event(WindowEvent(label, "blur"))
        if window.leaving is link:
            self._has_left(window, link)

    async def _carry(self, page: Page, link: WebLink, url: str, before: WebLink | None) -> None:
        session = self._host.open_page(page, link)
        if before is not None:
            # Not waited for: a page that takes nothing, such as one in a debugger, cannot be told either.
            closing = asyncio.ensure_future(before.close(4001, "the window was opened in another page"))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
        self._host.page_load(page.label, "started", url)
        link.loaded = lambda: self._host.page_load(page.label, "finished", url)
        link.heard = partial(self._heard, page.label, link)
        window = self._windows.get(page.label)
        if window is not None and window.title:
            session.operate("title", window.title)
        if window is not None and not window.visible:
            session.operate("visible", False)
        if self._menus is not None:
            self._menus.replay(page.label, session.operate)
        link.open(session)
        self._take_back(page.label, "opened")
        self._open_again(None, page.label)  # a page that was loaded again has lost what it was asked for
        await link.run()

    def _page_gone(self, label: str) -> None:
        if label in self._links:
            return
        self._open_again(label)
        if (window := self._windows.get(label)) is not None and label != next(iter(self._windows), None):
            self._destroyed(window)

    def _heard(self, label: str, link: WebLink, word: str) -> None:
        """Heed a word of a page about its window (`transport_web.js`)."""
        window = self._windows.get(label)
        if window is None or self._links.get(label) is not link:
            return
        match word.split(" "):
            case ["focus" | "blur" as name]:
                link.focused = name == "focus"
                self._host.window_event(WindowEvent(label, name))
            case ["state", *words] if (state := parse_state(words)) is not None:
                before, window.state = window.state, state
                for changed, payload in changes(before, state):
                    self._host.window_event(WindowEvent(label, changed, payload))
            case ["menu", key] if self._menus is not None:
                self._menus.heard(label, key)
            case ["asked"] if window.leaving is link:
                window.asks = True
            case ["stays"] if window.leaving is link:
                window.stays()
                link.was_told_to_go = False
                self._open_again(label)

    def _close(self, window: WebWindow) -> None:
        """Close a window when the host lets it go, and its page has done what it does when it is left."""
        if window.asks:
            self._destroyed(window)
        elif window.leaving is None and self._host.window_event(WindowEvent(window.label, "close-requested")):
            link = self._links.get(window.label)
            if link is None or link.is_lost:
                self._destroyed(window)
                return
            window.leaving = link
            link.was_told_to_go = True
            link.operate("leave", *(self._beside(window) or ()))
            loop = self._host.loop
            loop.call_soon_threadsafe(loop.call_later, _LEAVES, self._leaves_no_more, window, link)

    def _leaves_no_more(self, window: WebWindow, link: WebLink) -> None:
        if window.leaving is link and not window.asks:
            self._destroyed(window)

    def _beside(self, window: WebWindow) -> tuple[str, str, str] | None:
        """Return what the tab of a window that goes turns to, when no other page is there to open windows.

        That is the address, the label and the ticket of another window.
        """
        with self._lock:
            others = [other for other in self._windows.values() if other is not window]
            if not others or any(label != window.label for label in self._links):
                return None
            beside = next((other for other in others if other.visible), others[0])
            self._unopened.setdefault(beside.label, window.label)
        return beside.address, beside.label, self._ticket(beside.label)

    def _create_window(self, op: CreateWindow) -> None:
        window = WebWindow(op.options)
        with self._lock:
            first = not self._windows
            self._windows[op.label] = window
        if not first and window.visible:
            self._open(window)

    def _set_visible(self, window: WebWindow, visible: bool) -> None:
        window.visible = visible
        if window.label in self._links:
            self._operate(window.label, "visible", visible)
        elif not visible:
            self._take_back(window.label, "withdraw")
        elif window.label not in self._unopened:
            self._open(window)

    def _open(self, window: WebWindow) -> None:
        """Let any page that is there open the page of a window, or the first that comes."""
        with self._lock:
            sessions = ((label, link.session) for label, link in list(self._links.items()) if not link.is_lost)
            asked, opener = next(((label, session) for label, session in sessions if session is not None), (None, None))
            self._unopened[window.label] = asked
        if opener is not None:
            opener.operate("open", window.address, window.label, self._ticket(window.label), window.features)

    def _take_back(self, label: str, name: str) -> None:
        """Tell the page that was asked to open a window that it is open now, or is not to be opened any more."""
        with self._lock:
            asked = self._unopened.pop(label, None)
        if asked is not None and asked != label:
            self._operate(asked, name, label)

    def _open_again(self, *asked: str | None) -> None:
        """Let windows be opened whose pages have not come, and of which one of these pages was asked."""
        with self._lock:
            there = self._windows  # one that was destroyed just now is not
            unopened = [there[label] for label, page in self._unopened.items() if page in asked and label in there]
            for window in unopened:
                if not window.visible:
                    del self._unopened[window.label]
            unopened = [window for window in unopened if window.visible]
        for window in unopened:
            self._open(window)

    def _operate(self, label: str, name: str, *arguments: Any) -> bool:
        if (link := self._links.get(label)) is not None:
            link.operate(name, *arguments)
        return link is not None

    def _has_left(self, window: WebWindow, link: WebLink) -> None:
        """Take a window away whose page has gone, and has sent its last calls."""
        if link.is_left:
            self._destroyed(window)
            return
        link.left = partial(self._destroyed, window)
        asyncio.get_running_loop().call_later(_LAST_CALLS, self._destroyed, window)

    def _destroyed(self, gone: WebWindow) -> None:
        label = gone.label
        with self._lock:
            if self._windows.get(label) is not gone:
                return
            del self._windows[label]
        if self._menus is not None:
            self._menus.gone(label)
        self._take_back(label, "withdraw")
        if (link := self._links.get(label)) is not None:
            # The page closes its window by this code: what is still queued for it goes with its session.
            beside = self._beside(gone)
            code, reason = (4002, CLOSED) if beside is None else (4003, _reason(*beside))
            asyncio.run_coroutine_threadsafe(link.close(code, reason), self._host.loop)
        self._host.window_event(WindowEvent(label, "destroyed"))


def _reason(address: str, label: str, ticket: str) -> str:
    """Return the reason for closing by which a tab turns to another window (`nextOf` in `transport_web.js`)."""
    start = f"{ticket} {quote(label, safe='')} "
    reason = start + quote(address, safe="%/:=&?~#+!$,;'@()*[]")
    # The root is the address of the first window. For a label too long for it, the user opens the address again.
    return reason if len(reason) <= _MAX_REASON else start if len(start) <= _MAX_REASON else ""


# Operation -> what the page is told (`operations` in `transport_web.js`). Add here what a page can do for its runtime.
_OPERATIONS: dict[type[Op[Any]], Callable[[Any], tuple[Any, ...]]] = {
    SetTitle: lambda op: ("title", op.title),
    SetFocus: lambda _: ("focus",),
    ReloadPage: lambda _: ("reload",),
}
