"""Plugins: commands under a name of their own, with hooks, scripts and permissions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import msgspec

from ..acl import OFFICIAL_PLUGINS, WITHOUT_PACKAGE, Permission
from ..calls import Invoke, InvokeHandler
from ..commands import check_handler
from ..errors import ConfigError, Unsupported
from ..events import check_hook
from ..handles import AppHandle, Webview, Window
from ..runtimes import UriSchemeHandler, UriSchemeProtocol
from ..values import decode_plain
from ..wire import global_api_script
from ._hooks import RunHook
from ._page_load import PageLoadHook

__all__ = [
    "Plugin",
    "PluginApi",
    "PluginBuilder",
    "access_of",
    "check_plugin",
    "drop",
    "global_apis",
    "handler_of",
    "set_up",
]

_log = logging.getLogger("transom")

C = TypeVar("C")


class PluginApi(NamedTuple):
    """The second argument of a plugin's setup hook.

    Attributes:
        name: The plugin's name.
        config: Its part of `plugins` in the configuration file; `None` when there is none.
    """

    name: str
    config: Any

    def config_as(self, kind: type[C]) -> C:
        """Return the plugin's configuration as a type: a Struct, a dataclass, whatever an argument may be.

        Raises:
            ConfigError: It is missing or of another type.
        """
        try:
            return cast("C", decode_plain(self.config, kind))
        except msgspec.ValidationError as error:
            raise ConfigError(f"plugins.{self.name} in the configuration: {error}") from None


SetupHook: TypeAlias = Callable[[AppHandle, PluginApi], object]


class Plugin(msgspec.Struct, frozen=True, kw_only=True):
    """A plugin as an application takes it in; see `PluginBuilder`.

    Attributes:
        name: Its commands are `plugin:<name>|<command>`.
        handler: Answers them; `None` when it has none.
        setup: Called once before the application's own setup hook.
        on_page_load: Called at every load of a main frame.
        on_navigation: Tells whether a webview may load an address.
        on_window_ready: Called with every new window before it is shown.
        on_event: Called when something happens to the application or its windows.
        on_drop: Called once when the application has ended.
        initialization_scripts: JavaScript for every main frame.
        frame_scripts: JavaScript for every frame.
        runtime_scripts: Pairs of a runtime and JavaScript for every main frame on it.
        uri_schemes: Schemes that it answers.
        commands: Names of its commands, each with a permission `allow-<command>`; `None` when they are not known.
        default: Identifiers that its `default` permission stands for.
        permission_sets: Identifiers that other names stand for.
        permissions: Permissions with names and scopes of their own.
        unavailable: Identifiers of Tauri's plugin that this one does not have.
        unsupported: For each runtime, the commands that it cannot answer, with the reason; they reject with it.
        limited: For each runtime, the commands that do less there than elsewhere, with what is missing.
        global_api: File of the script that sets `window.__TAURI__.<name>`; `None` when it has none.
    """

    name: str
    handler: InvokeHandler | None = None
    setup: SetupHook | None = None
    on_page_load: PageLoadHook | None = None
    on_navigation: Callable[[Webview, str], bool] | None = None
    on_window_ready: Callable[[Window], object] | None = None
    on_event: RunHook | None = None
    on_drop: Callable[[AppHandle], object] | None = None
    initialization_scripts: tuple[str, ...] = ()
    frame_scripts: tuple[str, ...] = ()
    runtime_scripts: tuple[tuple[str, str], ...] = ()
    uri_schemes: tuple[UriSchemeProtocol, ...] = ()
    commands: tuple[str, ...] | None = None
    default: tuple[str, ...] = ()
    permission_sets: Mapping[str, Sequence[str]] = {}
    permissions: tuple[Permission, ...] = ()
    unavailable: tuple[str, ...] = ()
    unsupported: Mapping[str, Mapping[str, str]] = {}
    limited: Mapping[str, Mapping[str, str]] = {}
    global_api: Path | None = None


class PluginBuilder:
    """Makes a plugin (Tauri: `plugin::Builder`); every method returns the builder.

    Args:
        name: Letters, digits and `-`; the commands are then `plugin:<name>|<command>`.
    """

    def __init__(self, name: str) -> None:
        self._parts: dict[str, Any] = {"name": name}

    def _set(self, **parts: Any) -> PluginBuilder:
        self._parts.update(parts)
        return self

    def invoke_handler(self, handler: InvokeHandler) -> PluginBuilder:
        """Set what answers the plugin's commands: `generate_handler(...)`, or any callable that takes an `Invoke`.

        Raises:
            CommandDefinitionError: See `Builder.invoke_handler`.
        """
        check_handler(handler)
        return self._set(handler=handler)

    def setup(self, hook: SetupHook) -> PluginBuilder:
        """Call `hook` once, before the application's own; an exception in it ends the application.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("PluginBuilder.setup", hook)
        return self._set(setup=hook)

    def on_page_load(self, hook: PageLoadHook) -> PluginBuilder:
        """Call `hook` when a main frame begins to show a document, and when it has loaded it."""
        return self._set(on_page_load=hook)

    def on_navigation(self, hook: Callable[[Webview, str], bool]) -> PluginBuilder:
        """Let `hook` tell whether a webview may load an address; see `WebviewWindowBuilder.on_navigation`.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("PluginBuilder.on_navigation", hook)
        return self._set(on_navigation=hook)

    def on_window_ready(self, hook: Callable[[Window], object]) -> PluginBuilder:
        """Call `hook` with every new window. It is made hidden, and shown after the hook if its options show it.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("PluginBuilder.on_window_ready", hook)
        return self._set(on_window_ready=hook)

    def on_event(self, hook: RunHook) -> PluginBuilder:
        """Call `hook` with the application and a `RunEvent` when something happens to it; see `App.run`.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("PluginBuilder.on_event", hook)
        return self._set(on_event=hook)

    def on_drop(self, hook: Callable[[AppHandle], object]) -> PluginBuilder:
        """Call `hook` once, when the application has ended.

        Raises:
            ConfigError: It is an `async def`.
        """
        check_hook("PluginBuilder.on_drop", hook)
        return self._set(on_drop=hook)

    def js_init_script(self, script: str, *, runtime: str | None = None) -> PluginBuilder:
        """Run JavaScript in every main frame before the page's own scripts.

        Args:
            script: The script.
            runtime: Only on this runtime, such as `webkitgtk`, after the scripts for all; `None` for all.
        """
        if runtime is None:
            return self._set(initialization_scripts=(*self._parts.get("initialization_scripts", ()), script))
        return self._set(runtime_scripts=(*self._parts.get("runtime_scripts", ()), (runtime, script)))

    def js_init_script_on_all_frames(self, script: str) -> PluginBuilder:
        """Run JavaScript in every document of every frame before the page's own scripts; in a browser, in the front end's own."""
        return self._set(frame_scripts=(*self._parts.get("frame_scripts", ()), script))

    def register_uri_scheme_protocol(self, scheme: str, handler: UriSchemeHandler) -> PluginBuilder:
        """Answer `<scheme>://localhost/...`; see `Builder.register_uri_scheme_protocol`."""
        return self._add_scheme(UriSchemeProtocol(scheme=scheme, handler=handler))

    def register_asynchronous_uri_scheme_protocol(self, scheme: str, handler: UriSchemeHandler) -> PluginBuilder:
        """Answer `<scheme>://localhost/...` later; see `Builder.register_asynchronous_uri_scheme_protocol`."""
        return self._add_scheme(UriSchemeProtocol(scheme=scheme, handler=handler, takes_responder=True))

    def _add_scheme(self, protocol: UriSchemeProtocol) -> PluginBuilder:
        return self._set(uri_schemes=(*self._parts.get("uri_schemes", ()), protocol))

    def permissions(
        self,
        *,
        default: Iterable[str] = (),
        sets: Mapping[str, Sequence[str]] | None = None,
        permissions: Iterable[Permission] = (),
        unavailable: Iterable[str] = (),
    ) -> PluginBuilder:
        """Say what capabilities can give beside `allow-<command>` and `deny-<command>`.

        Args:
            default: Identifiers that `<name>:default` stands for, such as `allow-ping`.
            sets: Identifiers that other names stand for; a set may contain sets.
            permissions: Permissions with names, scopes and platforms of their own.
            unavailable: Identifiers of Tauri's plugin of the same name that this one does not have. The capability files
                of an application may name them; a warning at the start says that they grant nothing.
        """
        return self._set(
            default=tuple(default),
            permission_sets=dict(sets or {}),
            permissions=tuple(permissions),
            unavailable=tuple(unavailable),
        )

    def unsupported(self, runtime: str, commands: Mapping[str, str]) -> PluginBuilder:
        """Reject commands where the runtime cannot do what they are for; the page is told the runtime and the reason.

        Args:
            runtime: `webkitgtk` or `web`.
            commands: Names of commands, each with the reason and what to do instead: a clause, such as
                `a browser has no tray; show the menu in the page`.
        """
        return self._set(unsupported={**self._parts.get("unsupported", {}), runtime: dict(commands)})

    def limited(self, runtime: str, commands: Mapping[str, str]) -> PluginBuilder:
        """Say which commands do less on a runtime than elsewhere, for the tables of the documentation.

        Args:
            runtime: `webkitgtk` or `web`.
            commands: Names of commands, each with what is missing.
        """
        return self._set(limited={**self._parts.get("limited", {}), runtime: dict(commands)})

    def global_api_script(self, path: Path) -> PluginBuilder:
        """Run a script in every main frame of applications with `app.withGlobalTauri`, to set `window.__TAURI__.<name>`.

        Args:
            path: The file, which is read when such an application starts.
        """
        return self._set(global_api=path)

    def build(self) -> Plugin:
        """Return the plugin."""
        handler = self._parts.get("handler")
        names = getattr(handler, "names", None)
        return Plugin(**self._parts, commands=None if names is None else tuple(names))


def check_plugin(given: object, method: str) -> None:
    """Refuse what a program gives in the place of a plugin.

    Args:
        given: What should be a `Plugin`.
        method: The method that it was given to, for the text.

    Raises:
        ConfigError: It is none; the text says what to write.
    """
    if isinstance(given, Plugin):
        return
    if isinstance(given, PluginBuilder):
        raise ConfigError(f"{method}: this is a PluginBuilder; end it with .build()")
    name = str(getattr(given, "__name__", type(given).__name__)).rpartition(".")[2]
    if isinstance(given, ModuleType):
        raise ConfigError(f"{method}: {name} is a module; write {name}.init()")
    if callable(given):
        raise ConfigError(f"{method}: {name} is a function; call it: {name}()")
    raise ConfigError(f"{method}: an object of the type {name} is not a plugin; a PluginBuilder makes one")


def access_of(plugin: Plugin) -> dict[str, Any]:
    """Return what a plugin says of its permissions, by the names that `RuntimeAuthority.declare` has."""
    return {
        "commands": plugin.commands,
        "default": plugin.default,
        "sets": plugin.permission_sets,
        "permissions": plugin.permissions,
        "unavailable": plugin.unavailable,
    }


def handler_of(plugin: Plugin) -> InvokeHandler | None:
    """Return what answers a plugin's commands, which rejects those that the runtime cannot do; `None` if it has none."""
    handler, unsupported = plugin.handler, plugin.unsupported
    if handler is None or not unsupported:
        return handler

    def answer(invoke: Invoke) -> bool:
        runtime = invoke.app.runtime_name
        reason = unsupported.get(runtime, {}).get(invoke.message.command)
        if reason is None:
            return handler(invoke)
        invoke.resolver.fail(Unsupported(invoke.message.command, runtime, reason))
        return True

    return answer


