from __future__ import annotations

import pytest

from tests.requirements import needs_webkitgtk


@pytest.mark.parametrize(
    ("url", "dev_url", "address"),
    [
        ("index.html", None, "tauri://localhost/"),
        ("", None, "tauri://localhost/"),
        ("index.html", "http://localhost:1420", "http://localhost:1420/"),
        ("index.html", "http://localhost:1420/app", "http://localhost:1420/app/"),
        ("index.html?a#b", None, "tauri://localhost/index.html?a#b"),
        ("other/index.html", None, "tauri://localhost/other/index.html"),
        ("/", None, "tauri://localhost/"),
        ("a b/é.html?x=1#y", None, "tauri://localhost/a%20b/%C3%A9.html?x=1#y"),
        ("details.html", "http://localhost:1420", "http://localhost:1420/details.html"),
        ("/details.html", "http://localhost:1420/app/", "http://localhost:1420/app/details.html"),
        ("https://example.com/x", "http://localhost:1420", "https://example.com/x"),
        ("about:blank", None, "about:blank"),
    ],
)
def test_the_address_that_a_window_loads(url: str, dev_url: str | None, address: str) -> None:
    needs_webkitgtk()
    from transom.runtimes.webkitgtk._window import page_address

    assert page_address(url, dev_url) == address
