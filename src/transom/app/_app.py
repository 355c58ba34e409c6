"""A built application, which runs once."""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from ..commands import CommandSet
from ..core import (
    AppCore,
    AppParts,
    RunHook,
    check_front_end,
    global_apis,
    headers_of,
    isolation_of,
    policy_of,
    restart_program,
    warn_of_missing_documents,
    warn_of_no_run,
    warn_of_unused,
)
from ..errors import AuthorError, ConfigError, Unsupported
from ..events import check_hook
from ..handles import AppHandle, window_icon_file
from ..runtimes import ChosenRuntime, Runtime, ServerOptions, Settings, UriSchemeProtocol, find_runtime
from ..wire import global_api_scripts, overlay_script
from ._collector import short_collections
from ._context import Context
from ._iteration import Iteration

if TYPE_CHECKING:
    from ._development import Development
    from ._inspection import Inspection

__all__ = ["BINDINGS", "App"]

BINDINGS = "TRANSOM_BINDINGS"
"""The environment variable with what `run` writes about the commands, in place of running; see `write_descriptions`."""

_logger = logging.getLogger("transom")


class App(AppHandle):
    """A built application, with the methods of its handle. `run` shows its windows; `asgi` lets a server carry it instead."""

    __slots__ = (
        "_context",
        "_core",
        "_development",
        "_inspection",
        "_parts",
        "_runtime_chosen",
        "_scripts",
        "_server",
        "_started",
        "_steps",
        "_uri_schemes",
        "_web",
    )

    def __init__(
        self,
        core: AppCore,
        context: Context,
        parts: AppParts,
        runtime: ChosenRuntime,
        *,
        scripts: tuple[str, ...],
        uri_schemes: tuple[UriSchemeProtocol, ...],
        web: dict[str, Any],
        server: ServerOptions | None = None,
        inspection: Inspection | None = None,
    ) -> None:
        super().__init__(core, core.client)
        self._core = core
        self._context = context
        self._parts = parts
        self._runtime_chosen = runtime
        self._started = ""
        self._development: Development | None = None
        self._steps: Iteration | None = None
        self._scripts = scripts
        self._uri_schemes = uri_schemes
        self._web = web
        self._server = server
        self._inspection = inspection
        if inspection is not None:
            inspection.watch(core)

    def handle(self) -> AppHandle:
        """Return a handle, for code that runs beside the commands."""
        return AppHandle(self._app, self._client)

    def run(self, callback: RunHook | None = None) -> int:
        """Run until the last window is closed, `exit` is called or a signal comes; return the exit status.

        Only on the process's main thread, and once. SIGINT gives 130, SIGTERM 143.

        Args:
            callback: Called with the application and a `RunEvent` when something happens: on the main thread, for events of
                windows where `Builder.on_window_event` is. It must not block. `RunEvent.ExitRequested` can be prevented.

        Raises:
            AuthorError: The application was started before, by `run` or `asgi`.
            RuntimeUnavailable: The machine lacks what the runtime needs; the text says what, and what mends it.
            ConfigError: The front end's folder does not exist, or the callback is an `async def`.
        """
        if self._only_describes():
            return 0
        if callback is not None:
            check_hook("App.run", callback)
            self._core.on_run_event(callback)
        runtime = self._start_here("run")
        try:
            with short_collections() as session_ended:
                self._tell_of_sessions(session_ended)
                code = runtime.run()
        finally:
            self._stop()
        return self._ended(code)

    def run_iteration(self, callback: RunHook | None = None) -> int | None:
        """Do what is due now and return at once: for a program with a loop of its own, which calls this again and again.

        The first call begins as `run` does. Only on the process's main thread.

        Args:
            callback: As for `run`; the one of the latest call is called.

        Returns:
            The exit status when the application has ended, `None` while it runs.

        Raises:
            Unsupported: The runtime's loop cannot be run in steps.
            AuthorError: The application was started before, by `run` or `asgi`.
            RuntimeUnavailable: The machine lacks what the runtime needs; the text says what, and what mends it.
            ConfigError: The front end's folder does not exist, or the callback is an `async def`.
        """
        if self._only_describes():
            return 0
        if callback is not None:
            check_hook("App.run_iteration", callback)
        if self._steps is None:
            runtime = self._start_here("run_iteration")
            steps = getattr(runtime, "steps", None)
            if steps is None:
                self._stop()
                raise Unsupported("App.run_iteration", runtime.name, "its loop cannot be run in steps")
            self._steps = Iteration(steps(), self._stop)
            self._core.on_run_event(self._steps.tell)
        code = self._steps.next(callback)
        return None if code is None else self._ended(code)

    def _only_describes(self) -> bool:
        """Write the bindings and return true if `transom bindings` runs the program: it asks for no more than the commands."""
        if not os.environ.get(BINDINGS):
            return False
        atexit.unregister(warn_of_no_run)
        self._write_bindings(os.environ[BINDINGS])
        return True

    def _start_here(self, how: str) -> Runtime:
        """Start on this thread, with the event loop on one of its own."""
        name, why = self._runtime_chosen
        if why is not None:
            _logger.warning(
                "the application is shown in a browser (runtime `web`): %s. `transom doctor` names what a window needs; "
                "TRANSOM_RUNTIME=web chooses the browser without this line",
                why,
            )
        if "TRANSOM_DEV_LINK" in os.environ:
            self._join_development()
        runtime = self._start(name, how)
        self._core.threads.loop.start()
        try:
            self._core.enter_scopes()
        except BaseException:
            self._stop()
            raise
        if self._inspection is not None:
            self._inspection.begin(self.path().app_local_data_dir())
        return runtime

    def _stop(self) -> None:
        self._core.stop()
        if self._inspection is not None:
            self._inspection.stop()

    def _ended(self, code: int) -> int:
        if self._core.failure is not None:
            raise self._core.failure
        if self._development is not None:
            self._development.ended(code)
        elif self._core.restarting:
            restart_program()
        return code

    def _join_development(self) -> None:
        from ..dev import dev_link  # only `transom dev` needs it
        from ._development import Development

        if (link := dev_link()) is not None:
            self._development = Development(link, self._core, self._inspection)
        if target := os.environ.get("TRANSOM_DEV_BINDINGS"):
            self._write_bindings(target)

    def _write_bindings(self, wanted: str) -> None:
        from ._describe import write_descriptions  # no start needs it

        sets = [handler for handler in self._parts.handlers if isinstance(handler, CommandSet)]
        write_descriptions(wanted, [spec for handler in sets for spec in handler.specs], self._parts.events)

    def asgi(self) -> Any:
        """Return the application as an ASGI application, to be served or mounted by any ASGI server.

        A browser is admitted with `Builder.web(token=...)`. Without one, a code for one browser is written to the log.

        Raises:
            AuthorError: The application was started before, by `run` or `asgi`.
            ConfigError: The front end's folder does not exist, or there is state with a scope, but no server.
        """
        if self._parts.scoped and self._server is None:
            raise ConfigError(
                "App.asgi: state with scope='user' or 'session' needs Builder.server(...) here, because the loop that would "
                "make it is the server's; or make it yourself, and manage the object"
            )
        self._core.embedded = True
        runtime: Any = self._start("web", "asgi")
        if self._inspection is not None:
            self._inspection.begin(self.path().app_local_data_dir())
        collector = ExitStack()

        def begin() -> None:
            self._tell_of_sessions(collector.enter_context(short_collections()))
            self._core.threads.loop.adopt()

        def end() -> None:
            collector.close()
            self._stop()

        return runtime.asgi(begin, end)

    def _options_of_context(self) -> dict[str, Any]:
        return {"development": self._context.development, "automation": self._context.automation}

    def _tell_of_sessions(self, ended: Callable[[], object]) -> None:
        if self._server is not None:
            from ..server import ServerCore

            if isinstance(self._core, ServerCore):
                self._core.session_ended = ended

    def _options_of_server(self) -> dict[str, Any]:
        if self._server is None:
            return {}
        windows = tuple(window.label for window in self._context.config.app.windows if window.create)
        return {"server": self._server, "first_labels": windows}

    def _start(self, runtime_name: str, how: str) -> Runtime:
        if self._started:
            raise AuthorError(
                f"App.{how}: App.{self._started} has started this application already, and each runs once; "
                "make another with Builder.build(...)"
            )
        config, app = self._context.config, self._core
        if self._server is not None and runtime_name != "web":
            raise ConfigError(
                f"Builder.server needs the runtime `web`, and this is `{runtime_name}`; leave the choice out"
            )
        by_message = self._parts.invoke_responder is not None
        isolation = isolation_of(config, runtime_name, invoke_by_message=by_message)
        warn_of_unused(config, self._parts.plugins)
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
            asset_scope=app.asset_scope.allows if config.app.security.asset_protocol.enable else None,
            freeze_prototype=config.app.security.freeze_prototype,
            isolation=isolation,
            max_message_bytes=self._parts.limits.max_message_bytes,
            initialization_scripts=(
                *(
                    global_api_scripts(self._parts.clients, lambda: global_apis(self._parts.plugins))
                    if config.app.with_global_tauri
                    else ()
                ),
                *self._scripts,
                *(
                    text
                    for plugin in self._parts.plugins
                    for name, text in plugin.runtime_scripts
                    if name == runtime_name
                ),
                *((overlay_script(),) if self._context.development else ()),
            ),
            frame_scripts=tuple(script for plugin in self._parts.plugins for script in plugin.frame_scripts),
            icon=window_icon_file(config),
            data_directory=self.path().app_local_data_dir(),
            uri_schemes=self._uri_schemes,
            invoke_by_message=by_message,
            clients=self._parts.clients,
            options={**self._web, **self._options_of_context(), **self._options_of_server()},
        )
        factory, self._started = find_runtime(runtime_name), how
        if dev_url is None and runtime_name != "mock":  # which loads nothing
            warn_of_missing_documents(config)
        atexit.unregister(warn_of_no_run)
        if self._development is not None:
            factory, settings = self._development.begin(runtime_name, factory, settings)
        return app.start(factory, settings)
