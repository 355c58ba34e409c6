from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.requirements import needs_node
from transom.values import CallbackFn
from transom.wire import SerializeOptions, format_callback, serialize_js

LONG = 10_240  # Tauri: longer objects and arrays are parsed


def test_short_values_are_literals() -> None:
    assert format_callback.format(CallbackFn(5), {"a": 1}) == 'window.__TAURI_INTERNALS__.runCallback(5, {"a":1})'
    assert format_callback.format_raw(CallbackFn(0), "null") == "window.__TAURI_INTERNALS__.runCallback(0, null)"


def test_a_result_goes_to_the_callback_that_it_is_for() -> None:
    call = format_callback.format_result
    assert call(True, 1, CallbackFn(5), CallbackFn(6)) == "window.__TAURI_INTERNALS__.runCallback(5, 1)"
    assert call(False, 1, CallbackFn(5), CallbackFn(6)) == "window.__TAURI_INTERNALS__.runCallback(6, 1)"
    raw = format_callback.format_result_raw
    assert raw(False, '"x"', CallbackFn(5), CallbackFn(6)) == 'window.__TAURI_INTERNALS__.runCallback(6, "x")'


@pytest.mark.parametrize(
    ("length", "parsed"), [(LONG, False), (LONG + 1, True)], ids=["of ten kilobytes", "one byte longer"]
)
def test_objects_and_arrays_are_parsed_from_a_length_on(length: int, parsed: bool) -> None:
    text = json.dumps(["x" * (length - 4)])
    assert len(text) == length
    assert ("JSON.parse('" in format_callback.format_raw(CallbackFn(1), text)) is parsed
    assert "JSON.parse" not in format_callback.format_raw(CallbackFn(1), json.dumps("x" * length))


@pytest.mark.parametrize("text", ["", "{", "undefined", "1 2", "alert()"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^the text for callback 7 is not JSON: "):
        format_callback.format_raw(CallbackFn(7), text)


def test_bytes_are_refused_as_source_cannot_carry_them() -> None:
    with pytest.raises(TypeError, match="JavaScript source cannot carry bytes"):
        format_callback.format(CallbackFn(7), {"data": b"x"})


def test_a_key_that_would_set_the_prototype_is_parsed() -> None:
    for text in ('{"__proto__":1}', '{"\\u005f_proto__":1}'):
        assert "JSON.parse('" in format_callback.format_raw(CallbackFn(1), text)


def test_an_option_freezes_objects_only() -> None:
    frozen = SerializeOptions(freeze=True)
    assert serialize_js({"a": 1}, frozen) == 'Object.freeze({"a":1})'
    assert serialize_js([1], frozen) == "Object.freeze([1])"
    assert serialize_js("x", frozen) == '"x"'
    assert serialize_js({"a": 1}) == '{"a":1}'


def test_a_script_end_cannot_end_the_element_of_the_script() -> None:
    assert "</script" not in serialize_js("</script><script>alert()")
    assert "</script" not in format_callback.format(CallbackFn(1), ["</script>" + "x" * LONG])


_TEXTS = st.text(st.one_of(st.sampled_from("\\'\"\n\r\u2028\u2029<>/"), st.characters(exclude_categories=["Cs"])))


@given(values=st.lists(st.one_of(_TEXTS, st.dictionaries(_TEXTS, _TEXTS)), min_size=20, max_size=20))
def _collect(values: list[Any]) -> None:
    _COLLECTED.append(values)


_COLLECTED: list[Any] = []


def test_what_the_source_calls_with_is_the_value() -> None:
    """One run of Node for all the values: short ones as literals, and the same after a long one, so that they are parsed."""
    _collect()
    _COLLECTED.append([{"__proto__": {"a": "b"}}])
    values = _COLLECTED + [["x" * LONG, *value] for value in _COLLECTED]
    calls = ";\n".join(format_callback.format(CallbackFn(index), value) for index, value in enumerate(values))
    script = (
        "const got = []; globalThis.window = {__TAURI_INTERNALS__: {runCallback: (id, value) => (got[id] = value)}};\n"
        f"{calls};\nprocess.stdout.write(JSON.stringify([got, [{','.join(serialize_js(value) for value in values)}]]));"
    )
    ran = subprocess.run([needs_node(), "-"], input=script.encode(), capture_output=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert json.loads(ran.stdout) == [values, values]
