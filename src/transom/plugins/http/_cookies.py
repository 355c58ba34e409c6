"""The file that keeps cookies over restarts: those that have a date at which they end, as in a browser."""

from __future__ import annotations

import logging
from http.cookiejar import Cookie, CookieJar
from pathlib import Path
from typing import Any

import msgspec

from ..store import replace_file

__all__ = ["FILENAME", "read_cookies", "write_cookies"]

_log = logging.getLogger("transom")

FILENAME = ".cookies.json"
"""Name of the file, in the folder of the application's cache."""


class _Kept(msgspec.Struct):
    """One cookie; see `http.cookiejar.Cookie`."""

    name: str
    value: str | None
    domain: str
    path: str
    expires: int
    secure: bool
    initial_dot: bool
    rest: dict[str, str | None]


def read_cookies(path: Path, jar: CookieJar) -> None:
    """Put the cookies of the file into a jar; a file that cannot be read is as good as none."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=list[_Kept])
    except FileNotFoundError:
        return
    except (OSError, msgspec.MsgspecError) as error:
        _log.warning("the cookies of the plugin http in %s cannot be read: %s", path.name, error)
        return
    for each in kept:
        jar.set_cookie(_cookie(each))
    jar.clear_expired_cookies()


def write_cookies(path: Path, jar: CookieJar) -> None:
    """Write the cookies of a jar that outlive the application; no file is made for none.

    Raises:
        OSError: The file cannot be written; then it is as it was.
    """
    jar.clear_expired_cookies()
    kept = [_kept(cookie) for cookie in jar if not cookie.discard and cookie.expires is not None]
    if kept or path.exists():
        replace_file(path, msgspec.json.encode(kept))


def _kept(cookie: Cookie) -> _Kept:
    rest: dict[str, Any] = vars(cookie).get("_rest", {})
    return _Kept(
        name=cookie.name,
        value=cookie.value,
        domain=cookie.domain,
        path=cookie.path,
        expires=int(cookie.expires or 0),
        secure=cookie.secure,
        initial_dot=cookie.domain_initial_dot,
        rest={name: None if value is None else str(value) for name, value in rest.items()},
    )


def _cookie(kept: _Kept) -> Cookie:
    return Cookie(
        version=0,
        name=kept.name,
        value=kept.value,
        port=None,
        port_specified=False,
        domain=kept.domain,
        domain_specified=kept.initial_dot,
        domain_initial_dot=kept.initial_dot,
        path=kept.path,
        path_specified=True,
        secure=kept.secure,
        expires=kept.expires,
        discard=False,
        comment=None,
        comment_url=None,
        rest={name: value or "" for name, value in kept.rest.items()},
    )
