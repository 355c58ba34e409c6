"""The windows of the web runtime, and what they cannot do."""

from ._unsupported import LEFT_TO_THE_BROWSER, PARTIAL, UNSUPPORTED, WINDOW_EVENTS, WINDOW_OPTIONS
from ._window import WebWindow
from ._windows import WebWindows

__all__ = [
    "LEFT_TO_THE_BROWSER",
    "PARTIAL",
    "UNSUPPORTED",
    "WINDOW_EVENTS",
    "WINDOW_OPTIONS",
    "WebWindow",
    "WebWindows",
]
