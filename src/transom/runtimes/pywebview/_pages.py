"""The windows of the pywebview runtime and the links of their pages: made, left, closed, taken away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ...errors import WindowError
from ...runtimes import (
    CloseWindow,
    DestroyWindow,
    EvaluateScript,
    Host,
    Page,
    PerformPredefined,
    PopupMenu,
    ReloadPage,
    SetMenuVisible,
    SetWindowMenu,
    WindowEvent,
)
from ..web.link import CLOSED, WebLink
from ..web.state import PageState, parse_state
from ._window import NativeWindow

if TYPE_CHECKING:
    from ..web.menus import WebMenus

__all__ = ["PAGE_OPS", "Desk", "Pages"]

_LEAVES = 2.0  # seconds that a page has to go when its window is closed
_LAST_CALLS = 0.5  # seconds that the last calls of a page have to come after its connection has ended
# Operations that need no call of pywebview.
PAGE_OPS = (
    CloseWindow,
    DestroyWindow,
    EvaluateScript,
    ReloadPage,
    PerformPredefined,
    PopupMenu,
    SetMenuVisible,
    SetWindowMenu,
)


class Desk(Protocol):
    """The runtime, as its windows see it."""

    def take_away(self, window: NativeWindow) -> None:
        """Let pywebview destroy a window, soon. Any thread; returns at once."""

    def on_window_thread(self, work: Callable[[], object]) -> None:
        """Run work on the thread of the event loop, and wait for it unless the caller must not wait."""

    def seen(self, window: NativeWindow) -> None:
        """Note that a window may have another place or size. Any thread; returns at once."""


class Pages:
    """The windows by label, and the link of each one's page.

    Args:
        host: The application.
        desk: The runtime.
        name: The application's name.
    """

    def __init__(self, host: Host, desk: Desk, name: str) -> None:
        self._name = name
        self._menus: WebMenus | None = None
        self._host = host
        self._desk = desk
        self._windows: dict[str, NativeWindow] = {}
        self._links: dict[str, WebLink] = {}
        self._closing: set[asyncio.Task[None]] = set()  # of links whose windows have other pages now
        self._lock = threading.Lock()

    @property
    def links(self) -> list[WebLink]:
        """The links of all pages."""
        return list(self._links.values())

    def __contains__(self, label: str) -> bool:
        return label in self._windows

    def __iter__(self) -> Any:
        return iter(list(self._windows.values()))

    def labels(self) -> tuple[str, ...]:
        """Return the labels of the windows."""
        return tuple(self._windows)

    def window(self, label: str) -> NativeWindow:
        """Return a window.

        Raises:
            WindowError: There is none with this label.
        """
        window = self._windows.get(label)
        if window is None:
            raise WindowError.no_window(label)
        return window

    def add(self, window: NativeWindow) -> None:
        """Add a window.

        Raises:
            WindowError: A window has its label already.
        """
        with self._lock:
            if window.label in self._windows:
                raise WindowError(f"a window with label `{window.label}` already exists")
            self._windows[window.label] = window

    def has_own_page(self, window: NativeWindow) -> bool:
        """Tell whether a window shows a page of the application now."""
        link = self._links.get(window.label)
        return self._windows.get(window.label) is window and link is not None and not link.is_lost

    def is_focused(self, window: NativeWindow) -> bool:
        """Tell whether the page of a window has the keyboard."""
        link = self._links.get(window.label)
        return link is not None and link.focused

    def perform(self, window: NativeWindow, op: Any) -> None:
        """Do one of `PAGE_OPS`."""
        match op:
            case DestroyWindow():
                self.destroy(window)
            case CloseWindow():
                self._desk.on_window_thread(partial(self.close, window))
            case EvaluateScript():
                self._evaluate(window, op.script)
            case ReloadPage():
                self._operate(window.label, "reload")
            case _:
                self._with_menus().perform(op)

    def _with_menus(self) -> WebMenus:
        with self._lock:
            if self._menus is None:
                from ..web.menus import WebMenus  # many applications have none

                self._menus = WebMenus(self._name, self._operate, self._host.menu_event, self._close_label, "pywebview")
            return self._menus

    def _close_label(self, label: str) -> None:
        self._desk.on_window_thread(partial(self.close, self.window(label)))

    def _evaluate(self, window: NativeWindow, script: str) -> None:
        with self._lock:
            link = self._links.get(window.label)
            if link is None:
                window.keep(script)
        if link is not None:
            link.operate("eval", script)

    def _operate(self, label: str, name: str, *arguments: Any) -> bool:
        link = self._links.get(label)
        if link is not None:
            link.operate(name, *arguments)
        return link is not None

    # Pages

    async def connected(self, page: Page, link: WebLink, url: str, takes: bool = False) -> bool:
        """Carry the link of a new page to its end. A window has one page, so a new one ends the one before.

        Args:
            page: The page.
            link: Its link.
            url: The address of its document.
            takes: Whether the user has chosen it; native windows are chosen anyway.

        Returns:
            `True`, at the end.
        """
        with self._lock:
            before = self._links.get(page.label)
            self._links[page.label] = link
            window = self._windows.get(page.label)
            scripts = [] if window is None else window.take_scripts()
        for script in scripts:
            link.operate("eval", script)
        if window is not None:
            window.url = url
        link.when_ended(partial(self._disconnected, page.label, link))
        try:
            session = self._host.open_page(page, link)
            if before is not None:
                # Not waited for: a page that takes nothing, such as one in a debugger, cannot be told either.
                closing = asyncio.ensure_future(before.close(4001, "the window shows another page"))
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)
            self._host.page_load(page.label, "started", url)
            link.loaded = lambda: self._host.page_load(page.label, "finished", url)
            link.heard = partial(self._heard, page.label, link)
            if self._menus is not None:
                self._menus.replay(page.label, session.operate)
            link.open(session)
            await link.run()
        except BaseException:
            link.end()
            raise
        return True

    def _disconnected(self, label: str, link: WebLink) -> None:
        """Note that the page of a window has gone, unless it has another one already."""
        if self._links.get(label) is not link:
            return
        del self._links[label]
        window = self._windows.get(label)
        if window is None:
            return
        if link.focused:
            self._tell(window, "blur")
        if window.leaving is link:
            if link.is_left:
                self.destroy(window)
                return
            link.left = partial(self.destroy, window)
            asyncio.get_running_loop().call_later(_LAST_CALLS, self.destroy, window)

    def _heard(self, label: str, link: WebLink, word: str) -> None:
        """Heed a word of a page about its window (`transport_web.js`)."""
        window = self._windows.get(label)
        if window is None or self._links.get(label) is not link:
            return
        match word.split(" "):
            case ["focus" | "blur" as name]:
                link.focused = name == "focus"
                self._tell(window, name)
            case ["state", *words] if (state := parse_state(words)) is not None:
                self._state(window, state)
            case ["menu", key] if self._menus is not None:
                self._menus.heard(label, key)
            case ["asked"] if window.leaving is link:
                window.asks = True
            case ["stays"] if window.leaving is link:
                window.stays()
                link.was_told_to_go = False

    def _state(self, window: NativeWindow, state: PageState) -> None:
        before, window.state = window.state, state
        self._desk.seen(window)
        if before is not None and before.scale != state.scale:
            size = {"width": state.width, "height": state.height}
            self._tell(window, "scale-change", {"scaleFactor": state.scale_factor, "size": size})
        if before is not None and before.dark != state.dark:
            self._tell(window, "theme-changed", state.theme.value)

    def _tell(self, window: NativeWindow, name: Any, payload: Any = None) -> None:
        event = WindowEvent(window.label, name, payload)
        self._desk.on_window_thread(partial(self._host.window_event, event))

    # Closing

    def close(self, window: NativeWindow) -> None:
        """Close a window when the host lets it go, and its page has done what it does when it is left. On its thread."""
        if self._windows.get(window.label) is not window:
            return
        if window.asks:
            self.destroy(window)
        elif window.leaving is None and self._host.window_event(WindowEvent(window.label, "close-requested")):
            link = self._links.get(window.label)
            if link is None or link.is_lost:
                self.destroy(window)
                return
            window.leaving = link
            link.was_told_to_go = True
            link.operate("depart")
            loop = self._host.loop
            loop.call_soon_threadsafe(loop.call_later, _LEAVES, self._leaves_no_more, window, link)

    def _leaves_no_more(self, window: NativeWindow, link: WebLink) -> None:
        if window.leaving is link and not window.asks:
            self.destroy(window)

    def destroy(self, window: NativeWindow) -> None:
        """Take a window away at once. Nothing happens if it has gone already."""
        with self._lock:
            if self._windows.get(window.label) is not window:
                return
            del self._windows[window.label]
            link = self._links.pop(window.label, None)
        window.going = True
        if self._menus is not None:
            self._menus.gone(window.label)
        if link is not None:
            # What is still queued for the page goes with its session.
            asyncio.run_coroutine_threadsafe(link.close(4002, CLOSED), self._host.loop)
        self._desk.take_away(window)
        self._tell(window, "destroyed")
