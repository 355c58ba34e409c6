from __future__ import annotations

import array
import ctypes
from typing import Any

import pytest

from transom.errors import MalformedMessage
from transom.values import encode_body
from transom.values._typed_array import described, kind_of, typed_view

CLASSES = {
    "Int8Array": ("b", [-128, 127]),
    "Uint8Array": ("B", [0, 255]),
    "Int16Array": ("h", [-(2**15), 2**15 - 1]),
    "Uint16Array": ("H", [0, 2**16 - 1]),
    "Int32Array": ("i", [-(2**31), 2**31 - 1]),
    "Uint32Array": ("I", [0, 2**32 - 1]),
    "BigInt64Array": ("q", [-(2**63), 2**63 - 1]),
    "BigUint64Array": ("Q", [0, 2**64 - 1]),
    "Float32Array": ("f", [1.5, float("inf")]),
    "Float64Array": ("d", [0.1, -0.0]),
}


@pytest.mark.parametrize("kind", CLASSES)
def test_a_typed_array_of_the_page_is_a_view_of_its_elements_and_goes_back_as_one(kind: str) -> None:
    code, elements = CLASSES[kind]
    view = typed_view(kind, memoryview(array.array(code, elements).tobytes()))
    assert view.tolist() == elements
    assert kind_of(view) == kind
    [lifted] = encode_body([view]).buffers
    assert (lifted.kind, lifted.data.format, bytes(lifted.data)) == (kind, "B", bytes(view))
    empty = typed_view(kind, memoryview(b""))
    assert (kind_of(empty), encode_body(empty).buffers[0].kind) == (kind, kind)


@pytest.mark.parametrize("kind", ["ArrayBuffer", "DataView", "Float16Array", "Strange"])
def test_what_is_no_typed_array_of_known_elements_is_its_bytes(kind: str) -> None:
    view = memoryview(b"abc")
    assert typed_view(kind, view) is view
    assert kind_of(view) == "ArrayBuffer"


def test_bytes_that_are_no_whole_number_of_elements_are_refused() -> None:
    with pytest.raises(MalformedMessage, match="^a Float32Array of 6 bytes is not a whole number of elements$"):
        typed_view("Float32Array", memoryview(b"abcdef"))


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (memoryview(b"ab"), "ArrayBuffer"),
        (memoryview(b"ab").cast("c"), "ArrayBuffer"),
        (memoryview(b"ab").cast("@B"), "Uint8Array"),  # type: ignore[call-overload]
        (memoryview(b"\0\1").cast("?"), "Uint8Array"),
        (memoryview(array.array("l", [1])), {4: "Int32Array", 8: "BigInt64Array"}[array.array("l").itemsize]),
        (memoryview(b"\0" * 8).cast("n"), {4: "Int32Array", 8: "BigInt64Array"}[ctypes.sizeof(ctypes.c_ssize_t)]),
        (memoryview((ctypes.c_float * 2)()), "Float32Array"),
        (memoryview((ctypes.c_uint16 * 2)()), "Uint16Array"),
    ],
)
def test_every_name_of_a_format_has_its_class(view: memoryview, kind: str) -> None:
    assert kind_of(view) == kind


@pytest.mark.parametrize(
    ("view", "code"),
    [
        (memoryview((ctypes.c_uint32.__ctype_be__ * 1)()), ">I"),  # type: ignore[attr-defined]
        (memoryview(b"\0" * 8).cast("P"), "P"),
    ],
)
def test_elements_that_javascript_has_not_are_refused_with_their_format(view: memoryview, code: str) -> None:
    with pytest.raises(TypeError, match=f"^a memoryview of the format '{code}' has no typed array in JavaScript; send"):
        kind_of(view)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        ([], "`array`"),
        ({}, "`object`"),
        ("x", "`str`"),
        (memoryview(b""), "bytes"),
        (memoryview(array.array("d")), "`Float64Array`"),
    ],
)
def test_values_in_sentences(value: Any, text: str) -> None:
    assert described(value) == text
