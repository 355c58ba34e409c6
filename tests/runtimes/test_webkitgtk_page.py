from __future__ import annotations

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
        ("", None),
        (None, None),
    ],
)
def test_the_origin_of_an_address(uri: str | None, origin: str | None) -> None:
    needs_webkitgtk()
    from transom.runtimes.webkitgtk.webview._page import origin_of

    assert origin_of(uri) == origin
