from __future__ import annotations

import array
import dataclasses
import datetime as dt
import enum
import json
import pathlib
import types
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypedDict

import msgspec
import pytest

from tests.fake_page import bound, detail, keeps, plan
from tests.requirements import needs_attrs, needs_numpy, needs_pyarrow, needs_pydantic
from transom.errors import CommandDefinitionError, MalformedMessage
from transom.values import Channel, JavaScriptChannelId, TaggedUnion, encode_body
from transom.values._decode import allows_none, channel_of, convert, decoder_sentence
from transom.wire import Span

TEXT = "; send an ArrayBuffer or a typed array: a text is not decoded"
NUMBERS = "; send an ArrayBuffer or a typed array: an array must hold whole numbers from 0 to 255"
FILES = "; send an ArrayBuffer or a typed array: a File or Blob has `await file.arrayBuffer()`"


class Colour(enum.Enum):
    RED = "red"


class Picture(msgspec.Struct, rename="camel"):
    file_name: str
    raw_pixels: bytes = b""


@dataclasses.dataclass
class Record:
    data: bytearray | None = None
    children: list[Record] = dataclasses.field(default_factory=list)


class Pair(NamedTuple):
    name: str
    data: bytes


class Parts(TypedDict, total=False):
    data: bytes
    names: list[str]


class Row(msgspec.Struct, array_like=True):
    size: int
    data: bytes


class Cat(msgspec.Struct, tag=True):
    data: bytes


class Dog(msgspec.Struct, tag=True):
    data: list[int]


class Job(TaggedUnion, tag="event", content="data", rename_all="camelCase", rename_all_fields="camelCase"): ...


class Started(Job):
    raw_data: bytes
    after: Job | None = None


class Cancelled(Job): ...


class Inner(TaggedUnion, tag="kind"): ...


class Named(Inner):
    name: str


class Outer(msgspec.Struct):
    job: Job
    inner: list[Inner] = []


Meters = NewType("Meters", int)
Data = NewType("Data", bytes)
POSITIVE = msgspec.Meta(gt=0)
WHY = msgspec.Meta(description="why")


def _sent(value: Any) -> dict[str, Any]:
    """Return the parts of a call whose argument `it` is a value with buffers inside."""
    body = encode_body({"it": value})
    spans = [Span(json.loads(path), kind, 0, 0, len(data)) for path, kind, data in body.buffers]
    return {"text": body.json.decode(), "spans": spans, "buffers": [data for _, _, data in body.buffers]}


def took(annotation: Any, value: Any) -> Any:
    return bound(keeps(it=annotation), **_sent(value))


def refused(annotation: Any, value: Any) -> str:
    key, text = detail(keeps(it=annotation), **_sent(value))
    assert key == "it"
    return text


def undefined(annotation: Any) -> str:
    with pytest.raises(CommandDefinitionError) as caught:
        plan(keeps(it=annotation))
    return str(caught.value).removeprefix("command cmd: its arguments cannot be decoded: ")


# Which annotations may be left out, and which are channels.


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (int, False),
        (int | str, False),
        (Any, False),
        (None | int, True),
        (int | str | None, True),
        (Annotated[int | None, WHY], True),
        (Annotated[int, POSITIVE] | None, True),
        (Annotated[int | None, WHY] | str, True),
        (NewType("Maybe", int | None), True),  # type: ignore[valid-newtype]
        (list[int | None], False),
    ],
)
def test_what_allows_none(annotation: Any, expected: bool) -> None:
    assert allows_none(annotation) is expected
    if expected:
        assert bound(keeps(it=annotation), {}) is None


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Channel, Channel),
        (Channel[int] | None, Channel[int]),
        (Annotated[Channel[int], "why"], Channel[int]),
        (Annotated[Channel[int] | None, "why"], Channel[int]),
        (list[Channel[int]], None),
        (int | None, None),
    ],
)
def test_what_is_a_channel(annotation: Any, expected: Any) -> None:
    assert channel_of(annotation) == expected


