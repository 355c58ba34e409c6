"""One webview of the mock runtime: what was set is what its getters return."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ..errors import WindowError
from ..values import PhysicalPosition, PhysicalSize
from ._interface import CreateWindow
from .ops import (
    Cookie,
    CreateWebview,
    DeleteCookie,
    GetCookies,
    IsDevtoolsOpen,
    ReparentWebview,
    SetCookie,
    SetDevtools,
    SetWebviewBounds,
    WebviewPosition,
    WebviewSize,
    WebviewUrl,
)

__all__ = ["MockWebview"]


class MockWebview:
    """A webview.

    Args:
        op: What made it.

    Attributes:
        window: Label of its window.
        hooks: Its hooks and scripts.
    """

    def __init__(self, op: CreateWindow | CreateWebview) -> None:
        self.hooks = op.hooks
        self._url = op.options.url
        self._devtools = False
        self._cookies: dict[tuple[str, str | None, str], Cookie] = {}
        if isinstance(op, CreateWebview):
            self.window = op.window
            self._position, self._size = op.position.to_physical(1), op.size.to_physical(1)
        else:
            self.window = op.label
            self._position = PhysicalPosition(0, 0)
            self._size = PhysicalSize(round(op.options.width), round(op.options.height))

    def perform(self, op: Any) -> Any:
        """Do what an operation says."""
        match op:
            case WebviewUrl():
                return self._url
            case WebviewPosition():
                return self._position
            case WebviewSize():
                return self._size
            case GetCookies(url=url):
                return [cookie for cookie in self._cookies.values() if url is None or _is_for(cookie, url)]
            case SetCookie(cookie=cookie):
                self._cookies[cookie.name, cookie.domain, cookie.path or "/"] = cookie
            case DeleteCookie(cookie=wanted):
                self._cookies = {key: cookie for key, cookie in self._cookies.items() if not _matches(key, wanted)}
            case IsDevtoolsOpen():
                return self._devtools
            case SetDevtools(open=wanted):
                self._devtools = not self._devtools if wanted is None else wanted
            case ReparentWebview(window=window):
                self.window = window
            case SetWebviewBounds(label=label) if label == self.window:
                raise WindowError(f"the webview `{label}` fills its window; set the window's size or position")
            case SetWebviewBounds(position=position, size=size):
                self._position = position.to_physical(1) if position else self._position
                self._size = size.to_physical(1) if size else self._size
        return None


def _matches(key: tuple[str, str | None, str], wanted: Cookie) -> bool:
    name, domain, path = key
    return name == wanted.name and wanted.domain in (None, domain) and wanted.path in (None, path)


def _is_for(cookie: Cookie, url: str) -> bool:
    address, domain, path = urlsplit(url), cookie.domain or "", (cookie.path or "/").rstrip("/")
    host = address.hostname or ""
    below = domain.startswith(".") and host.endswith(domain)
    return (below or host == domain.lstrip(".")) and f"{address.path}/".startswith(f"{path}/")
