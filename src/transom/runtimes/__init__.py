"""Window systems behind the interface in `_interface.py`, each found by name."""

from __future__ import annotations

import importlib.util
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import RuntimeUnavailable
from ..later import import_later
from ..names import nearest_name
from ._display import has_display
from ._hosts import ServerHost, SessionEnded, SessionHost
from ._interface import (
    CloseWindow,
    CreateWindow,
    DestroyWindow,
    EvaluateScript,
    Host,
    Isolation,
    IsolationDocument,
    Link,
    Page,
    PageLoadEvent,
    ReloadPage,
    Runtime,
    RuntimeFactory,
    Session,
    Settings,
    WindowEvent,
    invoke_key_of,
)
from ._uri_scheme import (
    UriSchemeContext,
    UriSchemeHandler,
    UriSchemeProtocol,
    UriSchemeRequest,
    UriSchemeResponder,
    UriSchemeResponse,
    is_field_value,
)
from .files import (
    Assets,
    OpenFile,
    Part,
    is_navigation,
    media_type_of,
    open_file,
    part_for,
    path_of_descriptor,
    with_nonce,
)
from .ops import DesktopOp, Op, WebviewOp, WindowOp
from .policy import apply_csp, parse_csp
from .sessions import (
    Authenticate,
    Moving,
    ServerOptions,
    SessionElsewhere,
    SessionHook,
    Tickets,
    Verdict,
    serve_processes,
)
from .webviews import DownloadEvent, InitializationScript, NewWindowFeatures, NewWindowResponse, WebviewHooks

if TYPE_CHECKING:
    from ._menu_ops import PerformPredefined, PopupMenu, SetMenuVisible, SetWindowMenu
    from .image import MAX_PIXELS, Image, JsImage, draw_svg
    from .menus import (
        AboutMetadata,
        Accelerator,
        ItemKind,
        MenuActivation,
        MenuNode,
        MenuTree,
        Modifier,
        PredefinedKind,
        plain_text,
    )
    from .ops import (
        WEBVIEW_OPERATIONS,
        ActivityName,
        AvailableMonitors,
        CenterWindow,
        ChooseFiles,
        ClearBrowsingData,
        CloseWebview,
        Color,
        Cookie,
        CreateBareWindow,
        CreateWebview,
        CurrentMonitor,
        CursorIcon,
        CursorPosition,
        DeleteCookie,
        FocusWebview,
        GetCookies,
        GetTheme,
        GetTitle,
        InnerPosition,
        InnerSize,
        IsAlwaysOnTop,
        IsClosable,
        IsDecorated,
        IsDevtoolsOpen,
        IsEnabled,
        IsFocused,
        IsFullscreen,
        IsMaximizable,
        IsMaximized,
        IsMinimizable,
        IsMinimized,
        IsResizable,
        IsVisible,
        Monitor,
        MonitorFromPoint,
        NavigateWebview,
        OuterPosition,
        OuterSize,
        PhysicalRect,
        PrimaryMonitor,
        PrintWebview,
        ProgressBarState,
        ProgressBarStatus,
        ReparentWebview,
        RequestUserAttention,
        ResizeDirection,
        ScaleFactor,
        SceneIdentifier,
        SetAlwaysOnBottom,
        SetAlwaysOnTop,
        SetBackgroundColor,
        SetBadgeCount,
        SetBadgeLabel,
        SetClosable,
        SetContentProtected,
        SetCookie,
        SetCursorGrab,
        SetCursorIcon,
        SetCursorPosition,
        SetCursorVisible,
        SetDecorations,
        SetDevtools,
        SetEffects,
        SetEnabled,
        SetFocus,
        SetFocusable,
        SetFullscreen,
        SetFullscreenOnMonitor,
        SetIcon,
        SetIgnoreCursorEvents,
        SetMaximizable,
        SetMaximized,
        SetMaxSize,
        SetMinimizable,
        SetMinimized,
        SetMinSize,
        SetOverlayIcon,
        SetPosition,
        SetProgressBar,
        SetResizable,
        SetShadow,
        SetSimpleFullscreen,
        SetSize,
        SetSizeConstraints,
        SetSkipTaskbar,
        SetTheme,
        SetTitle,
        SetTitleBarStyle,
        SetVisible,
        SetVisibleOnAllWorkspaces,
        SetWebviewAutoResize,
        SetWebviewBackground,
        SetWebviewBounds,
        SetWebviewVisible,
        SetWebviewZoom,
        ShowMessage,
        StartDragging,
        StartResizeDragging,
        Theme,
        TitleBarStyle,
        ToggleMaximize,
        UserAttentionType,
        WebviewPosition,
        WebviewSize,
        WebviewUrl,
        WindowEffectsConfig,
        WindowSizeConstraints,
        check_cookie,
    )
    from .trays import MouseButton, RemoveTray, SetTray, TrayClick, TrayState
