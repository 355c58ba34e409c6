"""The running application: what handles stand for, and what a runtime calls its host."""

from __future__ import annotations

import difflib
import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from ..acl import APP_ACL_KEY, Capability, RuntimeAuthority, RuntimeCapability
from ..config import Config
from ..errors import ConfigError, WindowError
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
from ._invoke import Invoke, InvokeRequest
from ._page import PageSession
from ._page_load import PageLoadPayload, PageLoads
from ._parts import AppParts
from ._plugin import declare, drop, set_up
from ._resolver import InvokeResponder
from ._resource import ResourceTables
from ._spine import dispatch, on_message
from ._threads import Loop, WorkerPool
from ._window import Webview

if TYPE_CHECKING:
    import asyncio

__all__ = ["AppCore"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_LONGEST_NAME = 200  # characters
_MAX_EARLY = 1000  # calls that wait for the link of their page
_GRACE = 0.5  # seconds that cancelled tasks get: the process must end within one


class AppCore:
    """One application.

    Args:
        config: The project's configuration.
        parts: What the application's author put together.

    Raises:
        ConfigError: A plugin's permissions are wrong.
    """

    def __init__(self, config: Config, parts: AppParts) -> None:
        self.config = config
        self.state = parts.state
        self.handlers = parts.handlers
        plugins = (*parts.core_plugins, *parts.plugins)
        self.plugins = {plugin.name: plugin.handler for plugin in plugins if plugin.handler is not None}
        self.authority = RuntimeAuthority(development=parts.development)
        self.development = parts.development
        self.channel_interceptor = parts.channel_interceptor
        self.invoke_responder = parts.invoke_responder
        self.events = EventListeners(self, parts.limits)
        self.pool = WorkerPool()
        self.loop_thread = Loop(self.pool)
        self.resources = ResourceTables()
        self.windows: dict[str, CreateWindow] = {}
        self.focused: str | None = None  # label of the window that has the keyboard
        self.restarting = False
        self.exit_code = 0
        self.failure: BaseException | None = None
        self._parts = parts
        self._dropped = parts.plugins
        self._page_loads = PageLoads(
            self, [*(plugin.on_page_load for plugin in parts.plugins if plugin.on_page_load), *parts.on_page_load]
        )
        self._pages: dict[str, PageSession] = {}
        self._early: dict[str, deque[tuple[InvokeRequest, InvokeResponder]]] = {}
        # A signal handler may call `exit` on the very thread that holds the lock.
        self._lock = threading.RLock()
        self._runtime: Runtime | None = None
        self._exiting = False
        self._window_thread = 0
        for plugin in parts.plugins:
            declare(self.authority, plugin)
        sets = [handler for handler in parts.handlers if isinstance(handler, CommandSet)]
        if sets and len(sets) == len(parts.handlers):  # what another handler answers is not known
            names = [name for handler in sets for name in handler.names]
            self.authority.declare(APP_ACL_KEY, commands=names)

    # What the composition root calls.

    def start(self, factory: RuntimeFactory, settings: Settings) -> Runtime:
        """Make the runtime; `run` or a server then runs it."""
        self._runtime = factory(self, settings)
        return self._runtime

    def stop(self) -> None:
        """End pages, tasks and workers. After the runtime has returned; called twice, the second does nothing."""
        self.cleanup()
        dropped, self._dropped = self._dropped, ()
        for plugin in dropped:
            drop(plugin, AppHandle(self))
        self.loop_thread.stop(_GRACE)
        self.pool.shutdown(cancel_futures=True)

    def cleanup(self) -> None:
        """End pages and release every resource."""
        for session in list(self._pages.values()):
            session.close()
        self.resources.close_all()

    # What a runtime calls: `runtimes.Host`.

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The application's event loop."""
        return self.loop_thread.asyncio_loop

    def ready(self) -> None:
        """Run the setup hook and make the configured windows."""
        self._window_thread = threading.get_ident()
        try:
            for plugin in self._parts.plugins:
                set_up(plugin, AppHandle(self), self.config.plugins.get(plugin.name))
            if self._parts.setup is not None:
                self._parts.setup(AppHandle(self))
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
        session = PageSession(page, link, self._parts.limits, self._dispatch, self._page_closed, self.loop_thread)
        with self._lock:
            before = self._pages.get(page.label)
            self._pages[page.label] = session
            early = self._early.pop(page.label, ())
        if before is not None:
            before.close()
        for request, responder in early:
            try:
                on_message(self, session, request, responder)
            except Exception as error:  # noqa: BLE001 - such as the key of the document before; the page is to have its link
                _log.warning("page %r: a call before its link: %s", page.label, error)
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
        """Let the hooks of page loads hear of it."""
        self._page_loads.put(Webview(self, label), PageLoadPayload(event, url))

    def window_event(self, event: WindowEvent) -> bool:
        """Tell listeners of a window's event; for `close-requested` the window may always go yet."""
        self.events.emit_to(EventTarget("WebviewWindow", event.label), f"tauri://{event.name}", event.payload)
        if event.name == "focus":
            self.focused = event.label
        elif event.name in ("blur", "destroyed") and self.focused == event.label:
            self.focused = None
        if event.name == "destroyed":
            with self._lock:
                self.windows.pop(event.label, None)
                session = self._pages.get(event.label)
                last = not self.windows
            if session is not None:
                session.close()
            self.resources.end_window(event.label)
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

    def handle(self, invoke: Invoke) -> bool:
        """Let the application's own handlers answer a call; `False` when it is none of theirs."""
        for handler in self.handlers:  # noqa: SIM110 - `any` makes a generator a call, and this is the hot path
            if handler(invoke):
                return True
        return False

    def add_capability(self, capability: RuntimeCapability | Capability | str) -> None:
        """Add a capability; see `RuntimeAuthority.add_capability`."""
        with self._lock:
            self.authority.add_capability(capability)

    def on_message(self, label: str, request: InvokeRequest, responder: InvokeResponder | None) -> None:
        """Handle a call of the author's own message system; see `Webview.on_message`."""
        responder = responder or self.invoke_responder
        if responder is None:
            raise ConfigError("on_message needs a responder: pass one, or set it with Builder.invoke_system(...)")
        with self._lock:
            session = self._pages.get(label)
            if session is None and label in self.windows:
                # A page may call before its link is there, by which alone we know of it.
                self._early.setdefault(label, deque(maxlen=_MAX_EARLY)).append((request, responder))
                return
        on_message(self, self.session(label) if session is None else session, request, responder)

    def session(self, label: str) -> PageSession:
        """Return the page that a webview shows.

        Raises:
            WindowError: There is no such webview, or it shows no page yet.
        """
        found = self._pages.get(label)
        if found is None:
            raise WindowError(f"webview not found: no webview with the label `{label}` shows a page")
        return found

    def nearest_command(self, plugin: str | None, name: str) -> str | None:
        """Return the command most like an unknown name, `None` when none is, or the name is none that a person wrote."""
        if len(name) > _LONGEST_NAME:  # a page may send megabytes, and to compare them takes seconds
            return None
        handlers = self.handlers if plugin is None else (self.plugins.get(plugin),)
        names = [known for handler in handlers if isinstance(handler, CommandSet) for known in handler.names]
        return next(iter(difflib.get_close_matches(name, names, 1)), None)

    def exit(self, code: int) -> None:
        """End the application; the first code counts."""
        runtime = self.runtime
        with self._lock:
            if self._exiting:
                return
            self._exiting = True
            self.exit_code = code
        runtime.quit(code)

    def restart(self) -> None:
        """End the application, and let `App.run` start the program anew; an `exit` before it counts."""
        with self._lock:
            self.restarting |= self._runtime is not None and not self._exiting
        self.exit(0)
