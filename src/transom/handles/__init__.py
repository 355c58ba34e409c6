"""Handles: light values by which an application's code reaches its windows, webviews, events, state and paths."""

from ._application import Application, NewWindow
from ._builder import WebviewWindowBuilder, WindowBuilder
from ._handle import Emitter, Handle, Listener
from ._handles import (
    AppHandle,
    InvokeResponder,
    Manager,
    OwnedInvokeResponder,
    Webview,
    WebviewWindow,
    Window,
    respond_with,
)
from ._menus import AppMenuMethods, AppTrayMethods
from ._per_user import PerUser, user_folder
from .builders import WebviewBuilder
from .paths import Asset, AssetResolver, BaseDirectory, FsScope, PackageInfo, PathResolver, window_icon_file
from .state import State, StateManager, StateMarker

__all__ = [
    "AppHandle",
    "AppMenuMethods",
    "AppTrayMethods",
    "Application",
    "Asset",
    "AssetResolver",
    "BaseDirectory",
    "Emitter",
    "FsScope",
    "Handle",
    "InvokeResponder",
    "Listener",
    "Manager",
    "NewWindow",
    "OwnedInvokeResponder",
    "PackageInfo",
    "PathResolver",
    "PerUser",
    "State",
    "StateManager",
    "StateMarker",
    "Webview",
    "WebviewBuilder",
    "WebviewWindow",
    "WebviewWindowBuilder",
    "Window",
    "WindowBuilder",
    "respond_with",
    "user_folder",
    "window_icon_file",
]
