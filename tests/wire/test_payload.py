from __future__ import annotations

import array
import dataclasses
import enum
import json
import pathlib
from collections import OrderedDict
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.wire import (
    InvokeResponseBody,
    LiftedBuffer,
    Response,
    decode_json,
    encode_body,
    encode_json,
    may_hold_buffers,
)

T = TypeVar("T")


class Picture(msgspec.Struct, tag="picture", rename="camel"):
    file_name: str
    raw_pixels: bytes


class Plain(msgspec.Struct):
    count: int
    names: list[str]


@dataclasses.dataclass
class Record:
    name: str
    data: bytearray | None = None


@dataclasses.dataclass
class PlainRecord:
    name: str
    count: float = 0.0


class Pair(NamedTuple):
    name: str
    data: bytes


class Tree(msgspec.Struct):
    size: int
    children: list[Tree] | None = None


class Left(msgspec.Struct):
    right: Right | None = None


class Right(msgspec.Struct):
    left: Left | None = None


class BytesTree(msgspec.Struct):
    children: tuple[list[BytesTree], bytes]


class Page(msgspec.Struct, Generic[T]):
    item: T
    data: bytes = b""


class Later(msgspec.Struct):
    x: Nowhere  # type: ignore[name-defined]  # noqa: F821


class Colour(enum.Enum):
    RED = "red"


def _restored(body: InvokeResponseBody) -> Any:
    """Put the buffers back, as the page does."""
    value = json.loads(body.json)
    for path, kind, data in body.buffers:
        assert kind == "ArrayBuffer"
        keys = json.loads(path)
        if not keys:
            return bytes(data)
        holder = value
        for key in keys[:-1]:
            holder = holder[key]
        assert holder[keys[-1]] is None
        holder[keys[-1]] = bytes(data)
    return value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (5, 5),
        (10**30, 10**30),
        (1.5, 1.5),
        (float("nan"), None),
        ("é\u2028", "é\u2028"),
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        ((1, 2), [1, 2]),
        (Colour.RED, "red"),
        (pathlib.PurePosixPath("/a/b"), "/a/b"),
        ({"p": pathlib.PurePosixPath("x")}, {"p": "x"}),
        (Plain(1, ["a"]), {"count": 1, "names": ["a"]}),
        (PlainRecord("a"), {"name": "a", "count": 0.0}),
        (Tree(1, [Tree(2)]), {"size": 1, "children": [{"size": 2, "children": None}]}),
    ],
)
def test_values_without_buffers_are_plain_json(value: Any, expected: Any) -> None:
    body = encode_body(value)
    assert json.loads(body.json) == expected
    assert body.buffers == ()


@pytest.mark.parametrize("buffer", [b"abc", bytearray(b"abc"), memoryview(b"abc"), b""])
def test_a_buffer_alone_has_an_empty_path(buffer: bytes) -> None:
    assert encode_body(buffer) == InvokeResponseBody(
        b"null", (LiftedBuffer(b"[]", "ArrayBuffer", memoryview(bytes(buffer))),)
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": b"x"}, {"a": b"x"}),
        ([b"x", 1, bytearray(b"y")], [b"x", 1, b"y"]),
        ((b"x", 1), [b"x", 1]),
        ({"a": [{"b": memoryview(b"x")}, 1]}, {"a": [{"b": b"x"}, 1]}),
        ({1: b"x"}, {"1": b"x"}),
        ({Colour.RED: b"x"}, {"red": b"x"}),
        (OrderedDict(a=b"x"), {"a": b"x"}),
        (Pair("a", b"x"), ["a", b"x"]),
        ({b"x"}, [b"x"]),
        (frozenset([b"x"]), [b"x"]),
        (Picture("a", b"x"), {"type": "picture", "fileName": "a", "rawPixels": b"x"}),
        (Record("a", bytearray(b"x")), {"name": "a", "data": b"x"}),
        (Record("a"), {"name": "a", "data": None}),
        ([Picture("a", b"x"), {"r": Record("b", bytearray(b"y"))}], None),
        (BytesTree(([], b"x")), {"children": [[], b"x"]}),
        (Page(item=b"x", data=b"y"), {"item": b"x", "data": b"y"}),
        (Page(item=5, data=b"y"), {"item": 5, "data": b"y"}),
    ],
)
def test_buffers_are_lifted_out_of_every_container(value: Any, expected: Any) -> None:
    if expected is None:
        expected = [
            {"type": "picture", "fileName": "a", "rawPixels": b"x"},
            {"r": {"name": "b", "data": b"y"}},
        ]
    assert _restored(encode_body(value)) == expected


def test_lifting_leaves_the_value_as_it_was() -> None:
    value = {"a": [b"x", {"b": b"y"}]}
    encode_body(value)
    assert value == {"a": [b"x", {"b": b"y"}]}


