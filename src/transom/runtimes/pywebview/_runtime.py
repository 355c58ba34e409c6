"""Native windows of pywebview. Their pages come from transom's own server on loopback, and their link is the web runtime's.

pywebview's event loop has the process's main thread (on Windows a thread of its own) from the first window on. Its
functions wait for that loop, so they are called on another thread (`Calls`).
"""

from __future__ import annotations

import asyncio
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, TypeVar, cast

from ...errors import RuntimeUnavailable
from ...runtimes import (
    ChooseFiles,
    CreateWindow,
    DesktopOp,
    Host,
    Op,
    Settings,
    UriSchemeContext,
    UriSchemeProtocol,
    UriSchemeRequest,
    UriSchemeResponse,
    WebviewOp,
    WindowEvent,
    WindowOp,
    ops,
)
from ..web import check_packages, make_web_server
from ..web.access import LAUNCH_SECONDS, LOOPBACK_NAMES, Access, Listening, installation_in, listen
from ..web.state import in_the_page
from ._calls import Calls
from ._desktop import monitor_at, monitors_of, read_desktop
from ._dialogs import FileDialogs
from ._library import PYWEBVIEW, prepare
from ._operations import READS, SETTERS, center_in, check
from ._pages import PAGE_OPS, Pages
from ._serving import serving
from ._shell import Shell
from ._unsupported import BY_THE_RUNTIME, PARTIAL, UNSUPPORTED, WINDOW_OPTIONS
from ._window import NativeWindow
from ._window_thread import WindowThread

__all__ = ["PywebviewRuntime", "create"]

T = TypeVar("T")
_FOREIGN = re.compile(r"https?://", re.IGNORECASE)


