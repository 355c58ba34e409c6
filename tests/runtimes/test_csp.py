from __future__ import annotations

import pytest

from transom.runtimes import apply_csp, parse_csp


def test_a_policy_is_read_as_browsers_read_it() -> None:
    assert parse_csp("Script-Src 'self'  a.com; ;img-src *;script-src b.com;sandbox") == {
        "script-src": ["'self'", "a.com"],
        "img-src": ["*"],
        "sandbox": [],
    }
    assert parse_csp("") == {}


@pytest.mark.parametrize(
    ("policy", "nonce", "sources", "expected"),
    [
        (
            "default-src 'self'",
            "N",
            {},
            "default-src 'self'; script-src 'self' 'nonce-N'; style-src 'self' 'nonce-N'",
        ),
        ("script-src 'none'", "N", {}, "script-src 'nonce-N'"),
        ("style-src 'self'", "N", {}, "style-src 'self' 'nonce-N'"),
        ("style-src 'self' 'Unsafe-Inline'", "N", {}, "style-src 'self' 'Unsafe-Inline'"),
        (
            "default-src 'unsafe-inline'; script-src 'self'",
            "N",
            {},
            "default-src 'unsafe-inline'; script-src 'self' 'nonce-N'",
        ),
        ("style-src-elem 'self'", "N", {}, "style-src-elem 'self' 'nonce-N'"),
        ("script-src 'self' 'unsafe-inline'", "N", {}, "script-src 'self' 'unsafe-inline'"),
        ("img-src *", "N", {"connect-src": ["ipc:"]}, "img-src *"),
        ("default-src 'self'", None, {"connect-src": ["ipc:"]}, "default-src 'self'; connect-src 'self' ipc:"),
        ("Connect-Src ipc:; connect-src *", None, {"connect-src": ["ipc:"]}, "connect-src ipc:"),
        (
            "default-src 'self'; script-src-elem a.com;",
            "N",
            {},
            "default-src 'self'; script-src-elem a.com 'nonce-N'; script-src 'self' 'nonce-N'; style-src 'self' 'nonce-N'",
        ),
        ("", "N", {"connect-src": ["ipc:"]}, ""),
    ],
)
def test_what_transom_needs_is_added_to_the_policy(
    policy: str, nonce: str | None, sources: dict[str, list[str]], expected: str
) -> None:
    assert apply_csp(policy, nonce, sources) == expected
