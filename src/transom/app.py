"""The composition root: a builder that takes an application's parts, and the application made of them."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from .calls import InvokeHandler
from .commands import check_handler
from .config import Config
from .core import (
    AppCore,
    AppParts,
    ChannelInterceptor,
    PageLoadHook,
    Plugin,
    PluginBuilder,
    asset_scope_of,
    check_front_end,
    check_hook,
    headers_of,
    policy_of,
    refuse_unsupported,
    restart_program,
    warn_of_missing_documents,
    warn_of_no_run,
    warn_of_unused,
)
from .errors import AuthorError, ConfigError
from .handles import AppHandle, Emitter, InvokeResponder, Listener, Manager, StateManager
from .pages import QueueLimits
from .plugins import core_plugins
from .project import AccessFiles, load_access, load_config
from .runtimes import (
    Runtime,
    Settings,
    UriSchemeHandler,
    UriSchemeProtocol,
    choose_runtime,
    find_runtime,
)
from .threads import MAX_WORKERS
from .wire import MAX_BUFFERS, global_api_script, overlay_script

__all__ = ["App", "Builder", "Context", "generate_context"]


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What an application is built from beside its code.

    Attributes:
        config: The project's configuration.
        development: Whether pages are told the text of unexpected exceptions, and the development server is used.
        access: The project's capabilities, and the permissions of its own commands.
    """

    config: Config
    development: bool = False
    access: AccessFiles = AccessFiles()


def generate_context(folder: str | Path | None = None, *, development: bool | None = None) -> Context:
    """Read a project's files.

    Args:
        folder: Where `tauri.conf.json` or `src-tauri/tauri.conf.json` is; `None` for the folder of the calling file, or the
            current one where there is no file, as at a prompt.
        development: `None` for what the environment variable `TRANSOM_DEV` says: `1` for yes.

    Raises:
        ConfigError: There is no such file, or something in it is wrong; the text names every file, line and field.
    """
    if folder is None:
        caller = sys._getframe(1)  # noqa: SLF001 - the fast way to the calling file, as in collections.namedtuple
        file = caller.f_globals.get("__file__")
        folder = Path.cwd() if file is None else Path(file).resolve().parent
    if development is None:
        development = os.environ.get("TRANSOM_DEV") == "1"
    config = load_config(Path(folder))
    return Context(config=config, development=development, access=load_access(config))


class App(Manager, Emitter, Listener):
    """A built application. `run` shows its windows; `asgi` lets a server carry it instead."""

    __slots__ = ("_context", "_core", "_parts", "_runtime_name", "_scripts", "_started", "_uri_schemes", "_web")

    def __init__(
        self,
        core: AppCore,
        context: Context,
        parts: AppParts,
        runtime_name: str,
        *,
        scripts: tuple[str, ...],
        uri_schemes: tuple[UriSchemeProtocol, ...],
        web: dict[str, Any],
    ) -> None:
        super().__init__(core, core.client)
        self._core = core
        self._context = context
        self._parts = parts
        self._runtime_name = runtime_name
        self._started = ""
        self._scripts = scripts
        self._uri_schemes = uri_schemes
        self._web = web

    def handle(self) -> AppHandle:
        """Return a handle, for code that runs beside the commands."""
        return AppHandle(self._app, self._client)

    def run(self) -> int:
        """Run until the last window is closed, `exit` is called or a signal comes; return the exit status.

        Only on the process's main thread, and once. SIGINT gives 130, SIGTERM 143.

        Raises:
            AuthorError: The application was started before, by `run` or `asgi`.
            RuntimeUnavailable: The machine lacks what the runtime needs; the text says what, and what mends it.
            ConfigError: The front end's folder does not exist.
        """
        runtime = self._start(self._runtime_name, "run")
        self._core.threads.loop.start()
        try:
            code = runtime.run()
        finally:
            self._core.stop()
        if self._core.failure is not None:
            raise self._core.failure
        if self._core.restarting:
            restart_program()
        return code

    def asgi(self) -> Any:
        """Return the application as an ASGI application, to be served or mounted by any ASGI server.

        Its token is `Builder.web(token=...)`, or made anew and written to the log when the server starts it.

        Raises:
            AuthorError: The application was started before, by `run` or `asgi`.
            ConfigError: The front end's folder does not exist.
        """
        runtime: Any = self._start("web", "asgi")
        return runtime.asgi(self._core.threads.loop.adopt, self._core.stop)

    def _start(self, runtime_name: str, how: str) -> Runtime:
        if self._started:
            raise AuthorError(
                f"App.{how}: App.{self._started} has started this application already, and each runs once; "
                "make another with Builder.build(...)"
            )
        config, app = self._context.config, self._core
        refuse_unsupported(config)
        warn_of_unused(config, self._parts.plugins, runtime_name if self._context.development else "")
        dev_url = config.build.dev_url if self._context.development else None
        assets = config.frontend
        if dev_url is None:
            check_front_end(config)
        settings = Settings(
            name=config.product_name or config.identifier,
            assets=assets,
            dev_url=dev_url,
            csp=policy_of(config, development=self._context.development),
            headers=headers_of(config),
            asset_scope=asset_scope_of(config),
            freeze_prototype=config.app.security.freeze_prototype,
            max_message_bytes=self._parts.limits.max_message_bytes,
            initialization_scripts=(
                *((global_api_script(),) if config.app.with_global_tauri else ()),
                *self._scripts,
                *((overlay_script(),) if self._context.development else ()),
            ),
            data_directory=self.path().app_local_data_dir(),
            uri_schemes=self._uri_schemes,
            invoke_by_message=self._parts.invoke_responder is not None,
            options={**self._web, "development": self._context.development},
        )
        factory, self._started = find_runtime(runtime_name), how
        if dev_url is None and runtime_name != "mock":  # which loads nothing
            warn_of_missing_documents(config)
        atexit.unregister(warn_of_no_run)
        return app.start(factory, settings)


