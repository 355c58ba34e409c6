"""The operations on windows that pywebview does not support, or supports in part."""

from __future__ import annotations

from typing import Any, Final

from .. import (
    WEBVIEW_OPERATIONS,
    CreateBareWindow,
    PopupMenu,
    RemoveTray,
    SetTray,
    SetWindowMenu,
    ShowMessage,
    ops,
)
from ..web.state import PAGE_SCRIPTS
from ._operations import READS, SETTERS

__all__ = ["BY_THE_RUNTIME", "PARTIAL", "UNSUPPORTED", "WINDOW_OPTIONS"]

_NEVER = "pywebview does not offer it"
_ONCE = "pywebview sets it only when a window is made: use the option of the window"
_UNKNOWN = "pywebview does not tell it"
_ONE = "a window of pywebview has one webview"
BY_THE_RUNTIME: Final = frozenset(
    (
        ops.IsFocused,
        ops.CurrentMonitor,
        ops.CenterWindow,
        ops.WebviewUrl,
        ops.AvailableMonitors,
        ops.PrimaryMonitor,
        ops.MonitorFromPoint,
    )
)
"""What `PywebviewRuntime` does itself."""
_DONE: Final = frozenset((*READS, *SETTERS, *PAGE_SCRIPTS)) | BY_THE_RUNTIME
# Take an operation out when `SETTERS` or `READS` learns it.
UNSUPPORTED: Final[dict[type[ops.Op[Any]], str]] = {
    **dict.fromkeys(frozenset((*ops.GETTERS, *ops.DESKTOP_OPERATIONS)) - _DONE, _UNKNOWN),
    **dict.fromkeys(frozenset(ops.SETTERS) - _DONE, _NEVER),
    **dict.fromkeys(frozenset(WEBVIEW_OPERATIONS) - _DONE, _NEVER),
    **dict.fromkeys((ops.CreateWebview, ops.CloseWebview, ops.ReparentWebview, ops.SetWebviewBounds), _ONE),
    **dict.fromkeys(
        (ops.SetMinSize, ops.SetSizeConstraints, ops.SetResizable, ops.SetDecorations, ops.SetShadow), _ONCE
    ),
    **dict.fromkeys(
        (ops.GetCookies, ops.SetCookie, ops.DeleteCookie),
        "pywebview tells those of the present page only, and sets none",
    ),
    **dict.fromkeys((RemoveTray, SetTray), "pywebview has no tray icons"),
    ShowMessage: "a message is drawn by the page: the plugin `dialog` does that",
    ops.StartDragging: "people move the window by elements with `data-tauri-drag-region`",
    CreateBareWindow: "a window of pywebview has a page; use WebviewWindow",
    ops.ActivityName: "only windows on Android have one",
    ops.SceneIdentifier: "only windows on iOS have one",
}
_BORDERS = "with the title bar on Windows and macOS, without it on Linux"
_MONITOR = "without a name; panels and docks count as free"
PARTIAL: Final[dict[type[ops.Op[Any]], str]] = {
    ops.AvailableMonitors: _MONITOR,
    ops.CurrentMonitor: _MONITOR,
    ops.MonitorFromPoint: _MONITOR,
    ops.PrimaryMonitor: _MONITOR,
    ops.ChooseFiles: "without a title of its own",
    ops.ClearBrowsingData: "cookies only",
    ops.GetTheme: "the page's; light before it is there",
    ops.InnerPosition: "the window's place",
    ops.IsFullscreen: "as the application has set it",
    ops.IsMaximized: "as the application has set it, and as far as the system tells",
    ops.OuterSize: _BORDERS,
    PopupMenu: "drawn in the page",
    SetWindowMenu: "drawn in the page",
    ops.SetBackgroundColor: "seen where the page is transparent, until it is loaded again",
    ops.SetWebviewBackground: "seen where the page is transparent, until it is loaded again",
    ops.SetCursorIcon: "where the page sets no cursor, until it is loaded again",
    ops.SetCursorVisible: "where the page sets no cursor, until it is loaded again",
    ops.SetSimpleFullscreen: "the same as setFullscreen",
    ops.SetWebviewZoom: "by CSS, until the page is loaded again",
    ops.WebviewUrl: "on the window's thread the address of the last page of the application",
}
WINDOW_OPTIONS: Final = frozenset(
    "label create url title visible x y width height min_width min_height center resizable fullscreen focusable maximized "
    "decorations always_on_top shadow background_color transparent user_agent".split()
)
