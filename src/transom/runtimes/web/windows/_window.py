"""One window of the web runtime, whether or not a browser shows its page."""

from __future__ import annotations

from ....config import WindowConfig
from ....errors import WindowError
from ..link import WebLink
from ..state import PageState

__all__ = ["WebWindow"]

_MAX_SCRIPTS = 1000


def _features(options: WindowConfig) -> str:
    plain = WindowConfig()
    sizes = ("width", "height", "x", "y")
    if all(getattr(options, name) == getattr(plain, name) for name in sizes):
        return ""
    place = {"left": options.x, "top": options.y}
    parts = [f"width={round(options.width)}", f"height={round(options.height)}"]
    return ",".join(["popup", *parts, *(f"{name}={round(at)}" for name, at in place.items() if at is not None)])


class WebWindow:
    """A window.

    Args:
        options: Its options.

    Attributes:
        label: Its label.
        title: Its title; empty leaves the page's own.
        visible: Whether it is to be shown. The page of a window that never was is not opened.
        leaving: The link of the page that was asked to go, because the window is closed; `None` for none.
        address: The address of its page, from the root of the application.
        asks: Whether that page asks the user whether it may go.
        state: What its page has told last; `None` before the first page.
        features: How a browser opens it: as a pop-up when it has a size or place of its own; empty for a tab.
    """

    def __init__(self, options: WindowConfig) -> None:
        self.label = options.label
        self.title = options.title
        self.visible = options.visible
        self.leaving: WebLink | None = None
        self.asks = False
        self.state: PageState | None = None
        self.address = options.url
        self.features = _features(options)
        self._scripts: list[str] = []

    def keep(self, script: str) -> None:
        """Keep a script until the window's page is there.

        Raises:
            WindowError: Too many are kept already.
        """
        if len(self._scripts) == _MAX_SCRIPTS:
            raise WindowError(
                f"the page of the window `{self.label}` is not open, and {_MAX_SCRIPTS} scripts wait for it already; "
                "show the window, or evaluate scripts when its page has loaded"
            )
        self._scripts.append(script)

    def take_scripts(self) -> list[str]:
        """Return the scripts that were kept, and keep them no longer."""
        taken, self._scripts = self._scripts, []
        return taken

    def stays(self) -> None:
        """Note that the page that was asked to go stays."""
        self.leaving, self.asks = None, False
