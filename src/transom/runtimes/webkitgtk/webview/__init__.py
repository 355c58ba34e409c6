"""One webview: its documents and their links, where it may go, and how it is left."""

from ._page import ASSETS_ORIGIN, Generation, PageKeeper, origin_of
from ._traffic import refuse_request, watch_downloads
from ._webview import AppWebview

__all__ = [
    "ASSETS_ORIGIN",
    "AppWebview",
    "Generation",
    "PageKeeper",
    "origin_of",
    "refuse_request",
    "watch_downloads",
]
