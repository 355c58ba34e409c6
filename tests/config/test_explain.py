"""Tests of the one error that a wrong file gives."""

from __future__ import annotations

import pytest

from transom.config._explain import locate, not_json
from transom.config.rules._place import Place
from transom.config.rules._report import Problem

TEXT = '{\n  "a": [\n    1,\n    2\n  ],\n  "b": {}\n}'


@pytest.mark.parametrize(
    ("place", "line"),
    [((), 1), (("a",), 2), (("a", 0), 3), (("a", 1), 4), (("b",), 6), (("b", "missing"), 6), (("b", "deep", 0), 6)],
)
def test_the_line_is_that_of_the_field_or_of_the_table_it_is_missing_from(place: Place, line: int) -> None:
    assert locate(TEXT, "app.json", [Problem(place, "is wrong")]).line == line


def test_problems_are_listed_by_line_and_the_first_one_gives_the_error_its_place() -> None:
    error = locate(
        TEXT, "app.json", [Problem(("b",), "is wrong"), Problem(("a", 1), "is bad"), Problem(("a",), "is odd")]
    )

    assert (error.file, error.line) == ("app.json", 2)
    assert str(error).splitlines() == [
        "app.json:2: a: is odd",
        "app.json:4: a[1]: is bad",
        "app.json:6: b: is wrong",
    ]


def test_repeated_keys_are_problems_too() -> None:
    assert str(locate('{\n"a": 1,\n"b": {},\n"a": 2}', "app.json", [Problem(("b",), "is wrong")])).splitlines() == [
        "app.json:3: b: is wrong",
        "app.json:4: a: this key is already on line 2; remove one of the two",
    ]


def test_a_file_nested_too_deep_to_be_located_says_so() -> None:
    text = '{"a":' + "[" * 200 + "]" * 200 + "}"

    assert str(locate(text, "app.json", [Problem(("a",), "is wrong")])) == (
        "app.json:1: not valid JSON at column 134: nested deeper than 128 levels; flatten it"
    )


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_file_is_answered_with_the_smallest_good_one(text: str) -> None:
    assert str(not_json(text, "app.json", "")) == (
        "app.json:1: the file is empty; write for example "
        '{"identifier": "com.example.app", "build": {"frontendDist": "dist"}}'
    )


def test_a_fault_has_its_line_and_column() -> None:
    assert str(not_json('{\n  "a": 1,\n}', "app.json", "")) == (
        "app.json:3: not valid JSON at column 1: expected a key, found `}`; remove the comma before it"
    )


def test_the_words_of_the_decoder_are_kept_when_the_scanner_finds_no_fault() -> None:
    assert str(not_json("{}", "app.json", "too odd")) == "app.json: not valid JSON: too odd"
