"""One webview: its documents and their links, where it may go, and how it is left."""

from ._cookies import Later
from ._ops import WEBVIEW_OPS
from ._options import WEBVIEW_OPTIONS
from ._page import ASSETS_ORIGIN, Generation, PageKeeper, origin_of
from ._stack import WebviewStack
from ._traffic import refuse_request, watch_downloads
from ._webview import AppWebview

__all__ = [
    "ASSETS_ORIGIN",
    "WEBVIEW_OPS",
    "WEBVIEW_OPTIONS",
    "AppWebview",
    "Generation",
    "Later",
    "PageKeeper",
    "WebviewStack",
    "origin_of",
    "refuse_request",
    "watch_downloads",
]
