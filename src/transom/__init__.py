"""transom: Tauri's command system for Python. See `ARCHITECTURE.md` for the rooms."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .acl import (
        PathScope,
        Permission,
        Scopes,
    )
    from .app import (
        App,
        Builder,
        Context,
        generate_context,
    )
    from .calls import (
        Invoke,
        Request,
    )
    from .commands import (
        CommandSpec,
        ParameterSpec,
        command,
        generate_handler,
    )
    from .config import (
        WindowConfig,
    )
    from .core import (
        PageLoadPayload,
        Plugin,
        PluginApi,
        PluginBuilder,
    )
    from .errors import (
        CommandError,
        ConfigError,
        RequestError,
        TransomError,
        Unsupported,
        WindowError,
    )
    from .events import (
        CloseRequestApi,
        DragDropEvent,
        Event,
        ExitRequestApi,
        RunEvent,
        WebviewEvent,
        WindowEvent,
    )
    from .handles import (
        AppHandle,
        BaseDirectory,
        Manager,
        PackageInfo,
        PathResolver,
        State,
        Webview,
        WebviewBuilder,
        WebviewWindow,
        WebviewWindowBuilder,
        Window,
    )
    from .pages import (
        CancellationToken,
        Resource,
        ResourceTable,
    )
    from .runtimes import (
        Color,
        CursorIcon,
        DownloadEvent,
        Image,
        JsImage,
        Monitor,
        NewWindowFeatures,
        NewWindowResponse,
        PhysicalRect,
        ProgressBarState,
        ProgressBarStatus,
        ResizeDirection,
        Theme,
        TitleBarStyle,
        UriSchemeContext,
        UriSchemeRequest,
        UriSchemeResponder,
        UriSchemeResponse,
        UserAttentionType,
        WindowEffectsConfig,
        WindowSizeConstraints,
    )
    from .values import (
        Channel,
        JavaScriptChannelId,
        LogicalPosition,
        LogicalSize,
        PhysicalPosition,
        PhysicalSize,
        PixelUnit,
        Position,
        Rect,
        Response,
        Size,
        TaggedUnion,
    )
    from .wire import (
        EventTarget,
    )

__all__ = [
    "App",
    "AppHandle",
    "BaseDirectory",
    "Builder",
    "CancellationToken",
    "Channel",
    "CloseRequestApi",
    "Color",
    "CommandError",
    "CommandSpec",
    "ConfigError",
    "Context",
    "CursorIcon",
    "DownloadEvent",
    "DragDropEvent",
    "Event",
    "EventTarget",
    "ExitRequestApi",
    "Image",
    "Invoke",
    "JavaScriptChannelId",
    "JsImage",
    "LogicalPosition",
    "LogicalSize",
    "Manager",
    "Monitor",
    "NewWindowFeatures",
    "NewWindowResponse",
    "PackageInfo",
    "PageLoadPayload",
    "ParameterSpec",
    "PathResolver",
    "PathScope",
    "Permission",
    "PhysicalPosition",
    "PhysicalRect",
    "PhysicalSize",
    "PixelUnit",
    "Plugin",
    "PluginApi",
    "PluginBuilder",
    "Position",
    "ProgressBarState",
    "ProgressBarStatus",
    "Rect",
    "Request",
    "RequestError",
    "ResizeDirection",
    "Resource",
    "ResourceTable",
    "Response",
    "RunEvent",
    "Scopes",
    "Size",
    "State",
    "TaggedUnion",
    "Theme",
    "TitleBarStyle",
    "TransomError",
    "Unsupported",
    "UriSchemeContext",
    "UriSchemeRequest",
    "UriSchemeResponder",
    "UriSchemeResponse",
    "UserAttentionType",
    "Webview",
    "WebviewBuilder",
    "WebviewEvent",
    "WebviewWindow",
    "WebviewWindowBuilder",
    "Window",
    "WindowConfig",
    "WindowEffectsConfig",
    "WindowError",
    "WindowEvent",
    "WindowSizeConstraints",
    "command",
    "generate_context",
    "generate_handler",
]

# Name -> module. Loaded when first used: a command module should not wait for what its application needs later.
_HOMES = {
    ".acl": (
        "PathScope",
        "Permission",
        "Scopes",
    ),
    ".app": (
        "App",
        "Builder",
        "Context",
        "generate_context",
    ),
    ".calls": (
        "Invoke",
        "Request",
    ),
    ".commands": (
        "CommandSpec",
        "ParameterSpec",
        "command",
        "generate_handler",
    ),
    ".config": ("WindowConfig",),
    ".core": (
        "PageLoadPayload",
        "Plugin",
        "PluginApi",
        "PluginBuilder",
    ),
    ".errors": (
        "CommandError",
        "ConfigError",
        "RequestError",
        "TransomError",
        "Unsupported",
        "WindowError",
    ),
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
        "Manager",
        "PackageInfo",
        "PathResolver",
        "State",
        "Webview",
        "WebviewBuilder",
        "WebviewWindow",
        "WebviewWindowBuilder",
        "Window",
    ),
    ".pages": (
        "CancellationToken",
        "Resource",
        "ResourceTable",
    ),
    ".runtimes": (
        "Color",
        "CursorIcon",
        "DownloadEvent",
        "Image",
        "JsImage",
        "Monitor",
        "NewWindowFeatures",
        "NewWindowResponse",
        "PhysicalRect",
        "ProgressBarState",
        "ProgressBarStatus",
        "ResizeDirection",
        "Theme",
        "TitleBarStyle",
        "UriSchemeContext",
        "UriSchemeRequest",
        "UriSchemeResponder",
        "UriSchemeResponse",
        "UserAttentionType",
        "WindowEffectsConfig",
        "WindowSizeConstraints",
    ),
    ".values": (
        "Channel",
        "JavaScriptChannelId",
        "LogicalPosition",
        "LogicalSize",
        "PhysicalPosition",
        "PhysicalSize",
        "PixelUnit",
        "Position",
        "Rect",
        "Response",
        "Size",
        "TaggedUnion",
    ),
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
