from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.project._json5 import json_of_json5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, $b_: 'x', \"c\": [1, 2,],}", {"a": 1, "$b_": "x", "c": [1, 2]}),
        ("// first\n[1, /* two\nlines */ 2 // last\n]", [1, 2]),
        ("[0x1F, +5, -.5, 5., 1e3, -0x10]", [31, 5, -0.5, 5.0, 1000.0, -16]),
        (
            r"""['it\'s', "a\
b", '\x41é\t\q', 'say "hi"', '// no comment', ',]']""",
            ["it's", "ab", "Aé\tq", 'say "hi"', "// no comment", ",]"],
        ),
        (r"""['\ud83d\ude00', "😀"]""", ["😀", "😀"]),
        ("[true, false, null]", [True, False, None]),
        ("{true: 1}", None),
        ("[NaN, Infinity]", ["NaN", "Infinity"]),
        ("\ufeff[\u00a01\u2028]", [1]),
    ],
)
def test_what_json5_adds_is_taken_out(text: str, value: Any) -> None:
    if value is None:  # a key that is a word of JSON is the one form that is left out
        with pytest.raises(msgspec.DecodeError):
            msgspec.json.decode(json_of_json5(text))
    else:
        assert msgspec.json.decode(json_of_json5(text)) == value


def test_every_value_stays_on_its_line() -> None:
    text = "{\n  // a\n  a: 1, /*\n\n*/ b: 'x\\\ny',\n  c: 2,\n}"
    rows = json_of_json5(text).split("\n")
    assert len(rows) == len(text.split("\n"))
    assert (rows[2].strip(), rows[4].strip().startswith('"b"'), rows[6].strip()) == ('"a": 1,', True, '"c": 2')


@pytest.mark.parametrize("text", ["{a: 1 b}", "[1,,2]", "[,]", "{'a' 1}", "[1", "@", "'open", "/* open"])
def test_what_is_not_json5_is_not_json_either(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(json_of_json5(text))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)  # fmt: skip


@given(JSON)
def test_json_is_json5(value: Any) -> None:
    assert msgspec.json.decode(json_of_json5(msgspec.json.encode(value).decode())) == value


@given(st.text())
def test_any_text_is_rewritten_in_time(text: str) -> None:
    assert isinstance(json_of_json5(text), str)
