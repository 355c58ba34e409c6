"""How a window of the webkitgtk runtime is closed: its page hears everything that was sent to it, and is left as by a link.

WebKit runs no `pagehide` listener of a view that is destroyed. So the view loads an empty document first, which runs
`beforeunload` and `pagehide`: the calls that they make arrive before the page ends.
"""

from __future__ import annotations

from typing import Any, Protocol
from weakref import ref

from .. import _gi as gi
from ._page import PageKeeper

__all__ = ["Leaving"]

_LIMIT_MS = 2000  # for the page; it may be busy, or hang


class LeavingWebview(Protocol):
    """The webview whose page is left."""

    pages: PageKeeper
    view: Any

    def left(self) -> None:
        """Note that the page has ended, or that its time is over."""


class Leaving:
    """Lets the page of one webview go.

    Args:
        webview: The webview.

    Attributes:
        begun: Whether the page was asked to go and has not said that it stays.
        asks: Whether a dialog asks the user about it; as long as it does, the page has time.
    """

    def __init__(self, webview: LeavingWebview) -> None:
        # Weak: in a circle, the view would be freed by the collector, on whatever thread it runs, and WebKit aborts.
        self._ref = ref(webview)
        self._timer = 0
        self.begun = self.asks = False

    @property
    def _webview(self) -> LeavingWebview:
        webview = self._ref()
        assert webview is not None, "a webview that is gone hears nothing"
        return webview

    def begin(self, asked: bool) -> None:
        """Let the page go.

        Args:
            asked: Whether its `beforeunload` listeners have run already.
        """
        self.begun = True
        self._timer = gi.GLib.timeout_add(_LIMIT_MS, self._on_limit)
        if not self._webview.pages.generation.leave(asked):
            self._unload()

    def heard(self, word: str) -> None:
        """Heed what the page says; before it was asked to go, nothing."""
        if not self.begun:
            return
        if word == "leaves":
            self._unload()
        elif word == "asked":
            self.asks = True
            self._stop_timer()
        else:
            self.end()

    def end(self) -> None:
        """Note that the page stays, or that the window is closed."""
        self._stop_timer()
        self.begun = self.asks = False

    def _unload(self) -> None:
        self._webview.view.load_uri("about:blank")

    def _on_limit(self) -> bool:
        self._timer = 0
        self._webview.left()
        return False

    def _stop_timer(self) -> None:
        if self._timer:
            gi.GLib.source_remove(self._timer)
            self._timer = 0