else:

    def __getattr__(name: str) -> Any:
        return import_later(__name__, name, ".ops", ".image", ".menus", ".trays", "._menu_ops")


__all__ = [
    "MAX_PIXELS",
    "RUNTIMES",
    "WEBVIEW_OPERATIONS",
    "AboutMetadata",
    "Accelerator",
    "ActivityName",
    "Assets",
    "Authenticate",
    "AvailableMonitors",
    "CenterWindow",
    "ChooseFiles",
    "ChosenRuntime",
    "ClearBrowsingData",
    "CloseWebview",
    "CloseWindow",
    "Color",
    "Cookie",
    "CreateBareWindow",
    "CreateWebview",
    "CreateWindow",
    "CurrentMonitor",
    "CursorIcon",
    "CursorPosition",
    "DeleteCookie",
    "DesktopOp",
    "DestroyWindow",
    "DownloadEvent",
    "EvaluateScript",
    "FocusWebview",
    "GetCookies",
    "GetTheme",
    "GetTitle",
    "Host",
    "Image",
    "InitializationScript",
    "InnerPosition",
    "InnerSize",
    "IsAlwaysOnTop",
    "IsClosable",
    "IsDecorated",
    "IsDevtoolsOpen",
    "IsEnabled",
    "IsFocused",
    "IsFullscreen",
    "IsMaximizable",
    "IsMaximized",
    "IsMinimizable",
    "IsMinimized",
    "IsResizable",
    "IsVisible",
    "Isolation",
    "IsolationDocument",
    "ItemKind",
    "JsImage",
    "Link",
    "MenuActivation",
    "MenuNode",
    "MenuTree",
    "Modifier",
    "Monitor",
    "MonitorFromPoint",
    "MouseButton",
    "Moving",
    "NavigateWebview",
    "NewWindowFeatures",
    "NewWindowResponse",
    "Op",
    "OpenFile",
    "OuterPosition",
    "OuterSize",
    "Page",
    "PageLoadEvent",
    "Part",
    "PerformPredefined",
    "PhysicalRect",
    "PopupMenu",
    "PredefinedKind",
    "PrimaryMonitor",
    "PrintWebview",
    "ProgressBarState",
    "ProgressBarStatus",
    "ReloadPage",
    "RemoveTray",
    "ReparentWebview",
    "RequestUserAttention",
    "ResizeDirection",
    "Runtime",
    "RuntimeFactory",
    "ScaleFactor",
    "SceneIdentifier",
    "ServerHost",
    "ServerOptions",
    "Session",
    "SessionElsewhere",
    "SessionEnded",
    "SessionHook",
    "SessionHost",
    "SetAlwaysOnBottom",
    "SetAlwaysOnTop",
    "SetBackgroundColor",
    "SetBadgeCount",
    "SetBadgeLabel",
    "SetClosable",
    "SetContentProtected",
    "SetCookie",
    "SetCursorGrab",
    "SetCursorIcon",
    "SetCursorPosition",
    "SetCursorVisible",
    "SetDecorations",
    "SetDevtools",
    "SetEffects",
    "SetEnabled",
    "SetFocus",
    "SetFocusable",
    "SetFullscreen",
    "SetFullscreenOnMonitor",
    "SetIcon",
    "SetIgnoreCursorEvents",
    "SetMaxSize",
    "SetMaximizable",
    "SetMaximized",
    "SetMenuVisible",
    "SetMinSize",
    "SetMinimizable",
    "SetMinimized",
    "SetOverlayIcon",
    "SetPosition",
    "SetProgressBar",
    "SetResizable",
    "SetShadow",
    "SetSimpleFullscreen",
    "SetSize",
    "SetSizeConstraints",
    "SetSkipTaskbar",
    "SetTheme",
    "SetTitle",
    "SetTitleBarStyle",
    "SetTray",
    "SetVisible",
    "SetVisibleOnAllWorkspaces",
    "SetWebviewAutoResize",
    "SetWebviewBackground",
    "SetWebviewBounds",
    "SetWebviewVisible",
    "SetWebviewZoom",
    "SetWindowMenu",
    "Settings",
    "ShowMessage",
    "StartDragging",
    "StartResizeDragging",
    "Theme",
    "Tickets",
    "TitleBarStyle",
    "ToggleMaximize",
    "TrayClick",
    "TrayState",
    "UriSchemeContext",
    "UriSchemeHandler",
    "UriSchemeProtocol",
    "UriSchemeRequest",
    "UriSchemeResponder",
    "UriSchemeResponse",
    "UserAttentionType",
    "Verdict",
    "WebviewHooks",
    "WebviewOp",
    "WebviewPosition",
    "WebviewSize",
    "WebviewUrl",
    "WindowEffectsConfig",
    "WindowEvent",
    "WindowOp",
    "WindowSizeConstraints",
    "apply_csp",
    "check_cookie",
    "choose_runtime",
    "draw_svg",
    "find_runtime",
    "has_display",
    "invoke_key_of",
    "is_field_value",
    "is_navigation",
    "media_type_of",
    "open_file",
    "parse_csp",
    "part_for",
    "path_of_descriptor",
    "plain_text",
    "serve_processes",
    "with_nonce",
]

