"""The application's side: commands, state, events, channels, handles, and the spine that every call passes."""

from ._app import AppCore
from ._cancel import CancellationToken
from ._channel import Channel
from ._command import command
from ._command_set import CommandSet, check_handler, generate_handler
from ._event import Event
from ._handle import AppHandle, Emitter, Listener, Manager
from ._invoke import Invoke, InvokeBody, InvokeHandler, InvokeMessage, InvokeRequest, Request
from ._item import CommandArg, CommandItem
from ._package import PackageInfo
from ._page import PageSession, QueueLimits
from ._page_load import PageLoadHook, PageLoadPayload
from ._parts import AppParts, ChannelInterceptor
from ._paths import BaseDirectory, PathResolver
from ._plugin import Plugin, PluginApi, PluginBuilder, check_hook
from ._resolver import InvokeError, InvokeResolver, InvokeResponder, InvokeResponse, OwnedInvokeResponder
from ._resource import Resource, ResourceTable
from ._restart import restart_program
from ._state import State, StateManager
from ._window import Webview, WebviewWindow, WebviewWindowBuilder, Window

__all__ = [
    "AppCore",
    "AppHandle",
    "AppParts",
    "BaseDirectory",
    "CancellationToken",
    "Channel",
    "ChannelInterceptor",
    "CommandArg",
    "CommandItem",
    "CommandSet",
    "Emitter",
    "Event",
    "Invoke",
    "InvokeBody",
    "InvokeError",
    "InvokeHandler",
    "InvokeMessage",
    "InvokeRequest",
    "InvokeResolver",
    "InvokeResponder",
    "InvokeResponse",
    "Listener",
    "Manager",
    "OwnedInvokeResponder",
    "PackageInfo",
    "PageLoadHook",
    "PageLoadPayload",
    "PageSession",
    "PathResolver",
    "Plugin",
    "PluginApi",
    "PluginBuilder",
    "QueueLimits",
    "Request",
    "Resource",
    "ResourceTable",
    "State",
    "StateManager",
    "Webview",
    "WebviewWindow",
    "WebviewWindowBuilder",
    "Window",
    "check_handler",
    "check_hook",
    "command",
    "generate_handler",
    "restart_program",
]
