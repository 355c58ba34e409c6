"""Windows of GTK 3 with WebKitGTK 4.1, on Linux.

The main thread runs GTK's loop. Other threads put work into one queue and write to one event descriptor, which the loop
watches at the priority of idle work: under load the page's own messages and its painting go first, and an idle loop
wakes as fast as by any other way.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import msgspec

from ...errors import Unsupported, WindowError
from ...runtimes import (
    CloseWindow,
    CreateBareWindow,
    CreateWebview,
    CreateWindow,
    DesktopOp,
    DestroyWindow,
    Host,
    MenuActivation,
    Op,
    PerformPredefined,
    PopupMenu,
    RemoveTray,
    ReparentWebview,
    SetMenuVisible,
    Settings,
    SetTray,
    SetWindowMenu,
    WebviewHooks,
    WebviewOp,
    WindowOp,
)
from ._contexts import Contexts
from ._dialogs import DIALOG_OPS
from ._gi import Gdk, GLib, Gtk, check_display
from ._schemes import Schemes
from ._uri_scheme import UriSchemes
from ._window import STACK_OPS, USED_OPTIONS, AppWindow
from .toplevel import DESKTOP_OPS, LAUNCHER_OPS, PARTIAL, TOPLEVEL_OPS, UNSUPPORTED, WAYLAND, Launcher, set_default_icon
from .webview import WEBVIEW_OPS, WEBVIEW_OPTIONS, AppWebview, Generation, Later, PageKeeper, watch_downloads

if TYPE_CHECKING:
    from ..tray import TrayIcons
    from .media import Media

__all__ = ["WebKitGtk", "create"]

T = TypeVar("T")

# A flood of requests from one page does not keep the work for others waiting for longer than this, in seconds.
_LONGEST_WAIT = 0.02

_logger = logging.getLogger(__name__)

# What a window does for each op. Add here to support another one.
WINDOW_OPS: dict[type[Op[Any]], Callable[[AppWindow, Any], Any]] = {
    CloseWindow: lambda window, _: window.close(),
    DestroyWindow: lambda window, _: window.destroy(),
    PerformPredefined: lambda window, op: window.perform_predefined(op),
    PopupMenu: lambda window, op: window.popup_menu(op),
    SetMenuVisible: lambda window, op: window.menu.set_visible(op.visible),
    SetWindowMenu: lambda window, op: window.menu.set(op.menu, op.version),
    **TOPLEVEL_OPS,
    **DIALOG_OPS,
}


def create(host: Host, settings: Settings) -> WebKitGtk:
    """Return the runtime.

    Of `settings.options` it knows `devtools` (the inspector, and console messages on standard output; without it
    `development` counts), and `automation` (WebKitWebDriver may drive the windows).

    Raises:
        RuntimeUnavailable: There is no display.
    """
    return WebKitGtk(host, settings)


class WebKitGtk:
    """The runtime. Make it and run it on the same thread, the process's main one.

    Raises:
        RuntimeUnavailable: There is no display.
    """

    name: ClassVar[str] = "webkitgtk"
    windows_on_loop: ClassVar[bool] = False
    UNSUPPORTED: ClassVar[Mapping[type[Op[Any]], str]] = UNSUPPORTED
    PARTIAL: ClassVar[Mapping[type[Op[Any]], str]] = PARTIAL
    WINDOW_OPTIONS: ClassVar[frozenset[str]] = USED_OPTIONS | WEBVIEW_OPTIONS
    WEBVIEW_HOOKS: ClassVar[frozenset[str]] = frozenset(WebviewHooks.__struct_fields__)
    WINDOW_EVENTS: ClassVar[frozenset[str]] = frozenset(
        ("close-requested", "destroyed", "focus", "blur", "resize", "move", "scale-change", "theme-changed")
    )

    def __init__(self, host: Host, settings: Settings) -> None:
        check_display()
        GLib.set_prgname(settings.name)
        GLib.set_application_name(settings.name)
        self._host = host
        self._settings = settings
        self._thread = threading.get_ident()
        self._windows: dict[str, AppWindow] = {}
        self._trays: TrayIcons | None = None
        self._work: deque[Callable[[], object]] = deque()
        self._woken = False
        self._woken_at = 0.0
        self._waiting: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._code: int | None = None
        self._ended = False
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._on_wayland = "Wayland" in type(Gdk.Display.get_default()).__name__
        self._launcher = Launcher(settings.name)
        self._schemes: list[Schemes | UriSchemes] = []
        self._media: Media | None = None
        if settings.options.get("media_server"):
            from .media import Media  # it opens a port

            self._media = Media(host, settings)
            options = {**settings.options, "media_schemes": self._media.schemes}
            self._settings = msgspec.structs.replace(settings, options=options)
        first = self._first_view if settings.options.get("automation") else None
        self._contexts = Contexts(settings.data_directory, self._prepare, first)
        if settings.icon is not None:
            GLib.idle_add(set_default_icon, settings.icon)  # the first window need not wait for it

    def _prepare(self, context: Any) -> None:
        settings = self._settings
        watch_downloads(context, settings, self._find_webview)
        self._schemes.append(Schemes(context, settings, self._find_page, self.give_way, self._media))
        uri_schemes = UriSchemes(context, settings, self._host, self._find_pages, self.post, self.give_way)
        self._schemes.append(uri_schemes)

    def run(self) -> int:
        """Run GTK's loop until `quit`."""
        for _ in self._loop(Gtk.main):
            pass
        return self._code or 0

    def steps(self) -> Generator[None, None, int]:
        """Do what is due at every step; see `Runtime`."""
        return self._loop(lambda: Gtk.main_iteration_do(False))

    def _loop(self, step: Callable[[], object]) -> Generator[None, None, int]:
        watch = GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT_IDLE, self._wake_fd, GLib.IOCondition.IN, self._on_wake)
        # Work may show a dialog, whose own loop has to do what is posted meanwhile.
        GLib.MainContext.default().find_source_by_id(watch).set_can_recurse(True)
        # PyGObject puts a handler of its own over a default one, which would end the loop with KeyboardInterrupt.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
        sources = [GLib.unix_signal_add(GLib.PRIORITY_HIGH, number, self._on_signal, number) for number in before]
        try:
            self._host.ready()
            while self._code is None:
                step()
                yield
        finally:
            self._end()
            for source in (watch, *sources):
                GLib.source_remove(source)
            for number, handler in before.items():
                signal.signal(number, handler)
        return self._code or 0

    def perform(self, op: Op[T]) -> T:
        """Do what the value says and return its result."""
        if threading.get_ident() == self._thread:
            return self._now(self._perform(op))  # type: ignore[no-any-return]
        future: Future[T] = Future()
        with self._lock:
            if self._ended:
                raise self._no_loop(op)
            self._waiting.add(future)
        self.post(partial(self._settle, future, op))
        return future.result()

    def _now(self, result: Any) -> Any:
        if not isinstance(result, Later):
            return result
        while not result.done():
            Gtk.main_iteration()
        return result.result()

    def post(self, work: Callable[[], object]) -> None:
        """Run `work` on the main thread, soon."""
        self._work.append(work)
        # After the append and before the loop's own reset and look: whoever comes last sees the other.
        if not self._woken:
            self._wake()

    def _wake(self) -> None:
        self._woken = True
        self._woken_at = time.monotonic()
        os.eventfd_write(self._wake_fd, 1)

    def give_way(self) -> None:
        """Do the work that has waited for an idle loop too long, as there is none while a page floods it with requests."""
        if self._work and time.monotonic() - self._woken_at > _LONGEST_WAIT:
            self._on_wake(self._wake_fd, None)

    def quit(self, code: int) -> None:
        """Let `run` return `code`."""
        self.post(partial(self._quit, code))

    def _quit(self, code: int) -> None:
        if self._code is None:
            self._code = code
            for window in list(self._windows.values()):
                window.destroy()
            if Gtk.main_level():
                Gtk.main_quit()

    def _end(self) -> None:
        with self._lock:
            self._ended = True
            waiting, self._waiting = self._waiting, set()
        if self._trays is not None:
            self._trays.end()
        if self._media is not None:
            self._media.end()
        for window in list(self._windows.values()):
            window.destroy()
        for future in waiting:
            future.set_exception(WindowError("the window system has ended"))

    def _settle(self, future: Future[T], op: Op[T]) -> None:
        with self._lock:
            if future not in self._waiting:
                return
        try:
            result: Any = self._perform(op)
        except Exception as error:  # noqa: BLE001 - it is the caller's, who waits in another thread
            result = Later()
            result.set_exception(error)
        if isinstance(result, Later):
            result.add_done_callback(partial(self._settle_later, future))
        elif self._waits_for(future):
            future.set_result(result)

    def _settle_later(self, future: Future[Any], result: Future[Any]) -> None:
        if self._waits_for(future):
            if (error := result.exception()) is not None:
                future.set_exception(error)
            else:
                future.set_result(result.result())

    def _waits_for(self, future: Future[Any]) -> bool:
        """Tell whether the caller still waits, and note that it has its answer."""
        with self._lock:
            waits = future in self._waiting
            self._waiting.discard(future)
        return waits

    def _perform(self, op: Op[T]) -> T:
        if self._ended or self._code is not None:
            raise self._no_loop(op)
        if isinstance(op, CreateWindow | CreateBareWindow):
            self._create_window(op)
            return None  # type: ignore[return-value]
        if isinstance(op, SetTray | RemoveTray):
            self._perform_tray(op)
            return None  # type: ignore[return-value]
        if isinstance(op, DesktopOp):
            return DESKTOP_OPS[type(op)](op)  # type: ignore[no-any-return]
        if isinstance(op, CreateWebview):
            self._window_with(op.window).add_child(op, self._contexts.context_for(op.options))
            return None  # type: ignore[return-value]
        if isinstance(op, WebviewOp):
            return self._perform_in(op)  # type: ignore[no-any-return]
        assert isinstance(op, WindowOp)
        window = self._windows.get(op.label)
        if window is None:
            raise WindowError.no_window(op.label)
        if self._on_wayland and type(op) in WAYLAND:
            raise Unsupported(type(op).__name__, self.name, WAYLAND[type(op)])
        if type(op) in LAUNCHER_OPS:
            LAUNCHER_OPS[type(op)](self._launcher, op)
            return None  # type: ignore[return-value]
        return WINDOW_OPS[type(op)](window, op)  # type: ignore[no-any-return]

    def _perform_tray(self, op: SetTray | RemoveTray) -> None:
        if self._trays is None:
            if isinstance(op, RemoveTray):
                return
            from ..tray import TrayIcons  # few applications have one

            host = self._host
            self._trays = TrayIcons(
                lambda key, checked: host.menu_event(MenuActivation(key, None, checked)), host.tray_event
            )
        if isinstance(op, SetTray):
            self._trays.set(op.tray)
        else:
            self._trays.remove(op.key)

    def _perform_in(self, op: WebviewOp[T]) -> T:
        """Do what concerns a webview."""
        window = next((window for window in self._windows.values() if op.label in window.webviews), None)
        if window is None:
            raise WindowError.no_webview(op.label)
        if isinstance(op, ReparentWebview):
            self._window_with(op.window).adopt(window.release(op.label))
            return None  # type: ignore[return-value]
        if type(op) in STACK_OPS:
            return STACK_OPS[type(op)](window, op)  # type: ignore[no-any-return]
        return WEBVIEW_OPS[type(op)](window.webviews[op.label], op)  # type: ignore[no-any-return]

    def _window_with(self, label: str) -> AppWindow:
        window = self._windows.get(label)
        if window is None:
            raise WindowError.no_window(label)
        return window

    def _create_window(self, op: CreateWindow | CreateBareWindow) -> None:
        if op.label in self._windows:
            raise WindowError(f"a window with label `{op.label}` already exists")
        parent = None if op.options.parent is None else self._window_with(op.options.parent).window
        self._windows[op.label] = AppWindow(
            op.label,
            op.options,
            op.hooks if isinstance(op, CreateWindow) else WebviewHooks(),
            context=self._contexts.context_for(op.options) if isinstance(op, CreateWindow) else None,
            host=self._host,
            settings=self._settings,
            post=self.post,
            gone=self._forget_window,
            parent=parent,
        )

    def _forget_window(self, window: AppWindow) -> None:
        del self._windows[window.label]

    def _no_loop(self, op: Op[Any]) -> WindowError:
        return WindowError(f"{type(op).__name__} comes too late: the application is ending")

    def _find_page(self, view: Any) -> Generation | None:
        webview = self._find_webview(view)
        return webview.pages.generation if webview else None

    def _find_pages(self, view: Any) -> PageKeeper | None:
        webview = self._find_webview(view)
        return webview.pages if webview else None

    def _find_webview(self, view: Any) -> AppWebview | None:
        webviews = (webview for window in self._windows.values() for webview in window.webviews.values())
        return next((webview for webview in webviews if webview.view == view), None)

    def _first_view(self) -> Any:
        webviews = (webview for window in self._windows.values() for webview in window.webviews.values())
        return next((webview.view for webview in webviews if webview.view.get_context().is_automation_allowed()), None)

    def _on_wake(self, fd: int, condition: Any) -> bool:
        # Only what is there now: work that posts work must not keep the loop from everything else. A loop inside of work
        # finds the rest, as the descriptor stays readable until all is done.
        for _ in range(len(self._work)):
            if not self._work:
                break
            work = self._work.popleft()
            try:
                work()
            except Exception:
                _logger.exception("work for the window system failed")
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(fd)
        self._woken = False
        if self._work:
            self._wake()
        return True

    def _on_signal(self, number: int) -> bool:
        self._host.signalled(number)
        return True