def global_apis(plugins: Iterable[Plugin]) -> tuple[str, ...]:
    """Return the scripts that add the plugins' functions to `window.__TAURI__`; those of official plugins come with it.

    Raises:
        ConfigError: A file cannot be read.
    """
    scripts = []
    for plugin in plugins:
        if plugin.name in OFFICIAL_PLUGINS and plugin.name not in WITHOUT_PACKAGE:
            scripts.append(global_api_script(f"plugin_{plugin.name}.js"))
        elif plugin.global_api is not None:
            try:
                scripts.append(plugin.global_api.read_text("utf-8"))
            except OSError as error:
                raise ConfigError(
                    f"app.withGlobalTauri needs {plugin.global_api.name} of the plugin {plugin.name}: {error.strerror}"
                ) from None
    return tuple(scripts)


def set_up(plugin: Plugin, app: AppHandle, config: Any) -> None:
    """Run a plugin's setup hook.

    Raises:
        Exception: What the hook raises, with a note of whose it is.
    """
    if plugin.setup is None:
        return
    try:
        plugin.setup(app, PluginApi(plugin.name, config))
    except Exception as error:
        error.add_note(f"failed to initialize plugin `{plugin.name}`")  # Tauri: the sentence
        raise


def drop(plugin: Plugin, app: AppHandle) -> None:
    """Run a plugin's hook for the end of the application; what it raises is logged."""
    if plugin.on_drop is None:
        return
    try:
        plugin.on_drop(app)
    except Exception:  # noqa: BLE001 - the plugins after it must hear of the end too
        _log.exception("the plugin %r failed at the end of the application", plugin.name)