class Builder:
    """Takes an application's parts, in any order; every method returns the builder."""

    def __init__(self) -> None:
        atexit.unregister(warn_of_no_run)  # once in a process
        atexit.register(warn_of_no_run)
        self._state = StateManager()
        self._handlers: tuple[InvokeHandler, ...] = ()
        self._core_plugins = core_plugins()
        self._plugins: dict[str, Plugin] = {}
        self._setup: Callable[[AppHandle], object] | None = None
        self._page_load: PageLoadHook | None = None
        self._limits = QueueLimits()
        self._web: dict[str, Any] = {}
        self._uri_schemes: dict[str, UriSchemeProtocol] = {}
        self._scripts: list[str] = []
        self._invoke_system: tuple[str, InvokeResponder] | None = None
        self._channel_interceptor: ChannelInterceptor | None = None
        self._strict_arguments = self._strict_permissions = False

    def manage(self, state: object) -> Builder:
        """Share an object with every command that has a `State[...]` parameter of its class.

        Raises:
            ConfigError: An object of this class is managed already.
        """
        if not self._state.set(state):
            raise ConfigError(
                f"Builder.manage: an object of type {type(state).__qualname__} is managed already; one per class"
            )
        return self

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
            ConfigError: A plugin of this name was added already, the name is one of transom's own, or it is not built yet.
        """
        given: object = plugin
        if isinstance(given, PluginBuilder):
            raise ConfigError("Builder.plugin: this is a PluginBuilder; end it with .build()")
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

    def register_uri_scheme_protocol(self, scheme: str, handler: UriSchemeHandler) -> Builder:
        """Answer `<scheme>://localhost/...`, for what pages load by address: images, video, downloads.

        Args:
            scheme: Its name; pages get an address with `convertFileSrc(path, scheme)`.
            handler: Takes a `UriSchemeContext` and a `UriSchemeRequest` and returns a `UriSchemeResponse`; `def` runs in a
                worker, `async def` on the event loop.

        Raises:
            ConfigError: The name is none of a scheme, or is taken.
        """
        return self._add_scheme(UriSchemeProtocol(scheme=scheme, handler=handler))

    def register_asynchronous_uri_scheme_protocol(self, scheme: str, handler: UriSchemeHandler) -> Builder:
        """Answer `<scheme>://localhost/...` later: `handler` gets a `UriSchemeResponder` too, which any thread may use, once.

        Raises:
            ConfigError: The name is none of a scheme, or is taken.
        """
        return self._add_scheme(UriSchemeProtocol(scheme=scheme, handler=handler, takes_responder=True))

    def _add_scheme(self, protocol: UriSchemeProtocol) -> Builder:
        if protocol.scheme in self._uri_schemes:
            raise ConfigError(f"Builder: the scheme {protocol.scheme!r} is registered already; one handler per scheme")
        self._uri_schemes[protocol.scheme] = protocol
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
        open_browser: bool | None = None,
    ) -> Builder:
        """Set options of the web runtime; options left out get their default again.

        Args:
            host: Address to listen on; another than a loopback one lets other machines in, who need the token.
            port: Port to listen on; 0 for a free one.
            token: What a browser must bring once; `None` for a random one.
            allowed_hosts: Names, beside the loopback ones, under which the server may be reached.
            open_browser: Whether to show the address in a browser; `None` for "where there is a display".
        """
        self._web = {
            "host": host,
            "port": port,
            "token": token,
            "allowed_hosts": tuple(allowed_hosts),
            "open_browser": open_browser,
        }
        return self

    def build(self, context: Context, runtime: str | None = None) -> App:
        """Return the application.

        Args:
            context: The project's files.
            runtime: `webkitgtk`, `web` or `mock`; `None` for `$TRANSOM_RUNTIME`, else windows where they can be shown.

        Raises:
            ConfigError: Two plugins register one scheme, or permissions of a plugin or of the project's files are wrong.
        """
        plugins = tuple(self._plugins.values())
        parts = AppParts(
            state=self._state,
            limits=self._limits,
            handlers=self._handlers,
            core_plugins=self._core_plugins,
            plugins=plugins,
            setup=self._setup,
            on_page_load=() if self._page_load is None else (self._page_load,),
            channel_interceptor=self._channel_interceptor,
            invoke_responder=None if self._invoke_system is None else self._invoke_system[1],
            strict_arguments=self._strict_arguments,
            strict_permissions=self._strict_permissions,
            development=context.development,
            access=context.access,
        )
        system = () if self._invoke_system is None else (self._invoke_system[0],)
        return App(
            AppCore(context.config, parts),
            context,
            parts,
            runtime or choose_runtime(),
            scripts=(
                *system,
                *(script for plugin in plugins for script in plugin.initialization_scripts),
                *self._scripts,
            ),
            uri_schemes=self._all_schemes(plugins),
            web=dict(self._web),
        )

    def _all_schemes(self, plugins: tuple[Plugin, ...]) -> tuple[UriSchemeProtocol, ...]:
        schemes = dict(self._uri_schemes)
        for plugin in plugins:
            for protocol in plugin.uri_schemes:
                if protocol.scheme in schemes:
                    raise ConfigError(
                        f"the plugin {plugin.name} registers the scheme {protocol.scheme!r}, which is taken"
                    )
                schemes[protocol.scheme] = protocol
        return tuple(schemes.values())

    def run(self, context: Context, runtime: str | None = None) -> int:
        """Build and run; see `build` and `App.run`."""
        return self.build(context, runtime).run()
