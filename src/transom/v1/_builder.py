"""The builder of Tauri 1.x, over that of 2.x."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module

from .. import handles
from ..app import App, Context
from ..app import Builder as Builder2
from ..calls import InvokeHandler
from ..core import PageLoadPayload, Plugin
from ..errors import ConfigError
from ..runtimes import UriSchemeHandler
from ._handles import AppHandle, Params, Window

__all__ = ["Builder"]

_log = logging.getLogger("transom")

# Tauri 1: these are modules of Tauri itself, so that no program of 1.x has a line that adds them.
_BUILT_IN = frozenset(
    {
        "cli",
        "clipboard-manager",
        "dialog",
        "fs",
        "global-shortcut",
        "http",
        "notification",
        "os",
        "process",
        "shell",
        "updater",
    }
)


class Builder:
    """Builds an application whose pages speak 1.x. Methods but `build`, `run` and `builder` return the builder itself."""

    def __init__(self) -> None:
        self._builder = Builder2().client("1.x")

    def builder(self) -> Builder2:
        """Return the builder of 2.x behind this one, for what 1.x does not have: windows of another generation, limits ..."""
        return self._builder

    def invoke_handler(self, *handlers: InvokeHandler) -> Builder:
        """Set what answers the application's commands: `generate_handler(...)`."""
        self._builder.invoke_handler(*handlers)
        return self

    def manage(self, state: object) -> Builder:
        """Share an object with every command that has a `State[...]` parameter of its class.

        Raises:
            ConfigError: An object of this class is managed already.
        """
        self._builder.manage(state)
        return self

    def setup(self, hook: Callable[[AppHandle], object]) -> Builder:
        """Call `hook` once with the application, before pages can call commands; see `transom.Builder.setup`."""

        def of_2x(app: handles.AppHandle) -> object:
            return hook(AppHandle(app._app, app._client))  # noqa: SLF001 - of the same base

        self._builder.setup(of_2x)
        return self

    def on_page_load(self, hook: Callable[[Window[Params], PageLoadPayload], object]) -> Builder:
        """Call `hook` with the window and the address of every page that has loaded, in a worker."""

        def of_2x(webview: handles.Webview, payload: PageLoadPayload) -> object:
            if payload.event == "finished":
                return hook(Window(webview._app, webview._client, webview.label), payload)  # noqa: SLF001 - of the same base
            return None

        self._builder.on_page_load(of_2x)
        return self

    def plugin(self, plugin: Plugin) -> Builder:
        """Add a plugin; see `transom.Builder.plugin`. `build` adds those behind the modules of `@tauri-apps/api` 1.x itself."""
        self._builder.plugin(plugin)
        return self

    def register_uri_scheme_protocol(self, scheme: str, handler: UriSchemeHandler) -> Builder:
        """Answer `<scheme>://localhost/...`; see `transom.Builder.register_uri_scheme_protocol`."""
        self._builder.register_uri_scheme_protocol(scheme, handler)
        return self

    def build(self, context: Context, runtime: str | None = None) -> App:
        """Return the application; see `transom.Builder.build`.

        What is part of Tauri 1 and a plugin of Tauri 2, such as `fs`, is added if the project's allowlist allows anything of
        it, and the program has not added it.
        """
        added = self._builder._plugins  # noqa: SLF001 - those of `builder()` too
        for name in sorted(_needed(context) - added.keys()):
            try:
                plugin: Plugin = import_module(f"..plugins.{name.replace('-', '_')}", __package__).init()
            except ConfigError as error:  # a package that it needs is not installed; the pages may never ask for it
                _log.warning("the plugin %s is left out: %s", name, error)
                continue
            self.plugin(plugin)
        return self._builder.build(context, runtime)

    def run(self, context: Context, runtime: str | None = None) -> int:
        """Build and run the application, and return its exit status; see `transom.App.run`."""
        return self.build(context, runtime).run()


def _needed(context: Context) -> frozenset[str]:
    """Return which of the plugins that 1.x has built in the project's capabilities name, as its allowlist becomes one."""
    permissions = (permission for source in context.access.capabilities for permission in source.capability.permissions)
    names = {str(getattr(permission, "identifier", permission)).partition(":")[0] for permission in permissions}
    return _BUILT_IN & names
