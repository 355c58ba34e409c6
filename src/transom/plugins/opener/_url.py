"""Addresses that may be handed to another program, or to the browser that shows the page."""

from __future__ import annotations

import json
import re

from ...handles import Webview

__all__ = ["MAX_URL", "UnsafeUrl", "check_url", "open_in_page"]

MAX_URL = 8192
"""Characters of an address; browsers and desktops take no longer ones reliably."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f\x7f]+")
_AUTHORITY = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)")
# Schemes that make the program which gets the address run something in it, or in the page.
_NEVER = frozenset({"javascript", "vbscript", "data", "blob", "about", "view-source"})
_IN_PAGE = frozenset({"http", "https", "mailto", "tel"})


class UnsafeUrl(ValueError):
    """An address is none, or must not be handed to another program; the text says why."""


def check_url(url: str) -> str:
    """Return an address with scheme and host in lower case, as browsers write it.

    Raises:
        UnsafeUrl: It has no scheme, spaces or control characters, a user name before the host, a backslash in the host, a
            scheme that runs code, or more than 8192 characters.
    """
    if len(url) > MAX_URL or not _URL.fullmatch(url):
        raise UnsafeUrl("it is not an address such as https://example.org/, without spaces, of at most 8192 characters")
    scheme, _, rest = url.partition(":")
    scheme = scheme.lower()
    if scheme in _NEVER:
        raise UnsafeUrl(f"the scheme `{scheme}` is never handed to another program")
    authority = _AUTHORITY.match(url)
    if authority is None:
        if scheme in ("http", "https"):
            raise UnsafeUrl("an address of the web has `//` before its host")
        return f"{scheme}:{rest}"
    host = authority[2]
    if "@" in host or "\\" in host:
        raise UnsafeUrl("a user name before the host, or a backslash, makes the host look like another")
    return f"{scheme}://{host.lower()}{url[authority.end() :]}"


def open_in_page(webview: Webview, url: str) -> None:
    """Let the browser that shows the page open an address in another tab: on the web runtime that is the user's own.

    Args:
        webview: Shows the page.
        url: An address that `check_url` returned.

    Raises:
        UnsafeUrl: A browser opens only `http`, `https`, `mailto` and `tel` for a page.
    """
    if url.partition(":")[0] not in _IN_PAGE:
        raise UnsafeUrl("a page in a browser can open only http, https, mailto and tel")
    text = json.dumps(url).replace("<", "\\u003c")
    webview.eval(f"{{ const other = window.open({text}, '_blank'); if (other) other.opener = null; }}")
