"""A type means the same wherever it stands: alone, beside a buffer, under a key in snake case, or in a value with buffers.

Arguments without buffers are decoded from their JSON, and values with buffers inside from plain values.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import json
import pathlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, NewType, TypedDict
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fake_page import bound, call, detail, keeps
from tests.property import examples
from transom.commands import CommandItem
from transom.errors import InvalidArgs
from transom.values import CallbackFn, JavaScriptChannelId, TaggedUnion
from transom.wire import Span


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


class Point(msgspec.Struct, rename="camel"):
    left_side: int
    names: dict[int, str] = {}


class Row(msgspec.Struct, array_like=True):
    size: int
    by_day: dict[dt.date, int] = {}


@dataclasses.dataclass
class Record:
    name: str
    places: dict[pathlib.PurePosixPath, int] = dataclasses.field(default_factory=dict)


class Pair(NamedTuple):
    left: int
    right: str = ""


class Parts(TypedDict, total=False):
    x: float


class Job(TaggedUnion, tag="type"): ...


class Started(Job):
    x: dict[pathlib.PurePosixPath, int]


class Cat(msgspec.Struct, tag=1):
    x: int = 0


class Dog(msgspec.Struct, tag=2):
    x: int = 0


# Add here to introduce a type.
LEAVES = [
    *(
        bool,
        int,
        float,
        str,
        type(None),
        Any,
        Decimal,
        dt.datetime,
        dt.date,
        dt.time,
        dt.timedelta,
        UUID,
        Colour,
        Level,
    ),
    *(list, dict, set, pathlib.PurePosixPath, Point, Row, Record, Pair, Parts, Job, Cat | Dog, msgspec.Raw),
    *(int | str, float | None, Literal["a", 1], Annotated[int, msgspec.Meta(ge=0)], JavaScriptChannelId, CallbackFn),
]
KEYS = [
    *(str, int, float, Any, Level, Colour, Literal[1], dt.date, UUID, pathlib.PurePosixPath, Job, JavaScriptChannelId),
    *(int | None, NewType("Number", int), NewType("Place", pathlib.PurePosixPath), Annotated[int, msgspec.Meta(ge=0)]),
]
TEXTS = [
    *("", "a", "1", "1.5", "red", "2024-05-06", "2024-05-06T07:08:09Z", "07:08:09", "PT1S", "null", "true", "x"),
    *("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "__CHANNEL__:5", "Started"),
]


def types() -> st.SearchStrategy[Any]:
    def around(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return (
            inner.map(lambda kind: list[kind])  # type: ignore[valid-type]
            | inner.map(lambda kind: kind | None)
            | st.builds(lambda key, kind: dict[key, kind], st.sampled_from(KEYS), inner)  # type: ignore[valid-type]
            | st.builds(lambda key, kind: Mapping[key, kind], st.sampled_from(KEYS), inner)  # type: ignore[valid-type]
            | st.builds(lambda one, other: tuple[one, other], inner, inner)  # type: ignore[valid-type]
            | inner.map(lambda kind: msgspec.defstruct("Made", [("x", kind)]))
        )

    return st.recursive(st.sampled_from(LEAVES), around, max_leaves=3)


def values() -> st.SearchStrategy[Any]:
    texts = st.sampled_from(TEXTS)
    leaves = (
        *(st.none(), st.booleans(), st.sampled_from([0, 1, -1, 7, 2**63, 2**70]), st.just(1.0)),
        *(st.floats(allow_nan=False, allow_infinity=False), texts),
    )
    keys = texts | st.sampled_from(["leftSide", "names", "type", "name", "places"])
    return st.recursive(
        st.one_of(*leaves),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=5,
    )


BUFFER = "ArrayBuffer"


def _outcome(annotation: Any, text: str, take: Any = lambda value: value, **more: Any) -> Any:
    """Return what an argument becomes, `None` for an argument that is refused."""
    try:
        return [_shown(take(bound(keeps(it=annotation, **more.pop("beside", {})), text=text, **more)))]
    except InvalidArgs:
        return None


def _shown(value: Any) -> Any:
    """Return a value as a text with all types in it; numbers of one value are the same number."""
    if isinstance(value, msgspec.Raw):
        return msgspec.json.decode(value)
    if isinstance(value, Decimal):
        return ("Decimal", value.normalize())
    if isinstance(value, dict):
        return ("dict", [(_shown(key), _shown(item)) for key, item in value.items()])
    if isinstance(value, list | tuple):
        return (type(value).__name__, [_shown(item) for item in value])
    if isinstance(value, msgspec.Struct):
        return (type(value).__name__, [_shown(getattr(value, name)) for name in value.__struct_fields__])
    return (type(value).__name__, repr(value))


def _all_ways(annotation: Any, value: Any) -> dict[str, Any]:
    text = json.dumps(value)
    buffer: dict[str, Any] = {"buffers": [b"b"]}
    held = msgspec.defstruct("Held", [("x", annotation), ("data", bytes)])
    return {
        "alone": _outcome(annotation, f'{{"it":{text}}}'),
        "beside a key in snake case": _outcome(annotation, f'{{"other_one":null,"it":{text}}}', lambda got: got[0], beside={"other_one": Any}),
        "beside a buffer": _outcome(
            annotation, f'{{"it":{text},"b":null}}', lambda got: got[0],
            beside={"b": bytes}, spans=[Span(["b"], BUFFER, 0, 0, 1)], **buffer,
        ),
        "in a tuple with bytes": _outcome(
            tuple[annotation, bytes], f'{{"it":[{text},null]}}', lambda got: got[0],
            spans=[Span(["it", 1], BUFFER, 0, 0, 1)], **buffer,
        ),
        "in a struct with bytes": _outcome(
            held, f'{{"it":{{"x":{text},"data":null}}}}', lambda got: got.x,
            spans=[Span(["it", "data"], BUFFER, 0, 0, 1)], **buffer,
        ),
        "by itself from the call": _deserialized(annotation, text),
    }  # fmt: skip


def _deserialized(annotation: Any, text: str) -> Any:
    invoke = call(text=f'{{"it":{text}}}')
    try:
        return [_shown(CommandItem(None, "cmd", "it", invoke.message, invoke.acl).deserialize(annotation))]
    except InvalidArgs:
        return None


@settings(max_examples=examples(400), deadline=None)
@given(types(), values())
def test_a_type_means_the_same_everywhere(annotation: Any, value: Any) -> None:
    outcomes = _all_ways(annotation, value)
    assert all(outcome == outcomes["alone"] for outcome in outcomes.values()), (annotation, value, outcomes)


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (dict[int, str], {"1": "a"}),
        (dict[float, int], {"1.5": 1}),
        (dict[dt.date, int], {"2024-05-06": 1}),
        (dict[UUID, int], {"6ba7b810-9dad-11d1-80b4-00c04fd430c8": 1}),
        (dict[Level, int], {"1": 1}),
        (dict[pathlib.PurePosixPath, int], {"/a": 1}),
        (list[dict[pathlib.PurePosixPath, dict[int, int]]], [{"/a": {"1": 2}}]),
        (dict[JavaScriptChannelId, int], {"__CHANNEL__:5": 1}),
        (Point, {"leftSide": 1, "names": {"1": "a"}}),
        (Record, {"name": "a", "places": {"/a": 1}}),
        (Job, {"type": "Started", "x": {"/a": 1}}),
        (msgspec.Raw, {"a": [1, 2.5]}),
        (list[msgspec.Raw], [1, "a"]),
        (Decimal, 0.1),
        (float, 2**70),
    ],
)
def test_a_value_that_fits_does_so_everywhere(annotation: Any, value: Any) -> None:
    outcomes = _all_ways(annotation, value)
    assert outcomes["alone"] is not None
    assert [name for name, outcome in outcomes.items() if outcome != outcomes["alone"]] == []


@pytest.mark.parametrize(
    ("annotation", "value"), [(int, "1"), (int, 1.5), (str, 1), (bool, 1), (dict[int, str], {"a": "x"})]
)
def test_a_value_that_does_not_fit_does_so_nowhere(annotation: Any, value: Any) -> None:
    assert set(map(repr, _all_ways(annotation, value).values())) == {"None"}


def test_a_wrong_key_is_named_as_a_key() -> None:
    assert detail(keeps(it=dict[int, str]), {"it": {"a": "x"}}) == ("it", "Expected `int`, got `str` as a key")
    text = detail(keeps(it=list[dict[int, str]]), {"it": [{"a": "x"}]})[1]
    assert text == "Expected `int`, got `str` as a key at `[0]`"
