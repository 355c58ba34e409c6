"""The process with the windows: it runs WebKitGTK, and hands what happens there to the back end that is there now."""

from __future__ import annotations

import logging
import socket
import threading
from asyncio import AbstractEventLoop
from collections.abc import Callable
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NoReturn

import msgspec

from ..config import WindowConfig
from ..errors import RuntimeUnavailable, WindowError
from ..runtimes import (
    CreateWebview,
    CreateWindow,
    DestroyWindow,
    DownloadEvent,
    Link,
    MenuActivation,
    NewWindowResponse,
    Op,
    Page,
    PageLoadEvent,
    SetTitle,
    TrayClick,
    UriSchemeContext,
    UriSchemeRequest,
    UriSchemeResponse,
    WebviewHooks,
    WindowEvent,
    find_runtime,
)
from ..threads import Threads
from ..wire import page_operation
from ._peer import Peer
from ._portable import PortableSettings
from ._session import HostSession
from ._work import WorkQueue

__all__ = ["WindowHost"]

_logger = logging.getLogger("transom")
# Seconds that a back end may take to decide about a window or a document; then the rule without a hook applies.
_DECIDES = 5.0
_FALLBACK: dict[str, Any] = {
    "on_navigation": True,
    "on_new_window": NewWindowResponse.DENY,
    "on_download": True,
    "on_title": None,
}
_REPLACED = "the back end was replaced by one with new code before it answered"
_GONE = "the back end has ended before it answered"


