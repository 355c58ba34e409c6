from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, TypedDict, TypeVar
from uuid import UUID

import msgspec
import pytest

from tests.requirements import needs_numpy, needs_pydantic
from transom.values import Response, TaggedUnion, may_hold_buffers
from transom.values._buffer_types import holds_no_buffers

T = TypeVar("T")


class Picture(msgspec.Struct):
    data: bytes


class Plain(msgspec.Struct):
    count: int
    names: list[str]


@dataclasses.dataclass
class Record:
    data: bytearray | None = None


@dataclasses.dataclass
class PlainRecord:
    name: str


class PlainDict(TypedDict):
    name: str


class DataPair(NamedTuple):
    name: str
    data: memoryview


class Tree(msgspec.Struct):
    children: list[Tree] | None = None


class Left(msgspec.Struct):
    right: Right | None = None


class Right(msgspec.Struct):
    left: Left | None = None


class BytesTree(msgspec.Struct):
    children: tuple[list[BytesTree], bytes]


class Page(msgspec.Struct, Generic[T]):
    item: T


class Later(msgspec.Struct):
    x: Nowhere  # type: ignore[name-defined]  # noqa: F821


class Colour(enum.Enum):
    RED = "red"


class Magic(enum.Enum):
    PNG = b"\x89PNG"


class Shape(TaggedUnion):
    pass


class Circle(Shape):
    radius: float


class Sound(TaggedUnion):
    pass


class Sample(Sound):
    data: bytes


class Base(msgspec.Struct):
    size: int


class Holder(msgspec.Struct):
    item: Base | None


Name = NewType("Name", str)
Data = NewType("Data", bytes)


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
        (Mapping[str, Sequence[int]], False),
        (tuple[int, ...], False),
        (Annotated[int, msgspec.Meta(ge=0)], False),
        (Annotated[int, []], False),
        (Annotated[bytes, msgspec.Meta(max_length=9)], True),
        (Literal["a"], False),
        (datetime, False),
        (Decimal | UUID | Path, False),
        (Colour, False),
        (Magic, True),
        (Name, False),
        (Data, True),
        (bytes, True),
        (memoryview, True),
        (list[bytes], True),
        (dict[str, bytes | None], True),
        (tuple[int, bytes], True),
        (Any, True),
        (object, True),
        (list, True),
        (T, True),
        (Response, True),
        (Plain, False),
        (PlainRecord, False),
        (PlainDict, False),
        (DataPair, True),
        (list[Plain], False),
        (Picture, True),
        (Record, True),
        (Plain | Picture, True),
        (Tree, False),
        (Left, False),
        (Right, False),
        (BytesTree, True),
        (Page[int], False),
        (Page[bytes], True),
        (Page, True),
        (Later, True),
        (Shape, False),
        (list[Circle], False),
        (Sound, True),
    ],
)
def test_what_may_hold_buffers(annotation: Any, expected: bool) -> None:
    assert may_hold_buffers(annotation) is expected


def test_arrays_and_models_with_them_may() -> None:
    numpy, pydantic = needs_numpy(), needs_pydantic()
    assert may_hold_buffers(numpy.ndarray)
    assert may_hold_buffers(numpy.ndarray[tuple[int], numpy.dtype[numpy.float32]])
    assert not may_hold_buffers(pydantic.create_model("A", name=(str, ...)))
    assert may_hold_buffers(pydantic.create_model("A", name=(bytes, ...)))
    assert may_hold_buffers(pydantic.create_model("A", __config__={"extra": "allow"}, name=(str, ...)))


def test_a_class_is_known_by_itself_and_its_fields_with_their_subclasses() -> None:
    assert holds_no_buffers(Base)
    assert holds_no_buffers(Holder)
    assert not may_hold_buffers(Base)

    class Sub(Base):
        data: bytes

    assert holds_no_buffers(Base)
    assert not holds_no_buffers(Holder)
    assert may_hold_buffers(Base)
    assert not holds_no_buffers(Sub)
