"""How a window of the webkitgtk runtime is closed: its page hears everything that was sent to it, and is left as by a link.

WebKit runs no `pagehide` listener of a view that is destroyed. So the view loads an empty document first, which runs
`beforeunload` and `pagehide`, and the calls that these make come before the page is gone.
"""

from __future__ import annotations

from typing import Any, Protocol
from weakref import ref

from ._gi import GLib
from ._page import PageKeeper

__all__ = ["Leaving"]

_LIMIT_MS = 2000  # for the page; it may be busy, or hang


class LeavingWindow(Protocol):
    """The window that is closed."""

    pages: PageKeeper
    view: Any

    def destroy(self) -> None:
        """Take the window away."""


class Leaving:
    """Closes one window.

    Args:
        window: The window.

    Attributes:
        begun: Whether the page was asked to go and has not said that it stays.
        asks: Whether a dialog asks the user about it; as long as it does, the page has time.
    """

    def __init__(self, window: LeavingWindow) -> None:
        # Weak: in a circle, the window's view would be freed by the collector, on whatever thread it runs, and WebKit aborts.
        self._ref = ref(window)
        self._timer = 0
        self.begun = self.asks = False

    @property
    def _window(self) -> LeavingWindow:
        window = self._ref()
        assert window is not None, "a window that is gone hears nothing"
        return window

    def begin(self, asked: bool) -> None:
        """Let the page go.

        Args:
            asked: Whether its `beforeunload` listeners have run already.
        """
        self.begun = True
        self._timer = GLib.timeout_add(_LIMIT_MS, self._on_limit)
        if not self._window.pages.generation.leave(asked):
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
        """Note that the page stays, or that the window is gone."""
        self._stop_timer()
        self.begun = self.asks = False

    def _unload(self) -> None:
        self._window.view.load_uri("about:blank")

    def _on_limit(self) -> bool:
        self._timer = 0
        self._window.destroy()
        return False

    def _stop_timer(self) -> None:
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
