"""The operations on webviews, as values with their contracts."""

from __future__ import annotations

from typing import Any, Final

from ...config import WindowConfig
from ...values import PhysicalPosition, PhysicalSize, Position, Size
from ..webviews import WebviewHooks
from ._cookies import DeleteCookie, GetCookies, SetCookie
from ._op import Op, WebviewOp

__all__ = [
    "WEBVIEW_OPERATIONS",
    "ClearBrowsingData",
    "CloseWebview",
    "CreateBareWindow",
    "CreateWebview",
    "FocusWebview",
    "IsDevtoolsOpen",
    "NavigateWebview",
    "PrintWebview",
    "ReparentWebview",
    "SetDevtools",
    "SetWebviewAutoResize",
    "SetWebviewBackground",
    "SetWebviewBounds",
    "SetWebviewVisible",
    "SetWebviewZoom",
    "WebviewPosition",
    "WebviewSize",
    "WebviewUrl",
]


class CreateBareWindow(Op[None], frozen=True):
    """Make a window without a webview; `CreateWebview` can put some into it."""

    options: WindowConfig

    @property
    def label(self) -> str:
        """Label of the window."""
        return self.options.label


class CreateWebview(Op[None], frozen=True, kw_only=True):
    """Make a webview inside a window, over the others, and load the page that the options name.

    Attributes:
        window: Label of the window.
        options: The webview's label, address and options; those of windows are not used.
        position: Its upper left corner in the window.
        size: Its size.
        auto_resize: Whether it keeps its share of the window when that is resized.
        hooks: Its hooks and scripts.
    """

    window: str
    options: WindowConfig
    position: Position
    size: Size
    auto_resize: bool = False
    hooks: WebviewHooks = WebviewHooks()

    @property
    def label(self) -> str:
        """Label of the webview."""
        return self.options.label


class CloseWebview(WebviewOp[None], frozen=True):
    """Take the webview away at once; its window stays."""


class SetWebviewVisible(WebviewOp[None], frozen=True):
    """Show or hide the webview inside its window."""

    visible: bool


class FocusWebview(WebviewOp[None], frozen=True):
    """Give the webview the keyboard."""


class WebviewPosition(WebviewOp[PhysicalPosition], frozen=True):
    """Return the upper left corner of the webview inside its window."""


class WebviewSize(WebviewOp[PhysicalSize], frozen=True):
    """Return the size of the webview."""


class SetWebviewBounds(WebviewOp[None], frozen=True):
    """Set the place of the webview in its window; `None` keeps what it has."""

    position: Position | None = None
    size: Size | None = None


class SetWebviewAutoResize(WebviewOp[None], frozen=True):
    """Let the webview keep its share of the window when that is resized, or its bounds."""

    auto_resize: bool


class SetWebviewZoom(WebviewOp[None], frozen=True):
    """Set the zoom of the page, 1.0 for none."""

    factor: float


class SetWebviewBackground(WebviewOp[None], frozen=True):
    """Set the colour behind the page: red, green, blue and alpha; `None` for the system's."""

    color: tuple[int, int, int, int] | None


class ReparentWebview(WebviewOp[None], frozen=True):
    """Move the webview into another window; its page goes on."""

    window: str


class PrintWebview(WebviewOp[None], frozen=True):
    """Let the user print the page."""


class SetDevtools(WebviewOp[None], frozen=True):
    """Open or close the inspector; `None` does the one that it is not."""

    open: bool | None


class IsDevtoolsOpen(WebviewOp[bool], frozen=True):
    """Tell whether the inspector is open."""


class ClearBrowsingData(WebviewOp[None], frozen=True):
    """Forget what pages have stored: cookies, caches, `localStorage` and the like."""


class NavigateWebview(WebviewOp[None], frozen=True):
    """Load another document."""

    url: str


class WebviewUrl(WebviewOp[str], frozen=True):
    """Return the address of the document."""


# Every operation on webviews. Add here to introduce one.
WEBVIEW_OPERATIONS: Final[tuple[type[Op[Any]], ...]] = (
    ClearBrowsingData,
    CloseWebview,
    CreateWebview,
    DeleteCookie,
    FocusWebview,
    GetCookies,
    IsDevtoolsOpen,
    NavigateWebview,
    PrintWebview,
    ReparentWebview,
    SetCookie,
    SetDevtools,
    SetWebviewAutoResize,
    SetWebviewBackground,
    SetWebviewBounds,
    SetWebviewVisible,
    SetWebviewZoom,
    WebviewPosition,
    WebviewSize,
    WebviewUrl,
)
