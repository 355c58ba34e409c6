"""The application's side: commands, state, events, channels, handles, and the spine that every call passes."""

from ._app import AppCore
from ._cancel import CancellationToken
from ._channel import Channel
from ._command import command
from ._command_set import CommandSet, generate_handler
from ._event import Event
from ._handle import AppHandle, Emitter, Listener, Manager, Webview, WebviewWindow, WebviewWindowBuilder, Window
from ._invoke import Invoke, InvokeBody, InvokeHandler, InvokeMessage, InvokeRequest, Request
from ._item import CommandArg, CommandItem
from ._page import PageSession, QueueLimits
from ._resolver import InvokeError, InvokeResolver, InvokeResponder, InvokeResponse, OwnedInvokeResponder
from ._resource import Resource, ResourceTable
from ._state import State, StateManager

__all__ = [
    "AppCore",
    "AppHandle",
    "CancellationToken",
    "Channel",
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
    "PageSession",
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
    "command",
    "generate_handler",
]
