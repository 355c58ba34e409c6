"""The plugins of an application, some of which come and go while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from ..acl import RuntimeAuthority
from ..calls import Dispatcher
from ..config import WindowConfig
from ..errors import ConfigError
from ..handles import AppHandle, Application, Webview, Window
from ..runtimes import InitializationScript, Runtime
from ._hooks import EventHooks, run_logged
from ._page_load import PageLoads
from ._parts import AppParts
from ._plugin import Plugin, access_of, check_plugin, drop, handler_of, set_up

__all__ = ["Plugins", "dispatcher_of"]


class Plugins:
    """Sets plugins up, and takes them out again.

    Args:
        plugins: Those that the builder was given, whose handlers, hooks and permissions are known already.
        core: Names of transom's own.
        configs: What the configuration says of each, by name.
        authority: Decides about calls.
        dispatcher: Answers them.
        hooks: Hear of the application.
        page_loads: Hear of loads.

    Attributes:
        lock: Guards the plugins and changes of the authority.
    """

    def __init__(
        self,
        plugins: Sequence[Plugin],
        core: Sequence[str],
        configs: Mapping[str, Any],
        authority: RuntimeAuthority,
        dispatcher: Dispatcher,
        hooks: EventHooks,
        page_loads: PageLoads,
    ) -> None:
        self._plugins = {plugin.name: plugin for plugin in plugins}
        self._core = frozenset(core)
        self._declared = {plugin.name: access_of(plugin) for plugin in plugins}
        self._configs = configs
        self._authority = authority
        self._dispatcher = dispatcher
        self._hooks = hooks
        self._page_loads = page_loads
        self._late: dict[str, Plugin] = {}
        self.lock = threading.Lock()

    def set_up(self, app: AppHandle) -> None:
        """Run the setup hooks.

        Raises:
            Exception: What a hook raises.
        """
        for plugin in list(self._plugins.values()):
            set_up(plugin, app, self._configs.get(plugin.name))

    def add(self, plugin: Plugin, app: AppHandle) -> None:
        """Add a plugin to the running application. Webviews that are made from now on get its scripts.

        Raises:
            ConfigError: A plugin of this name is there, or its permissions are wrong, or it registers a scheme.
            Exception: What its setup hook raises; it is not added then.
        """
        check_plugin(plugin, "AppHandle.plugin")
        if plugin.uri_schemes:
            raise ConfigError(
                f"AppHandle.plugin: the plugin {plugin.name} registers a scheme, and runtimes learn schemes when they start; "
                "add it with Builder.plugin(...)"
            )
        with self.lock:
            if plugin.name in self._plugins or plugin.name in self._core:
                raise ConfigError(f"AppHandle.plugin: a plugin called {plugin.name} is there already; remove it first")
            access = access_of(plugin)
            if self._declared.get(plugin.name) != access:  # else it was there before
                self._authority.declare(plugin.name, **access)
                self._declared[plugin.name] = access
            self._plugins[plugin.name] = self._late[plugin.name] = plugin
        try:
            set_up(plugin, app, self._configs.get(plugin.name))
        except BaseException:
            with self.lock:
                del self._plugins[plugin.name], self._late[plugin.name]
            raise
        with self.lock:
            self._dispatcher.set_plugin(plugin.name, handler_of(plugin))
        if plugin.on_event is not None:
            self._hooks.add_run(plugin.on_event)
        if plugin.on_page_load is not None:
            self._page_loads.add(plugin.on_page_load)

    def remove(self, name: str, app: AppHandle) -> bool:
        """Take a plugin out: its commands and hooks are there no more. Tell whether it was there."""
        with self.lock:
            plugin = self._plugins.pop(name, None)
            self._late.pop(name, None)
            if plugin is None:
                return False
            self._dispatcher.set_plugin(name, None)
        if plugin.on_event is not None:
            self._hooks.remove_run(plugin.on_event)
        if plugin.on_page_load is not None:
            self._page_loads.remove(plugin.on_page_load)
        drop(plugin, app)
        return True

    def drop(self, app: AppHandle) -> None:
        """Tell the plugins that the application has ended; called twice, the second does nothing."""
        with self.lock:
            dropped, self._plugins = self._plugins, {}
        for plugin in dropped.values():
            drop(plugin, app)

    def hidden(self, options: WindowConfig, runtime: Runtime) -> WindowConfig:
        """Return the options of a window that is made hidden for the plugins' hooks; the same ones if there is no need."""
        hooked = any(plugin.on_window_ready for plugin in list(self._plugins.values()))
        if hooked and options.visible and "visible" in runtime.WINDOW_OPTIONS:
            return msgspec.structs.replace(options, visible=False)
        return options

    def window_ready(self, window: Window, *, show: bool) -> None:
        """Tell the plugins of a new window, and show it then; what a hook raises is logged."""
        for plugin in list(self._plugins.values()):
            if plugin.on_window_ready is not None:
                run_logged(partial(plugin.on_window_ready, window))
        if show:
            window.show()

    def scripts(self) -> tuple[InitializationScript, ...]:
        """Return the scripts of plugins that were added while the application ran."""
        late = list(self._late.values())
        return (
            *(InitializationScript(script) for plugin in late for script in plugin.initialization_scripts),
            *(InitializationScript(script, for_all_frames=True) for plugin in late for script in plugin.frame_scripts),
        )

    def navigation_hooks(self, webview: Callable[[str], Webview]) -> list[Callable[[str, str], bool]]:
        """Return what the plugins say about navigations: each takes the webview's label and the address.

        Args:
            webview: Returns the handle of a webview.
        """
        hooks = (plugin.on_navigation for plugin in list(self._plugins.values()))
        return [partial(_ask, hook, webview) for hook in hooks if hook is not None]


def _ask(hook: Callable[[Webview, str], bool], webview: Callable[[str], Webview], label: str, url: str) -> bool:
    return hook(webview(label), url)


def dispatcher_of(app: Application, authority: RuntimeAuthority, parts: AppParts) -> Dispatcher:
    """Return what answers the calls of an application."""
    plugins = (*parts.core_plugins, *parts.plugins)
    handlers = {plugin.name: handler for plugin in plugins if (handler := handler_of(plugin)) is not None}
    return Dispatcher(app, authority, parts.handlers, handlers)