# Every type, in the forms that pages send.


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (int, 2**70, 2**70),
        (int, -0, 0),
        (float, 3, 3.0),
        (Decimal, "1.50", Decimal("1.50")),
        (Decimal, 0.1, Decimal("0.1")),
        (uuid.UUID, "6ba7b810-9dad-11d1-80b4-00c04fd430c8", uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")),
        (dt.datetime, "2024-05-06T07:08:09.100Z", dt.datetime(2024, 5, 6, 7, 8, 9, 100_000, dt.UTC)),
        (dt.date, "2024-05-06", dt.date(2024, 5, 6)),
        (dt.time, "07:08:09", dt.time(7, 8, 9)),
        (dt.timedelta, "PT1.5S", dt.timedelta(seconds=1.5)),
        (Colour, "red", Colour.RED),
        (Literal["a", 1], 1, 1),
        (set[int], [1, 1, 2], {1, 2}),
        (tuple[int, str], [1, "a"], (1, "a")),
        (Sequence[int], [1], [1]),
        (Annotated[int, POSITIVE], 1, 1),
        (Meters, 5, 5),
        (pathlib.PurePosixPath, "/ü", pathlib.PurePosixPath("/ü")),
        (dict[str, list[Picture]], {"a": [{"fileName": "f"}]}, {"a": [Picture("f")]}),
        (Cat | Dog, {"type": "Dog", "data": [1, 2]}, Dog([1, 2])),
    ],
)
def test_values_arrive_as_their_types(annotation: Any, value: Any, expected: Any) -> None:
    came = took(annotation, value)
    assert came == expected
    assert type(came) is type(expected)


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        (int, 1e20, "Expected `int`, got `float`"),
        (Annotated[int, POSITIVE], 0, "Expected `int` >= 1"),
        (dt.date, "2024-05-06T00:00:00.000Z", "Invalid RFC3339 encoded date"),
        (uuid.UUID, "x", "Invalid UUID"),
        (list[pathlib.Path], ["a", 5], "Expected `str` (a path), got `int` at `[1]`"),
        (Outer, {"job": {"event": "cancelled"}, "inner": [{"kind": "Named", "name": 5}]}, "Expected `str`, got `int` at `inner[0].name`"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_place(annotation: Any, value: Any, text: str) -> None:
    assert refused(annotation, value) == text


def test_attrs_classes_with_their_validators() -> None:
    attrs = needs_attrs()
    size = attrs.field(validator=attrs.validators.gt(3))
    made = attrs.make_class("Made", {"size": size, "data": attrs.field(default=b"")})
    made.__annotations__ = {"size": int, "data": bytes}
    attrs.resolve_types(made)
    for attribute, kind in zip(attrs.fields(made), (int, bytes), strict=True):
        object.__setattr__(attribute, "type", kind)
    assert took(made, {"size": 4, "data": memoryview(b"x")}) == made(4, b"x")
    assert refused(made, {"size": 3}) == "'size' must be > 3: 3"
    assert refused(made, {"size": 4, "data": "eA=="}) == f"Expected `bytes`, got `str` at `data`{TEXT}"


# Bytes.

BYTES_IN = [
    (bytes, lambda data: data, lambda data: data),
    (bytes | None, lambda data: data, lambda data: data),
    (Annotated[bytes, msgspec.Meta(max_length=9)], lambda data: data, lambda data: data),
    (Annotated[bytes, []], lambda data: data, lambda data: data),
    (Data, lambda data: data, lambda data: data),
    (list[bytes], lambda data: [data, data], lambda data: [data, data]),
    (tuple[str, bytes], lambda data: ["a", data], lambda data: ("a", data)),
    (tuple[bytes, ...], lambda data: [data], lambda data: (data,)),
    (dict[str, bytes | None], lambda data: {"a": data, "b": None}, lambda data: {"a": data, "b": None}),
    (Picture, lambda data: {"fileName": "f", "rawPixels": data}, lambda data: Picture("f", data)),
    (
        Record,
        lambda data: {"data": None, "children": [{"data": data}]},
        lambda data: Record(None, [Record(bytearray(data))]),
    ),
    (Pair, lambda data: ["n", data], lambda data: Pair("n", data)),
    (Parts, lambda data: {"data": data, "names": ["a"]}, lambda data: {"data": data, "names": ["a"]}),
    (list[Row], lambda data: [[1, data]], lambda data: [Row(1, data)]),
    (Cat | Dog, lambda data: {"type": "Cat", "data": data}, Cat),
    (Picture | bytes, lambda data: data, lambda data: data),
    (Job, lambda data: {"event": "started", "data": {"rawData": data}}, Started),
    (
        Outer,
        lambda data: {"job": {"event": "started", "data": {"rawData": data, "after": {"event": "cancelled"}}}},
        lambda data: Outer(Started(data, Cancelled())),
    ),
]


@pytest.mark.parametrize(("annotation", "plain", "expected"), BYTES_IN, ids=[str(row[0]) for row in BYTES_IN])
@pytest.mark.parametrize("form", [memoryview, list, lambda data: memoryview(data).cast("H")])
def test_bytes_arrive_from_buffers_and_from_arrays_of_numbers(
    annotation: Any, plain: Any, expected: Any, form: Any
) -> None:
    assert took(annotation, plain(form(b"\x00\xff"))) == expected(b"\x00\xff")


@pytest.mark.parametrize(("annotation", "plain", "_"), BYTES_IN, ids=[str(row[0]) for row in BYTES_IN])
@pytest.mark.parametrize(
    ("wrong", "hint"), [("AAAA", TEXT), ([256], NUMBERS), ([-1], NUMBERS), ([1.5], NUMBERS), ([True], NUMBERS)]
)
def test_a_text_is_no_bytes_and_numbers_must_be(annotation: Any, plain: Any, _: Any, wrong: Any, hint: str) -> None:
    text = refused(annotation, plain(wrong))
    assert text.startswith("Expected `")
    assert "bytes" in text.partition(",")[0]
    assert text.endswith(hint)


def test_the_place_of_wrong_bytes_is_named() -> None:
    assert refused(Picture, {"fileName": "f", "rawPixels": "x"}) == f"Expected `bytes`, got `str` at `rawPixels`{TEXT}"
    job = {"event": "started", "data": {"rawData": [1, 300]}}
    assert refused(Outer, {"job": job}) == f"Expected `bytes`, got `array` at `job.data.rawData`{NUMBERS}"


def test_an_array_that_may_be_meant_stays_one() -> None:
    assert took(bytes | list[int], [1, 2]) == [1, 2]
    assert took(list[int] | Picture, [1, 2]) == [1, 2]
    assert took(Cat | Dog, {"type": "Cat", "data": [1]}) == Cat(b"\1")
    assert took(Cat | Dog, {"type": "Dog", "data": [1]}) == Dog([1])


def test_views_know_their_elements() -> None:
    view = took(memoryview, memoryview(array.array("f", [1.5, 2.5])))
    assert (view.format, view.tolist()) == ("f", [1.5, 2.5])
    [inside] = took(Any, [memoryview(array.array("q", [-1]))])
    assert inside.tolist() == [-1]
    assert took(bytes, memoryview(array.array("H", [1]))) == b"\1\0"


def test_bytes_that_are_no_elements_are_malformed() -> None:
    spans = [Span(["it"], "Float64Array", 0, 0, 3)]
    with pytest.raises(MalformedMessage, match="^a Float64Array of 3 bytes is not a whole number of elements$"):
        bound(keeps(it=Any), {"it": None}, spans=spans, buffers=[b"abc"])


@pytest.mark.parametrize("annotation", [dict[bytes, int], list[dict[bytes, str]]])
def test_bytes_are_no_keys(annotation: Any) -> None:
    assert undefined(annotation) == "the keys of an object are texts, never bytes (<string>:1)"


# Tagged unions.


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        (Job, {"event": "started"}, "Expected `object`, got `null` at `data`"),
        (Job, {"event": "started", "data": {}}, "Object missing required field `rawData` at `data`"),
        (list[Job], [{"event": "other"}], "Expected a variant, one of `started`, `cancelled`, got `other` at `[0]`"),
        (Started, {"event": "cancelled"}, "Expected a variant, one of `started`, got `cancelled`"),
        (Inner, {"kind": "Named"}, "Object missing required field `name`"),
        (Outer, {"job": 5}, "Expected `object` with the key `event`, got `int` at `job`"),
    ],
)
def test_wrong_variants(annotation: Any, value: Any, text: str) -> None:
    assert refused(annotation, value) == text


