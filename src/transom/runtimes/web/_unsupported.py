"""What a page cannot do for a window in a browser, or does in part."""

from __future__ import annotations

from typing import Any, Final

from .. import (
    WEBVIEW_OPERATIONS,
    ChooseFiles,
    EvaluateScript,
    PerformPredefined,
    PopupMenu,
    ReloadPage,
    RemoveTray,
    SetMenuVisible,
    SetTray,
    SetWebviewZoom,
    SetWindowMenu,
    ShowMessage,
    ops,
)
from ._page_scripts import PAGE_SCRIPTS

__all__ = ["PARTIAL", "UNSUPPORTED"]

_TAB = "a page in a browser does not control its window"
_MENUS = "menus are not drawn in a page yet"
_UNKNOWN = "a browser does not tell a page about it"
_WEBVIEW_OPS: Final = frozenset(WEBVIEW_OPERATIONS) - PAGE_SCRIPTS.keys() - {EvaluateScript, ReloadPage}
# Everything that `WebWindows` does not know. Take an operation out when it learns it.
UNSUPPORTED: Final[dict[type[ops.Op[Any]], str]] = {
    **dict.fromkeys((*ops.GETTERS, *ops.DESKTOP_OPERATIONS), _UNKNOWN),
    **{op: _TAB for op in ops.SETTERS if op not in (ops.SetTitle, ops.SetVisible, ops.SetFocus)},
    **dict.fromkeys(_WEBVIEW_OPS, _TAB),
    **dict.fromkeys((PerformPredefined, PopupMenu, SetMenuVisible, SetWindowMenu), _MENUS),
    **dict.fromkeys((RemoveTray, SetTray), "a browser has no tray"),
    ChooseFiles: "a browser does not tell where files are",
    ShowMessage: "a message is drawn by the page: the plugin `dialog` does that",
    ops.ActivityName: "only windows on Android have one",
    ops.SceneIdentifier: "only windows on iOS have one",
}
PARTIAL: Final[dict[type[ops.Op[Any]], str]] = {
    SetWebviewZoom: "until the page is loaded again",
    ops.SetFocus: "browsers bring a page to the front only when a script of it opened the window",
    ops.SetVisible: "a page that is hidden stays as an empty one",
}