# Name -> module with a `create(host, settings)`. Add here to introduce a runtime; the conformance suite runs it by itself.
RUNTIMES = {"mock": "._mock", "pywebview": ".pywebview", "web": ".web", "webkitgtk": ".webkitgtk"}


def find_runtime(name: str) -> RuntimeFactory:
    """Return the factory of the runtime with this name; only now are its libraries imported.

    Raises:
        RuntimeUnavailable: There is no such runtime, or a library that it needs is not installed.
    """
    if name not in RUNTIMES:
        near = nearest_name(name, RUNTIMES)
        hint = f"did you mean `{near}`?" if near else f"use one of {', '.join(sorted(RUNTIMES.keys() - {'mock'}))}"
        raise RuntimeUnavailable(f"no runtime is called {name!r}; {hint}")
    factory: RuntimeFactory = importlib.import_module(RUNTIMES[name], __name__).create
    return factory


class ChosenRuntime(NamedTuple):
    """A runtime, and how it was chosen.

    Attributes:
        name: Its name.
        why: The reason for falling back to the web runtime; `None` if it was chosen or is not used.
    """

    name: str
    why: str | None = None


def choose_runtime() -> ChosenRuntime:
    """Return the default runtime: `$TRANSOM_RUNTIME` if it is set, else one with windows if they can be shown."""
    chosen = os.environ.get("TRANSOM_RUNTIME")
    if chosen:
        return ChosenRuntime(chosen)
    if not sys.platform.startswith("linux"):
        there, mend = importlib.util.find_spec("webview"), "pip install 'transom[pywebview]'"
        return ChosenRuntime("pywebview") if there else ChosenRuntime("web", f"pywebview is not installed: {mend}")
    if not has_display():
        return ChosenRuntime("web", "there is no display: neither $DISPLAY nor $WAYLAND_DISPLAY is set")
    try:
        importlib.import_module(RUNTIMES["webkitgtk"], __name__)
    except RuntimeUnavailable as error:
        return ChosenRuntime("web", str(error))
    return ChosenRuntime("webkitgtk")
