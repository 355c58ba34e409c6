"""The running application: what handles stand for, and what a runtime calls its host."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ..acl import RuntimeAuthority
from ..config import Config
from ..errors import WindowError
from ..runtimes import (
    CreateWindow,
    Link,
    Op,
    Page,
    PageLoadEvent,
    Runtime,
    RuntimeFactory,
    Settings,
    WindowEvent,
    WindowSettings,
)
from ..wire import EventTarget
from ._command_set import CommandSet
from ._event import EventListeners
from ._handle import AppHandle
from ._invoke import InvokeHandler
from ._page import PageSession, QueueLimits
from ._spine import dispatch
from ._state import StateManager
from ._threads import Loop, WorkerPool

if TYPE_CHECKING:
    import asyncio

__all__ = ["AppCore"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_GRACE = 0.5  # seconds that cancelled tasks get: the process must end within one


class AppCore:
    """One application.

    Args:
        config: The project's configuration.
        handler: Answers the application's own commands; `None` when it has none.
        plugins: Handlers of `plugin:<name>|<command>` by name.
        setup: Called once, on the window system's thread, before the windows are made.
        limits: Bounds of every page.
        development: Tell pages the text of unexpected exceptions.
    """

    def __init__(
        self,
        config: Config,
        *,
        state: StateManager,
        handler: InvokeHandler | None,
        plugins: Mapping[str, InvokeHandler],
        setup: Callable[[AppHandle], object] | None,
        limits: QueueLimits,
        development: bool,
    ) -> None:
        self.config = config
        self.state = state
        self.handler: InvokeHandler = handler or CommandSet()
        self.plugins = plugins
        self.authority = RuntimeAuthority()
        self.development = development
        self.events = EventListeners(self)
        self.pool = WorkerPool()
        self.loop_thread = Loop(self.pool)
        self.windows: dict[str, CreateWindow] = {}
        self.exit_code = 0
        self.failure: BaseException | None = None
        self.on_page_load: Callable[[str, PageLoadEvent, str], None] = lambda label, event, url: None
        self._setup = setup
        self._limits = limits
        self._pages: dict[str, PageSession] = {}
        # A signal handler may call `exit` on the very thread that holds the lock.
        self._lock = threading.RLock()
        self._runtime: Runtime | None = None
        self._exiting = False
        self._window_thread = 0

    # What the composition root calls.

    def start(self, factory: RuntimeFactory, settings: Settings) -> Runtime:
        """Make the runtime; `run` or a server then runs it."""
        self._runtime = factory(self, settings)
        return self._runtime

    def stop(self) -> None:
        """End pages, tasks and workers. After the runtime has returned; called twice, the second does nothing."""
        for session in list(self._pages.values()):
            session.close()
        self.loop_thread.stop(_GRACE)
        self.pool.shutdown(cancel_futures=True)

    # What a runtime calls: `runtimes.Host`.

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The application's event loop."""
        return self.loop_thread.asyncio_loop

    def ready(self) -> None:
        """Run the setup hook and make the configured windows."""
        self._window_thread = threading.get_ident()
        try:
            if self._setup is not None:
                self._setup(AppHandle(self))
            for window in self.config.app.windows:
                if window.create:
                    self.create_window(
                        CreateWindow(
                            window.label,
                            url=window.url,
                            settings=msgspec.convert(window, WindowSettings, from_attributes=True),
                        )
                    )
        except Exception as error:  # noqa: BLE001 - `App.run` raises it, once the runtime has ended
            self.failure = error
            self.exit(1)

    def open_page(self, page: Page, link: Link) -> PageSession:
        """Begin a page generation and end the one before it."""
        session = PageSession(page, link, self._limits, self._dispatch, self._page_closed)
        with self._lock:
            before = self._pages.get(page.label)
            self._pages[page.label] = session
        if before is not None:
            before.close()
        return session

    def _dispatch(self, session: PageSession, frame: Any, buffers: Any) -> None:
        dispatch(self, session, frame, buffers)

    def _page_closed(self, session: PageSession) -> None:
        with self._lock:
            if self._pages.get(session.page.label) is session:
                del self._pages[session.page.label]
        self.events.end_page(session)

    def app_handle(self) -> AppHandle:
        """Return a handle of the application."""
        return AppHandle(self)

    def page_load(self, label: str, event: PageLoadEvent, url: str) -> None:
        """Call the hook of `Builder.on_page_load`."""
        self.on_page_load(label, event, url)

    def window_event(self, event: WindowEvent) -> bool:
        """Tell listeners of a window's event; for `close-requested` the window may always go yet."""
        self.events.emit_to(EventTarget("WebviewWindow", event.label), f"tauri://{event.name}", event.payload)
        if event.name == "destroyed":
            with self._lock:
                self.windows.pop(event.label, None)
                session = self._pages.get(event.label)
                last = not self.windows
            if session is not None:
                session.close()
            if last:
                self.exit(self.exit_code)
        return True

    def signalled(self, signal: int) -> None:
        """End the application, with the exit status that shells expect for the signal."""
        self.exit(128 + signal)

    # What handles and the spine call.

    @property
    def is_window_thread(self) -> bool:
        """Whether the calling thread is the window system's, and not also the event loop's, which nothing may block."""
        return threading.get_ident() == self._window_thread and not self.loop_thread.is_current

    @property
    def loop_is_window_system(self) -> bool:
        """Whether windows live on the event loop, so that making one there waits for nobody."""
        return self._runtime is not None and self._runtime.windows_on_loop

    @property
    def runtime(self) -> Runtime:
        """The window system.

        Raises:
            WindowError: The application has not been started.
        """
        if self._runtime is None:
            raise WindowError("the application is not running yet; windows can be made in the setup hook or later")
        return self._runtime

    def create_window(self, op: CreateWindow) -> None:
        """Make a window.

        Raises:
            WindowError: A window with this label exists.
        """
        with self._lock:
            if op.label in self.windows:
                raise WindowError(f"a window with label `{op.label}` already exists")
            self.windows[op.label] = op
        try:
            self.runtime.perform(op)
        except BaseException:
            with self._lock:
                self.windows.pop(op.label, None)
            raise
        self.events.emit("tauri://window-created", {"label": op.label})
        self.events.emit("tauri://webview-created", {"label": op.label})

    def perform(self, op: Op[T]) -> T:
        """Do something to a window.

        Raises:
            WindowError: There is no such window, or the runtime cannot do this.
        """
        if op.label not in self.windows:
            raise WindowError(f"window not found: no window has the label `{op.label}`")
        if type(op) in self.runtime.UNSUPPORTED:
            raise WindowError(f"the runtime {self.runtime.name} cannot do {type(op).__name__}")
        return self.runtime.perform(op)

    def run_on_main_thread(self, work: Callable[[], None]) -> None:
        """Run `work` on the window system's thread, soon."""
        self.runtime.post(work)

    def nearest_command(self, plugin: str | None, name: str) -> str | None:
        """Return the command most like an unknown name, `None` when none is."""
        handler = self.handler if plugin is None else self.plugins.get(plugin)
        return handler.nearest(name) if isinstance(handler, CommandSet) else None

    def exit(self, code: int) -> None:
        """End the application; the first code counts."""
        runtime = self.runtime
        with self._lock:
            if self._exiting:
                return
            self._exiting = True
            self.exit_code = code
        runtime.quit(code)
