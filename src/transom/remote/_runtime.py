"""The runtime of a back end whose windows are in another process."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, TypeVar, cast

import msgspec

from ..errors import WindowError
from ..runtimes import (
    CreateWebview,
    CreateWindow,
    DownloadEvent,
    Host,
    Op,
    Page,
    RuntimeFactory,
    Settings,
    UriSchemeContext,
    UriSchemeRequest,
    UriSchemeResponse,
    WebviewHooks,
)
from ._page import RemotePage
from ._peer import Peer
from ._portable import PortableSettings, without_hooks
from ._work import WorkQueue

__all__ = ["RemoteRuntime", "remote_factory"]

T = TypeVar("T")
# Seconds between two turns of GTK's loop, which plugins such as the clipboard's use in this process too.
_GTK_TURN = 0.02

Adopt = Callable[[str, Sequence[str]], object]


def remote_factory(address: str, adopt: Adopt) -> RuntimeFactory:
    """Return the factory of a runtime whose windows are in the process that listens at this address.

    Args:
        address: The path of a socket.
        adopt: Called with the label of a window that is there already, and those of its webviews, if setup did not make it.
    """
    return lambda host, settings: cast("Any", RemoteRuntime(host, settings, address, adopt))


class RemoteRuntime:
    """Windows of WebKitGTK in another process.

    It has the thread of the window system, but GTK's windows are not in its reach. Windows that are there already are adopted
    when the application makes one of the same label and options.

    Args:
        host: The application.
        settings: The application's.
        address: The path of the other process's socket.
        adopt: See `remote_factory`.
    """

    windows_on_loop = False
    name = "webkitgtk"

    def __init__(self, host: Host, settings: Settings, address: str, adopt: Adopt) -> None:
        self._host = host
        self._settings = settings
        self._adopt = adopt
        self._thread = threading.get_ident()
        self._work = WorkQueue()
        self._hooks: dict[str, WebviewHooks] = {}
        self._pages: dict[int, RemotePage] = {}
        self._code: int | None = None
        self._ended = False
        self._peer = Peer(_connected(address), self._heard, lambda _: self.quit(1))
        self._peer.start()
        told = self._peer.ask("attach", PortableSettings.of(settings)).result()
        self.UNSUPPORTED: Mapping[type[Op[Any]], str] = told["UNSUPPORTED"]
        self.PARTIAL: Mapping[type[Op[Any]], str] = told["PARTIAL"]
        self.WINDOW_OPTIONS: frozenset[str] = told["WINDOW_OPTIONS"]
        self.WEBVIEW_HOOKS: frozenset[str] = told["WEBVIEW_HOOKS"]
        self.WINDOW_EVENTS: frozenset[str] = told["WINDOW_EVENTS"]

    def run(self) -> int:
        """See `Runtime`."""
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, lambda n, _: self._host.signalled(n)) for number in numbers}
        try:
            self._host.ready()
            if self._code is None:
                self._peer.send("ready")
            while self._code is None:
                self._work.do_next(self._turn_of_gtk())
        finally:
            self._ended = True
            for number, handler in before.items():
                signal.signal(number, handler)
        return self._code or 0

    def _turn_of_gtk(self) -> float | None:
        if "gi.repository.Gtk" not in sys.modules:
            return None
        context = sys.modules["gi.repository.GLib"].MainContext.default()
        while context.pending():
            context.iteration(False)
        return _GTK_TURN

    def perform(self, op: Op[T]) -> T:
        """See `Runtime`."""
        if self._ended or self._code is not None:
            raise WindowError(f"{type(op).__name__} comes too late: the application is ending")
        names: frozenset[str] = frozenset()
        sent: Op[Any] = op
        if isinstance(op, CreateWindow | CreateWebview):
            self._hooks[op.options.label] = op.hooks
            plain, names = without_hooks(op.hooks)
            sent = msgspec.structs.replace(op, hooks=plain)
        future: Future[T] = self._peer.ask("perform", sent, names)
        return self._work.result_of(future) if threading.get_ident() == self._thread else future.result()

    def post(self, work: Callable[[], object]) -> None:
        """See `Runtime`."""
        self._work.put(work)

    def quit(self, code: int) -> None:
        """See `Runtime`."""
        self._peer.send("bye")
        if threading.get_ident() == self._thread:  # at once: after a setup that failed, no call of a page runs
            self._quit(code)
        self._work.put(partial(self._quit, code))

    def _quit(self, code: int) -> None:
        if self._code is None:
            self._code = code

    # What the other process says; on the connection's thread.

    def _heard(self, peer: Peer, message: tuple[Any, ...]) -> None:
        kind, *rest = message
        if kind == "page":
            self._work.put(partial(self._on_page, *rest))
        elif kind == "event":
            name, *arguments = rest
            self._work.put(partial(getattr(self._host, name), *arguments))
        elif kind == "adopt":
            self._work.put(partial(self._adopt, *rest))
        elif kind == "ask":
            self._asked(*rest)

    def _asked(self, number: int, what: str, *arguments: Any) -> None:
        if what == "asset":
            scope = self._settings.asset_scope
            self._peer.answer(number, lambda: scope is not None and scope(arguments[0]))
        elif what == "scheme":
            self._serve(number, *arguments)
        elif what == "close":
            work = partial(self._host.window_event, arguments[0])
            self._work.put(lambda: self._peer.answer(number, work), urgent=True)
        else:
            hook = partial(self._call_hook, *arguments)
            self._work.put(lambda: self._peer.answer(number, hook), urgent=True)

    def _call_hook(self, label: str, name: str, *arguments: Any) -> tuple[Any, Any]:
        """Return what the hook returns, and the destination of a download, which it may have set."""
        hook = getattr(self._hooks.get(label, WebviewHooks()), name)
        result = None if hook is None else hook(*arguments)
        asked = arguments[0] if isinstance(arguments[0], DownloadEvent.Requested) else None
        return result, None if asked is None else asked.destination

    def _serve(self, number: int, scheme: str, label: str, request: UriSchemeRequest) -> None:
        protocol = next(each for each in self._settings.uri_schemes if each.scheme == scheme)
        context = UriSchemeContext(app_handle=self._host.app_handle(), webview_label=label)
        serving: Future[UriSchemeResponse] = asyncio.run_coroutine_threadsafe(
            protocol.serve(context, request, self._host.threads), self._host.loop
        )
        serving.add_done_callback(lambda done: self._peer.answer(number, done.result))

    # Pages; on the main thread.

    def _on_page(self, number: int, what: str, *arguments: Any) -> None:
        if what == "open":
            self._open(number, arguments[0])
            return
        page = self._pages.get(number)
        if page is None:
            return
        if what == "taken":
            page.taken()
        else:
            getattr(page.session, what)(*arguments)
            if what == "close":
                del self._pages[number]

    def _open(self, number: int, page: Page) -> None:
        link = RemotePage(number, self._peer, self.post)
        self._pages[number] = link
        link.session = self._host.open_page(page, link)
        link.wake()


def _connected(address: str) -> Connection:
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    return Connection(connection.detach())