def test_the_types_in_variants_are_checked_when_the_command_is_registered() -> None:
    class Cache: ...

    union = types.new_class("Union", (TaggedUnion,))
    types.new_class("Bad", (union,), {}, lambda body: body.update(__annotations__={"cache": Cache, "again": union}))
    assert undefined(list[union]).startswith("the type test_the_types")
    several = "Type unions may not contain more than one custom type"
    assert undefined(Started | Cancelled).startswith(several)


# NumPy and pyarrow.


def test_arrays_at_every_place() -> None:
    numpy = needs_numpy()
    elements = numpy.array([1.5, 2.5], "f4")
    wanted = numpy.ndarray[Any, numpy.dtype[numpy.float32]]
    made = msgspec.defstruct("Made", [("points", wanted), ("more", dict[str, wanted] | None, None)])
    assert took(wanted, elements).tolist() == [1.5, 2.5]
    came = took(list[made], [{"points": elements, "more": {"a": elements}}])
    assert came[0].more["a"].tolist() == came[0].points.tolist() == [1.5, 2.5]
    assert bound(keeps(it=wanted | None), {}) is None
    assert refused(wanted, [1.5]) == "Expected `Float32Array`, got `array`"
    assert refused(list[made], [{"points": numpy.zeros(1)}]) == "Expected `Float32Array`, got `Float64Array` at `[0].points`"  # fmt: skip
    assert refused(wanted, "AAAA") == "Expected `Float32Array`, got `str`"
    assert undefined(numpy.ndarray[Any, numpy.dtype[numpy.complex64]]).startswith("no typed array of JavaScript has")
    deep = msgspec.defstruct("Deep", [("matrix", numpy.ndarray[tuple[int, int], numpy.dtype[numpy.float32]])])
    assert undefined(list[deep]).startswith("arrays arrive flat")


