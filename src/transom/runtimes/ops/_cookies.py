"""Cookies of webviews, and the operations on them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from ...errors import WindowError
from ._op import WebviewOp

__all__ = ["Cookie", "DeleteCookie", "GetCookies", "SetCookie", "check_cookie"]

# RFC 6265bis, 4.1.1 and 5.6: what no browser takes.
_MAX_BYTES: Final = 4096
_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE: Final = re.compile(r"[^\x00-\x1f\x7f;]*")
_DOMAIN: Final = re.compile(r"\.?[^\s./;@:\x00-\x1f\x7f]+(\.[^\s./;@:\x00-\x1f\x7f]+)*|\[[0-9a-fA-F:.]+\]")


class Cookie(msgspec.Struct, frozen=True):
    """A cookie (RFC 6265).

    Attributes:
        name: Its name.
        value: Its value.
        domain: The host that gets it; with a dot at the start, all hosts below it too. `None` matches any when one is deleted.
        path: The path that it is sent to, and everything below; `None` is `/`, or matches any when one is deleted.
        expires: When it ends; `None` for the end of the session. A time without a zone is local.
        max_age: How long it lasts from now on; takes precedence over `expires`. Never set in a cookie that was read.
        secure: Whether it is sent over HTTPS only.
        http_only: Whether scripts of pages cannot read it.
        same_site: Which requests of other sites carry it.
    """

    name: str
    value: str
    domain: str | None = None
    path: str | None = None
    expires: datetime | None = None
    max_age: timedelta | None = None
    secure: bool = False
    http_only: bool = False
    same_site: Literal["Strict", "Lax", "None"] = "Lax"


class GetCookies(WebviewOp[list[Cookie]], frozen=True):
    """Return the cookies that a request for `url` would carry; `None` for all that the webview's store has."""

    url: str | None = None


class SetCookie(WebviewOp[None], frozen=True):
    """Set a cookie in the webview's store."""

    cookie: Cookie


class DeleteCookie(WebviewOp[None], frozen=True):
    """Delete the cookies with this name, and this domain and path unless they are `None`. There may be none."""

    cookie: Cookie


def check_cookie(cookie: Cookie) -> None:
    """Check a cookie that is to be set.

    Raises:
        WindowError: It has no domain, or no browser takes it.
    """
    if not _NAME.fullmatch(cookie.name):
        raise WindowError(f"a cookie cannot be called {cookie.name!r}; use letters, digits, `-`, `_` and `.`")
    if not _VALUE.fullmatch(cookie.value):
        raise WindowError(f"the value of the cookie `{cookie.name}` has a `;` or a control character; encode it")
    if len(cookie.name.encode()) + len(cookie.value.encode()) > _MAX_BYTES:
        raise WindowError(f"the cookie `{cookie.name}` is longer than {_MAX_BYTES} bytes, which browsers ignore")
    if cookie.domain is None:
        raise WindowError(f"the cookie `{cookie.name}` has no domain; give it the host that it is for")
    if not _DOMAIN.fullmatch(cookie.domain):
        raise WindowError(f"the cookie `{cookie.name}`: {cookie.domain!r} is not a host, such as `example.com`")
    if cookie.path is not None and not (cookie.path.startswith("/") and _VALUE.fullmatch(cookie.path)):
        raise WindowError(f"the cookie `{cookie.name}`: {cookie.path!r} is not a path; it starts with a slash")