class PywebviewRuntime:
    """The runtime. Make it and run it on the same thread, the process's main one."""

    name: ClassVar[str] = "pywebview"
    windows_on_loop: ClassVar[bool] = False
    UNSUPPORTED: ClassVar[Mapping[type[Op[Any]], str]] = UNSUPPORTED
    PARTIAL: ClassVar[Mapping[type[Op[Any]], str]] = PARTIAL
    WINDOW_OPTIONS: ClassVar[frozenset[str]] = WINDOW_OPTIONS
    WEBVIEW_HOOKS: ClassVar[frozenset[str]] = frozenset()
    WINDOW_EVENTS: ClassVar[frozenset[str]] = frozenset(
        ("close-requested", "destroyed", "focus", "blur", "resize", "move", "scale-change", "theme-changed")
    )

    def __init__(self, host: Host, settings: Settings) -> None:
        if settings.assets is None and settings.dev_url is None:
            raise RuntimeUnavailable(
                "the pywebview runtime serves built files: set build.frontendDist to a folder and build the front end"
            )
        self._host = host
        self._settings = settings
        self._calls = Calls()
        self._thread = WindowThread()
        self._pages = Pages(host, self, settings.name)
        options = settings.options
        debug = bool(options.get("devtools", options.get("development", False)))
        self._shell = Shell(self._calls, self._thread, self, debug=debug, icon=settings.icon)
        self._dialogs = FileDialogs(self._thread.post)
        self._seen: set[NativeWindow] = set()
        self._code: int | None = None
        self._lock = threading.Lock()
        self._base = ""
        data = settings.data_directory
        self._installation = installation_in(None if data is None else data / self.name)
        self._access = Access(None, self._installation.secret, LOOPBACK_NAMES)

    # Runtime

    def run(self) -> int:
        """Show windows until `quit`; see `Runtime`."""
        check_packages(self.name)
        prepare()
        with ExitStack() as stack:
            listening = self._listen()
            stack.callback(listening.socket.close)
            storage = self._storage(stack)
            stack.callback(_restore_signals, self._handle_signals())
            self._calls.start()
            stack.callback(self._calls.end)
            stack.callback(self._thread.end)
            self._host.ready()
            if self._code is None:
                with self._serving(listening):
                    self._shell.run(storage)
            self._thread.drain()
        return self._code or 0

    def perform(self, op: Op[T]) -> T:
        """See `Runtime`."""
        native = type(op) in SETTERS or type(op) in BY_THE_RUNTIME
        return cast(T, self._perform(op if native else in_the_page(op)))

    def post(self, work: Callable[[], object]) -> None:
        """See `Runtime`."""
        self._thread.post(work)

    def quit(self, code: int) -> None:
        """See `Runtime`."""
        with self._lock:
            if self._code is None:
                self._code = code
        self._dialogs.close()
        self._shell.end()

    # Operations

    def _perform(self, op: Any) -> Any:
        if isinstance(op, CreateWindow):
            window = NativeWindow(op.options)
            self._pages.add(window)
            self._shell.make(window)
            return None
        if isinstance(op, DesktopOp):
            return read_desktop(op, self._monitors())
        assert isinstance(op, WindowOp | WebviewOp)
        window = self._pages.window(op.label)
        if isinstance(op, PAGE_OPS):
            self._pages.perform(window, op)
            return None
        if isinstance(op, ChooseFiles):
            return self._dialogs.choose(window, op)
        if isinstance(op, ops.IsFocused):
            return self._pages.is_focused(window)
        if isinstance(op, ops.CenterWindow):
            monitor = self._monitor_of(window)
            return None if monitor is None else self._change(window, partial(center_in, window, monitor))
        if isinstance(op, ops.CurrentMonitor | ops.WebviewUrl) or type(op) in READS:
            return self._read(window, op)
        check(window, op)
        return self._change(window, partial(SETTERS[type(op)], window, op))

    def _change(self, window: NativeWindow, work: Callable[[], object]) -> None:
        def change() -> None:
            if not window.going and not window.when_made(work):
                work()

        if self._thread.is_current:  # whose loop the work waits for
            self._calls.put(change)
        else:
            self._calls.call(change)

    def _read(self, window: NativeWindow, op: Any) -> Any:
        may_wait = not self._thread.is_current and window.shown.is_set()
        if isinstance(op, ops.WebviewUrl):
            return self._calls.call(window.native.get_current_url) or "" if may_wait else window.url
        if may_wait:
            self._calls.call(window.refresh)
        return self._monitor_of(window) if isinstance(op, ops.CurrentMonitor) else READS[type(op)](window)

    def _monitors(self) -> tuple[ops.Monitor, ...]:
        return self._thread.call(lambda: monitors_of(PYWEBVIEW.screens))

    def _monitor_of(self, window: NativeWindow) -> ops.Monitor | None:
        place = window.outer_position
        monitors = self._monitors()
        return monitor_at(monitors, place.x, place.y) or next(iter(monitors), None)

    # `ShellEvents`

    def address_of(self, window: NativeWindow) -> str:
        """See `ShellEvents`. The page of a window is admitted by a code of its own, which works once."""
        if _FOREIGN.match(window.address):
            return window.address
        code = self._access.window_code(window.label, LAUNCH_SECONDS)
        address, mark, fragment = f"{self._base}/{window.address.lstrip('/')}".partition("#")
        return f"{address}{'&' if '?' in address else '?'}token={code}{mark}{fragment}"

    def has_own_page(self, window: NativeWindow) -> bool:
        """See `ShellEvents`."""
        return self._pages.has_own_page(window)

    def loop_begins(self) -> None:
        """See `ShellEvents`."""
        self._handle_signals()

    def closing(self, window: NativeWindow) -> None:
        """See `ShellEvents`."""
        self._pages.close(window)

    def closed(self, window: NativeWindow) -> None:
        """See `ShellEvents`."""
        self._pages.destroy(window)

    def seen(self, window: NativeWindow) -> None:
        """See `ShellEvents` and `Desk`."""
        with self._lock:
            if window in self._seen:
                return
            self._seen.add(window)
        self._calls.put(partial(self._look, window))

    # `Desk`

    def take_away(self, window: NativeWindow) -> None:
        """See `Desk`."""
        self._dialogs.close(window)
        self._shell.remove(window)

    def on_window_thread(self, work: Callable[[], object]) -> None:
        """See `Desk`."""
        if self._calls.is_current or _on_event_loop():
            self._thread.post(work)
        else:
            self._thread.call(work)

    def _look(self, window: NativeWindow) -> None:
        with self._lock:
            self._seen.discard(window)
        window.measure_frame()
        moved, resized = window.refresh()
        if resized:
            size = window.inner_size
            self._tell(window, "resize", {"width": size.width, "height": size.height})
        if moved:
            place = window.outer_position
            self._tell(window, "move", {"x": place.x, "y": place.y})

    def _tell(self, window: NativeWindow, name: Any, payload: Any) -> None:
        self._thread.post(partial(self._host.window_event, WindowEvent(window.label, name, payload)))

    # Serving

    def _listen(self) -> Listening:
        listening = listen("127.0.0.1", 0, self._installation)
        port = listening.socket.getsockname()[1]
        # macOS before 26 does not resolve names under `localhost`.
        self._base = f"http://127.0.0.1:{port}" if sys.platform == "darwin" else listening.base
        self._access = Access(None, self._installation.secret, listening.names)
        return listening

    def _serving(self, listening: Listening) -> AbstractContextManager[None]:
        server = make_web_server(
            settings=self._settings,
            access=self._access,
            started=lambda: None,
            labels=self._pages.labels,
            connected=self._pages.connected,
            serve=self._serve_scheme,
            threads=self._host.threads,
        )
        return serving(
            server,
            listening.socket,
            self._host.loop,
            settings=self._settings,
            links=lambda: self._pages.links,
            failed=lambda: self.quit(self._code or 0),
        )

    def _storage(self, stack: ExitStack) -> Path:
        """Return the folder for what pages store."""
        data = self._settings.data_directory
        if data is None:
            return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="transom-", ignore_cleanup_errors=True)))
        folder = data / self.name / "pages"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _handle_signals(self) -> dict[int, Any]:
        """Handle the signals that end an application, and return the handlers before."""
        return {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._host.signalled(number)

    async def _serve_scheme(
        self, protocol: UriSchemeProtocol, label: str, request: UriSchemeRequest
    ) -> UriSchemeResponse | None:
        if label not in self._pages:
            return None
        context = UriSchemeContext(app_handle=self._host.app_handle(), webview_label=label)
        return await protocol.serve(context, request, self._host.threads)


def create(host: Host, settings: Settings) -> PywebviewRuntime:
    """Return the runtime. Of `settings.options` it knows `devtools` and `development`, which let people inspect pages.

    Raises:
        RuntimeUnavailable: There is no folder of built files to serve.
    """
    return PywebviewRuntime(host, settings)


def _on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _restore_signals(before: Mapping[int, Any]) -> None:
    for number, handler in before.items():
        signal.signal(number, handler)