NESTED = st.recursive(
    st.none() | st.integers() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(NESTED)
def test_any_nesting_is_restored(value: Any) -> None:
    assert _restored(encode_body(value)) == value


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (memoryview(b"abcdef")[::2], b"ace"),
        (memoryview(b"abc")[::-1], b"cba"),
        (memoryview(array.array("i", [1, 2])), array.array("i", [1, 2]).tobytes()),
        (memoryview(array.array("i")), b""),
        (memoryview(array.array("H", [1, 2, 3, 4]))[::2], array.array("H", [1, 3]).tobytes()),
        (memoryview(b"abcdef").cast("B", (2, 3)), b"abcdef"),
        (memoryview(b"abc").cast("c"), b"abc"),
        (memoryview(b"")[::2], b""),
    ],
)
def test_views_of_any_shape_become_their_bytes(view: memoryview, expected: bytes) -> None:
    [lifted] = encode_body(view).buffers
    assert (lifted.data.ndim, lifted.data.format, lifted.data.tobytes()) == (1, "B", expected)
    assert len(lifted.data) == len(expected)
    assert _restored(encode_body([view])) == [expected]


def test_a_large_buffer_is_not_copied() -> None:
    data = bytearray(1000)
    [lifted] = encode_body({"a": data}).buffers
    assert lifted.data.obj is data


class Odd:
    pass


@pytest.mark.parametrize(
    "value", [Odd(), {"a": Odd()}, [Odd()], object(), {b"x": Odd()}, range(3), Response(b"x").__class__]
)
def test_a_value_that_cannot_cross_names_its_type(value: Any) -> None:
    with pytest.raises(
        TypeError, match="cannot be sent to the page; return JSON types, msgspec or dataclass values, or"
    ):
        encode_body(value)


def test_the_type_is_named() -> None:
    with pytest.raises(TypeError, match="^a Odd cannot be sent"):
        encode_json([Odd()])


def test_a_response_inside_a_value_cannot_cross() -> None:
    with pytest.raises(TypeError, match="a Response cannot be sent"):
        encode_body([Response(b"x")])


def test_a_response_is_sent_as_it_is() -> None:
    assert encode_body(Response('{"a": 1}')) == InvokeResponseBody(b'{"a": 1}')
    assert _restored(encode_body(Response(b"x"))) == b"x"
    assert repr(Response(b"abc")) == "Response(<3 bytes>)"
    assert repr(Response("null")) == "Response(<4 characters of JSON>)"


@pytest.mark.parametrize("text", ["", "{", "plain", "1 2", '"a\nb"', "[1],[2]"])
def test_a_response_whose_text_is_no_json_is_refused_before_it_harms_other_messages(text: str) -> None:
    with pytest.raises(TypeError, match="^the text of a Response must be JSON already: .*; return a str by itself"):
        encode_body(Response(text))


def test_models_known_by_their_shape_are_dumped() -> None:
    class Model:
        def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, Any]:
            return {"mode": mode, "byAlias": by_alias}

    assert json.loads(encode_body([Model()]).json) == [{"mode": "json", "byAlias": True}]


def test_pydantic_models_cross() -> None:
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")
    model = pydantic.create_model("Model", count=(int, ...))
    assert json.loads(encode_body({"m": model(count=5)}).json) == {"m": {"count": 5}}


def test_plain_json_both_ways() -> None:
    assert decode_json(encode_json({"a": [1, "é"]})) == {"a": [1, "é"]}
    assert decode_json(memoryview(b"[1]")) == [1]
    with pytest.raises(msgspec.DecodeError):
        decode_json("[")


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (int, False),
        (str, False),
        (None, False),
        (type(None), False),
        (int | None, False),
        (list[int], False),
        (dict[str, list[float]], False),
        (tuple[int, ...], False),
        (Annotated[int, msgspec.Meta(ge=0)], True),  # nothing is known of the metadata
        (bytes, True),
        (memoryview, True),
        (list[bytes], True),
        (dict[str, bytes | None], True),
        (tuple[int, bytes], True),
        (Any, True),
        (object, True),
        (list, True),
        (Literal["a"], True),
        (Response, True),
        (Plain, False),
        (PlainRecord, False),
        (list[Plain], False),
        (Picture, True),
        (Record, True),
        (Plain | Picture, True),
        (Tree, False),
        (Left, False),
        (Right, False),
        (BytesTree, True),
        (Page[int], True),
        (Page, True),
        (Later, True),
        (Annotated[int, []], True),
    ],
)
def test_what_may_hold_buffers(annotation: Any, expected: bool) -> None:
    assert may_hold_buffers(annotation) is expected


@pytest.mark.parametrize("value", [Tree(1, [Tree(2, [])]), Left(Right(Left()))])
def test_types_that_hold_themselves_end(value: Any) -> None:
    assert json.loads(encode_body(value).json) == msgspec.to_builtins(value)
