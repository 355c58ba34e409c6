"""The cookies of a webview. WebKit answers later, so every function returns a future."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final, TypeVar

from ....errors import WindowError
from ...ops import Cookie
from .. import _gi as gi

__all__ = ["Later", "delete_cookie", "read_cookies", "set_cookie"]

T = TypeVar("T")

_POLICIES: Final = {"None": "NONE", "Lax": "LAX", "Strict": "STRICT"}
_MOST_SECONDS: Final = 400 * 24 * 3600  # RFC 6265bis, 5.5: browsers keep none for longer


class Later(Future[T]):
    """The result of an operation that WebKit gives later: the runtime waits for it.

    A plain `Future` is itself the result of an operation, such as the one of an open dialog.
    """


def read_cookies(view: Any, url: str | None) -> Later[list[Cookie]]:
    """Return the cookies for an address, or all of the view's store."""
    future: Later[list[Cookie]] = Later()
    _read(view, url, future, lambda found: future.set_result([_from_soup(cookie) for cookie in found]))
    return future


def set_cookie(view: Any, cookie: Cookie) -> Later[None]:
    """Set a cookie."""
    future: Later[None] = Later()
    _do(_manager(view), "add_cookie", _to_soup(cookie), future, lambda _: future.set_result(None))
    return future


def delete_cookie(view: Any, cookie: Cookie) -> Later[None]:
    """Delete the cookies with the name, domain and path of this one."""
    future: Later[None] = Later()
    manager = _manager(view)

    # WebKit deletes what is equal in every field, of which the caller knows a few. No function here may refer to itself:
    # the collector would free WebKit's objects when the interpreter ends, and crash.
    def delete(found: list[Any]) -> None:
        matching = [one for one in found if _matches(one, cookie)]
        deleted = count(1)

        def done(_: Any) -> None:
            if next(deleted) == len(matching):
                future.set_result(None)

        for one in matching:
            _do(manager, "delete_cookie", one, future, done)
        if not matching:
            future.set_result(None)

    _read(view, None, future, delete)
    return future


def _manager(view: Any) -> Any:
    return view.get_website_data_manager().get_cookie_manager()


def _read(view: Any, url: str | None, future: Future[Any], done: Callable[[list[Any]], object]) -> None:
    if url is None:
        _do(_manager(view), "get_all_cookies", None, future, done)
    else:
        _do(_manager(view), "get_cookies", url, future, done)


def _do(manager: Any, method: str, argument: Any, future: Future[Any], done: Callable[[Any], object]) -> None:
    """Call a method of the cookie manager, and `done` with its result; a failure is the future's."""

    def finished(source: Any, result: Any) -> None:
        if future.done():
            return
        try:
            done(getattr(source, f"{method}_finish")(result))
        except gi.GLib.Error as error:
            future.set_exception(WindowError(f"cookies: {error.message}"))
        except Exception as error:  # noqa: BLE001 - whoever waits for the future would wait for ever
            future.set_exception(error)

    arguments = () if argument is None else (argument,)
    getattr(manager, method)(*arguments, None, finished)


def _matches(found: Any, wanted: Cookie) -> bool:
    return (
        found.get_name() == wanted.name
        and wanted.domain in (None, found.get_domain())
        and wanted.path in (None, found.get_path())
    )


def _from_soup(cookie: Any) -> Cookie:
    expires = cookie.get_expires()
    policy = cookie.get_same_site_policy().value_nick.capitalize()
    return Cookie(
        cookie.get_name() or "",
        cookie.get_value() or "",
        cookie.get_domain(),
        cookie.get_path(),
        None if expires is None else datetime.fromtimestamp(expires.to_unix(), UTC),
        None,
        cookie.get_secure(),
        cookie.get_http_only(),
        policy,
    )


def _to_soup(cookie: Cookie) -> Any:
    made = gi.Soup.Cookie.new(cookie.name, cookie.value, cookie.domain, cookie.path or "/", -1)
    if cookie.max_age is not None:
        made.set_max_age(min(max(math.ceil(cookie.max_age.total_seconds()), 0), _MOST_SECONDS))
    elif cookie.expires is not None:
        made.set_expires(gi.GLib.DateTime.new_from_unix_utc(int(cookie.expires.timestamp())))
    made.set_secure(cookie.secure)
    made.set_http_only(cookie.http_only)
    made.set_same_site_policy(getattr(gi.Soup.SameSitePolicy, _POLICIES[cookie.same_site]))
    return made
