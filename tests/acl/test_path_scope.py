"""Scopes over paths."""

from __future__ import annotations

import time
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcmatch import glob

from transom.acl import MAX_PATH_BYTES, PathScope
from transom.acl.patterns import _path_scope
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


PARTS = st.one_of(
    st.sampled_from(
        ["**", "*", "?", "a*", "*.b", ".*", "[ab]", "[!a]", "[.a]b", "\\*", "***", "a**", "[", "[a", "\\a", ".a"]
    ),
    st.text("ab.*?[]!-\\", min_size=1, max_size=4),
)
NAMES = st.one_of(
    st.sampled_from(["a", "b", "ab", ".a", "a.b", "*", "[a", "..."]), st.text("ab.*[]-\\", min_size=1, max_size=4)
)


@given(st.lists(PARTS, min_size=1, max_size=5), st.lists(NAMES, min_size=1, max_size=5), st.booleans())
def test_patterns_mean_what_they_mean_to_wcmatch(parts: list[str], names: list[str], literal_dot: bool) -> None:
    pattern, path = "/" + "/".join(parts), PurePosixPath("/", *names)
    if any(name in (".", "..") for name in names):
        return
    flags = glob.GLOBSTAR | glob.FORCEUNIX
    expected = glob.globmatch(str(path), pattern, flags=flags if literal_dot else flags | glob.DOTGLOB)
    assert scope(pattern, literal_dot=literal_dot).allows(path) is expected
    assert not scope("/**", "/**/.*", "/**/.*/**", deny=(pattern,)).allows(path) or not glob.globmatch(
        str(path), pattern, flags=flags | glob.DOTGLOB
    )


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/**/a/**/b/**/*.png", "/a/b" * 900),
        ("/**/a/**/a/**/a/**/a/**/b", "/a" * 2000),
        ("/**/*a*/**/*a*/**/*a*b", "/aaaaaaaaaaaaaaaaaaa" * 200),
        ("/*a*a*a*a*a*a*a*b", "/" + "a" * 4000),
        ("/**/*" + "/*" * 500 + "/b", "/a" * 2000),
    ],
)
def test_no_pattern_takes_long_over_a_path_of_the_page(pattern: str, path: str) -> None:
    hard = scope(pattern)
    began = time.thread_time()  # of the processor: a busy machine is no counterexample
    assert not hard.allows(PurePosixPath(path))
    assert time.thread_time() - began < 2


def test_a_path_that_no_file_can_have_is_not_allowed() -> None:
    everything = scope("/**")
    assert everything.allows(PurePosixPath("/" + "a/" * (MAX_PATH_BYTES // 2 - 1)))
    assert not everything.allows(PurePosixPath("/" + "\N{SNOWMAN}" * (MAX_PATH_BYTES // 3 + 1)))


def test_a_name_that_ends_in_a_line_feed_is_another_name() -> None:
    assert not scope("/data/*.png").allows(PurePosixPath("/data/a.png\n"))


def test_no_case_and_no_unicode_form_escapes_a_deny_where_files_have_several(monkeypatch: pytest.MonkeyPatch) -> None:
    spellings = ["/a/Über", "/a/ÜBER", "/a/u\u0308ber", "/A/über"]
    deny = PathScope(["/**"], ["/a/\u00fcber"], variables={})
    assert [deny.allows(PurePosixPath(path)) for path in spellings] == [True] * 4
    monkeypatch.setattr(_path_scope, "_FOLDS", True)
    deny = PathScope(["/**"], ["/a/\u00fcber"], variables={})
    assert [deny.allows(PurePosixPath(path)) for path in spellings] == [False] * 4
    assert deny.allows(PurePosixPath("/a/uber"))


def test_a_pattern_that_tauri_takes_covers_what_it_covers_there() -> None:
    everything = PathScope(["**"], variables={})
    assert everything.allows(PurePosixPath("/a/b"))
    assert not everything.allows(PurePosixPath("/a/.b"))
    assert PathScope(["**/*.png"], variables={}).allows(PurePosixPath("/a/b.png"))
    within = PathScope(["$RESOURCE/../**"], variables={"RESOURCE": "/app/res"})
    assert within.allows(PurePosixPath("/app/res/x"))
    assert not within.allows(PurePosixPath("/app/x"))


@pytest.mark.parametrize("pattern", ["**", "**/*.png", "**\\pictures\\*.png"])
def test_on_windows_a_pattern_for_every_folder_needs_no_drive(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_path_scope, "_WINDOWS", True)
    monkeypatch.setattr(_path_scope, "PurePath", PureWindowsPath)
    assert scope(pattern).allows(PureWindowsPath("C:\\Users\\ada\\pictures\\a.png"))
