"""The options of webviews and windows, and the builder of one that is a part of a window."""

from ._webview import WebviewBuilder, WebviewOptions
from ._window import WindowOptions

__all__ = ["WebviewBuilder", "WebviewOptions", "WindowOptions"]
