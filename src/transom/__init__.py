"""transom: Tauri's command system for Python. See `ARCHITECTURE.md` for the rooms."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .acl import Commands, PathScope, Permission, Scopes
    from .app import App, Builder, Context, generate_context
    from .calls import Invoke, Request
    from .commands import CommandSpec, ParameterSpec, command, generate_handler
    from .core import PageLoadPayload, Plugin, PluginApi, PluginBuilder
    from .errors import CommandError, TransomError
    from .events import CloseRequestApi, DragDropEvent, Event, ExitRequestApi, RunEvent, WebviewEvent, WindowEvent
    from .handles import (
        AppHandle,
        BaseDirectory,
        FsScope,
        Manager,
        PackageInfo,
        PathResolver,
        State,
        Webview,
        WebviewWindow,
        WebviewWindowBuilder,
        Window,
    )
    from .menu import (
        CheckMenuItem,
        CheckMenuItemBuilder,
        IconMenuItem,
        IconMenuItemBuilder,
        Menu,
        MenuBuilder,
        MenuEvent,
        MenuItem,
        MenuItemBase,
        MenuItemBuilder,
        PredefinedMenuItem,
        Submenu,
        SubmenuBuilder,
    )
    from .pages import CancellationToken, Resource, ResourceTable
    from .runtimes import (
        AboutMetadata,
        Accelerator,
        Image,
        JsImage,
        UriSchemeContext,
        UriSchemeRequest,
        UriSchemeResponder,
        UriSchemeResponse,
    )
    from .values import Channel, JavaScriptChannelId, Response, TaggedUnion
    from .wire import EventTarget

__all__ = [
    "AboutMetadata",
    "Accelerator",
    "App",
    "AppHandle",
    "BaseDirectory",
    "Builder",
    "CancellationToken",
    "Channel",
    "CheckMenuItem",
    "CheckMenuItemBuilder",
    "CloseRequestApi",
    "CommandError",
    "CommandSpec",
    "Commands",
    "Context",
    "DragDropEvent",
    "Event",
    "EventTarget",
    "ExitRequestApi",
    "FsScope",
    "IconMenuItem",
    "IconMenuItemBuilder",
    "Image",
    "Invoke",
    "JavaScriptChannelId",
    "JsImage",
    "Manager",
    "Menu",
    "MenuBuilder",
    "MenuEvent",
    "MenuItem",
    "MenuItemBase",
    "MenuItemBuilder",
    "PackageInfo",
    "PageLoadPayload",
    "ParameterSpec",
    "PathResolver",
    "PathScope",
    "Permission",
    "Plugin",
    "PluginApi",
    "PluginBuilder",
    "PredefinedMenuItem",
    "Request",
    "Resource",
    "ResourceTable",
    "Response",
    "RunEvent",
    "Scopes",
    "State",
    "Submenu",
    "SubmenuBuilder",
    "TaggedUnion",
    "TransomError",
    "UriSchemeContext",
    "UriSchemeRequest",
    "UriSchemeResponder",
    "UriSchemeResponse",
    "Webview",
    "WebviewEvent",
    "WebviewWindow",
    "WebviewWindowBuilder",
    "Window",
    "WindowEvent",
    "command",
    "generate_context",
    "generate_handler",
]

# Name -> module. Loaded when first used: a command module should not wait for what its application needs later.
_HOMES = {
    ".acl": ("Commands", "PathScope", "Permission", "Scopes"),
    ".app": ("App", "Builder", "Context", "generate_context"),
    ".calls": ("Invoke", "Request"),
    ".commands": ("CommandSpec", "ParameterSpec", "command", "generate_handler"),
    ".core": ("PageLoadPayload", "Plugin", "PluginApi", "PluginBuilder"),
    ".errors": ("CommandError", "TransomError"),
    ".events": (
        "CloseRequestApi",
        "DragDropEvent",
        "Event",
        "ExitRequestApi",
        "RunEvent",
        "WebviewEvent",
        "WindowEvent",
    ),
    ".handles": (
        "AppHandle",
        "BaseDirectory",
        "FsScope",
        "Manager",
        "PackageInfo",
        "PathResolver",
        "State",
        "Webview",
        "WebviewWindow",
        "WebviewWindowBuilder",
        "Window",
    ),
    ".menu": (
        "CheckMenuItem",
        "CheckMenuItemBuilder",
        "IconMenuItem",
        "IconMenuItemBuilder",
        "Menu",
        "MenuBuilder",
        "MenuEvent",
        "MenuItem",
        "MenuItemBase",
        "MenuItemBuilder",
        "PredefinedMenuItem",
        "Submenu",
        "SubmenuBuilder",
    ),
    ".pages": ("CancellationToken", "Resource", "ResourceTable"),
    ".runtimes": (
        "Image",
        "JsImage",
        "UriSchemeContext",
        "UriSchemeRequest",
        "UriSchemeResponder",
        "UriSchemeResponse",
    ),
    ".values": ("Channel", "JavaScriptChannelId", "Response", "TaggedUnion"),
    ".wire": ("EventTarget",),
}


def __getattr__(name: str) -> Any:
    for module, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(module, __name__), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
