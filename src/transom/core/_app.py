"""The running application: what handles stand for, and what a runtime calls its host."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ..acl import APP_ACL_KEY, Capability, RuntimeAuthority, RuntimeCapability
from ..calls import Dispatcher
from ..commands import CommandSet
from ..config import Config, WindowConfig
from ..errors import ConfigError, WindowError
from ..events import EventListeners, MemoryBus
from ..handles import AppHandle, Webview, respond_with
from ..menu import Menus
from ..pages import Client, PageSession, Respond
from ..runtimes import (
    CreateWindow,
    Link,
    MenuActivation,
    Op,
    Page,
    PageLoadEvent,
    Runtime,
    RuntimeFactory,
    Settings,
    WebviewOp,
    WindowEvent,
    WindowOp,
)
from ..threads import Threads
from ..values import CallbackFn, InvokeResponseBody
from ..wire import InvokeRequest, decides_for, heard_by_window
from ._invoke_key import check_invoke_key
from ._menus import MenuWindows, begin_menus, show_menu
from ._page_load import PageLoadPayload, PageLoads
from ._parts import AppParts
from ._plugin import declare, drop, handler_of, set_up
from ._window_options import check_window_options

__all__ = ["AppCore"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_GRACE = 0.5  # seconds that cancelled tasks get: the process must end within one


class AppCore:
    """One application: `handles.Application` for its handles, `runtimes.Host` for its runtime.

    Args:
        config: The project's configuration.
        parts: What the application's author put together.

    Attributes:
        client: The one user of a desktop application.
        authority: Decides who may call what.
        restarting: Whether the program is to start again when the application has ended.
        exit_code: What `exit` was first called with.
        failure: What ended the application at its start; `None` for nothing.

    Raises:
        ConfigError: A plugin's permissions are wrong.
    """

    def __init__(self, config: Config, parts: AppParts) -> None:
        self.config = config
        self.state = parts.state
        self.development = parts.development
        self.strict_arguments = parts.strict_arguments
        self.threads = Threads(parts.limits.max_workers)
        self.events = EventListeners(self.threads, parts.limits, MemoryBus())
        self.authority = _authority_of(parts)
        plugins = (*parts.core_plugins, *parts.plugins)
        handlers = {plugin.name: handler for plugin in plugins if (handler := handler_of(plugin)) is not None}
        self._dispatcher = Dispatcher(self, self.authority, parts.handlers, handlers)
        self.client = Client(
            self.threads,
            parts.limits,
            self._dispatcher.dispatch,
            self.events.end_page,
            None if parts.channel_interceptor is None else self._on_channel,
        )
        self.menus = Menus(MenuWindows(self))
        self.restarting = False
        self.exit_code = 0
        self.failure: BaseException | None = None
        self._parts = parts
        self._dropped = parts.plugins
        self._page_loads = PageLoads(
            self.threads,
            [*(plugin.on_page_load for plugin in parts.plugins if plugin.on_page_load), *parts.on_page_load],
        )
        # A signal handler may call `exit` on the very thread that holds the lock.
        self._lock = threading.RLock()
        self._runtime: Runtime | None = None
        self._exiting = self._ended = False

    # What the composition root calls.

    def start(self, factory: RuntimeFactory, settings: Settings) -> Runtime:
        """Make the runtime; `run` or a server then runs it."""
        self._runtime = factory(self, settings)
        return self._runtime

    def stop(self) -> None:
        """End pages, tasks and workers. After the runtime has returned; called twice, the second does nothing."""
        self.cleanup()
        self.client.wait_for_last_calls(_GRACE)
        dropped, self._dropped = self._dropped, ()
        for plugin in dropped:
            drop(plugin, self.app_handle())
        self.threads.stop(_GRACE)
        self._ended = True

    # What a runtime calls: `runtimes.Host`.

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The application's event loop."""
        return self.threads.loop.asyncio_loop

    def ready(self) -> None:
        """Set up the plugins, make the configured windows and run the setup hook."""
        self.threads.enter_window_thread()
        try:
            for plugin in self._parts.plugins:
                set_up(plugin, self.app_handle(), self.config.plugins.get(plugin.name))
            begin_menus(self.app_handle(), self._parts)
            # Tauri: the configured windows are there when the setup hook runs; their pages cannot call before it has ended.
            for window in self.config.app.windows:
                if window.create:
                    self.create_window(self.client, window)
            if self._parts.setup is not None:
                self._parts.setup(self.app_handle())
        except Exception as error:  # noqa: BLE001 - `App.run` raises it, once the runtime has ended
            self.failure = error
            self.exit(1)

    def open_page(self, page: Page, link: Link) -> PageSession:
        """Begin a page generation and end the one before it."""
        session, early = self.client.open_page(page, link)
        for request, respond in early:
            try:
                _take(session, request, respond)
            except Exception as error:  # noqa: BLE001 - such as the key of the document before; the page is to have its link
                _log.warning("page %r: a call before its link: %s", page.label, error)
        return session

    def app_handle(self) -> AppHandle:
        """Return a handle of the application."""
        return AppHandle(self, self.client)

    def page_load(self, label: str, event: PageLoadEvent, url: str) -> None:
        """Tell the hooks of page loads."""
        self._page_loads.put(Webview(self, self.client, label), PageLoadPayload(event, url))

    def window_event(self, event: WindowEvent) -> bool:
        """Tell the listeners of a window's event; a page that listens to `close-requested` decides about it itself."""
        client, name = self.client, f"tauri://{event.name}"
        # Tauri: the page destroys the window when its listener has ended, unless the listener prevented that.
        may_go = event.name != "close-requested" or not self.events.has_page_listener(name, decides_for(event.label))
        self.events.emit(name, event.payload, heard_by_window(event.label))
        if event.name == "focus":
            client.focused = event.label
        elif event.name == "blur" and client.focused == event.label:
            client.focused = None
        if event.name == "destroyed":
            self.menus.window_gone(event.label)
        if event.name == "destroyed" and client.remove_window(event.label):
            self.exit(self.exit_code)
        return may_go

    def menu_event(self, activation: MenuActivation) -> None:
        """Tell of an activated menu item, or do what a predefined one stands for."""
        _run_logged(partial(self.menus.activated, activation))

    def signalled(self, signal: int) -> None:
        """End the application, with the exit status that shells expect for the signal."""
        self.exit(128 + signal)

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

    def create_window(self, client: Client, options: WindowConfig) -> None:
        """Make a window.

        Raises:
            WindowError: A window with this label exists.
        """
        runtime = self.runtime
        check_window_options(options, runtime)
        client.add_window(options.label)
        try:
            runtime.perform(CreateWindow(options))
        except BaseException:
            client.remove_window(options.label)
            raise
        show_menu(self.menus, options.label)
        self.events.emit("tauri://window-created", {"label": options.label})
        self.events.emit("tauri://webview-created", {"label": options.label})

    def perform(self, client: Client, op: Op[T]) -> T:
        """Ask the window system for something.

        Raises:
            WindowError: There is no such window or webview, or the runtime cannot do this.
        """
        if isinstance(op, WindowOp):
            client.check_window(op.label)
        elif isinstance(op, WebviewOp):
            client.window_of(op.label)
        if type(op) in self.runtime.UNSUPPORTED:
            raise WindowError(f"the runtime {self.runtime.name} does not support {type(op).__name__}")
        return self.runtime.perform(op)

    def run_on_main_thread(self, work: Callable[[], object]) -> None:
        """Run `work` on the window system's thread, soon; what it raises is logged."""
        self.runtime.post(partial(_run_logged, work))

    def add_capability(self, capability: RuntimeCapability | Capability | str) -> None:
        """Add a capability; see `RuntimeAuthority.add_capability`."""
        with self._lock:
            self.authority.add_capability(capability)

    def receive(self, client: Client, webview: str, request: InvokeRequest, respond: Respond | None) -> None:
        """Take a call of the author's own message system; see `Webview.on_message`."""
        respond = respond or self._default_respond(client, webview, request)
        session = client.page_or_wait(webview, request, respond)
        if session is not None:
            _take(session, request, respond)

    def _default_respond(self, client: Client, label: str, request: InvokeRequest) -> Respond:
        responder = self._parts.invoke_responder
        if responder is None:
            raise ConfigError("on_message needs a responder: pass one, or set it with Builder.invoke_system(...)")
        return respond_with(responder, Webview(self, client, label), request)

    def _on_channel(self, session: PageSession, callback: int, index: int, body: InvokeResponseBody) -> bool:
        intercept = self._parts.channel_interceptor
        assert intercept is not None
        return intercept(Webview(self, self.client, session.page.label), CallbackFn(callback), index, body)

    def exit(self, code: int) -> None:
        """End the application; the first code counts, and after the end none does."""
        if self._ended:
            return
        runtime = self.runtime
        with self._lock:
            if self._exiting:
                return
            self._exiting = True
            self.exit_code = code
        runtime.quit(code)

    def restart(self) -> None:
        """End the application, and let `App.run` start the program again; an `exit` before it counts."""
        with self._lock:
            self.restarting |= self._runtime is not None and not self._exiting
        self.exit(0)

    def cleanup(self) -> None:
        """End every page and release every resource."""
        self.client.close()


def _authority_of(parts: AppParts) -> RuntimeAuthority:
    """Return the authority over the calls of an application, which knows the permissions of its plugins."""
    authority = RuntimeAuthority(development=parts.development)
    for plugin in parts.core_plugins:
        declare(authority, plugin, f"core:{plugin.name}")
    for plugin in parts.plugins:
        declare(authority, plugin, plugin.name)
    sets = [handler for handler in parts.handlers if isinstance(handler, CommandSet)]
    if sets and len(sets) == len(parts.handlers):  # what another handler answers is not known
        authority.declare(APP_ACL_KEY, commands=[name for handler in sets for name in handler.names])
    return authority


def _run_logged(work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:  # noqa: BLE001 - nobody waits for it, and the window system must go on
        _log.exception("work for the main thread failed")


def _take(session: PageSession, request: InvokeRequest, respond: Respond) -> None:
    """Let a page's call be answered that did not come over its link.

    Raises:
        NotAllowed: The request's key is not the one that the page's script was given.
        TypeError: The body has no JSON form.
    """
    check_invoke_key(request, session.page.invoke_key)
    session.request(request, respond)
