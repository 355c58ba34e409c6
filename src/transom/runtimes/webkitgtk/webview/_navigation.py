"""Decisions about navigations and downloads, as functions of plain values."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import Enum, auto
from typing import NamedTuple

__all__ = ["Answer", "Navigation", "decide_download", "decide_navigation", "scheme_of"]

# Documents that come with the page itself; the web engine does not let a page replace the main document with `data:`.
_INNER = frozenset(("about", "blob", "data", "javascript"))
# Tauri: the opener plugin opens these by default, as well as web addresses.
_DESKTOP = frozenset(("mailto", "tel"))
_WEB = frozenset(("http", "https"))
# What loads a document that the window has shown already.
_AGAIN = frozenset(("back-forward", "reload", "form-resubmitted"))


class Answer(Enum):
    """The decision about a navigation."""

    LOAD = auto()
    DESKTOP = auto()
    REFUSE = auto()
    LOST = auto()  # a redirect into our own scheme, for whose document WebKit never asks: an empty page would come


class Navigation(NamedTuple):
    """A document that is asked for, in the main frame or in another one: the web engine does not tell which.

    Attributes:
        scheme: Scheme of its address.
        origin: Its origin; `None` if it has none.
        kind: The web engine's word, such as `link-clicked`.
        gesture: Whether the user has clicked or pressed a key for it.
        referrer: Origin of the document that asks, where that is told; documents of custom schemes and those that send
            no referrer are not.
        target: Name of the frame that it is asked for; `None` or empty for the frame of the link.
        page: Origin of the main frame's document; `None` before the first one.
        local: The application's own origins.
        own: The application's own schemes.
        redirected: Whether a server has sent the page there.
        allowed: What the application's hook says; `None` when it has none.
    """

    scheme: str
    origin: str | None
    kind: str
    gesture: bool
    referrer: str | None
    target: str | None
    page: str | None
    local: AbstractSet[str]
    own: AbstractSet[str]
    redirected: bool = False
    allowed: bool | None = None


def decide_navigation(asked: Navigation) -> Answer:
    """Decide on a navigation.

    Tauri: an application goes anywhere unless `on_navigation` forbids it. Here a click on a link to a foreign address
    opens it on the desktop, and an address that no page can be loaded from never replaces the application.
    """
    if asked.allowed is False:
        return Answer.REFUSE
    if asked.redirected and asked.origin in asked.local and asked.scheme not in _WEB:
        return Answer.LOST
    if asked.page is None or asked.kind in _AGAIN or asked.scheme in _INNER:
        return Answer.LOAD
    by_foreign_frame = asked.page in asked.local and asked.referrer is not None and asked.referrer not in asked.local
    if asked.origin in asked.local:
        return Answer.REFUSE if by_foreign_frame else Answer.LOAD
    if asked.scheme in asked.own:  # such as tauri://another.name, or a file of the asset protocol
        return Answer.REFUSE if by_foreign_frame else Answer.LOAD
    if asked.origin == asked.page:
        return Answer.LOAD
    if asked.scheme in _WEB:
        by_click = asked.kind == "link-clicked" and asked.gesture and asked.target in {None, "", "_blank", "_top"}
        leaves = asked.page in asked.local or asked.target == "_blank"
        opens = by_click and leaves and not by_foreign_frame and not asked.allowed
        return Answer.DESKTOP if opens else Answer.LOAD
    return Answer.DESKTOP if asked.scheme in _DESKTOP and asked.gesture else Answer.REFUSE


def decide_download(
    scheme: str,
    origin: str | None,
    *,
    page: str | None,
    foreign_frames: bool,
    local: AbstractSet[str],
    own: AbstractSet[str],
) -> bool:
    """Decide whether a page may save an address.

    Args:
        scheme: Scheme of the address.
        origin: Its origin; for `blob:` that of the document that made it.
        page: Origin of the main frame's document.
        foreign_frames: Whether the page has had frames of other origins. What `data:` comes from is not told.
        local: The application's own origins.
        own: The application's own schemes.
    """
    if page not in local:
        return False
    return origin in local or scheme in own or (scheme == "data" and not foreign_frames)


def scheme_of(url: str) -> str:
    """Return the scheme of an address in lower case, empty when it has none."""
    return url.partition(":")[0].lower() if ":" in url else ""
