from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.names import nearest_name, printable, to_camel_case


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("folder", "folder"),
        ("file_name", "fileName"),
        ("a_b_c", "aBC"),
        ("x_2", "x2"),
        ("file_URL", "fileUrl"),
        ("file_nAME", "fileNAME"),
        ("already_Big", "alreadyBig"),
        ("alreadyBig", "alreadyBig"),
        ("URL", "URL"),
        ("_private", "private"),
        ("class_", "class"),
        ("double__line", "doubleLine"),
        ("_", "_"),
        ("", ""),
    ],
)
def test_camel_case(name: str, key: str) -> None:
    assert to_camel_case(name) == key


@given(st.from_regex(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", fullmatch=True))
def test_a_snake_case_name_keeps_its_letters_and_loses_its_underscores(name: str) -> None:
    key = to_camel_case(name)
    assert "_" not in key
    assert key.lower() == name.replace("_", "")
    assert to_camel_case(key) == key


def test_the_nearest_name_is_found_and_what_is_like_none_is_not() -> None:
    known = ["listen", "unlisten", "emit", "emit_to"]
    assert nearest_name("lissten", known) == "listen"
    assert nearest_name("emit_two", known) == "emit_to"
    assert nearest_name("zzzzzz", known) is None
    assert nearest_name("listen", []) is None


@pytest.mark.parametrize(
    ("name", "meant"),
    [("titel", "title"), ("always-on-top", "alwaysOnTop"), ("ALWAYS_ON_TOP", "alwaysOnTop"), ("colour", None)],
)
def test_the_nearest_name_is_found_in_any_spelling_of_its_words(name: str, meant: str | None) -> None:
    assert nearest_name(name, ["title", "alwaysOnTop", "url"]) == meant


def test_a_name_of_megabytes_is_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(*_: object) -> list[str]:
        raise AssertionError("this takes seconds")

    monkeypatch.setattr("difflib.get_close_matches", compared)
    assert nearest_name("x" * 1_000_000, ["x"]) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plugin:fs|read é 日", "plugin:fs|read é 日"),
        ("\x1b[2J\r\nnext\tx", "\\x1b[2J\\r\\nnext\\tx"),
        ("\x00\x7f\x9b\u2028\u202e\ud800", "\\x00\\x7f\\x9b\\u2028\\u202e\\ud800"),
    ],
)
def test_a_name_in_the_log_moves_no_cursor(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(text).isprintable()