def test_tables_arrive_from_their_streams() -> None:
    arrow = needs_pyarrow()
    table = arrow.table({"a": [1, 2]})
    assert took(arrow.Table, table).equals(table)
    made = msgspec.defstruct("Made", [("rows", arrow.RecordBatch)])
    assert took(made, {"rows": table}).rows.to_pydict() == {"a": [1, 2]}
    assert refused(made, {"rows": "x"}) == "Expected bytes of an Arrow IPC stream, got `str` at `rows`"


# pydantic.


def _model(name: str = "Model", **fields: Any) -> Any:
    config = {"arbitrary_types_allowed": True, "populate_by_name": True}
    return needs_pydantic().create_model(name, __config__=config, **fields)


def test_models_take_buffers_arrays_and_numbers_in_their_fields() -> None:
    pydantic, numpy, arrow = needs_pydantic(), needs_numpy(), needs_pyarrow()
    inner = _model("Inner", data=(bytes, ...))
    model = _model(
        raw_data=(bytes, pydantic.Field(alias="rawData")),
        points=(numpy.ndarray[Any, numpy.dtype[numpy.float32]] | None, None),
        rows=(arrow.Table | None, None),
        inner=(dict[str, list[inner]], {}),
        text_or_bytes=(str | bytes, ""),
    )
    sent = {"rawData": memoryview(b"x"), "points": numpy.ones(2, "f4"), "rows": arrow.table({"a": [1]})}
    for annotation, value in ((model, sent), (msgspec.defstruct("Made", [("model", model)]), {"model": sent})):
        came = took(annotation, value)
        came = getattr(came, "model", came)
        assert (came.raw_data, came.points.tolist(), came.rows.to_pydict()) == (b"x", [1, 1], {"a": [1]})
    nested = took(model, {"raw_data": [1, 2], "inner": {"a": [{"data": [3]}]}, "text_or_bytes": "t"})
    assert (nested.raw_data, nested.inner["a"][0].data, nested.text_or_bytes) == (b"\1\2", b"\3", "t")
    assert refused(model, {"rawData": "text"}) == "Input should be a valid bytes at `rawData`"
    assert refused(model, {"rawData": b"", "points": numpy.ones(1)}) == "Expected `Float32Array`, got `Float64Array`"


