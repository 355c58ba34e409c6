"""The hooks of a webview: navigations, new windows, downloads."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import ClassVar

import msgspec

__all__ = ["DownloadEvent", "InitializationScript", "NewWindowFeatures", "NewWindowResponse", "WebviewHooks"]


class InitializationScript(msgspec.Struct, frozen=True):
    """JavaScript that runs in every document before the page's own.

    Attributes:
        script: The source.
        for_all_frames: Whether it runs in the documents of frames too, and not in the main frame only.
    """

    script: str
    for_all_frames: bool = False


class NewWindowResponse(Enum):
    """The decision about a window that a page opens with `window.open` or a link.

    `ALLOW` opens a plain window without transom's link; `window.open` returns `null` all the same, as the two pages are
    strangers. To open a window of the application's own, make it in the hook and answer `DENY`.
    """

    ALLOW = "allow"
    DENY = "deny"


class NewWindowFeatures(msgspec.Struct, frozen=True):
    """The features that a page gives for a new window, in logical pixels; `None` for missing ones.

    Attributes:
        size: Width and height.
        position: From the upper left corner of the screen.
    """

    size: tuple[float, float] | None = None
    position: tuple[float, float] | None = None


class DownloadEvent(msgspec.Struct):
    """A download of a page: `DownloadEvent.Requested` or `DownloadEvent.Finished`."""

    Requested: ClassVar[type[_Requested]]
    Finished: ClassVar[type[_Finished]]


class _Requested(DownloadEvent):
    """A page wants to save something.

    Attributes:
        url: Its address.
        destination: Where it is going to be saved; may be set to another absolute path.
    """

    url: str
    destination: Path


class _Finished(DownloadEvent):
    """A download has ended.

    Attributes:
        url: Its address.
        path: Where it was saved; `None` when it has failed.
        success: Whether all of it is there.
    """

    url: str
    path: Path | None
    success: bool


DownloadEvent.Requested, DownloadEvent.Finished = _Requested, _Finished
_Requested.__qualname__, _Finished.__qualname__ = "DownloadEvent.Requested", "DownloadEvent.Finished"


class WebviewHooks(msgspec.Struct, frozen=True, kw_only=True):
    """The hooks and scripts of one webview. Hooks are called on the window system's thread, which waits for them.

    Attributes:
        scripts: Run in every document, in this order.
        on_navigation: Tells whether a document of this address may be loaded, in the main frame or in another one; `None`
            for the runtime's own rules. The runtime's rules apply to what it allows.
        on_new_window: Decides about a window that a page asks for; `None` makes none.
        on_download: Tells whether a download may go on; `None` for the runtime's own rules.
        on_title: Called when the document has another title.
        clipboard: Whether the page may read and write the clipboard without a gesture of the user.
    """

    scripts: tuple[InitializationScript, ...] = ()
    on_navigation: Callable[[str], bool] | None = None
    on_new_window: Callable[[str, NewWindowFeatures], NewWindowResponse] | None = None
    on_download: Callable[[DownloadEvent], bool] | None = None
    on_title: Callable[[str], object] | None = None
    clipboard: bool = False
