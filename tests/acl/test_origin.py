from __future__ import annotations

from transom.acl import Origin


def test_an_origin_says_itself_as_tauri_does() -> None:
    assert str(Origin.local()) == "local"
    assert str(Origin.remote("https://example.org")) == "remote: https://example.org"


def test_equal_origins_are_interchangeable() -> None:
    assert {Origin.local(), Origin.local(), Origin.remote("https://a.org"), Origin.remote("https://a.org")} == {
        Origin.remote("https://a.org"),
        Origin.local(),
    }


def test_no_remote_origin_is_the_local_one() -> None:
    assert Origin.remote("local") != Origin.local()
    assert Origin.remote("") != Origin.local()
