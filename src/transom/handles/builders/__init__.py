"""The options of webviews, and the builder of one that is a part of a window."""

from ._webview import WebviewBuilder, WebviewOptions

__all__ = ["WebviewBuilder", "WebviewOptions"]
