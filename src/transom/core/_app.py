"""The running application: what handles stand for, and what a runtime calls its host."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from ..acl import Capability, RuntimeAuthority, RuntimeCapability, User
from ..calls import Dispatcher
from ..config import Config, WindowConfig
from ..errors import Unsupported, WindowError
from ..events import (
    RESTART_EXIT_CODE,
    EventListeners,
    ExitRequestApi,
    MemoryBus,
    RunEvent,
    WebviewEvent,
    WindowEvent,
)
from ..handles import AppHandle, NewWindow, Webview, Window
from ..pages import Client, PageSession
from ..runtimes import (
    CreateWindow,
    Link,
    Op,
    Page,
    PageLoadEvent,
    Runtime,
    RuntimeFactory,
    Settings,
    WebviewHooks,
    WebviewOp,
    WindowOp,
    ops,
)
from ..runtimes import WindowEvent as RuntimeWindowEvent
from ..threads import Threads
from ..wire import decides_for, heard_by, heard_by_webview, heard_by_window
from ._access import add_capability_file, authority_of, write_recording
from ._hooks import EventHooks, RunHook, run_logged
from ._invoke_key import take
from ._menus import MenuHost, MenuWindows, begin_menus, begin_trays
from ._messages import MessageMethods
from ._page_load import PageLoadPayload, PageLoads
from ._parts import AppParts
from ._people import PeopleMethods
from ._plugin import Plugin
from ._plugins import Plugins, dispatcher_of
from ._settings import asset_scope_of
from ._webviews import allow_files, close_webview, hooks_with, reparent
from .windows import check_window_options, warn_of_hooks

__all__ = ["AppCore"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_PLAIN: Final = NewWindow()
_GRACE = 0.5  # seconds that cancelled tasks get: the process must end within one


class AppCore(MenuHost, PeopleMethods, MessageMethods):
    """One application: `handles.Application` for its handles, `runtimes.Host` for its runtime.

    Args:
        config: The project's configuration.
        parts: What the application's author put together.
        within: The server that this is a session of; `None` for an application of its own.
        authority: Decides about the calls of the session's user; `None` for an application of its own.
        user: The user.

    Attributes:
        client: The one client of a desktop application, or of a session.
        authority: Decides who may call what.
        dispatcher: Answers the calls.
        plugins: The plugins, which all sessions of a server share.
        restarting: Whether the program is to start again when the application has ended.
        exit_code: What `exit` was first called with.
        failure: What ended the application at its start; `None` for nothing.
        embedded: Whether a server runs the application, so that nobody raises the failure.

    Raises:
        ConfigError: A plugin's permissions or the project's capabilities are wrong.
    """

    def __init__(
        self,
        config: Config,
        parts: AppParts,
        within: AppCore | None = None,
        authority: RuntimeAuthority | None = None,
        user: User = User.LOCAL,
    ) -> None:
        self.config = config
        self.state = parts.state
        self.development = parts.development
        self.strict_arguments = parts.strict_arguments
        self.threads = Threads(parts.limits.max_workers, parts.executors) if within is None else within.threads
        self.events = EventListeners(self.threads, parts.limits, MemoryBus())
        self.asset_scope = asset_scope_of(config)
        self.authority = authority_of(parts) if authority is None else authority
        self.dispatcher: Dispatcher = (
            within.dispatcher.within(self, self.authority) if within else dispatcher_of(self, self.authority, parts)
        )
        self.client = Client(
            self.threads,
            parts.limits,
            self.dispatcher.dispatch,
            self.events.end_page,
            None if parts.channel_interceptor is None else self._on_channel,
            user=user,
            session_type=parts.session_type,
        )
        MenuHost.__init__(self, MenuWindows(self))
        self.restarting = self.embedded = False
        self.exit_code = 0
        self.failure: BaseException | None = None
        self._parts = parts
        self._hooks = EventHooks(
            parts.on_window_event,
            parts.on_webview_event,
            # Of plugins' hooks, a session's windows are not the application's.
            [plugin.on_event for plugin in parts.plugins if plugin.on_event and within is None],
        )
        self._page_loads = PageLoads(
            self.threads,
            [*(plugin.on_page_load for plugin in parts.plugins if plugin.on_page_load), *parts.on_page_load],
        )
        self.plugins: Plugins = (
            within.plugins
            if within is not None
            else Plugins(
                parts.plugins,
                [plugin.name for plugin in parts.core_plugins],
                config.plugins,
                self.authority,
                self.dispatcher,
                self._hooks,
                self._page_loads,
            )
        )
        self._lock = threading.RLock()  # a signal handler may call `exit` on the very thread that holds it
        self._runtime: Runtime | None = None
        self._exiting = self._stopping = self._ended = False

    # What the composition root calls.

    def start(self, factory: RuntimeFactory, settings: Settings) -> Runtime:
        """Make the runtime; `run` or a server then runs it."""
        self._runtime = factory(self, settings)
        return self._runtime

    def on_run_event(self, hook: RunHook) -> None:
        """Tell a hook what happens to the application."""
        self._hooks.add_run(hook)

    def stop(self) -> None:
        """End pages, tasks and workers. After the runtime has returned; called twice, the second does nothing."""
        if not self._stopping:
            self._stopping = True
            self._hooks.run_event(self.app_handle(), RunEvent.Exit())
        self.cleanup()
        self.client.wait_for_last_calls(_GRACE)
        self.plugins.drop(self.app_handle())
        self.leave_scopes()
        self.threads.stop(_GRACE)
        write_recording(self.authority)
        self._ended = True
        self.events.close()

    # What a runtime calls: `runtimes.Host`.

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The application's event loop."""
        return self.threads.loop.asyncio_loop

    def ready(self) -> None:
        """Set up the plugins, make the configured windows and run the setup hook."""
        self.threads.enter_window_thread()
        try:
            self.plugins.set_up(self.app_handle())
            begin_menus(self.app_handle(), self._parts)
            begin_trays(self.app_handle(), self._parts)
            # Tauri: the configured windows are there when the setup hook runs; their pages cannot call before it has ended.
            self.create_windows()
            if self._parts.setup is not None:
                self._parts.setup(self.app_handle())
        except Exception as error:  # noqa: BLE001 - `App.run` raises it, once the runtime has ended
            self.failure = error
            if self.embedded:
                _log.error("the application ends, because it could not be set up", exc_info=error)
            self._end(1)
            return
        self._hooks.run_event(self.app_handle(), RunEvent.Ready())

    def create_windows(self) -> None:
        """Make the configured windows."""
        for window in self.config.app.windows:
            if window.create:
                self.create_window(self.client, window)

    def open_page(self, page: Page, link: Link) -> PageSession:
        """Begin a page generation and end the one before it."""
        session, early = self.client.open_page(page, link)
        for request, respond in early:
            try:
                take(session, request, respond)
            except Exception as error:  # noqa: BLE001 - such as the key of the document before; the page is to have its link
                _log.warning("page %r: a call before its link: %s", page.label, error)
        return session

    def app_handle(self) -> AppHandle:
        """Return a handle of the application."""
        return AppHandle(self, self.client)

    def page_load(self, label: str, event: PageLoadEvent, url: str) -> None:
        """Tell the hooks of page loads."""
        self._page_loads.put(Webview(self, self.client, label), PageLoadPayload(event, url))

    def window_event(self, event: RuntimeWindowEvent) -> bool:
        """Tell listeners and hooks of a window's event; a page that listens to `close-requested` decides about it itself."""
        if self._ended:  # a server that carries the application may end its connections later
            return True
        client, label, name = self.client, event.label, f"tauri://{event.name}"
        # Tauri: the page destroys the window when its listener has ended, unless the listener prevented that.
        held = (
            event.name == "close-requested"
            and not event.hangs
            and self.events.has_page_listener(name, decides_for(label))
        )
        source = label if self._parts.clients.generations else None
        self.events.emit(name, event.payload, heard_by_window(label), source=source)
        if event.name == "focus":
            client.focused = label
        elif event.name == "blur" and client.focused == label:
            client.focused = None
        kept = self._hooks.hears(label) and self._hooks.tell_window(
            Window(self, client, label), event.name, event.payload
        )
        if event.name == "destroyed":
            self._forget_hooks(label, client.webviews_of(label))
            self.forget_menu(label)
            if client.remove_window(label):
                self._ask_to_exit(None, self.exit_code)
        return not (held or kept)

    def webview_event(self, label: str, name: str, payload: Any) -> None:
        """Tell listeners and hooks of a webview's event; that of one that fills its window is the window's, too."""
        fills = self.client.window_of(label) == label
        if name == "drag-drop":  # Tauri: what people drop on the page, it may show
            allow_files(self.asset_scope, payload["paths"])
        self.events.emit(f"tauri://{name}", payload, heard_by(label) if fills else heard_by_webview(label))
        if not self._hooks.hears(label):
            return
        if fills:
            self._hooks.tell_window(Window(self, self.client, label), name, payload)
        self._hooks.tell_webview(Webview(self, self.client, label), name, payload)

    def signalled(self, signal: int) -> None:
        """End the application, with the exit status that shells expect for the signal."""
        self._end(128 + signal)

    # What handles and calls use: `handles.Application`.

    @property
    def windows_on_loop(self) -> bool:
        """Whether windows live on the event loop, so that making one there blocks nothing."""
        return self._runtime is not None and self._runtime.windows_on_loop

    @property
    def runtime(self) -> Runtime:
        """The window system.

        Raises:
            WindowError: The application has not been started, or has ended.
        """
        if self._ended:
            raise WindowError("the application has ended; no window can be made or changed any more")
        if self._runtime is None:
            raise WindowError("the application is not running yet; windows can be made in the setup hook or later")
        return self._runtime

    @property
    def runtime_name(self) -> str:
        """The name of the runtime.

        Raises:
            WindowError: The application has not been started.
        """
        return self.runtime.name

    def create_window(self, client: Client, options: WindowConfig, new: NewWindow = _PLAIN) -> None:
        """Make a window.

        Raises:
            WindowError: A window with this label exists.
        """
        runtime = self.runtime
        check_window_options(options, runtime)
        warn_of_hooks(options.label, new.hooks, runtime)
        client.add_window(options.label, bare=new.bare)
        self._page_loads.set_own(options.label, new.on_page_load)
        made = self.plugins.hidden(options, runtime)
        try:
            if new.bare:
                self._perform(ops.CreateBareWindow(made))
            else:
                self._perform(CreateWindow(made, self._with_plugins(options.label, new.hooks)))
        except BaseException:
            client.remove_window(options.label)
            raise
        self.show_menu(options.label, new.menu)
        self.plugins.window_ready(Window(self, client, options.label), show=made is not options)
        self.events.emit("tauri://window-created", {"label": options.label})
        if not new.bare:
            self.events.emit("tauri://webview-created", {"label": options.label})

    def create_webview(
        self, client: Client, op: ops.CreateWebview, on_page_load: Callable[[Any, Any], object] | None = None
    ) -> None:
        """Make a webview inside a window.

        Raises:
            WindowError: There is no such window, or a webview with this label exists.
        """
        client.add_webview(op.label, op.window)
        self._page_loads.set_own(op.label, on_page_load)
        hooks = self._with_plugins(op.label, op.hooks)
        try:
            self._perform(msgspec.structs.replace(op, hooks=hooks))
        except BaseException:
            client.remove_webview(op.label)
            raise
        self.events.emit("tauri://webview-created", {"label": op.label})

    def close_webview(self, client: Client, label: str) -> None:
        """Take a webview away; its window stays."""
        close_webview(client, self._perform, label)
        self._forget_hooks("", [label])

    def reparent(self, client: Client, label: str, window: str) -> None:
        """Move a webview into another window."""
        reparent(client, self._perform, label, window)

    def _with_plugins(self, label: str, hooks: WebviewHooks) -> WebviewHooks:
        of_plugins = self.plugins.navigation_hooks(partial(Webview, self, self.client))
        return hooks_with(label, hooks, of_plugins, self.plugins.scripts())

    def add_plugin(self, plugin: Plugin) -> None:
        """Add a plugin to the running application; see `Plugins.add`."""
        self.plugins.add(plugin, self.app_handle())

    def remove_plugin(self, name: str) -> bool:
        """Take a plugin out of the running application; see `Plugins.remove`."""
        return self.plugins.remove(name, self.app_handle())

    def _forget_hooks(self, window: str, webviews: Sequence[str]) -> None:
        self._hooks.forget(window, webviews)
        for label in webviews:
            self._page_loads.set_own(label, None)

    def perform(self, client: Client, op: Op[T]) -> T:
        """Ask the window system for something.

        Raises:
            WindowError: There is no such window or webview, or the runtime cannot do this.
        """
        if isinstance(op, WindowOp):
            client.check_window(op.label)
        elif isinstance(op, WebviewOp):
            client.window_of(op.label)
        return self._perform(op)

    def _perform(self, op: Op[T]) -> T:
        runtime = self.runtime
        if (reason := runtime.UNSUPPORTED.get(type(op))) is not None:
            raise Unsupported(type(op).__name__, runtime.name, reason)
        return runtime.perform(op)

    def run_on_main_thread(self, work: Callable[[], object]) -> None:
        """Run `work` on the window system's thread, soon; what it raises is logged."""
        self.runtime.post(partial(run_logged, work))

    def add_capability(self, capability: RuntimeCapability | Capability | str | Path) -> None:
        """Add a capability; see `RuntimeAuthority.add_capability`."""
        with self.plugins.lock:
            if isinstance(capability, Path):
                add_capability_file(self.authority, capability)
            else:
                self.authority.add_capability(capability)

    def on_window_event(self, label: str, hook: Callable[[WindowEvent], object]) -> None:
        """Tell a hook of the events of one window."""
        self._hooks.add(WindowEvent, label, hook)

    def on_webview_event(self, label: str, hook: Callable[[WebviewEvent], object]) -> None:
        """Tell a hook of the events of one webview."""
        self._hooks.add(WebviewEvent, label, hook)

    def exit(self, code: int) -> None:
        """End the application unless a hook prevents it; the first code counts, and after the end none does."""
        if not self._ended:
            self._ask_to_exit(code, code)

    def _ask_to_exit(self, code: int | None, status: int, *, restart: bool = False) -> None:
        """End the application unless a hook prevents it.

        Args:
            code: What hooks are told.
            status: The exit status.
            restart: Whether the program is to start again. No hook prevents that.
        """
        if not self._hooks.hears_run:
            self._end(status, restart=restart)
            return

        def ask() -> None:
            api = ExitRequestApi()
            if not self._exiting:
                self._hooks.run_event(self.app_handle(), RunEvent.ExitRequested(code, api))
            if restart or not api.prevented:
                self._end(status, restart=restart)

        self.runtime.post(ask)

    def _end(self, status: int, *, restart: bool = False) -> None:
        if self._ended:
            return
        runtime = self.runtime
        with self._lock:
            if self._exiting:
                return
            self._exiting = True
            self.exit_code = status
            self.restarting = restart
        runtime.quit(status)

    def restart(self) -> None:
        """End the application, and let `App.run` start the program again; an `exit` before it counts."""
        if not self._ended:
            self._ask_to_exit(RESTART_EXIT_CODE, 0, restart=self._runtime is not None)
