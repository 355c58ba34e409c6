"""The composition root: a builder that takes an application's parts, and the application made of them."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from .acl import PathScope
from .config import Config, load_config
from .core import AppCore, AppHandle, Emitter, InvokeHandler, Listener, Manager, QueueLimits, StateManager
from .errors import ConfigError
from .plugins import event_commands, resources_commands
from .runtimes import Runtime, Settings, choose_runtime, find_runtime

__all__ = ["App", "Builder", "Context", "generate_context"]

# Sent with every document when tauri.conf.json has no `csp` at all; a `null` there means none.
_DEFAULT_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
)


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What an application is built from beside its code.

    Attributes:
        config: The project's configuration.
        development: Whether pages are told the text of unexpected exceptions, and the development server is used.
    """

    config: Config
    development: bool = False


def generate_context(folder: str | Path | None = None, *, development: bool | None = None) -> Context:
    """Read a project's files.

    Args:
        folder: Where `tauri.conf.json` or `src-tauri/tauri.conf.json` is; `None` for the folder of the calling file.
        development: `None` for what the environment variable `TRANSOM_DEV` says: `1` for yes.

    Raises:
        ConfigError: There is no such file, or something in it is wrong; the text names every file, line and field.
    """
    if folder is None:
        caller = sys._getframe(1)  # noqa: SLF001 - the fast way to the calling file, as in collections.namedtuple
        folder = Path(caller.f_globals.get("__file__", "")).resolve().parent
    if development is None:
        development = os.environ.get("TRANSOM_DEV") == "1"
    return Context(config=load_config(Path(folder)), development=development)


class App(Manager, Emitter, Listener):
    """A built application. `run` shows its windows; `asgi` lets a server carry it instead."""

    __slots__ = ("_context", "_options", "_runtime_name")

    def __init__(self, core: AppCore, context: Context, runtime_name: str, options: dict[str, Any]) -> None:
        super().__init__(core)
        self._context = context
        self._runtime_name = runtime_name
        self._options = options

    def handle(self) -> AppHandle:
        """Return a handle, for code that runs beside the commands."""
        return AppHandle(self._app)

    def run(self) -> int:
        """Run until the last window is closed, `exit` is called or a signal comes; return the exit status.

        Only on the process's main thread. SIGINT gives 130, SIGTERM 143.

        Raises:
            RuntimeUnavailable: The machine lacks what the runtime needs; the text says what, and what mends it.
            ConfigError: The front end's folder does not exist.
        """
        runtime = self._start(self._runtime_name)
        self._app.loop_thread.start()
        try:
            code = runtime.run()
        finally:
            self._app.stop()
        if self._app.failure is not None:
            raise self._app.failure
        return code

    def asgi(self) -> Any:
        """Return the application as an ASGI application, to be served or mounted by any ASGI server.

        Its token is `Builder.web(token=...)`, or made anew and written to the log when the server starts it.

        Raises:
            ConfigError: The front end's folder does not exist.
        """
        runtime: Any = self._start("web")
        return runtime.asgi(self._app.loop_thread.adopt, self._app.stop)

    def _start(self, runtime_name: str) -> Runtime:
        config, app = self._context.config, self._app
        _refuse_unsupported(config)
        dev_url = config.build.dev_url if self._context.development else None
        assets = config.frontend_folder
        if dev_url is None and (assets is None or not assets.is_dir()):
            raise ConfigError(
                f"build.frontendDist is {config.build.frontend_dist!r}, and {assets or 'no such folder'} does not exist; "
                "build the front end first, or correct the field",
                file=config.file,
            )
        settings = Settings(
            name=config.product_name or config.identifier,
            assets=assets,
            dev_url=dev_url,
            csp=_policy(config),
            asset_scope=_asset_scope(config),
            freeze_prototype=config.app.security.freeze_prototype,
            max_message_bytes=self._options["limits"].max_message_bytes,
            options={**self._options["web"], "development": self._context.development},
        )
        return app.start(find_runtime(runtime_name), settings)


class Builder:
    """Takes an application's parts, in any order; every method returns the builder."""

    def __init__(self) -> None:
        self._state = StateManager()
        self._handler: InvokeHandler | None = None
        self._setup: Callable[[AppHandle], object] | None = None
        self._limits = QueueLimits()
        self._web: dict[str, Any] = {}

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

    def invoke_handler(self, handler: InvokeHandler) -> Builder:
        """Set what answers the application's commands: `generate_handler(...)`, or any callable that takes an `Invoke`."""
        self._handler = handler
        return self

    def setup(self, hook: Callable[[AppHandle], object]) -> Builder:
        """Call `hook` once, before the windows are made; an exception in it ends the application."""
        self._setup = hook
        return self

    def limits(
        self,
        *,
        max_message_bytes: int = QueueLimits.MAX_MESSAGE_BYTES,
        max_queued_bytes: int = QueueLimits.MAX_QUEUED_BYTES,
        max_queued_messages: int = QueueLimits.MAX_QUEUED_MESSAGES,
    ) -> Builder:
        """Set the bounds of every page; see `QueueLimits`."""
        self._limits = QueueLimits(max_message_bytes, max_queued_bytes, max_queued_messages)
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
        """
        core = AppCore(
            context.config,
            state=self._state,
            handler=self._handler,
            plugins={"event": event_commands(), "resources": resources_commands()},
            setup=self._setup,
            limits=self._limits,
            development=context.development,
        )
        return App(core, context, runtime or choose_runtime(), {"web": dict(self._web), "limits": self._limits})

    def run(self, context: Context, runtime: str | None = None) -> int:
        """Build and run; see `build` and `App.run`."""
        return self.build(context, runtime).run()


def _policy(config: Config) -> str | None:
    csp = config.app.security.csp
    if csp is msgspec.UNSET:
        return _DEFAULT_CSP
    if csp is None or isinstance(csp, str):
        return csp
    return "; ".join(f"{name} {value if isinstance(value, str) else ' '.join(value)}" for name, value in csp.items())


def _asset_scope(config: Config) -> Callable[[Path], bool] | None:
    """Return what tells whether the asset protocol may read a file, `None` when it is off."""
    protocol = config.app.security.asset_protocol
    if not protocol.enable:
        return None
    variables = {"HOME": str(Path.home()), "TEMP": tempfile.gettempdir(), "RESOURCE": str(config.folder)}
    # Tauri: a leading dot must be matched literally on Unix, unless the scope says otherwise.
    literal_dot = protocol.scope.require_literal_leading_dot
    scope = PathScope(
        protocol.scope.allow,
        protocol.scope.deny,
        variables=variables,
        literal_dot=os.name == "posix" if literal_dot is None else literal_dot,
    )
    # A link is what it leads to: otherwise one inside the scope would open what is outside.
    return lambda path: scope.allows(path.resolve())


def _refuse_unsupported(config: Config) -> None:
    """Raise ConfigError for what the file asks for and transom cannot do yet, rather than leave it out silently."""
    if config.app.with_global_tauri:
        raise ConfigError(
            "app.withGlobalTauri is not supported yet; set it to false and import from the npm package @tauri-apps/api",
            file=config.file,
        )
    if config.app.security.pattern.get("use") == "isolation":
        raise ConfigError("app.security.pattern: isolation is not supported yet; use brownfield", file=config.file)
