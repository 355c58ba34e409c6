"""The web runtime: windows are pages of a browser, served on loopback; nothing but Python is needed."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Collection, Generator, Mapping
from functools import partial
from queue import Empty, SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ...errors import RuntimeUnavailable
from ...runtimes import (
    Host,
    Op,
    Settings,
    UriSchemeContext,
    UriSchemeProtocol,
    UriSchemeRequest,
    UriSchemeResponse,
    has_display,
)
from ._carrier import check_packages, end_carrier, make_carrier
from .access import LAUNCH_SECONDS, LOOPBACK_NAMES, Access, Listening, installation_in, listen, open_browser, say
from .link import ENDED
from .windows import PARTIAL, UNSUPPORTED, WINDOW_EVENTS, WINDOW_OPTIONS, WebWindows

if TYPE_CHECKING:
    import uvicorn

    from ._connections import Connections
    from ._server import WebServer

__all__ = ["WebRuntime"]

T = TypeVar("T")
_logger = logging.getLogger("transom")
_SHUTDOWN = 0.4  # seconds that open connections get


class WebRuntime:
    """Windows as pages of a browser.

    The first window is the one at the address; it stays when its page is closed, so that the address works again.
    """

    name: ClassVar[str] = "web"
    UNSUPPORTED: ClassVar[Mapping[type[Op[Any]], str]] = UNSUPPORTED
    PARTIAL: ClassVar[Mapping[type[Op[Any]], str]] = PARTIAL
    WINDOW_OPTIONS: ClassVar[frozenset[str]] = WINDOW_OPTIONS
    WEBVIEW_HOOKS: ClassVar[frozenset[str]] = frozenset()
    WINDOW_EVENTS: ClassVar[frozenset[str]] = WINDOW_EVENTS
    windows_on_loop: ClassVar[bool] = True

    def __init__(self, host: Host, settings: Settings) -> None:
        if settings.assets is None and settings.dev_url is None:
            raise RuntimeUnavailable(
                "the web runtime serves built files: set build.frontendDist to a folder and build the front end"
            )
        options = dict(settings.options)
        self._host = host
        self._settings = settings
        self._options = options
        self._token: str | None = options.get("token") or None
        self._installation = installation_in(settings.data_directory)
        self._access = self._new_access(LOOPBACK_NAMES)
        self._windows = WebWindows(host, self._access.ticket, settings.name)
        self._work: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._code = 0
        self._has_quit = False
        self._begin: Callable[[], None] | None = None
        self._announce_again: Callable[[], None] = self._log_code
        self.address = ""
        self.announce: Callable[[], None] = lambda: None

    # Runtime

    def run(self) -> int:
        """Serve until `quit`; see `Runtime`."""
        for _ in self._loop(wait=True):
            pass
        return self._code

    def steps(self) -> Generator[None, None, int]:
        """Do what is due at every step; see `Runtime`."""
        return self._loop(wait=False)

    def _loop(self, *, wait: bool) -> Generator[None, None, int]:
        check_packages(self.name)
        listening = self._listen()
        # Signals are the main thread's; a second application beside the first has another one.
        signals = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
        before = {number: signal.signal(number, self._on_signal) for number in signals}
        try:
            self._host.ready()
            if self._has_quit:
                # The setup has failed, or exited: no browser must be left at an address that nobody answers.
                self._run_posted()
            else:
                self.announce = partial(self._announce, listening)
                self.announce()
                yield from self._serve(listening.socket, wait=wait)
        except TimeoutError:
            _logger.warning("some connections did not end in time")
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            listening.socket.close()
        return self._code

    def _serve(self, listener: socket.socket, *, wait: bool) -> Generator[None, None, None]:
        """Serve until `quit`. The libraries that this needs are imported now, while the browser starts."""
        from ._connections import Connections

        connections = Connections()
        carrier = self._make_carrier(self._make_server(), connections)
        serving = asyncio.run_coroutine_threadsafe(carrier.serve(sockets=[listener]), self._host.loop)
        # A server that could not start must not leave everybody waiting.
        serving.add_done_callback(lambda _: self._work.put(None))
        while self._run_posted(wait=wait):
            yield
        if serving.done():
            serving.result()  # raises what it failed with
        asyncio.run_coroutine_threadsafe(end_carrier(carrier, connections, self._close_links), self._host.loop).result(
            _SHUTDOWN
        )
        serving.cancel()

    def perform(self, op: Op[T]) -> T:
        """See `Runtime`."""
        return self._windows.perform(op)  # type: ignore[no-any-return]

    def post(self, work: Callable[[], object]) -> None:
        """See `Runtime`."""
        self._work.put(work)

    def quit(self, code: int) -> None:
        """See `Runtime`."""
        self._code = code
        self._has_quit = True
        self._work.put(None)

    def _run_posted(self, *, wait: bool = True) -> bool:
        """Run what was posted, and what will be; tell whether to go on, as the end has not come and it was not to wait."""
        while True:
            try:
                work = self._work.get(wait)
            except Empty:
                return True
            if work is None:
                return False
            try:
                work()
            except Exception:
                _logger.exception("work for the window system failed")
            del work  # the next may be long in coming, and a call holds its page

    # Serving

    def asgi(self, begin: Callable[[], None], end: Callable[[], None]) -> Any:
        """Return the ASGI application; `begin` is called on the server's loop at its first request."""
        self._begin = begin
        if self._token is None:
            self._log_code()

        def ended() -> None:
            end()
            self._work.put(None)

        server = self._make_server()
        server.ended = ended
        return server.asgi

    def _ensure_begun(self) -> None:
        if self._begin is not None:
            begin, self._begin = self._begin, None
            begin()
            # The server's own main thread is not ours; what is posted must wait for nobody, and nobody for it.
            threading.Thread(target=self._run_posted, name="transom-main", daemon=True).start()
            self._host.ready()

    def _new_access(self, names: Collection[str], *, any_address: bool = False) -> Access:
        return Access(
            self._token,
            self._installation.secret,
            {*names, *self._options.get("allowed_hosts", ())},
            any_address=any_address,
            sessions=self._options.get("sessions"),
            spent=lambda: self._announce_again(),  # noqa: PLW0108 - it changes when there is an address
        )

    def _listen(self) -> Listening:
        options = self._options
        host, port = options.get("host", "127.0.0.1"), options.get("port", 0)
        listening = listen(host, port, self._installation, tuple(options.get("allowed_hosts", ())))
        self._access = self._new_access(listening.names, any_address=listening.any_address)
        return listening

    def _log_code(self) -> None:
        code = self._access.new_code(announced=True)
        _logger.warning("the application admits one browser with ?token=%s, once", code)

    def _make_server(self) -> WebServer:
        from ._server import WebServer

        return WebServer(
            self._settings,
            access=self._access,
            started=self._ensure_begun,
            labels=self._windows.labels,
            address_of=self._windows.address_of,
            connected=self._windows.connected,
            serve=self._serve_scheme,
            threads=self._host.threads,
        )

    def _make_carrier(self, server: WebServer, connections: Connections) -> uvicorn.Server:
        trusted = tuple(self._options.get("trusted_proxies", ()))
        return make_carrier(server, connections, self._settings, trusted)

    async def _close_links(self) -> None:
        # `transom dev` ends a back end with a signal, and the next one will be at the same address.
        again = self._options.get("supervised") and self._code > 128
        reason = (1012, "the back end starts again") if again else (1001, ENDED)
        await asyncio.gather(*(link.close(*reason) for link in self._windows.links))

    def _announce(self, listening: Listening) -> None:
        name = self._settings.name

        def announce(sentence: str) -> None:
            # On stdout, for people and for programs that start this one; nothing else of ours is there.
            self.address = f"{listening.base}/?token={self._access.new_code(announced=True)}"
            tell(sentence, self.address)

        tell: Callable[[str, str], object] = self._options.get("tell", lambda *words: say(" ".join(words)))
        announce(f"{name} is at")
        if listening.other is not None:
            code = self._access.new_code(announced=True)
            say(f"on other machines {name} is at {listening.other}/?token={code}")
        # Other words, so that a program that waits for the address takes the first one only.
        self._announce_again = lambda: announce(f"that address was used; to open {name} in another browser:")
        wanted = self._options.get("open_browser")
        if wanted is None:
            wanted = has_display() or os.name == "nt"
        if wanted:
            address = f"{listening.base}/?token={self._access.new_code(LAUNCH_SECONDS)}"
            open_browser(address, self._installation.folder)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._host.signalled(number)

    # Pages and windows

    async def _serve_scheme(
        self, protocol: UriSchemeProtocol, label: str, request: UriSchemeRequest
    ) -> UriSchemeResponse | None:
        if label not in self._windows:
            return None
        context = UriSchemeContext(app_handle=self._host.app_handle(), webview_label=label)
        return await protocol.serve(context, request, self._host.threads)
