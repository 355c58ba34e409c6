"""Takes the parts of an application and makes it."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..calls import InvokeHandler
from ..commands import check_handler
from ..core import (
    AppParts,
    ChannelInterceptor,
    PageLoadHook,
    Plugin,
    WebviewEventHook,
    WindowEventHook,
    capability_of_plugins,
    check_plugin,
    warn_of_no_run,
)
from ..errors import ConfigError
from ..events import TypedEvent, check_hook
from ..handles import AppHandle, InvokeResponder
from ..pages import QueueLimits
from ..plugins import core_plugins
from ..runtimes import (
    ChosenRuntime,
    UriSchemeHandler,
    UriSchemeProtocol,
    choose_runtime,
)
from ..threads import MAX_WORKERS
from ..wire import GENERATIONS, MAX_BUFFERS, OlderClients
from ._app import App
from ._context import Context
from ._inspection import inspection_of, session_type_of
from ._people import PeopleMethods

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

    from ..menu import Menu, MenuEvent
    from ..observe import Watcher
    from ..tray import TrayIconEvent

__all__ = ["Builder"]


class Builder(PeopleMethods):
    """Takes an application's parts, in any order; every method returns the builder."""

    def __init__(self) -> None:
        atexit.unregister(warn_of_no_run)  # once in a process
        atexit.register(warn_of_no_run)
        PeopleMethods.__init__(self)
        self._handlers: tuple[InvokeHandler, ...] = ()
        self._core_plugins = core_plugins()
        self._plugins: dict[str, Plugin] = {}
        self._setup: Callable[[AppHandle], object] | None = None
        self._page_load: PageLoadHook | None = None
        self._menu: Callable[[AppHandle], Menu] | None = None
        self._tray_events: list[Callable[[AppHandle, TrayIconEvent], object]] = []
        self._menu_events: list[Callable[[AppHandle, MenuEvent], object]] = []
        self._window_event: list[WindowEventHook] = []
        self._webview_event: list[WebviewEventHook] = []
        self._events: dict[str, TypedEvent[Any]] = {}
        self._limits = QueueLimits()
        self._web: dict[str, Any] = {}
        self._media_server = False
        self._uri_schemes: dict[str, UriSchemeProtocol] = {}
        self._scripts: list[str] = []
        self._invoke_system: tuple[str, InvokeResponder] | None = None
        self._channel_interceptor: ChannelInterceptor | None = None
        self._strict_arguments = self._strict_permissions = False
        self._inspector: dict[str, Any] | None = None
        self._tracing: Watcher | None = None
        self._generations: dict[str, str] = {}

    def invoke_handler(self, *handlers: InvokeHandler) -> Builder:
        """Set what answers the application's commands; the handlers that were set before answer no more.

        Args:
            *handlers: `generate_handler(...)`, or any callable that takes an `Invoke` and tells whether it is its own;
                they are asked in this order. A handler runs on the thread that brought the call, and must not block it.

        Raises:
            CommandDefinitionError: A handler is a command itself, an `async def`, which cannot tell at once, or nothing
                that can be called.
        """
        for handler in handlers:
            check_handler(handler)
        self._handlers = handlers
        return self

    def strict_permissions(self, strict: bool = True) -> Builder:
        """Refuse calls of the application's own commands, too, unless a capability allows them.

        Without it, local pages may call them all as long as the folder `permissions` says nothing about them. Every command
        then has the permissions `allow-<command>` and `deny-<command>`. Tauri: `AppManifest::commands` in `build.rs`.
        """
        self._strict_permissions = strict
        return self

    def strict_arguments(self, strict: bool = True) -> Builder:
        """Reject calls with an argument that the command does not have, for all commands; see `@command(strict=True)`."""
        self._strict_arguments = strict
        return self

    def plugin(self, plugin: Plugin) -> Builder:
        """Add a plugin; see `PluginBuilder`.

        Raises:
            ConfigError: A plugin of this name was added already, the name is one of transom's own, or it is no plugin.
        """
        check_plugin(plugin, "Builder.plugin")
        own = any(plugin.name == core.name for core in self._core_plugins)
        if own or plugin.name in self._plugins:
            whose = "transom's own" if own else "added already"
            raise ConfigError(f"Builder.plugin: a plugin called {plugin.name} is {whose}; choose another name")
        self._plugins[plugin.name] = plugin
        return self

    def setup(self, hook: Callable[[AppHandle], object]) -> Builder:
        """Call `hook` once, on the main thread, after the configured windows are made. An exception in it ends the application.

        Their pages cannot call any command before it has returned.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("Builder.setup", hook)
        self._setup = hook
        return self

    def on_page_load(self, hook: PageLoadHook) -> Builder:
        """Call `hook` with the webview and a `PageLoadPayload` when a main frame begins a document and when it has loaded it.

        It runs in a worker, `async def` on the event loop, one load after the other.
        """
        self._page_load = hook
        return self

    def on_window_event(self, hook: WindowEventHook) -> Builder:
        """Call `hook` with the window and a `WindowEvent` at everything that happens to a window. May be called several times.

        It runs where it happens: on the main thread, in the web runtime on the thread that closes the window or carries its
        page. It must not block, and `CloseRequested` is decided when it returns.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("Builder.on_window_event", hook)
        self._window_event.append(hook)
        return self

    def events(self, *events: TypedEvent[Any]) -> Builder:
        """Declare events for `transom bindings`, which writes typed `listen` and `emit` of each for the page.

        Raises:
            ConfigError: Two different events have one name.
        """
        for event in events:
            if self._events.setdefault(event.name, event) is not event:
                raise ConfigError(f"Builder.events: two events are called {event.name}; one declaration per name")
        return self

    def on_webview_event(self, hook: WebviewEventHook) -> Builder:
        """Call `hook` with the webview and a `WebviewEvent` at everything that happens to a webview; see `on_window_event`.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("Builder.on_webview_event", hook)
        self._webview_event.append(hook)
        return self

    def menu(self, factory: Callable[[AppHandle], Menu]) -> Builder:
        """Show the menu that `factory` returns in every window that has none of its own.

        It is called once, on the main thread, before the configured windows are made. Where the runtime shows no menu
        bars, a warning is logged and the application runs without one.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("Builder.menu", factory)
        self._menu = factory
        return self

    def on_menu_event(self, handler: Callable[[AppHandle, MenuEvent], object]) -> Builder:
        """Call `handler` with the application and a `MenuEvent` at every activated item; see `AppHandle.on_menu_event`."""
        self._menu_events.append(handler)
        return self

    def on_tray_icon_event(self, handler: Callable[[AppHandle, TrayIconEvent], object]) -> Builder:
        """Call `handler` with the application and a `TrayIconEvent`; see `AppHandle.on_tray_icon_event`."""
        self._tray_events.append(handler)
        return self

    def register_uri_scheme_protocol(self, scheme: str, handler: UriSchemeHandler) -> Builder:
        """Answer `<scheme>://localhost/...`, for what pages load by address: images, video, downloads.

        Args:
            scheme: Its name; pages get an address with `convertFileSrc(path, scheme)`.
            handler: Takes a `UriSchemeContext` and a `UriSchemeRequest` and returns a `UriSchemeResponse`; `def` runs in a
                worker, `async def` on the event loop.

        Raises:
            ConfigError: The scheme name is invalid or already registered.
        """
        return self._add_scheme(UriSchemeProtocol(scheme=scheme, handler=handler))

    def register_asynchronous_uri_scheme_protocol(self, scheme: str, handler: UriSchemeHandler) -> Builder:
        """Answer `<scheme>://localhost/...` later: `handler` gets a `UriSchemeResponder` too, which any thread may use, once.

        Raises:
            ConfigError: The scheme name is invalid or already registered.
        """
        return self._add_scheme(UriSchemeProtocol(scheme=scheme, handler=handler, takes_responder=True))

    def _add_scheme(self, protocol: UriSchemeProtocol) -> Builder:
        if protocol.scheme in self._uri_schemes:
            raise ConfigError(f"Builder: the scheme {protocol.scheme!r} is registered already; one handler per scheme")
        self._uri_schemes[protocol.scheme] = protocol
        return self

    def client(self, generation: str, *windows: str) -> Builder:
        """Tell which generation of Tauri's client pages speak; without this, that of the configuration file.

        Args:
            generation: `2.x`; `1.x` for `@tauri-apps/api` 1.0.0 to 1.6.0; `1.0-beta` for its 1.0.0-beta.0 to beta.8; `0.x` for
                the package `tauri` 0.5 to 0.15.
            *windows: Labels of the windows whose pages speak it; none for all others.

        Raises:
            ConfigError: There is no such generation.
        """
        if generation not in GENERATIONS:
            raise ConfigError(f"Builder.client: {generation!r} is not a generation; they are {', '.join(GENERATIONS)}")
        self._generations |= dict.fromkeys(windows or ("",), generation)
        return self

    def append_invoke_initialization_script(self, script: str) -> Builder:
        """Run JavaScript in every main frame, after transom's own script and before the page's."""
        self._scripts.append(script)
        return self

    def invoke_system(self, initialization_script: str, responder: InvokeResponder) -> Builder:
        """Let calls travel by a message system of the application's own instead of transom's link.

        Args:
            initialization_script: JavaScript that sets `window.__TAURI_INTERNALS__.postMessage` to a function that takes
                `{cmd, callback, error, payload, options, __TAURI_INVOKE_KEY__}` and brings it to the back end, which hands
                it to `Webview.on_message`. Events and channels keep to the link.
            responder: Called with webview, command, `InvokeResponse` and the two callbacks; it must bring the answer to
                the page. Any thread. `transom.ipc.format_callback` writes the script that does.
        """
        self._invoke_system = (initialization_script, responder)
        return self

    def channel_interceptor(self, interceptor: ChannelInterceptor) -> Builder:
        """Show `interceptor` every message of every channel; one for which it returns `True` does not go out."""
        self._channel_interceptor = interceptor
        return self

    def media_server(self, enabled: bool = True) -> Builder:
        """Let `<video>` and `<audio>` in windows of WebKitGTK play from `asset:` and the application's own schemes.

        WebKitGTK's player loads from `http:` alone. So each is served to it by a small server on 127.0.0.1, on a port of the
        system's choice, at an address that cannot be guessed and ends with the page. Without this no port is opened.
        Other runtimes need none of it.
        """
        self._media_server = enabled
        return self

    def inspector(self, *, port: int = 0, token: str | None = None, open_browser: bool | None = None) -> Builder:
        """Record the calls, events and channels of the application, and serve the inspector, which shows them.

        For developers: whoever has its address sees every argument, and can make calls again; see `docs/inspector.md`.

        Args:
            port: The port of the page, on loopback; 0 for one that stays the same while it is free.
            token: A secret that admits browsers, any number of times; it is not printed. `None` for codes that each admit
                one browser once.
            open_browser: Whether to show the page in a browser; `None` for "where there is a display".
        """
        self._inspector = {"port": port, "token": token, "open_browser": open_browser}
        return self

    def tracing(self, provider: TracerProvider | None = None) -> Builder:
        """Make a span of OpenTelemetry for every call, with the extra `telemetry`.

        It has the command's name, is current where the command runs, and continues the trace of the header `traceparent`.

        Args:
            provider: Makes the tracer; `None` for the global one.

        Raises:
            ConfigError: The package opentelemetry-api is not installed.
        """
        from ..observe import Tracing  # few applications have traces

        self._tracing = Tracing(provider)
        return self

    def limits(
        self,
        *,
        max_message_bytes: int = QueueLimits.MAX_MESSAGE_BYTES,
        max_queued_bytes: int = QueueLimits.MAX_QUEUED_BYTES,
        max_queued_messages: int = QueueLimits.MAX_QUEUED_MESSAGES,
        max_buffers: int = MAX_BUFFERS,
        max_calls: int = QueueLimits.MAX_CALLS,
        max_listeners: int = QueueLimits.MAX_LISTENERS,
        max_resources: int = QueueLimits.MAX_RESOURCES,
        max_channels: int = QueueLimits.MAX_CHANNELS,
        max_workers: int = MAX_WORKERS,
    ) -> Builder:
        """Set the bounds of every page; see `QueueLimits`.

        Raises:
            ConfigError: A bound is not a whole number of at least 1.
        """
        sent = (max_message_bytes, max_queued_bytes, max_queued_messages, max_buffers)
        self._limits = QueueLimits(*sent, max_calls, max_listeners, max_resources, max_channels, max_workers)
        return self

    def web(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        allowed_hosts: Sequence[str] = (),
        trusted_proxies: Sequence[str] = (),
        open_browser: bool | None = None,
        reconnect_seconds: float = 5.0,
        reconnect_bytes: int = 16 * 1024 * 1024,
    ) -> Builder:
        """Set options of the web runtime; options left out get their default again.

        Args:
            host: Address to listen on; another than a loopback one lets other machines in, who need a code or the token.
            port: Port to listen on; 0 for the installation's own, which stays the same while it is free.
            token: A secret that admits browsers, any number of times; it is not printed. `None` for codes that each admit
                one browser once.
            allowed_hosts: Names, beside the loopback ones, under which the server may be reached.
            trusted_proxies: Addresses or networks of reverse proxies whose header `X-Forwarded-Proto` is believed. Nobody's
                is by default. For `App.asgi()`, the server that carries it decides.
            open_browser: Whether to show the address in a browser; `None` for "where there is a display".
            reconnect_seconds: How long a page whose connection was lost may take to connect again and go on as if nothing had
                happened. Beyond it, its calls reject, and it is loaded again.
            reconnect_bytes: The most bytes that are kept for this, each way, because they may not have arrived.

        Raises:
            ConfigError: A number is not greater than 0.
        """
        if not (reconnect_seconds > 0 and reconnect_bytes > 0):
            raise ConfigError("Builder.web: reconnect_seconds and reconnect_bytes must be greater than 0")
        self._web = {
            "host": host,
            "port": port,
            "token": token,
            "allowed_hosts": tuple(allowed_hosts),
            "trusted_proxies": tuple(trusted_proxies),
            "open_browser": open_browser,
            "reconnect": (reconnect_seconds, reconnect_bytes),
        }
        return self

    def build(self, context: Context, runtime: str | None = None) -> App:
        """Return the application.

        Args:
            context: The project's files.
            runtime: `webkitgtk`, `pywebview`, `web` or `mock`; `None` for `$TRANSOM_RUNTIME`, else windows where they can be shown.

        Raises:
            ConfigError: Two plugins register one scheme, or permissions of a plugin or of the project's files are wrong.
        """
        plugins = tuple(self._plugins.values())
        inspection = inspection_of(self._inspector, development=context.development)
        parts = AppParts(
            state=self._state,
            scoped=self._scoped,
            executors=self._executors,
            limits=self._limits,
            handlers=self._handlers,
            core_plugins=self._core_plugins,
            plugins=plugins,
            setup=self._setup,
            on_page_load=() if self._page_load is None else (self._page_load,),
            menu=self._menu,
            on_menu_event=tuple(self._menu_events),
            on_tray_icon_event=tuple(self._tray_events),
            on_window_event=tuple(self._window_event),
            on_webview_event=tuple(self._webview_event),
            events=tuple(self._events.values()),
            channel_interceptor=self._channel_interceptor,
            invoke_responder=None if self._invoke_system is None else self._invoke_system[1],
            clients=self._older_clients(context),
            strict_arguments=self._strict_arguments,
            strict_permissions=self._strict_permissions,
            development=context.development,
            access=context.access,
            session_type=session_type_of(inspection, self._tracing, context.recording, is_server=bool(self._server)),
        )
        system = () if self._invoke_system is None else (self._invoke_system[0],)
        core = self._core(context.config, parts)
        if context.config.generation == "1.x":
            core.add_capability(capability_of_plugins(plugins))
        return App(
            core,
            context,
            parts,
            ChosenRuntime(runtime or "web") if runtime or self._server else choose_runtime(),
            scripts=(
                *system,
                *(script for plugin in plugins for script in plugin.initialization_scripts),
                *self._scripts,
            ),
            uri_schemes=self._all_schemes(plugins),
            web={**self._web, "media_server": self._media_server},
            server=self._server,
            inspection=inspection,
        )

    def _older_clients(self, context: Context) -> OlderClients:
        generations = {"": context.config.generation, **self._generations}
        if all(generation == "2.x" for generation in generations.values()):
            return OlderClients()
        return OlderClients(generations, tuple(window.label for window in context.config.app.windows if window.create))

    def _all_schemes(self, plugins: tuple[Plugin, ...]) -> tuple[UriSchemeProtocol, ...]:
        schemes = dict(self._uri_schemes)
        for plugin in plugins:
            for protocol in plugin.uri_schemes:
                if protocol.scheme in schemes:
                    raise ConfigError(
                        f"the plugin {plugin.name} registers the scheme {protocol.scheme!r}, which has a handler already; rename one"
                    )
                schemes[protocol.scheme] = protocol
        return tuple(schemes.values())

    def run(self, context: Context, runtime: str | None = None) -> int:
        """Build and run; see `build` and `App.run`."""
        return self.build(context, runtime).run()
