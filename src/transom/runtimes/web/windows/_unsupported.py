"""The operations on windows that a browser does not support, or supports in part."""

from __future__ import annotations

from typing import Any, Final

from ... import (
    WEBVIEW_OPERATIONS,
    ChooseFiles,
    CreateBareWindow,
    EvaluateScript,
    PopupMenu,
    ReloadPage,
    RemoveTray,
    SetTray,
    SetWebviewZoom,
    SetWindowMenu,
    ShowMessage,
    ops,
)
from ..state import STATE_READS, TAB_SCRIPTS

__all__ = ["LEFT_TO_THE_BROWSER", "PARTIAL", "UNSUPPORTED", "WINDOW_EVENTS", "WINDOW_OPTIONS"]

_TAB = "a page in a browser does not control its window"
_UNKNOWN = "a browser does not tell a page about it"
_WEBVIEW_OPS: Final = (
    frozenset(WEBVIEW_OPERATIONS) - TAB_SCRIPTS.keys() - STATE_READS.keys() - {EvaluateScript, ReloadPage}
)
_KNOWN: Final = frozenset(STATE_READS) | {ops.GetTitle, ops.IsFocused, ops.IsVisible}
_DONE: Final = frozenset(TAB_SCRIPTS) | {ops.SetTitle, ops.SetVisible, ops.SetFocus}
_SEEN = "as of when the page was last resized or got the keyboard: a browser does not tell a page that its window moves"
# Everything that `WebWindows` does not know. Take an operation out when it learns it.
UNSUPPORTED: Final[dict[type[ops.Op[Any]], str]] = {
    **dict.fromkeys(frozenset((*ops.GETTERS, *ops.DESKTOP_OPERATIONS)) - _KNOWN, _UNKNOWN),
    **dict.fromkeys(frozenset(ops.SETTERS) - _DONE, _TAB),
    **dict.fromkeys(_WEBVIEW_OPS, _TAB),
    **dict.fromkeys((RemoveTray, SetTray), "a browser has no tray"),
    **dict.fromkeys((ops.GetCookies, ops.SetCookie, ops.DeleteCookie), "cookies belong to the browser"),
    CreateBareWindow: "a window in a browser is a page; use WebviewWindow",
    ChooseFiles: "a browser does not tell where files are",
    ShowMessage: "a message is drawn by the page: the plugin `dialog` does that",
    ops.ActivityName: "only windows on Android have one",
    ops.SceneIdentifier: "only windows on iOS have one",
}
_POPUP = "in a pop-up: a window that was made with a size or place of its own"
PARTIAL: Final[dict[type[ops.Op[Any]], str]] = {
    SetWebviewZoom: "by CSS, until the page is loaded again",
    ops.ClearBrowsingData: "what scripts of the page can reach",
    ops.SetIcon: "of the tab, until the page is loaded again",
    ops.CurrentMonitor: "without a name",
    ops.GetTheme: "the browser's",
    ops.InnerPosition: _SEEN,
    ops.OuterPosition: _SEEN,
    ops.OuterSize: "of the browser's window with all its tabs",
    ops.CenterWindow: _POPUP,
    ops.FocusWebview: "as setFocus of its window",
    ops.SetPosition: _POPUP,
    ops.SetSize: _POPUP,
    ops.SetWebviewBackground: "seen where the page is transparent, until it is loaded again",
    ops.SetBackgroundColor: "seen where the page is transparent, until it is loaded again",
    ops.SetCursorIcon: "where the page sets no cursor, until it is loaded again",
    ops.SetCursorVisible: "where the page sets no cursor, until it is loaded again",
    ops.SetFullscreen: "browsers allow it for some seconds after a click or a key in the page",
    ops.SetSimpleFullscreen: "the same as setFullscreen",
    ops.SetFocus: "browsers bring a page to the front only when a script of it opened the window",
    PopupMenu: "drawn in the page",
    SetWindowMenu: "drawn in the page; browsers keep some keys for themselves, such as Ctrl+N",
    ops.SetVisible: "a page that is hidden stays as an empty one",
}

# Options of a window's look and place. A page in a tab has neither, so that leaving them out changes nothing for its user.
LEFT_TO_THE_BROWSER = frozenset(
    "x y width height min_width min_height max_width max_height center resizable maximizable minimizable closable "
    "fullscreen focus maximized decorations always_on_bottom always_on_top shadow skip_taskbar visible_on_all_workspaces "
    "hidden_title title_bar_style traffic_light_position transparent window_effects prevent_overflow".split()
)
WINDOW_OPTIONS: Final = frozenset(("label", "create", "url", "title", "visible")) | LEFT_TO_THE_BROWSER
WINDOW_EVENTS: Final = frozenset(
    ("close-requested", "destroyed", "focus", "blur", "resize", "move", "scale-change", "theme-changed")
)
