"""The operations on a single webview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ... import (
    ClearBrowsingData,
    EvaluateScript,
    FocusWebview,
    IsDevtoolsOpen,
    NavigateWebview,
    Op,
    PrintWebview,
    ReloadPage,
    SetDevtools,
    SetWebviewBackground,
    SetWebviewVisible,
    SetWebviewZoom,
    WebviewUrl,
)
from ...ops import DeleteCookie, GetCookies, SetCookie
from ._cookies import delete_cookie, read_cookies, set_cookie
from ._options import set_background
from ._webview import AppWebview

__all__ = ["WEBVIEW_OPS"]

# Add here to support another one; those that concern the window too are in `AppWindow`.
WEBVIEW_OPS: Final[dict[type[Op[Any]], Callable[[AppWebview, Any], Any]]] = {
    ClearBrowsingData: lambda webview, _: webview.clear_data(),
    DeleteCookie: lambda webview, op: delete_cookie(webview.view, op.cookie),
    EvaluateScript: lambda webview, op: webview.evaluate(op.script),
    FocusWebview: lambda webview, _: webview.view.grab_focus(),
    GetCookies: lambda webview, op: read_cookies(webview.view, op.url),
    IsDevtoolsOpen: lambda webview, _: webview.inspects,
    NavigateWebview: lambda webview, op: webview.view.load_uri(op.url),
    PrintWebview: lambda webview, _: webview.print(),
    ReloadPage: lambda webview, _: webview.reload(),
    SetCookie: lambda webview, op: set_cookie(webview.view, op.cookie),
    SetDevtools: lambda webview, op: webview.inspect(op.open),
    SetWebviewBackground: lambda webview, op: set_background(webview.view, op.color),
    SetWebviewVisible: lambda webview, op: webview.view.set_visible(op.visible),
    SetWebviewZoom: lambda webview, op: webview.view.set_zoom_level(op.factor),
    WebviewUrl: lambda webview, _: webview.view.get_uri() or "",
}
