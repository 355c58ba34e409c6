from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.requirements import needs_webkitgtk


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        ("tauri://localhost/a/b?c#d", "tauri://localhost"),
        ("http://127.0.0.1:1420/x", "http://127.0.0.1:1420"),
        ("HTTP://Example.com:80/", "http://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("https://user:secret@example.com/", "https://example.com"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("file:///etc/hosts", "file://"),
        ("about:blank", None),
        ("data:text/html,x", None),
        ("http://host:port/", None),
        ("http://[::1/", None),
        ("foo://[bar]/", None),
        ("", None),
        (None, None),
    ],
)
def test_the_origin_of_an_address(uri: str | None, origin: str | None) -> None:
    needs_webkitgtk()
    from transom.runtimes.webkitgtk.webview._page import origin_of

    assert origin_of(uri) == origin


@pytest.mark.parametrize(
    "uri",
    [
        "http://tauri.localhost.evil.example/", "http://tauri.evil.example/", "http://localhost.evil.example:1420/", "http://localhost:14200/",
        "https://localhost:1420/", "http://localhost/", "http://localhost@evil.example:1420/", "http://evil.example:1420/@localhost:1420",
        "tauri://localhost.evil/", "tauri://evil/", "tauri://localhost:1/", "tauris://localhost/", "file://localhost/", "blob:tauri://localhost/x",
        "http://localhost:1420.evil.example/", "http://127.0.0.1:1420/", "http://[::1]:1420/", "view-source:tauri://localhost/", "tauri:localhost",
    ],
)  # fmt: skip
def test_an_origin_that_looks_like_the_applications_is_not_local(uri: str) -> None:
    """CVE-2026-42184: one label of a host was compared, so that `http://tauri.evil.example` counted as the application's."""
    needs_webkitgtk()
    from transom.runtimes.webkitgtk.webview._page import ASSETS_ORIGIN, origin_of

    local = {ASSETS_ORIGIN, origin_of("http://localhost:1420/some/path")}
    assert local == {"tauri://localhost", "http://localhost:1420"}
    assert origin_of(uri) not in local


def test_a_cookie_that_cannot_be_read_is_an_error_and_no_wait() -> None:
    needs_webkitgtk()
    from transom.runtimes.webkitgtk.webview import _cookies

    class Manager:
        def get_all_cookies(self, _cancellable: Any, finished: Callable[[Any, Any], None]) -> None:
            finished(self, "result")

        def get_all_cookies_finish(self, result: str) -> str:
            return result

    def fail(_: Any) -> None:
        raise OverflowError("year 10000 is out of range")

    future: _cookies.Later[Any] = _cookies.Later()
    _cookies._do(Manager(), "get_all_cookies", None, future, fail)
    with pytest.raises(OverflowError, match="out of range"):
        future.result(0)
