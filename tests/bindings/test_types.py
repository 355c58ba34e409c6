"""What an annotation is in TypeScript: as `docs/values.md` says what crosses the wire."""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, NotRequired, TypedDict, TypeVar

import msgspec
import pytest
from typing_extensions import deprecated

from tests.requirements import needs_attrs, needs_numpy, needs_pydantic
from transom import TaggedUnion
from transom.bindings._types import Direction, Types
from transom.errors import ConfigError

BYTES = "ArrayBuffer | ArrayBufferView | number[]"
T = TypeVar("T")
Meters = NewType("Meters", float)


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1


class Point(NamedTuple):
    x: float
    y: float


@pytest.mark.parametrize(("annotation", "sent", "received"), [
    (None, "null", "null"),
    (bool, "boolean", "boolean"),
    (str, "string", "string"),
    (int, "number", "number"),
    (float, "number", "number"),
    (Meters, "number", "number"),
    (decimal.Decimal, "string | number", "string"),
    (dt.datetime, "string | Date", "string"),
    (dt.date, "string", "string"),
    (dt.timedelta, "string", "string"),
    (uuid.UUID, "string", "string"),
    (Path, "string", "string"),
    (bytes, BYTES, "ArrayBuffer"),
    (memoryview, BYTES, "ArrayBuffer | ArrayBufferView"),
    (Any, "unknown", "unknown"),
    (Annotated[int, msgspec.Meta(ge=0)], "number", "number"),
    (int | None, "number | null", "number | null"),
    (int | float | str, "number | string", "number | string"),
    (Literal["a", 1, None], '"a" | 1 | null', '"a" | 1 | null'),
    (list[int], "number[]", "number[]"),
    (list[int | None], "Array<number | null>", "Array<number | null>"),
    (list, "unknown[]", "unknown[]"),
    (set[str], "string[]", "string[]"),
    (Sequence[str], "string[]", "string[]"),
    (tuple[int, ...], "number[]", "number[]"),
    (tuple[int, str], "[number, string]", "[number, string]"),
    (tuple[()], "[]", "[]"),
    (Point, "[x: number, y: number]", "[x: number, y: number]"),
    (dict[str, bytes], f"Record<string, {BYTES}>", "Record<string, ArrayBuffer>"),
    (dict[int, str], "Record<string, string>", "Record<string, string>"),
    (Mapping[str, int], "Record<string, number>", "Record<string, number>"),
    (dict, "Record<string, unknown>", "Record<string, unknown>"),
    (Color, "Color", "Color"),
], ids=str)  # fmt: skip
def test_a_type_is_written_as_it_crosses_the_wire(annotation: Any, sent: str, received: str) -> None:
    assert Types().write(annotation, "in") == sent
    assert Types().write(annotation, "out") == received


def _declared(annotation: Any, direction: Direction) -> str:
    types = Types()
    return "".join(types.reachable([types.write(annotation, direction)]))


class Picture(msgspec.Struct, rename="camel"):
    file_name: str
    pixels: bytes
    children: list[Picture] = []


def test_a_class_has_another_form_where_the_page_sends_it_only_if_it_differs() -> None:
    assert _declared(Picture, "out") == (
        "export interface Picture {\n  fileName: string;\n  pixels: ArrayBuffer;\n  children: Picture[];\n}\n"
    )
    assert _declared(Picture, "in") == (
        f"export interface PictureInput {{\n  fileName: string;\n  pixels: {BYTES};\n  children?: PictureInput[];\n}}\n"
    )


class Node(msgspec.Struct):
    name: str
    parent: Node | None
    edges: list[Edge]


class Edge(msgspec.Struct):
    ends: tuple[Node, Node]


def test_classes_that_hold_each_other_are_declared_once() -> None:
    assert _declared(Edge, "out") == (
        "export interface Edge {\n  ends: [Node, Node];\n}\n"
        "export interface Node {\n  name: string;\n  parent: Node | null;\n  edges: Edge[];\n}\n"
    )
    sent = _declared(Edge, "in")
    names = set(re.findall(r"(?:interface|type) (\w+)", sent))
    assert set(re.findall(r"\b(?:Edge|Node)\w*", sent)) == names, "a type is named that is not declared"


@dataclass
class Item:
    name: str
    tags: list[str] = field(default_factory=list)


class Options(TypedDict):
    deep: bool
    color: NotRequired[Color]


class Page(msgspec.Struct, Generic[T]):
    items: list[T]


class Cat(msgspec.Struct, tag="cat"):
    name: str


class Dog(msgspec.Struct, tag="dog", omit_defaults=True):
    name: str
    age: int = 0


