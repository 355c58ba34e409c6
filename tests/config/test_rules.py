"""Tests of the kinds of rule."""

from __future__ import annotations

from typing import Any

import pytest

from transom.config.rules._place import show_place
from transom.config.rules._report import Report
from transom.config.rules._rules import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    TEXTS,
    UINT8,
    Choice,
    Either,
    Fields,
    Items,
    Null,
    Rule,
    Table,
    Tagged,
    Text,
    Whole,
    apply,
    optional,
)

VERSION = Text("a version", '"1.0"', "[0-9]+[.][0-9]+")
POINT = Fields({"x": NUMBER, "y": NUMBER}, ("x",))
LEVELS = Tagged("type", {"gzip": Fields({"level": UINT8}, ("level",)), "none": Fields({})})


def problems(rule: Rule, value: Any) -> list[str]:
    report = Report()
    apply(rule, value, (), report)
    return [f"{show_place(problem.place)}: {problem.text}" for problem in report.problems]


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (ANYTHING, {"a": [None]}),
        (Null(), None),
        (FLAG, False),
        (NUMBER, 3),
        (NUMBER, 0.5),
        (UINT8, 0),
        (UINT8, 255),
        (Whole(-1, 1), -1),
        (TEXT, ""),
        (VERSION, "1.0"),
        (Choice(("a", "b")), "b"),
        (TEXTS, []),
        (Items(UINT8, 3, 4), [1, 2, 3, 4]),
        (Table(TEXT), {"any key": "a"}),
        (POINT, {"x": 1}),
        (LEVELS, {"type": "gzip", "level": 9}),
        (LEVELS, {"type": "none"}),
        (Either((TEXT, TEXTS)), ["a"]),
        (optional(TEXT), None),
    ],
)
def test_a_good_value_has_no_problems(rule: Rule, value: Any) -> None:
    assert problems(rule, value) == []


@pytest.mark.parametrize(
    ("rule", "value", "told"),
    [
        (FLAG, "true", ['the file: expected true or false, found the string "true"; write true']),
        (FLAG, "yes", ['the file: expected true or false, found the string "yes"; write true']),
        (FLAG, 0, ["the file: expected true or false, found the number 0; write false"]),
        (FLAG, None, ["the file: expected true or false, found null; leave the field out to get its default"]),
        (NUMBER, "800", ['the file: expected a number, found the string "800"; write 800']),
        (NUMBER, True, ["the file: expected a number, found true; write 1"]),
        (NUMBER, [1], ["the file: expected a number, found a list; write 800"]),
        (UINT8, 256, ["the file: expected a whole number from 0 to 255, found the number 256; the nearest is 255"]),
        (UINT8, 5.0, ["the file: expected a whole number from 0 to 255, found the number 5.0; write 5"]),
        (UINT8, 5.5, ["the file: expected a whole number from 0 to 255, found the number 5.5; write 0"]),
        (TEXT, 5, ['the file: expected a string, found the number 5; write "5"']),
        (TEXT, False, ['the file: expected a string, found false; write "false"']),
        (VERSION, "one", ['the file: expected a version, found the string "one"; write for example "1.0"']),
        (Choice(("Light", "Dark")), "dark", ['the file: expected one of "Light", "Dark", found the string "dark"; did you mean "Dark"?']),
        (Choice(("a",)), "zzz", ['the file: expected "a", found the string "zzz"; write for example "a"']),
        (Choice(("a",)), 1, ['the file: expected "a", found the number 1; write "a"']),
        (TEXTS, "a", ['the file: expected a list of strings, found the string "a"; write ["a"]']),
        (TEXTS, {}, ['the file: expected a list of strings, found an object; write ["..."]']),
        (TEXTS, ["a", 1], ['[1]: expected a string, found the number 1; write "1"']),
        (Items(UINT8, 3, 4), [1], ["the file: expected 3 to 4 items, found 1; write for example [0, 0, 0]"]),
        (Items(UINT8, 2, 2), [1], ["the file: expected 2 items, found 1; write for example [0, 0]"]),
        (Items(POINT), {"x": 1}, ['the file: expected a list of objects, found an object; write [{"x":1}]']),
        (Table(TEXT), [], ["the file: expected an object, found a list; write {...}"]),
        (Table(TEXT), {"a": 1}, ['a: expected a string, found the number 1; write "1"']),
        (POINT, [], ['the file: expected an object, found a list; write {"x": 800}']),
        (POINT, {}, ['x: this required field is missing; write "x": 800']),
        (POINT, {"x": 1, "z": 1}, ["z: unknown field; remove it; the fields here are `x`, `y`"]),
        (LEVELS, {}, ['type: this required field is missing; write "type": "gzip"']),
        (LEVELS, {"type": "zip"}, ['type: expected one of "gzip", "none", found the string "zip"; did you mean "gzip"?']),
        (LEVELS, {"type": []}, ['type: expected one of "gzip", "none", found a list; write "gzip"']),
        (LEVELS, {"type": "gzip"}, ['level: this required field is missing; write "level": 0']),
        (LEVELS, {"type": "none", "level": 1}, ["level: unknown field; remove it; the fields here are `type`"]),
        (LEVELS, 1, ['the file: expected an object, found the number 1; write {"type": "gzip", ...}']),
        (Either((TEXT, TEXTS)), 1, ['the file: expected a string or a list of strings, found the number 1; write "1"']),
        (Either((TEXT, TEXTS)), [1], ['[0]: expected a string, found the number 1; write "1"']),
        (optional(FLAG), "x", ['the file: expected true or false, found the string "x"; write true']),
    ],
)  # fmt: skip
def test_a_bad_value_is_told_with_the_rule_and_the_fix(rule: Rule, value: Any, told: list[str]) -> None:
    assert problems(rule, value) == told


def test_a_string_of_brackets_is_described_and_not_followed() -> None:
    assert problems(NUMBER, "[" * 50_000) == [
        f'the file: expected a number, found the string "{"[" * 39}...; write 800',
    ]


def test_every_problem_is_told_and_not_only_the_first() -> None:
    rule = Fields({"flags": Items(FLAG), "name": TEXT}, ("name",))

    assert problems(rule, {"flags": [1, True, 0], "nome": 1}) == [
        'name: this required field is missing; write "name": "..."',
        "flags[0]: expected true or false, found the number 1; write true",
        "flags[2]: expected true or false, found the number 0; write false",
        "nome: unknown field; did you mean `name`?",
    ]


def test_a_name_of_an_older_tauri_is_told_its_new_one() -> None:
    rule = Fields({"dragDropEnabled": FLAG}, moved={"fileDropEnabled": "Tauri 2 calls it `dragDropEnabled`"})

    assert problems(rule, {"fileDropEnabled": True}) == [
        "fileDropEnabled: unknown field; Tauri 2 calls it `dragDropEnabled`"
    ]


@pytest.mark.parametrize(
    "rule",
    [FLAG, NUMBER, UINT8, TEXT, Choice(("a",)), TEXTS, Items(UINT8, 3, 4), LEVELS, optional(TEXT), Null(), ANYTHING],
)
def test_every_kind_of_rule_has_an_example(rule: Rule) -> None:
    assert rule.example()
    assert isinstance(rule.expected(), str)
