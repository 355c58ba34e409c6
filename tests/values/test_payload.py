from __future__ import annotations

import array
import dataclasses
import enum
import json
import os
import pathlib
import shutil
import time
from collections import OrderedDict, deque, namedtuple
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.requirements import needs_numpy
from transom.values import InvokeResponseBody, LiftedBuffer, Response, decode_json, encode_body, encode_json

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


Loose = namedtuple("Loose", ["a", "b"], defaults=["b"])


class LooseChild(Loose):
    note: str = ""  # no field


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


class Keyed(msgspec.Struct):
    items: dict[bytes, int]


class Colour(enum.Enum):
    RED = "red"


def _restored(body: InvokeResponseBody) -> Any:
    """Put the buffers back, as the page does."""
    value = json.loads(body.json)
    for path, _, data in body.buffers:
        keys = json.loads(path)
        if not keys:
            return bytes(data)
        holder = value
        for key in keys[:-1]:
            holder = holder[key]
        assert holder[keys[-1]] is None
        holder[keys[-1]] = bytes(data)
    return value


@pytest.mark.parametrize("wrap", [lambda value: value, lambda value: [value], lambda value: {"a": value, "b": b"x"}])
@pytest.mark.parametrize(
    "value",
    [
        shutil.disk_usage("/"),
        os.terminal_size((80, 24)),
        time.gmtime(0),
        os.stat_result(range(10)),
        urlsplit("tauri://localhost/a"),
        Loose(1),
        LooseChild(1, "b"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_named_tuples_of_any_kind_are_arrays(value: Any, wrap: Callable[[Any], Any]) -> None:
    array, expected = list(value), {"a": list(value), "b": None}
    assert json.loads(encode_body(wrap(value)).json) in (array, [array], expected)


def test_buffers_in_named_tuples_without_annotations_are_lifted_out() -> None:
    body = encode_body({"it": [Loose(b"x")]})
    assert json.loads(body.json) == {"it": [[None, "b"]]}
    assert [(path, bytes(data)) for path, _, data in body.buffers] == [(b'["it",0,0]', b"x")]


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


def test_bytes_are_not_copied() -> None:
    data = bytes(1000)
    for value in (data, {"a": data}, memoryview(data)[10:], Response(data), Picture("a", data)):
        [lifted] = encode_body(value).buffers
        assert lifted.data.obj is data


@pytest.mark.parametrize(
    "wrap", [lambda data: data, lambda data: [data], memoryview, lambda data: memoryview(data).toreadonly(), Response]
)
def test_what_was_sent_does_not_change_when_its_buffer_is_filled_again(wrap: Callable[[bytearray], Any]) -> None:
    data = bytearray(b"first")
    [lifted] = encode_body(wrap(data)).buffers
    data[:] = b"again"
    assert bytes(lifted.data) == b"first"


class Odd:
    pass


@pytest.mark.parametrize("value", [Odd(), {"a": Odd()}, [Odd()], object(), {1: Odd()}, Response(b"x").__class__])
def test_a_value_that_cannot_cross_names_its_type(value: Any) -> None:
    with pytest.raises(
        TypeError, match="cannot be sent to the page; return JSON types, msgspec or dataclass values, or"
    ):
        encode_body(value)


@pytest.mark.parametrize(
    "value", [range(3), {"a": 1}.keys(), map(str, [1]), deque([1]), (number for number in [1]), {"a": [range(3)]}]
)
def test_what_can_be_a_list_is_to_be_made_one(value: Any) -> None:
    with pytest.raises(TypeError, match=r"make a list of it first, with list\(\.\.\.\)"):
        encode_body(value)


@pytest.mark.parametrize("value", [{(1, 2): 3}, [{(1, 2): 3}], {"a": {frozenset([1]): 3}}])
def test_a_key_that_is_no_text_is_named(value: Any) -> None:
    with pytest.raises(
        TypeError, match="^a (tuple|frozenset) cannot be the key of an object in JSON; use texts or num"
    ):
        encode_body(value)


def test_the_type_is_named() -> None:
    with pytest.raises(TypeError, match="^an object of the type Odd cannot be sent"):
        encode_json([Odd()])


def test_a_response_inside_a_value_cannot_cross() -> None:
    with pytest.raises(TypeError, match="an object of the type Response cannot be sent"):
        encode_body([Response(b"x")])


def test_a_response_is_sent_as_it_is() -> None:
    assert encode_body(Response('{"a": 1}')) == InvokeResponseBody(b'{"a": 1}')
    assert _restored(encode_body(Response(b"x"))) == b"x"
    assert repr(Response(b"abc")) == "Response(<3 bytes>)"
    assert repr(Response("null")) == "Response(<4 characters of JSON>)"


@pytest.mark.parametrize("body", [{"a": [1, None]}, [1, 2], None, 7, {"a": b"x"}])
def test_a_response_of_any_other_value_is_sent_as_if_the_command_had_returned_it(body: Any) -> None:
    assert encode_body(Response(body)) == encode_body(body)  # Tauri: Response::new(request.body().clone())
    assert repr(Response(body)) == f"Response(<{type(body).__name__}>)"


@pytest.mark.parametrize("text", ["", "{", "plain", "1 2", '"a\nb"', "[1],[2]"])
def test_a_response_whose_text_is_no_json_is_refused_before_it_harms_other_messages(text: str) -> None:
    with pytest.raises(TypeError, match="^the text of a Response must be JSON already: .*; return a str by itself"):
        encode_body(Response(text))


def test_models_known_by_their_shape_are_dumped() -> None:
    class Model:
        def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, Any]:
            return {"mode": mode, "byAlias": by_alias}

    assert json.loads(encode_body([Model()]).json) == [{"mode": "python", "byAlias": True}]


@pytest.mark.parametrize("value", [{b"x": 1}, {"a": {b"x": b"y"}}, {memoryview(b"x"): 1}, Keyed({b"x": 1})])
def test_bytes_as_a_key_are_refused_and_no_base64(value: Any) -> None:
    with pytest.raises(TypeError, match="^bytes cannot be the key of an object in JSON; use texts or numbers$"):
        encode_body(value)


class Base(msgspec.Struct):
    size: int


class Holder(msgspec.Struct):
    item: Base
    more: list[Base] = []


def test_a_subclass_that_came_later_is_looked_into_where_its_base_is_annotated() -> None:
    assert encode_body(Holder(Base(1))) == InvokeResponseBody(b'{"item":{"size":1},"more":[]}')

    class Sub(Base):
        data: bytes

    body = encode_body(Holder(Base(1), [Sub(2, b"x")]))
    assert _restored(body) == {"item": {"size": 1}, "more": [{"size": 2, "data": b"x"}]}
    assert encode_body(Holder(Base(1))) == InvokeResponseBody(b'{"item":{"size":1},"more":[]}')


def test_raw_json_is_sent_as_it_is_beside_buffers() -> None:
    assert _restored(encode_body({"raw": msgspec.Raw(b"[1]"), "data": b"x"})) == {"raw": [1], "data": b"x"}


def _endless() -> Any:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize("value", [_endless(), {"a": b"x", "b": _endless()}, Tree(1, _endless())])
@pytest.mark.parametrize("encode", [encode_body, encode_json])
def test_what_holds_itself_is_refused(encode: Callable[[Any], Any], value: Any) -> None:
    if encode is encode_json and isinstance(value, dict):
        value = value["b"]
    with pytest.raises(
        TypeError, match="^a value that is nested so deep, or holds itself, cannot be sent to the page$"
    ):
        encode(value)


@pytest.mark.parametrize("value", ["\udcff", {"a": b"x", "b": "\udcff"}, pathlib.PurePosixPath("/\udcff")])
def test_half_of_a_surrogate_pair_is_refused_with_what_to_do(value: Any) -> None:
    with pytest.raises(
        TypeError, match=r"^a text with half of a surrogate pair .*; the name of a file .* os.fsencode\(name\)$"
    ):
        encode_body(value)


def test_an_array_where_the_annotation_has_none_is_refused_and_no_base64() -> None:
    numpy = needs_numpy()
    with pytest.raises(
        TypeError,
        match="^an object of the type ndarray is where the annotation of the result or field has none; correct it$",
    ):
        encode_json([numpy.zeros(1)])


def test_plain_json_both_ways() -> None:
    assert decode_json(encode_json({"a": [1, "é"]})) == {"a": [1, "é"]}
    assert decode_json(memoryview(b"[1]")) == [1]
    with pytest.raises(msgspec.DecodeError):
        decode_json("[")


@pytest.mark.parametrize("value", [Tree(1, [Tree(2, [])]), Left(Right(Left()))])
def test_types_that_hold_themselves_end(value: Any) -> None:
    assert json.loads(encode_body(value).json) == msgspec.to_builtins(value)
