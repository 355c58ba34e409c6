from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.acl.patterns._url_pattern import RemoteUrlPattern
from transom.errors import ConfigError


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        # Tauri: the examples of its own tests.
        ("http://*", "http://tauri.app/path?q=1"),
        ("http://*", "http://localhost/path"),
        ("http://*.tauri.app", "http://api.tauri.app/path?q=1"),
        ("http://localhost/*", "http://localhost/path?q=1"),
        ("*://localhost", "https://localhost/path?q=1"),
        ("*://localhost", "custom://localhost/path"),
        # Ours.
        ("https://example.org", "https://example.org"),
        ("https://example.org/", "https://EXAMPLE.org/a/b#c"),
        ("HTTPS://Example.org", "https://example.org/"),
        ("https://example.org:443", "https://example.org"),
        ("https://example.org", "https://example.org:443/"),
        ("http://example.org:80", "http://example.org"),
        ("ws://example.org", "ws://example.org:80"),
        ("wss://example.org:443", "wss://example.org"),
        ("ftp://example.org", "ftp://example.org:21"),
        ("https://example.org/*", "https://example.org"),
        ("*://example.org:443", "https://example.org/"),
        ("http://localhost:1420", "http://localhost:1420/x"),
        ("http://localhost:*", "http://localhost:1420"),
        ("http://localhost:*", "http://localhost"),
        ("https://*.example.org", "https://a.b.example.org"),
        ("https://example.org/app/*", "https://example.org/app/a/b?c"),
        ("https://example.org/*.html", "https://example.org/a/b.html"),
        ("https://example.org/a.b", "https://example.org/a.b"),
        ("http://[0:0::1]:3000", "http://[::1]:3000"),
        ("http://127.0.0.1", "http://127.0.0.1/"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example/"),
        ("*://*:*", "custom://anything:1/x"),
        ("http{s}?://example.org", "http://example.org"),
        ("http{s}?://example.org", "https://example.org:443"),
        ("http*://example.org", "https://example.org"),
        ("https://{*.}?example.org", "https://example.org"),
        ("https://{*.}?example.org", "https://a.b.example.org"),
        ("https://*example.org", "https://myexample.org"),
        ("https://example.*", "https://example.com"),
        ("http://192.168.*", "http://192.168.1.7"),
        ("https://*.*.org", "https://a.b.org"),
        ("https://**", "https://a.b.org/c"),
        ("https://a.b/*/c*d*/e*.html", "https://a.b/x/c/y/cdd/d/e.html/f/e.html"),
        ("http://localhost:*/**", "http://localhost:3000/a/b"),
    ],
)
def test_an_address_fits(pattern: str, url: str) -> None:
    assert RemoteUrlPattern(pattern).test(url)
    assert RemoteUrlPattern(pattern).test_origin(url)


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("http://*.tauri.app", "http://tauri.app/path"),
        ("http://*.tauri.app", "http://localhost/path"),
        ("http{s}?://example.org", "httpss://example.org"),
        ("http{s}?://example.org", "https://example.org:80"),
        ("https://{*.}?example.org", "https://evilexample.org"),
        ("https://{*.}?example.org", "https://example.org.evil.net"),
        ("http://192.168.*", "http://192x168.1.7"),
        ("http://*.tauri.app", "http://evil.tauri.app.example.org"),
        ("http://*.tauri.app", "http://eviltauri.app"),
        ("https://example.org", "http://example.org"),
        ("https://example.org", "https://example.org.evil.net"),
        ("https://example.org", "https://evil.net/https://example.org"),
        ("https://example.org", "https://evil.net?https://example.org"),
        ("https://example.org", "https://evil.net#@example.org"),
        ("https://example.org", "https://example.org@evil.net"),
        ("https://example.org", "https://user@example.org"),
        ("https://example.org", "https://evil.net\\@example.org"),
        ("https://example.org", "https://example.org\n"),
        ("https://example.org", "https://example.org\t.evil.net"),
        ("https://example.org", "https://example.org%2eevil.net"),
        ("https://example.org", "https://example.org:8443"),
        ("https://example.org:8443", "https://example.org"),
        ("https://example.org", "https://example.org:port"),
        ("https://example.org", "https:example.org"),
        ("https://example.org", "https:///example.org"),
        ("https://a.b", "https://axb"),
        ("*://*", "null"),
        ("*://*", "about:blank"),
        ("*://*", "data:text/html,x"),
        ("*://*", ""),
        ("*://*", "https://b\u00fccher.example"),
        ("http://*", "http://localhost:1420"),
    ],
)
def test_an_address_of_another_origin_does_not_fit(pattern: str, url: str) -> None:
    assert not RemoteUrlPattern(pattern).test(url)
    assert not RemoteUrlPattern(pattern).test_origin(url)


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("https://example.org/app/*", "https://example.org/app"),
        ("https://example.org/app/*", "https://example.org/application"),
        ("https://example.org/app/*", "https://example.org/App/x"),
        ("https://example.org/app/*", "https://example.org/app/../admin"),
        ("https://example.org/app/*", "https://example.org/app/%2E%2e/admin"),
        ("https://example.org/app/*", "https://example.org/app/."),
        ("https://example.org/app/*", "https://example.org"),
        ("https://example.org/a.b", "https://example.org/axb"),
        ("https://example.org/a", "https://example.org/?/a"),
    ],
)
def test_a_path_is_told_from_others_unless_it_is_left_out(pattern: str, url: str) -> None:
    assert not RemoteUrlPattern(pattern).test(url)
    assert RemoteUrlPattern(pattern).test_origin(url)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("", "it is not `scheme://host"),
        ("example.org", "it is not `scheme://host"),
        ("https://", "it is not `scheme://host"),
        ("https:///path", "it is not `scheme://host"),
        ("http{s}://example.org", "its scheme is neither"),
        ("{http}?://example.org", "its scheme is neither"),
        ("https://{a}example.org", "its host is neither"),
        ("https://{a|b}?example.org", "its host is neither"),
        ("https://exa(mple).org", "its host is neither"),
        ("https://.example.org", "its host is neither"),
        ("https://user@example.org", "its host is neither"),
        ("https://user:pass@example.org", "its port is neither"),
        ("https://b\u00fccher.example", "written `xn--"),
        ("https://example.org?q=1", "its host is neither"),
        ("https://example.org#x", "its host is neither"),
        ("https://127.1", "its host is not an IP address"),
        ("https://1.2.3.999", "its host is not an IP address"),
        ("https://0x7f000001", "its host is not an IP address"),
        ("https://[::g]", "its host is not an IP address"),
        ("https://:sub.example.org", "it is not `scheme://host"),
        ("https://example.org:80*", "its port is neither"),
        ("https://example.org:", "its port is neither"),
        ("https://example.org/:id", "its path has more"),
        ("https://example.org/(a|b)", "its path has more"),
        ("https://example.org/{a}", "its path has more"),
        ("https://example.org/a?b", "its path has more"),
        ("https://example.org/a#b", "its path has more"),
        ("https://example.org/a\\*", "its path has more"),
        ("https://example.org/a b", "its path has more"),
        ("https://example.org/a/../b", "its path has more"),
        ("https://example.org/a\n", "its path has more"),
    ],
)
def test_a_pattern_that_is_not_wholly_understood_is_refused(pattern: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        RemoteUrlPattern(pattern)
    assert str(caught.value).startswith(f"invalid remote url pattern {pattern!r}: ")
    assert why in str(caught.value)


@given(st.text(max_size=30) | st.from_regex(r"https://[a-z.@:\\/?#*\[\]]{0,20}", fullmatch=True), st.text(max_size=30))
def test_any_text_is_a_pattern_or_refused_and_any_address_fits_or_not(pattern: str, url: str) -> None:
    with suppress(ConfigError):
        assert RemoteUrlPattern(pattern).test(url) in (True, False)


@given(st.from_regex(r"https://[a-z.@:\\/?#-]{0,30}", fullmatch=True))
def test_an_address_that_fits_a_host_is_of_that_host_for_other_parsers_too(tail: str) -> None:
    url = tail.replace("https://", "https://example.org", 1)
    if RemoteUrlPattern("https://example.org").test(url):
        assert urlsplit(url).netloc in ("example.org", "example.org:443")
        assert "\\" not in urlsplit(url).netloc + urlsplit(url).path


def test_the_time_for_an_address_is_bounded_whatever_the_pattern() -> None:
    pattern = RemoteUrlPattern("https://a.b/" + "*x" * 30 + "*y")
    assert not pattern.test("https://a.b/" + "x" * 20_000)  # trying every place would take for ever
