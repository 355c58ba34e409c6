"""Tests of the JSON scanner: lines, repeated keys, faults."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transom.config._scan import MAX_DEPTH, JsonFault, Repeat, scan_json
from transom.config.rules._place import Place

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=25
)


def write_with_lines(value: Any, indent: int) -> tuple[str, dict[Place, int]]:
    """Write a document as `json.dumps` with an indent does, noting the line of every place."""
    rows = [""]
    lines: dict[Place, int] = {(): 1}

    def write(value: Any, place: Place, depth: int) -> None:
        if not isinstance(value, dict | list) or not value:
            rows[-1] += json.dumps(value)
            return
        named = isinstance(value, dict)
        rows[-1] += "{" if named else "["
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for number, (key, item) in enumerate(pairs):
            rows[-1] += "," if number else ""
            rows.append(" " * indent * (depth + 1) + (f"{json.dumps(key)}: " if named else ""))
            lines[(*place, key)] = len(rows)
            write(item, (*place, key), depth + 1)
        rows.append(" " * indent * depth + ("}" if named else "]"))

    write(value, (), 0)
    return "\n".join(rows), lines


def fault_of(text: str) -> tuple[int, int] | None:
    try:
        scan_json(text)
    except JsonFault as fault:
        return fault.line, fault.column
    return None


def decodes(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True


@given(DOCUMENTS, st.integers(0, 4))
def test_the_line_of_every_key_and_item_of_an_indented_document_is_found(document: Any, indent: int) -> None:
    text, lines = write_with_lines(document, indent)
    assert text == json.dumps(document, indent=indent)

    scan = scan_json(text)

    assert scan.lines == lines
    assert scan.repeats == []


@given(DOCUMENTS)
def test_every_place_of_a_document_on_one_line_is_on_line_one(document: Any) -> None:
    scan = scan_json(json.dumps(document, ensure_ascii=False))

    assert set(scan.lines.values()) == {1}
    assert scan.lines.keys() == write_with_lines(document, 2)[1].keys()


@given(DOCUMENTS, st.data())
def test_the_scanner_refuses_exactly_what_the_decoder_refuses(document: Any, data: st.DataObject) -> None:
    text = json.dumps(document, indent=1, ensure_ascii=data.draw(st.booleans()))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 3)))
    patch = data.draw(st.text(alphabet='"\\{}[]:,0123456789.eE+-truefalsn\n\t ud8\x00', max_size=3))
    text = text[:start] + patch + text[end:]

    assert (fault_of(text) is None) == decodes(text)


@given(st.text())
@example("\ufeff")
def test_any_text_gives_a_scan_or_a_fault_inside_the_text(text: str) -> None:
    line, column = fault_of(text) or (1, 1)

    assert 1 <= line <= text.count("\n") + 1
    assert 1 <= column <= len(text.split("\n")[line - 1]) + 1


def test_keys_written_with_escapes_are_the_keys_they_stand_for() -> None:
    assert scan_json('{"\\u0061": 1}').lines == {(): 1, ("a",): 1}


def test_windows_line_ends_count_once() -> None:
    assert scan_json('{\r\n"a": 1,\r\n"b": [\r\n2]}').lines == {(): 1, ("a",): 2, ("b",): 3, ("b", 0): 4}


def test_a_repeated_key_is_told_with_both_lines_and_its_last_line_holds() -> None:
    scan = scan_json('{\n"a": 1,\n"b": {"a": 2},\n"\\u0061": 3,\n"a": 4}')

    assert scan.repeats == [Repeat(("a",), 2, 4), Repeat(("a",), 2, 5)]
    assert scan.lines["a",] == 5


def test_equal_keys_of_different_objects_are_no_repeats() -> None:
    assert scan_json('[{"a": 1}, {"a": 1}]').repeats == []


def test_nesting_is_followed_to_the_limit_and_refused_beyond() -> None:
    assert len(scan_json("[" * MAX_DEPTH + "]" * MAX_DEPTH).lines) == MAX_DEPTH
    with pytest.raises(JsonFault, match=r"1:130: nested deeper than 128 levels; flatten it"):
        scan_json("[" * 100_000)


FAULTS = [
    ("", 1, 1, "expected a value, found the end of the file"),
    ("[1", 1, 3, "expected `,` or `]`, found the end of the file"),
    ('{"a"', 1, 5, "expected `:` after the key, found the end of the file"),
    ('{"a": 1,\n}', 2, 1, "expected a key, found `}`; remove the comma before it"),
    ("[1,\n 2,\n]", 3, 1, "expected a value, found `]`; remove the comma before it"),
    ('{"a":\n}', 2, 1, "expected a value, found `}`; write the value, or remove its key or comma"),
    ('{"a": 1\n "b": 2}', 2, 2, 'expected `,` or `}`, found "b"; write the missing comma before it'),
    ('{"a": 1 // one\n}', 1, 9, "expected `,` or `}`, found `//`; JSON has no comments; remove it"),
    ("/* one */ {}", 1, 1, "expected a value, found `/*`; JSON has no comments; remove it"),
    ("{'a': 1}", 1, 2, "expected a key in double quotes, found `'`; write keys and strings in double quotes"),
    ("{a: 1}", 1, 2, "expected a key in double quotes, found `a`"),
    ('{"a" 1}', 1, 6, "expected `:` after the key, found `1`"),
    ('{"a": True}', 1, 7, "expected a value, found `True`; write true or false in lower case"),
    ('{"a": None}', 1, 7, "expected a value, found `None`; write null, or leave the field out"),
    (
        '{"a": 007}',
        1,
        7,
        "expected a value, found `007`; write a number such as 12 or 0.5, without leading zeros or signs",
    ),
    ('{"a": 1e999}', 1, 7, "the number 1e999 is out of range; write a smaller one"),
    (
        '{"a": "C:\\Users"}',
        1,
        10,
        "`\\U` is not a valid escape; write a backslash as `\\\\`, and paths with `/`",
    ),
    ('{"a": "b\n"}', 1, 9, "the string does not end on its line; close it with a double quote"),
    ('{"a": "b', 1, 9, "the string does not end on its line; close it with a double quote"),
    (
        '{"a": "\t"}',
        1,
        8,
        "a string cannot contain the control character '\\t'; write it as an escape such as `\\t`",
    ),
    ('["\\ud800"]', 1, 2, 'the string "\\ud800" has an unpaired surrogate; write the character itself'),
    ("[1]]", 1, 4, "expected the end of the file, found `]`"),
    ('[1] "two', 1, 5, 'expected the end of the file, found `"`'),
    ('[1] "' + "x" * 50 + '"', 1, 5, 'expected the end of the file, found "' + "x" * 39 + "..."),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), FAULTS)
def test_a_fault_names_its_line_and_column_and_what_was_expected(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(JsonFault) as caught:
        scan_json(text)

    assert (caught.value.line, caught.value.column, caught.value.text) == (line, column, words)