def test_every_wrong_field_of_a_model_is_named() -> None:
    model = _model(count=(int, ...), names=(list[str], ...))
    assert refused(list[model], [{"count": "x", "names": []}]).endswith("unable to parse string as an integer at `[0].count`")  # fmt: skip
    text = refused(model, {"count": None, "names": [1]})
    assert text == "`count`: Input should be a valid integer; `names[0]`: Input should be a valid string"


def test_what_msgspec_would_pass_over_is_decoded_by_pydantic() -> None:
    pydantic = needs_pydantic()
    positive = pydantic.PositiveInt
    point = pydantic.dataclasses.dataclass(
        type("P", (), {"__annotations__": {"x": positive, "data": bytes}, "data": b""})
    )
    assert took(positive, 1) == 1
    assert refused(positive, 0) == "Input should be greater than 0"
    assert bound(keeps(it=positive | None), {}) is None
    assert refused(dict[str, list[positive]], {"a": [1, 0]}) == "Input should be greater than 0 at `a[1]`"
    assert took(list[point], [{"x": 1, "data": memoryview(b"d")}]) == [point(x=1, data=b"d")]
    assert refused(point, {"x": 0}) == "Input should be greater than 0 at `x`"
    assert str(took(pydantic.HttpUrl, "http://a.b")) == "http://a.b/"
    assert refused(msgspec.defstruct("Made", [("url", pydantic.HttpUrl)]), {"url": ""}).endswith(" at `url`")
    first, second = _model("First", a=(int, ...)), _model("Second", b=(bytes, ...))
    assert took(first | second, {"b": memoryview(b"x")}) == second(b=b"x")


def test_what_pydantic_would_check_inside_of_what_it_does_not_decode_is_refused_at_registration() -> None:
    pydantic = needs_pydantic()
    constrained = msgspec.defstruct("Made", [("count", pydantic.PositiveInt)])
    point = pydantic.dataclasses.dataclass(type("P", (), {"__annotations__": {"x": int}}))
    for annotation in (constrained, list[constrained], msgspec.defstruct("Made", [("point", point | None)])):
        assert "is checked by pydantic only, and what it is inside of is not of pydantic's" in undefined(annotation)
    assert undefined(_model(a=(int, ...)) | Picture).startswith("pydantic says: Unable to generate")


# The words.


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Expected `int`, got `str`", "Expected `int`, got `str`"),
        ("Expected `int`, got `str` - at `$`", "Expected `int`, got `str`"),
        ("Expected `int`, got `str` - at `$.a[0].b`", "Expected `int`, got `str` at `a[0].b`"),
        ("Expected `int`, got `str` - at `$.c` - at `$[...]` - at `$.a`", "Expected `int`, got `str` at `a[...].c`"),
        ("Expected `int`, got `str` - at `$` - at `$[0]`", "Expected `int`, got `str` at `[0]`"),
        ("Expected `bytes | null`, got `str` - at `$.a`", f"Expected `bytes | null`, got `str` at `a`{TEXT}"),
        ("Expected `bytes`, got `array`", f"Expected `bytes`, got `array`{NUMBERS}"),
        ("Expected `bytes`, got `object`", f"Expected `bytes`, got `object`{FILES}"),
        ("Expected `bytes`, got `int`", "Expected `bytes`, got `int`"),
    ],
)
def test_sentences(text: str, sentence: str) -> None:
    assert decoder_sentence(text) == sentence


def test_values_are_converted_outside_of_a_command_too() -> None:
    assert convert({"fileName": "f", "rawPixels": [1]}, Picture) == Picture("f", b"\1")
    assert convert("__CHANNEL__:5", Channel[int]) == JavaScriptChannelId(5)
    with pytest.raises(msgspec.ValidationError):
        convert("AAAA", bytes)
