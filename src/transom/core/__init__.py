"""The running application: what handles stand for, what a runtime calls its host, and plugins."""

from ._access import DESCRIBE, RECORD, AccessDescription
from ._app import AppCore
from ._hooks import RunHook, WebviewEventHook, WindowEventHook, run_logged
from ._page_load import PageLoadHook, PageLoadPayload
from ._parts import AppParts, ChannelInterceptor
from ._plugin import Plugin, PluginApi, PluginBuilder, access_of, check_plugin, global_apis
from ._plugins_of_v1 import capability_of_plugins
from ._settings import asset_scope_of, check_front_end, headers_of, isolation_of, policy_of, warn_of_unused
from .program import restart_program, warn_of_missing_documents, warn_of_no_run
from .scopes import LayeredState, ScopedFactory, enter, scoped_factory, shared_state

__all__ = [
    "DESCRIBE",
    "RECORD",
    "AccessDescription",
    "AppCore",
    "AppParts",
    "ChannelInterceptor",
    "LayeredState",
    "PageLoadHook",
    "PageLoadPayload",
    "Plugin",
    "PluginApi",
    "PluginBuilder",
    "RunHook",
    "ScopedFactory",
    "WebviewEventHook",
    "WindowEventHook",
    "access_of",
    "asset_scope_of",
    "capability_of_plugins",
    "check_front_end",
    "check_plugin",
    "enter",
    "global_apis",
    "headers_of",
    "isolation_of",
    "policy_of",
    "restart_program",
    "run_logged",
    "scoped_factory",
    "shared_state",
    "warn_of_missing_documents",
    "warn_of_no_run",
    "warn_of_unused",
]
