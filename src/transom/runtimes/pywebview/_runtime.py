"""Native windows of pywebview. Their pages come from transom's own server on loopback, and their link is the web runtime's.

pywebview's event loop has the process's main thread (on Windows a thread of its own) while there is a window. Its
functions wait for that loop, so they are called on another thread (`Calls`). Without a window the main thread does
what is posted, and starts the loop again for the next window.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, ClassVar, TypeVar, cast

from ...errors import RuntimeUnavailable, WindowError
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
from ..web import check_packages, serving, web_server
from ..web.access import LAUNCH_SECONDS, LOOPBACK_NAMES, Access, Listening, installation_in, listen
from ..web.state import in_the_page
from ._calls import Calls
from ._desktop import monitor_at, monitors_of, read_desktop
from ._dialogs import FileDialogs
from ._library import MENDS, backend_of, prepare, refuse_old_engine, webview
from ._main_thread import Invoke, invoker_for
from ._operations import READS, SETTERS, center_in
from ._pages import PAGE_OPS, Pages
from ._unsupported import PARTIAL, UNSUPPORTED, WINDOW_OPTIONS
from ._window import NativeWindow

__all__ = ["PywebviewRuntime", "create"]

T = TypeVar("T")
_logger = logging.getLogger("transom")
_GONE_SECONDS = 5.0  # until a window that is taken away must have gone


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
        if settings.assets is None:
            raise RuntimeUnavailable(
                "the pywebview runtime serves built files: set build.frontendDist to a folder and build the front end"
            )
        self._host = host
        self._settings = settings
        self._thread = threading.get_ident()
        self._calls = Calls()
        self._pages = Pages(host, self)
        self._dialogs = FileDialogs()
        self._work: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._invoke: Invoke | None = None  # while the event loop runs
        self._next: NativeWindow | None = None  # the window that the event loop is started for
        self._alive: set[NativeWindow] = set()
        self._kept: list[object] = []
        self._seen: set[NativeWindow] = set()
        self._failure: Exception | None = None
        self._code: int | None = None
        self._scale = 1.0
        self._waiting: set[Future[Any]] = set()
        self._ended = False
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
            stack.callback(_restore_signals, _handle_signals(self._on_signal))
            self._calls.start()
            stack.callback(self._calls.end)
            stack.callback(self._end)
            self._host.ready()
            if self._code is None:
                self._show_windows(listening, storage)
            self._drain()
        return self._code or 0

    def _show_windows(self, listening: Listening, storage: Path) -> None:
        try:
            with self._serving(listening):
                while (window := self._wait()) is not None:
                    self._show(window, storage)
        except TimeoutError:
            _logger.warning("some connections did not end in time")

    def _serving(self, listening: Listening) -> Any:
        server = web_server(
            settings=self._settings,
            access=self._access,
            started=lambda: None,
            labels=self._pages.labels,
            connected=self._pages.connected,
            serve=self._serve_scheme,
        )
        return serving(
            server,
            listening.socket,
            self._host.loop,
            max_message_bytes=self._settings.max_message_bytes,
            links=lambda: self._pages.links,
            failed=lambda: self.quit(self._code or 0),
        )

    def perform(self, op: Op[T]) -> T:
        """See `Runtime`."""
        return cast(T, self._perform(op if type(op) in SETTERS else in_the_page(op)))

    def post(self, work: Callable[[], object]) -> None:
        """See `Runtime`."""
        self._work.put(work)
        invoke = self._invoke
        if invoke is not None:
            with suppress(Exception):  # the loop is ending, and the main thread does what is queued then
                invoke(self._drain)

    def quit(self, code: int) -> None:
        """See `Runtime`."""
        with self._lock:
            if self._code is None:
                self._code = code
        self._calls.put(self._take_all_away)
        self._work.put(_nothing)

    # Operations

    def _perform(self, op: Any) -> Any:
        if isinstance(op, CreateWindow):
            window = NativeWindow(op.options)
            window.scale = self._scale
            self._pages.add(window)
            self._calls.put(partial(self._make, window))
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
        return self._change(window, partial(SETTERS[type(op)], window, op))

    def _change(self, window: NativeWindow, work: Callable[[], object]) -> None:
        def change() -> None:
            if not window.going and not window.when_made(work):
                work()

        if self._on_window_thread:  # whose loop the work waits for
            self._calls.put(change)
        else:
            self._calls.call(change)

    def _read(self, window: NativeWindow, op: Any) -> Any:
        may_wait = not self._on_window_thread and window.native is not None
        if isinstance(op, ops.WebviewUrl):
            return self._calls.call(window.native.get_current_url) or "" if may_wait else window.url
        if may_wait:
            self._calls.call(window.refresh)
        return self._monitor_of(window) if isinstance(op, ops.CurrentMonitor) else READS[type(op)](window)

    def _monitors(self) -> tuple[ops.Monitor, ...]:
        return self._on_thread(lambda: monitors_of(webview.screens))

    def _monitor_of(self, window: NativeWindow) -> ops.Monitor | None:
        place = window.outer_position
        monitors = self._monitors()
        return monitor_at(monitors, place.x, place.y) or next(iter(monitors), None)

    # Windows. `_make` and `_remove` run on the thread for calls, one after the other, so that it is known whether
    # pywebview's loop goes on.

    def _make(self, window: NativeWindow) -> None:
        while True:
            with self._lock:
                if self._code is not None or window.going:
                    return
                other = next(iter(self._alive), None)
                self._alive.add(window)
                if other is None:
                    self._next = window
                    self._work.put(_nothing)
                    return
            if not other.wait_until_shown():
                raise WindowError("the window system did not start")
            with self._lock:
                if other in self._alive:
                    break
                self._alive.discard(window)  # it went before it was shown, and with it the loop
        self._attach(window)
        window.made()

    def _wait(self) -> NativeWindow | None:
        """Do what is posted while there is no window; return the next window, or `None` at the end."""
        while self._code is None:
            window, self._next = self._next, None
            if window is not None:
                return window
            _run(self._work.get())
        return None

    def _show(self, window: NativeWindow, storage: Path) -> None:
        """Run pywebview's loop, beginning with this window, until the last window has gone."""
        with self._lock:
            if self._code is not None or window.going:
                self._alive.discard(window)
                window.shown.set()
                return
            self._attach(window)
        self._calls.put(window.made)
        options = self._settings.options
        try:
            webview.start(
                private_mode=False,
                storage_path=str(storage),
                debug=bool(options.get("devtools", options.get("development", False))),
            )
        except webview.WebViewException as error:
            mend = MENDS.get(sys.platform, MENDS["linux"])
            raise RuntimeUnavailable(f"pywebview can show no window here: {mend}; {error}") from error
        finally:
            self._invoke = None
            self._thread = threading.get_ident()
        if self._failure is not None:
            raise self._failure
        with self._lock:
            left = [other for other in self._alive if other.native is not None]
        for other in left:  # the loop was ended from outside, such as by the end of the user's session
            self._closed(other)

    def _attach(self, window: NativeWindow) -> None:
        """Let pywebview make a window, whose page is admitted by a code of its own."""
        code = self._access.window_code(window.label, LAUNCH_SECONDS)
        address, mark, fragment = f"{self._base}/{window.address.lstrip('/')}".partition("#")
        joint = "&" if "?" in address else "?"
        native = webview.create_window(**window.look(f"{address}{joint}token={code}{mark}{fragment}"))
        window.invoke = self._invoke
        window.attach(native, partial(self._pages.has_own_page, window))
        events = native.events
        events.initialized += self._check_engine
        events.before_show += partial(self._made_first, window, native)
        events.shown += window.shown.set
        events.closing += partial(self._closing, window)
        events.closed += partial(self._closed, window)
        events.moved += lambda: self.seen(window)
        events.resized += lambda: self.seen(window)
        events.maximized += lambda: window.note("maximized")
        events.minimized += lambda: window.note("minimized")
        events.restored += lambda: window.note("restored")

    def _check_engine(self, renderer: str) -> bool | None:
        try:
            refuse_old_engine(renderer)
        except RuntimeUnavailable as error:
            self._failure = error
            return False
        return None

    def _made_first(self, window: NativeWindow, native: Any) -> None:
        """Note, on the thread of the loop, that the loop begins."""
        if self._invoke is not None:
            return
        self._thread = threading.get_ident()
        self._invoke = window.invoke = invoker_for(backend_of(native), native)
        if threading.current_thread() is threading.main_thread():
            _handle_signals(self._on_signal)  # pywebview has a handler of its own for SIGINT
        if "PYWEBVIEW_LOG" not in os.environ:
            webview.logger.setLevel(logging.INFO)  # the inspector needs `debug`, which changes the level too
        monitors = monitors_of(native.gui.get_screens())
        self._scale = monitors[0].scale_factor if monitors else 1.0
        window.scale = self._scale
        self._drain()

    def _closing(self, window: NativeWindow) -> bool | None:
        if window.going:
            return None
        self._pages.close(window)
        return False

    def _closed(self, window: NativeWindow) -> None:
        if not window.going:  # by the system
            self._pages.destroy(window)

    def _remove(self, window: NativeWindow) -> None:
        native = window.native
        if native is None:  # `_show` leaves it out
            return
        view = getattr(native.gui, "BrowserView", None)
        # WebKit aborts when Python's collector frees a view on another thread, so that it is kept until the end.
        self._kept.append(None if view is None else view.instances.get(native.uid))
        native.destroy()
        native.events.closed.wait(_GONE_SECONDS)
        with self._lock:
            self._alive.discard(window)

    def _take_all_away(self) -> None:
        with self._lock:
            left = list(self._alive)
        for window in left:
            window.going = True
            self._remove(window)

    # Desk

    def take_away(self, window: NativeWindow) -> None:
        """See `Desk`."""
        self._calls.put(partial(self._remove, window))

    def on_window_thread(self, work: Callable[[], object]) -> None:
        """See `Desk`."""
        if self._calls.is_current or _on_event_loop():
            self.post(work)
        else:
            self._on_thread(work)

    def seen(self, window: NativeWindow) -> None:
        """See `Desk`."""
        with self._lock:
            if window in self._seen:
                return
            self._seen.add(window)
        self._calls.put(partial(self._look, window))

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
        self.post(partial(self._host.window_event, WindowEvent(window.label, name, payload)))

    # Threads

    @property
    def _on_window_thread(self) -> bool:
        return threading.get_ident() == self._thread

    def _on_thread(self, work: Callable[[], T]) -> T:
        """Do something on the thread of the event loop and return its result.

        Raises:
            WindowError: The window system has ended.
        """
        if self._on_window_thread:
            return work()
        future: Future[T] = Future()
        with self._lock:
            if self._ended:
                raise WindowError("the window system has ended")
            self._waiting.add(future)
        self.post(partial(self._settle, future, work))
        return future.result()

    def _settle(self, future: Future[T], work: Callable[[], T]) -> None:
        with self._lock:
            if future not in self._waiting:
                return
            self._waiting.discard(future)
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - it is the caller's, who waits in another thread
            future.set_exception(error)

    def _drain(self) -> None:
        """Do what was posted up to now."""
        with suppress(Empty):
            while True:
                _run(self._work.get_nowait())

    def _end(self) -> None:
        with self._lock:
            self._ended = True
            waiting, self._waiting = self._waiting, set()
        for future in waiting:
            future.set_exception(WindowError("the window system has ended"))

    # Serving

    def _listen(self) -> Listening:
        listening = listen("127.0.0.1", 0, self._installation)
        port = listening.socket.getsockname()[1]
        # macOS before 26 does not resolve names under `localhost`.
        self._base = f"http://127.0.0.1:{port}" if sys.platform == "darwin" else listening.base
        self._access = Access(None, self._installation.secret, listening.names)
        return listening

    def _storage(self, stack: ExitStack) -> Path:
        """Return the folder for what pages store."""
        data = self._settings.data_directory
        if data is None:
            return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="transom-", ignore_cleanup_errors=True)))
        folder = data / self.name / "pages"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._host.signalled(number)

    async def _serve_scheme(
        self, protocol: UriSchemeProtocol, label: str, request: UriSchemeRequest
    ) -> UriSchemeResponse | None:
        if label not in self._pages:
            return None
        context = UriSchemeContext(app_handle=self._host.app_handle(), webview_label=label)
        return await protocol.serve(context, request)


def create(host: Host, settings: Settings) -> PywebviewRuntime:
    """Return the runtime. Of `settings.options` it knows `devtools` and `development`, which let people inspect pages.

    Raises:
        RuntimeUnavailable: There is no folder of built files to serve.
    """
    return PywebviewRuntime(host, settings)


def _nothing() -> None:
    """Wake the main thread."""


def _run(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:
        _logger.exception("work for the window system failed")


def _on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _handle_signals(handler: Callable[[int, FrameType | None], None]) -> dict[int, Any]:
    """Install a handler for the signals that end an application, and return the handlers before it."""
    return {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}


def _restore_signals(before: Mapping[int, Any]) -> None:
    for number, handler in before.items():
        signal.signal(number, handler)
