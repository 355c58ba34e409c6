"""The application's side: commands, state, events, channels, handles, and the spine that every call passes."""

from ._app import AppCore
from ._channel import Channel
from ._command import CommandSet, command, generate_handler
from ._event import Event
from ._handle import AppHandle, Emitter, Listener, Manager, Webview, WebviewWindow, WebviewWindowBuilder, Window
from ._invoke import Invoke, InvokeHandler, InvokeMessage, InvokeResolver, Request
from ._page import PageSession, QueueLimits
from ._resource import Resource, ResourceTable
from ._state import State, StateManager

__all__ = [
    "AppCore",
    "AppHandle",
    "Channel",
    "CommandSet",
    "Emitter",
    "Event",
    "Invoke",
    "InvokeHandler",
    "InvokeMessage",
    "InvokeResolver",
    "Listener",
    "Manager",
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
