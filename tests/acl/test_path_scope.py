"""Scopes over paths."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.acl import PathScope
from transom.errors import ConfigError

VARIABLES = {"HOME": "/home/ada", "RESOURCE": "/opt/[app]"}


def scope(*allow: str, deny: tuple[str, ...] = (), literal_dot: bool = True) -> PathScope:
    return PathScope(allow, deny, variables=VARIABLES, literal_dot=literal_dot)


@pytest.mark.parametrize(
    ("pattern", "path", "allowed"),
    [
        ("$HOME/*", "/home/ada/a.png", True),
        ("$HOME/*", "/home/ada/deep/a.png", False),
        ("$HOME/**", "/home/ada/deep/a.png", True),
        ("$HOME/**", "/home/adam/a.png", False),
        ("$HOME/**", "/home/ada/.ssh/id", False),
        ("$HOME/.ssh/*", "/home/ada/.ssh/id", True),
        ("$RESOURCE/*", "/opt/[app]/a", True),
        ("$RESOURCE/*", "/opt/a/a", False),
        ("/data/?.txt", "/data/1.txt", True),
        ("/data/?.txt", "/data//.txt", False),
        ("/data/**", "/data/../etc/passwd", False),
        ("/data/**", "data/a", False),
        ("/data/../etc/*", "/data/../etc/passwd", False),
    ],
)
def test_a_pattern_allows_what_it_says_and_no_more(pattern: str, path: str, allowed: bool) -> None:
    assert scope(pattern).allows(PurePosixPath(path)) is allowed


def test_nothing_is_allowed_without_a_pattern() -> None:
    assert not scope().allows(PurePosixPath("/a"))


def test_leading_dots_can_be_allowed() -> None:
    assert scope("/data/**", literal_dot=False).allows(PurePosixPath("/data/.hidden/a"))


def test_leading_dots_are_not_allowed_unless_asked_for() -> None:
    assert not PathScope(["/data/**"], variables={}).allows(PurePosixPath("/data/.hidden/a"))


def test_a_deny_leaves_the_other_files_allowed() -> None:
    guarded = scope("/data/*", deny=("/data/secret*",))
    assert guarded.allows(PurePosixPath("/data/a"))
    assert not guarded.allows(PurePosixPath("/data/secret.txt"))


def test_a_denied_pattern_covers_dot_files_too() -> None:
    assert not scope("/data/.*", "/data/**", deny=("/data/*",)).allows(PurePosixPath("/data/.env"))


@given(
    st.lists(st.sampled_from(["a", "b", ".c"]), min_size=1, max_size=4),
    st.sampled_from(["/**", "/a/*", "/a/.c", "/*/b"]),
)
def test_a_deny_never_allows_more(parts: list[str], denied: str) -> None:
    path = PurePosixPath("/", *parts)
    if scope("/**", deny=(denied,)).allows(path):
        assert scope("/**").allows(path)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [("$APPDATA/**", "known are \\$HOME, \\$RESOURCE"), ("pictures/**", "is not absolute")],
)
def test_a_pattern_that_cannot_be_placed_is_refused(pattern: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        scope(pattern)
