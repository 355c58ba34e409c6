"""The running application: what handles stand for, what a runtime calls its host, and plugins."""

from ._app import AppCore
from ._page_load import PageLoadHook, PageLoadPayload
from ._parts import AppParts, ChannelInterceptor
from ._plugin import Plugin, PluginApi, PluginBuilder, check_hook
from ._restart import restart_program

__all__ = [
    "AppCore",
    "AppParts",
    "ChannelInterceptor",
    "PageLoadHook",
    "PageLoadPayload",
    "Plugin",
    "PluginApi",
    "PluginBuilder",
    "check_hook",
    "restart_program",
]