class WindowHost:
    """The host of WebKitGTK's windows, for one back end after the other.

    Args:
        listener: Where back ends connect, in a folder that only this user can enter. It listens already.
        failed: Called when windows cannot be shown, before the back end is told so.
    """

    def __init__(self, listener: socket.socket, failed: Callable[[], object] = int) -> None:
        self._listener = listener
        self._failed = failed
        self.threads = Threads(8)
        self._first: SimpleQueue[tuple[Peer, int, PortableSettings] | None] = SimpleQueue()
        self._work = WorkQueue()
        self._runtime: Any = None
        self._thread = threading.get_ident()
        self._current: Peer | None = None
        self._made: dict[str, tuple[Any, ...]] = {}  # window or webview -> what it was made with
        self._window_of: dict[str, str] = {}  # webview -> window
        self._claimed: set[str] = set()  # windows that the current back end knows
        self._sessions: dict[int, HostSession] = {}
        self._numbers = count(1)
        self._remade: str | None = None
        self._broken = ""

    def run(self) -> int:
        """Wait for the first back end, and run its window system until the last one is gone; return the exit status."""
        threading.Thread(target=self._accept, name="transom-back-ends", daemon=True).start()
        factory: Any = find_runtime("webkitgtk")  # while the back end still starts
        first = self._first.get()
        if first is None:
            return 0
        peer, number, portable = first
        self.threads.loop.start()
        settings = portable.with_functions(self._allows, self._serve)
        try:
            try:
                self._runtime = factory(self, settings)
            except RuntimeUnavailable as error:  # the back end's author reads it; nobody reads what this process says
                self._failed()
                peer.answer(number, partial(_raise, error))
                return 1
            self._attach(peer, number)
            code: int = self._runtime.run()
        finally:
            self.threads.stop(0.2)
        return code

    def quit(self) -> None:
        """End; any thread."""
        if self._runtime is None:
            self._first.put(None)
        else:
            self._runtime.quit(0)

    def show(self, text: str) -> None:
        """Show why new code did not run on every page, or take that away; any thread."""
        self._post(partial(self._show, text))

    def go_down(self) -> None:
        """Reject calls from now on, until a back end is there again; any thread."""
        self._post(self._go_down)

    def _post(self, work: Callable[[], object]) -> None:
        if self._runtime is not None:
            self._runtime.post(work)

    def _go_down(self) -> None:
        for session in list(self._sessions.values()):
            session.go_down()

    def _show(self, text: str) -> None:
        self._broken = text
        for session in self._sessions.values():
            session.tell(page_operation("broken", text))

    # Back ends

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            connection = Connection(accepted.detach())
            Peer(
                connection, self._heard, lambda peer: self._post(partial(self._cut, peer, "backendGone", _GONE))
            ).start()

    def _heard(self, peer: Peer, message: tuple[Any, ...]) -> None:
        kind, *rest = message
        if kind == "ask" and rest[1] == "attach":
            number, _, portable = rest
            if self._runtime is None:
                self._first.put((peer, number, portable))
            else:
                self._post(partial(self._attach, peer, number))
        elif kind == "ask":
            number, _, op, names = rest
            self._work.put(partial(self._answer, peer, number, op, names), urgent=True)
            self._post(self._work.do_urgent)
        elif kind == "frame":
            self._post(partial(self._add_frame, peer, *rest))
        elif kind == "ready":
            self._post(partial(self._adopt, peer))
        elif kind == "bye":
            self._post(partial(self._cut, peer, "backendReplaced", _REPLACED))

    def _attach(self, peer: Peer, number: int) -> None:
        if self._current is not None:
            self._cut(self._current, "backendReplaced", _REPLACED)
        self._current = peer
        self._claimed.clear()
        if self._broken:
            self._show("")
        runtime = self._runtime
        facts = {
            "UNSUPPORTED": dict(runtime.UNSUPPORTED),
            "PARTIAL": dict(runtime.PARTIAL),
            "WINDOW_OPTIONS": runtime.WINDOW_OPTIONS,
            "WEBVIEW_HOOKS": runtime.WEBVIEW_HOOKS,
            "WINDOW_EVENTS": runtime.WINDOW_EVENTS,
        }
        peer.answer(number, lambda: facts)

    def _cut(self, peer: Peer, kind: str, text: str) -> None:
        if peer is self._current:
            self._current = None
            for session in list(self._sessions.values()):
                session.cut(kind, text)

    def _add_frame(self, peer: Peer, number: int, frame: Any) -> None:
        if (session := self._sessions.get(number)) is not None:
            session.add(frame, peer)

    def _adopt(self, peer: Peer) -> None:
        """Hand the back end the windows that its setup did not make."""
        windows = [label for label in self._made if self._window_of.get(label, label) == label]
        for window in windows:
            if window not in self._claimed:
                peer.send("adopt", window, [label for label, owner in self._window_of.items() if owner == window])
                self._claim(window)

    def _claim(self, window: str) -> None:
        self._claimed.add(window)
        if self._current is not None:
            for session in list(self._sessions.values()):
                if session.page.window == window:
                    session.open_at(self._current)

    def _answer(self, peer: Peer, number: int, op: Op[Any], names: frozenset[str]) -> None:
        if peer is self._current:
            peer.answer(number, partial(self._perform, op, names))

    def _perform(self, op: Op[Any], names: frozenset[str]) -> Any:
        if isinstance(op, CreateWindow):
            self._make(op, op.options.label, op.options.label, names)
            return None
        if isinstance(op, CreateWebview):
            self._make(op, op.options.label, op.window, names)
            return None
        return self._runtime.perform(op)

    def _make(self, op: CreateWindow | CreateWebview, label: str, window: str, names: frozenset[str]) -> None:
        made = (type(op), _without_title(op.options), op.hooks.scripts, names)
        is_there = label in self._made
        if is_there and label in self._claimed:
            raise WindowError(f"a window with label `{label}` already exists")
        if is_there and self._made[label] == made and self._window_of.get(label, label) == window:
            if isinstance(op, CreateWindow):
                self._runtime.perform(SetTitle(label, op.options.title))
        else:
            if is_there:  # its options have changed, which only a new window can show
                self._remade = label
                self._runtime.perform(DestroyWindow(self._window_of.get(label, label)))
                self._remade = None
            self._runtime.perform(msgspec.structs.replace(op, hooks=self._hooks(label, op.hooks, names)))
            self._made[label] = made
        if isinstance(op, CreateWindow):
            self._claim(label)
        else:
            self._window_of[label] = window

    # What the window system asks: `runtimes.Host`

    @property
    def loop(self) -> AbstractEventLoop:
        """The loop of the schemes."""
        return self.threads.loop.asyncio_loop

    def ready(self) -> None:
        """Do nothing: the back end makes the windows."""

    def app_handle(self) -> Any:
        """Return nothing: the application is in another process."""

    def open_page(self, page: Page, link: Link) -> HostSession:
        """See `Host`."""
        session = HostSession(next(self._numbers), page, link, lambda ended: self._sessions.pop(ended.number, None))
        self._sessions[session.number] = session
        if self._current is not None and page.window in self._claimed:
            session.open_at(self._current)
        if self._broken:
            session.tell(page_operation("broken", self._broken))
        return session

    def page_load(self, label: str, event: PageLoadEvent, url: str) -> None:
        """See `Host`."""
        self._tell("page_load", label, event, url)

    def window_event(self, event: WindowEvent) -> bool:
        """See `Host`."""
        if event.name == "close-requested":
            return True if self._current is None else bool(self._ask(False, "close", event))
        if event.name == "destroyed":
            if event.label == self._remade:
                return True
            for label in (event.label, *(label for label, window in self._window_of.items() if window == event.label)):
                self._made.pop(label, None)
            self._claimed.discard(event.label)
            if self._current is None and not self._made:
                self._runtime.quit(0)
        self._tell("window_event", event)
        return True

    def webview_event(self, label: str, name: str, payload: Any) -> None:
        """See `Host`."""
        self._tell("webview_event", label, name, payload)

    def menu_event(self, activation: MenuActivation) -> None:
        """See `Host`."""
        self._tell("menu_event", activation)

    def tray_event(self, click: TrayClick) -> None:
        """See `Host`."""
        self._tell("tray_event", click)

    def signalled(self, signal: int) -> None:
        """End the windows."""
        self._runtime.quit(0)

    def _tell(self, *event: Any) -> None:
        if self._current is not None:
            self._current.send("event", *event)

    def _ask(self, fallback: Any, *question: Any) -> Any:
        """Ask the back end on the window system's thread, and do what the back end asks meanwhile."""
        if self._current is None:
            return fallback
        future = self._current.ask(*question)
        try:
            if threading.get_ident() == self._thread:
                return self._work.result_of(future, _DECIDES)
            return future.result(_DECIDES)
        except Exception as error:  # noqa: BLE001 - a back end that fails or is gone must not keep the windows
            _logger.warning("the back end did not decide about %s: %s", question[0], error)
            return fallback

    def _hooks(self, label: str, hooks: WebviewHooks, names: frozenset[str]) -> WebviewHooks:
        asked = {name: partial(self._call_hook, label, name) for name in names}
        return msgspec.structs.replace(hooks, **asked)

    def _call_hook(self, label: str, name: str, *arguments: Any) -> Any:
        result, destination = self._ask((_FALLBACK[name], None), "hook", label, name, *arguments)
        if destination is not None and isinstance(arguments[0], DownloadEvent.Requested):
            arguments[0].destination = destination
        return result

    def _allows(self, path: Path) -> bool:
        return bool(self._ask(False, "asset", path))

    def _serve(self, scheme: str, context: UriSchemeContext[Any], request: UriSchemeRequest) -> UriSchemeResponse:
        if self._current is None:
            return UriSchemeResponse(b"no back end is running", status=503)
        response: UriSchemeResponse = self._current.ask("scheme", scheme, context.webview_label, request).result()
        return response


def _without_title(options: WindowConfig) -> WindowConfig:
    return msgspec.structs.replace(options, title="")


def _raise(error: Exception) -> NoReturn:
    raise error
