"""Tests of the words that problems are told in."""

from __future__ import annotations

from typing import Any

import pytest

from transom.config.rules._report import Problem, Report, describe


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        ("a", 'the string "a"'),
        ("x" * 50, 'the string "' + "x" * 39 + "..."),
        (5, "the number 5"),
        (0.5, "the number 0.5"),
        ([1], "a list"),
        ({"a": 1}, "an object"),
    ],
)
def test_a_value_is_described_as_people_call_it(value: Any, words: str) -> None:
    assert describe(value) == words


def unknown(name: str, fields: list[str], places: list[str], moved: str | None = None) -> str:
    report = Report(lambda _: places)
    report.unknown((name,), fields, moved)
    assert report.problems == [Problem((name,), report.problems[0].text)]
    return report.problems[0].text


def test_an_unknown_field_of_an_older_tauri_gets_its_new_name() -> None:
    assert unknown("distDir", ["devUrl"], [], "Tauri 2 calls it `frontendDist`") == (
        "unknown field; Tauri 2 calls it `frontendDist`"
    )


def test_an_unknown_field_gets_the_nearest_name() -> None:
    assert unknown("titel", ["title"], ["elsewhere"]) == "unknown field; did you mean `title`?"


def test_an_unknown_field_that_exists_elsewhere_is_sent_there() -> None:
    assert unknown("csp", ["windows"], ["app.security.csp"]) == (
        "unknown field; Tauri has this field at `app.security.csp`; move it there"
    )


def test_an_unknown_field_like_no_other_is_answered_with_the_fields_there_are() -> None:
    assert unknown("zzz", ["allow", "deny"], []) == "unknown field; remove it; the fields here are `allow`, `deny`"


def test_a_long_list_of_fields_is_replaced_by_the_address_of_the_reference() -> None:
    assert unknown("zzz", [f"f{number}" for number in range(13)], ["a", "b", "c", "d"]) == (
        "unknown field; remove it; https://v2.tauri.app/reference/config/ lists the fields"
    )


def test_very_many_problems_are_not_all_told() -> None:
    asked: list[str] = []

    def places(name: str) -> list[str]:
        asked.append(name)
        return []

    report = Report(places)
    for number in range(300):
        report.unknown((f"odd{number}",), ["title"], None)
        report.add(("x",), "wrong")
    assert len(report.problems) == 100
    assert len(asked) == 50, "nothing is looked up for what is not told"
