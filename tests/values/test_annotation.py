from __future__ import annotations

import dataclasses
import time
from collections import namedtuple
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, NotRequired, Required, TypedDict, TypeVar

import msgspec
import pytest

from tests.requirements import needs_attrs, needs_numpy, needs_pydantic
from transom.values import TaggedUnion, bare, fields_of, parts_of

T = TypeVar("T")


class Renamed(msgspec.Struct, rename="camel"):
    file_name: str
    inner: list[Renamed] | None = None


class Row(msgspec.Struct, array_like=True):
    size: int
    data: bytes


class Page(msgspec.Struct, Generic[T]):
    item: T


@dataclasses.dataclass
class Record:
    name: str
    row: Row


class Pair(NamedTuple):
    left: int
    right: bytes


class Parts(TypedDict):
    needed: Required[int]
    other: NotRequired[bytes]


class Later(msgspec.Struct):
    x: Nowhere  # type: ignore[name-defined]  # noqa: F821


class Shape(TaggedUnion): ...


class Circle(Shape):
    radius: float


Meters = NewType("Meters", int)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (int, int),
        (Annotated[int, "why"], int),
        (NewType("Deep", Meters), int),
        (Required[Annotated[Meters, "why"]], int),
        (list[Meters], list[Meters]),
        (int | None, int | None),
    ],
)
def test_what_is_only_said_about_an_annotation_is_left_out(annotation: Any, expected: Any) -> None:
    assert bare(annotation) == expected


def test_an_alias_of_its_own_kind_is_what_it_stands_for() -> None:
    class TypeAliasType:  # as in Python 3.12 and in typing_extensions
        __value__ = Meters

    assert bare(TypeAliasType()) is int


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Renamed, {"fileName": str, "inner": list[Renamed] | None}),
        (Row, {0: int, 1: bytes}),
        (Page[bytes], {"item": bytes}),
        (Record, {"name": str, "row": Row}),
        (Pair, {0: int, 1: bytes}),
        (Parts, {"needed": Required[int], "other": NotRequired[bytes]}),
        (namedtuple("Loose", ["a", "b"]), {0: Any, 1: Any}),
        (time.struct_time, None),
        (int, None),
        (tuple, None),
        (list[int], None),
        (Any, None),
        (None, None),
    ],
)
def test_fields_by_their_keys_on_the_wire(annotation: Any, expected: Any) -> None:
    assert fields_of(annotation) == expected


def test_fields_of_attrs_and_pydantic_classes() -> None:
    attrs, pydantic = needs_attrs(), needs_pydantic()
    made = attrs.make_class("Made", ["data"])
    assert fields_of(made) == {"data": Any}
    made.__annotations__ = {"data": bytes}
    assert fields_of(made) == {"data": bytes}
    model = pydantic.create_model("Model", __config__={"extra": "allow"}, a_b=(int, pydantic.Field(alias="aB")))
    assert fields_of(model) == {"a_b": int, "aB": int, "*": Any}


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (int, [int]),
        (list[dict[str, bytes | None]], [str, bytes, type(None)]),
        (Mapping[str, tuple[int, ...]], [str, int]),
        (Literal["a"], [Literal["a"]]),
        (Annotated[int, "why"] | None, [Annotated[int, "why"], int, type(None)]),
        (Renamed, [Renamed, str, type(None)]),
        (list[Record], [Record, str, Row, int, bytes]),
        (Later, [Later, Any]),
        (Callable[[], int], [[], int]),
    ],
)
def test_the_parts_of_an_annotation(annotation: Any, expected: Any) -> None:
    assert list(parts_of(annotation)) == expected


def test_arrays_and_variants_are_parts() -> None:
    numpy = needs_numpy()
    array = numpy.ndarray[Any, numpy.dtype[numpy.float32]]
    assert list(parts_of(list[array])) == [array]
    assert [part.__name__ for part in parts_of(Shape)] == ["Shape", "Circle", "float"]


def test_models_can_be_left_closed() -> None:
    model = needs_pydantic().create_model("Model", data=(bytes, ...))
    assert list(parts_of(model)) == [model, bytes]
    assert list(parts_of(model, models=False)) == [model]


def test_subclasses_are_parts_when_they_are_asked_for() -> None:
    class Base(msgspec.Struct):
        pass

    class Sub(Base):
        pass

    assert list(parts_of(Base)) == [Base]
    assert list(parts_of(Base, subclasses=True)) == [Base, Sub]