@pytest.mark.parametrize(("annotation", "direction", "declared"), [
    (Item, "out", "export interface Item {\n  name: string;\n  tags: string[];\n}\n"),
    (Item, "in", "export interface ItemInput {\n  name: string;\n  tags?: string[];\n}\n"),
    (Options, "in", 'export type Color = "red" | "blue";\nexport interface Options {\n  deep: boolean;\n  color?: Color;\n}\n'),
    (Page[int], "out", "export interface Page<T> {\n  items: T[];\n}\n"),
    (Level, "out", "export type Level = 1;\n"),
    (Cat, "out", 'export interface Cat {\n  type: "cat";\n  name: string;\n}\n'),
    (Dog, "out", 'export interface Dog {\n  type: "dog";\n  name: string;\n  age?: number;\n}\n'),
], ids=str)  # fmt: skip
def test_a_declaration(annotation: Any, direction: Direction, declared: str) -> None:
    assert _declared(annotation, direction) == declared


class Beside(TaggedUnion, tag="event", content="data", rename_all="camelCase"): ...


class Began(Beside):
    url: str


class Ended(Beside): ...


class Inside(TaggedUnion, tag="kind"): ...


class Moved(Inside):
    by: int


class Outside(TaggedUnion): ...


class Said(Outside):
    words: list[str]


class Nothing(Outside): ...


@pytest.mark.parametrize(("union", "declared"), [
    (Beside, 'export type Beside = { event: "began"; data: { url: string } }\n  | { event: "ended" };\n'),
    (Inside, 'export type Inside = { kind: "Moved"; by: number };\n'),
    (Outside, 'export type Outside = { Said: { words: string[] } }\n  | "Nothing";\n'),
])  # fmt: skip
def test_a_tagged_union_has_the_form_of_its_tag(union: Any, declared: str) -> None:
    assert _declared(union, "out") == declared


def test_two_classes_of_one_name_are_told_apart() -> None:
    def make(kind: type) -> type[msgspec.Struct]:
        return msgspec.defstruct("Same", [("value", kind)])

    types = Types()
    assert [types.write(make(int), "out"), types.write(make(str), "out")] == ["Same", "Same2"]


def test_classes_of_other_libraries() -> None:
    numpy: Any = needs_numpy()
    from numpy.typing import NDArray

    pydantic, attrs = needs_pydantic(), needs_attrs()
    assert Types().write(NDArray[numpy.float32], "in") == "Float32Array"
    assert Types().write(NDArray[numpy.int64], "out") == "BigInt64Array"
    assert Types().write(numpy.ndarray, "out") == "ArrayBufferView"
    model = pydantic.create_model("Model", file_name=(str, pydantic.Field(alias="fileName")), size=(int, 3))
    assert _declared(model, "in") == "export interface ModelInput {\n  fileName: string;\n  size?: number;\n}\n"
    made = attrs.make_class("Made", {"a": attrs.field(type=int), "b": attrs.field(type=str, default="")})
    assert _declared(made, "in") == "export interface MadeInput {\n  a: number;\n  b?: string;\n}\n"


def test_a_type_that_nobody_can_send_is_named() -> None:
    with pytest.raises(ConfigError, match="no TypeScript is known for .*complex"):
        Types().write(list[complex], "out")


class Pair(NamedTuple, Generic[T]):
    first: T
    count: int


@dataclass
class Box(Generic[T]):
    content: T
    more: list[Page[T]] = field(default_factory=list)


def test_a_generic_class_is_declared_once_and_used_with_its_types() -> None:
    types = Types()
    assert types.write(Box[Picture], "out") == "Box<Picture>"
    assert types.write(Box[bytes | None], "out") == "Box<ArrayBuffer | null>"
    assert types.write(Box[Picture], "in") == "BoxInput<PictureInput>"
    assert types.write(Page[str], "in") == "Page<string>"
    assert types.write(Page, "out") == "Page<unknown>"
    assert types.write(Pair[str], "out") == "[first: string, count: number]"
    assert types.reachable(["Box", "BoxInput"]) == [
        "export interface Box<T> {\n  content: T;\n  more: Page<T>[];\n}\n",
        "export interface BoxInput<T> {\n  content: T;\n  more?: Page<T>[];\n}\n",
        "export interface Page<T> {\n  items: T[];\n}\n",
    ]


def test_a_generic_model_of_pydantic_is_generic_too() -> None:
    pydantic = needs_pydantic()

    class Answer(pydantic.BaseModel, Generic[T]):  # type: ignore[name-defined, misc]
        data: T

    types = Types()
    assert types.write(Answer[int], "out") == "Answer<number>"
    assert types.reachable(["Answer"]) == ["export interface Answer<T> {\n  data: T;\n}\n"]


def test_classes_and_fields_that_are_deprecated_say_so() -> None:
    pydantic = needs_pydantic()

    @deprecated("Use Box.")
    class Old(pydantic.BaseModel):  # type: ignore[name-defined, misc]
        size: int = pydantic.Field(deprecated="Use `length`.")

    assert _declared(Old, "out") == (
        "/** @deprecated Use Box. */\nexport interface Old {\n  /** @deprecated Use `length`. */\n  size: number;\n}\n"
    )


def test_a_class_with_a_name_that_the_module_uses_gets_another() -> None:
    taken = msgspec.defstruct("Channel", [("value", int)])
    assert Types().write(taken, "out") == "Channel2"
