"""The commands as JSON Schema."""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
import pytest

from transom import Channel, CommandError, TaggedUnion, TypedEvent, command, generate_handler
from transom.bindings import schema_of
from transom.errors import ConfigError

T = TypeVar("T")


class Color(enum.Enum):
    RED = "red"


class Shape(TaggedUnion, tag="kind"): ...


class Circle(Shape):
    radius: float


class Nothing(Shape): ...


@dataclass
class Node(Generic[T]):
    """A node of a tree."""

    value: T
    children: list[Node[T]] = field(default_factory=list)


class NotFound(CommandError):
    path: str


@command(raises=NotFound)
def search(
    text: Annotated[str, msgspec.Meta(min_length=1)], on_hit: Channel[Node[int]], limit: int = 10
) -> dict[str, tuple[int, Color | None]]:
    """Search."""
    raise NotFound(path="")


@command
async def tail(since: dt.datetime | None, shape: Shape) -> AsyncIterator[bytes]:
    yield b""


def written(*functions: Any, events: Any = ()) -> Any:
    return json.loads(schema_of(generate_handler(*functions).specs, events))


def test_commands_are_described_with_their_arguments_results_and_errors() -> None:
    made = written(tail, search)
    assert list(made["commands"]) == ["search", "tail"]
    node = {"$ref": "#/$defs/Node_int"}
    assert made["commands"]["search"] == {
        "description": "Search.",
        "args": {
            "type": "object",
            "properties": {
                "text": {"type": "string", "minLength": 1},
                "onHit": {"type": "string", "pattern": "^__CHANNEL__:[0-9]+$", "channel": node},
                "limit": {"type": "integer"},
            },
            "required": ["text", "onHit"],
        },
        "result": {
            "type": "object",
            "additionalProperties": {
                "type": "array",
                "prefixItems": [{"type": "integer"}, {"anyOf": [{"$ref": "#/$defs/Color"}, {"type": "null"}]}],
                "items": False,
                "minItems": 2,
            },
        },
        "raises": [
            {
                "title": "NotFound",
                "type": "object",
                "properties": {"kind": {"const": "notFound"}, "path": {"type": "string"}},
                "required": ["kind", "path"],
            }
        ],
    }
    assert made["commands"]["tail"]["stream"] is True
    assert made["commands"]["tail"]["args"]["required"] == ["shape"]
    assert made["$defs"]["Node_int"] == {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "children": {"type": "array", "items": node}},
        "required": ["value", "children"],
        "description": "A node of a tree.",
    }
    assert made["$defs"]["ShapeInput"]["anyOf"][0] == {
        "type": "object",
        "properties": {"kind": {"const": "Circle"}, "radius": {"type": "number"}},
        "required": ["kind", "radius"],
    }


def test_a_definition_of_what_the_page_sends_leaves_out_what_has_a_default() -> None:
    @command
    def put(node: Node[Literal["a"]]) -> None: ...

    definition = written(put)["$defs"]["Node_LiteralInput"]
    assert definition["required"] == ["value"]
    assert definition["properties"]["value"] == {"enum": ["a"]}


def test_events_are_described_with_their_payload() -> None:
    made = written(events=[TypedEvent("moved", Node[str])])
    assert made["events"] == {"moved": {"payload": {"$ref": "#/$defs/Node_str"}}}


def test_what_has_no_schema_is_named_with_its_command() -> None:
    @command
    def numbers() -> complex: ...

    with pytest.raises(ConfigError, match=r"^command numbers, its result: no JSON Schema is known for .*complex"):
        written(numbers)


def test_the_text_is_the_same_in_any_order() -> None:
    [one, two] = (schema_of(generate_handler(*order).specs) for order in ((tail, search), (search, tail)))
    assert one == two
