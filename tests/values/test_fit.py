from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.requirements import needs_pydantic
from transom.values._fit import fit_for


class Blob(msgspec.Struct):
    data: bytes


class Count(msgspec.Struct):
    count: int


class Tree(msgspec.Struct):
    children: list[Tree]
    data: bytes | None = None


@pytest.mark.parametrize(
    ("annotation", "value", "fitted"),
    [
        (bytes, [1, 2], b"\1\2"),
        (bytearray, [], b""),
        (bytes, [256], [256]),
        (bytes, "AA", "AA"),
        (int, [1], [1]),
        (list[int], [1], [1]),
        (list[bytes], [[1], b"x", None], [b"\1", b"x", None]),
        (list[bytes], [1], [1]),
        (list[bytes], {"a": [1]}, {"a": [1]}),
        (Mapping[str, bytes], {"a": [1]}, {"a": b"\1"}),
        (tuple[int, bytes], [[1], [1], [1]], [[1], b"\1", [1]]),
        (tuple[int, bytes], [1], [1]),
        (bytes | str, [1], b"\1"),
        (bytes | tuple[int, ...], [1], [1]),
        (Blob | None, {"data": [1]}, {"data": b"\1"}),
        (Blob, {"other": [1]}, {"other": [1]}),
        (Blob, [[1]], [[1]]),
        (Blob | Count, {"data": [1]}, {"data": b"\1"}),
        (Blob | dict[str, int], {"data": [1]}, {"data": b"\1"}),
        (Tree, {"children": [{"children": [], "data": [1]}]}, {"children": [{"children": [], "data": b"\1"}]}),
        (Any, [1], [1]),
    ],
)
def test_arrays_of_numbers_become_bytes_where_bytes_are_wanted(annotation: Any, value: Any, fitted: Any) -> None:
    assert fit_for(annotation)(value) == fitted


@pytest.mark.parametrize("pydantic", [False, True])
def test_a_view_of_whole_bytes_becomes_these_bytes(pydantic: bool) -> None:
    data = bytes(1000)
    fit = fit_for(list[bytes], pydantic=pydantic)
    [whole] = fit([memoryview(data)])
    assert whole is data
    [part] = fit([memoryview(data)[1:]])
    assert part == data[1:]


def test_a_field_for_views_keeps_them() -> None:
    view = memoryview(b"x")
    assert fit_for(list[memoryview])([view])[0] is view


def test_models_are_fitted_when_pydantic_decodes_them_and_not_before() -> None:
    model = needs_pydantic().create_model("Model", data=(bytes, ...))
    assert fit_for(list[model])([{"data": [1]}]) == [{"data": [1]}]
    assert fit_for(list[model], pydantic=True)([{"data": [1]}]) == [{"data": b"\1"}]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["data", "children", "count", "a"]), inner, max_size=3)
    ),
)
ANNOTATIONS = [
    bytes,
    list[bytes],
    tuple[bytes, int],
    dict[str, bytes],
    Blob,
    Tree,
    Blob | Count | None,
    bytes | list[Tree],
    Blob | dict[str, bytes],
]


@given(JSON, st.sampled_from(ANNOTATIONS), st.booleans())
def test_no_value_makes_it_fail(value: Any, annotation: Any, pydantic: bool) -> None:
    fit_for(annotation, pydantic=pydantic)(value)
