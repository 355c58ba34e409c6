"""Validators of the plugin `shell`: what they accept, and that no text of a page takes them long."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.requirements import needs_re2
from transom.plugins.shell._validator import _is_simple, matcher_of

SIMPLE = [
    r"\S+",
    "[0-9]+",
    r"^[a-z]+\.txt$",
    "a|b",
    r"-?\d{1,3}",
    r"[^;|&]*",
    r"\(x+\)",
    "(a|b)c",
    r"[]x*+(]+",
    "colou?r",
]
# Each takes Python minutes for a text that a page can send, or may.
NOT_SIMPLE = [
    "(a+)+b",
    "(a|a)*b",
    "a*a*b",
    r"(\w+\s?)+$",
    "(a?){40}a{40}",
    "a?" * 30 + "a" * 30,
    "(?:a*)*b",
    "(?=a+)a+b",
]


@pytest.mark.parametrize("text", SIMPLE)
def test_a_simple_expression_needs_nothing_else(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    assert _is_simple(text, raw=False)
    matcher_of.cache_clear()
    assert callable(matcher_of(text, raw=False))


@pytest.mark.parametrize("text", NOT_SIMPLE)
def test_what_could_take_long_is_refused_where_nothing_matches_it_fast(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    matcher_of.cache_clear()
    with pytest.raises(ValueError, match=r"install `transom\[shell\]`, which brings RE2"):
        matcher_of(text, raw=False)


@pytest.mark.parametrize("text", NOT_SIMPLE[:-1])
def test_no_text_takes_long(text: str) -> None:
    needs_re2()
    assert not matcher_of(text, raw=False)("a" * 100_000 + "!")
    assert not matcher_of(text + "c", raw=True)("a" * 100_000 + "!")


@pytest.mark.parametrize("text", ["(?=a+)a+b", r"(a+)\1", "a{2000}(b)+"])
def test_what_no_engine_matches_fast_is_an_error(text: str) -> None:
    needs_re2()
    with pytest.raises(ValueError, match="RE2 does not take it: [a-z]"):
        matcher_of(text, raw=False)


def test_a_search_begins_anywhere_so_a_repeat_is_not_simple() -> None:
    assert not _is_simple("a+b", raw=True)
    assert _is_simple("^-[ab]$", raw=True)


@pytest.mark.parametrize(
    ("text", "raw", "right", "wrong"),
    [
        ("a|b", False, ["a", "b"], ["ab", "a\n", "xa", ""]),
        ("^a$", True, ["a"], ["a\n", "ba"]),
        ("[$]$", True, ["$", "a$"], ["$\n", "$a"]),
        (r"\$", True, ["$a"], ["a"]),
        (r"([a-z]+-)*[a-z]+", False, ["a-b-c"], ["a--b", "a-b\n", "\ud800"]),
        (r"(\p{Lu}\pL*,?)+", False, ["Ärzte,Ohm"], ["ärzte", ""]),
        (r"(\w+ )+", False, ["a b "], ["é ", "a  "]),
    ],
)
def test_what_is_accepted(text: str, raw: bool, right: list[str], wrong: list[str]) -> None:
    needs_re2()
    matches = matcher_of(text, raw=raw)
    assert [value for value in right if not matches(value)] == []
    assert [value for value in wrong if matches(value)] == []


@pytest.mark.parametrize("text", ["(", "[", "*", "a{3,1}", "(a+"])
def test_what_is_no_expression_is_named(text: str) -> None:
    needs_re2()
    with pytest.raises(ValueError, match="not a regular expression|RE2 does not take it"):
        matcher_of(text, raw=False)


@given(st.text("ab[]()*+?{},1|^$\\.-", max_size=12), st.text("ab\n", max_size=8), st.booleans())
def test_both_engines_say_the_same(text: str, value: str, raw: bool) -> None:
    re2 = needs_re2()
    if not _is_simple(text, raw=raw):
        return
    options = re2.Options()
    options.log_errors = False
    try:
        ours, theirs = matcher_of(text, raw=raw), re2.compile(text, options=options)
    except (ValueError, re2.error):
        return
    assert ours(value) == ((theirs.search if raw else theirs.fullmatch)(value) is not None)


@given(st.text("ab[]()*+?{}|^$\\.-", max_size=10))
def test_any_text_is_an_expression_or_a_documented_error(text: str) -> None:
    needs_re2()
    found = ""
    try:
        matcher_of(text, raw=False)("ab")
    except ValueError as error:
        found = str(error)
    assert re.match("$|it is not a regular expression: |RE2 does not take it: ", found)
