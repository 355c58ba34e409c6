"""Values there and back, for any signature: what the page sends is what it gets, and what does not fit is refused."""

from __future__ import annotations

import array
import dataclasses
import datetime as dt
import enum
import json
import logging
import pathlib
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, TypedDict, Union
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mock_app import SOON, running
from tests.property import examples
from tests.requirements import needs_numpy, needs_pydantic
from transom.app import Builder
from transom.calls import Invoke
from transom.commands import command, generate_handler
from transom.runtimes import Page
from transom.values import TaggedUnion, encode_body
from transom.wire import Frame


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1


class Point(msgspec.Struct, rename="camel"):
    left_side: int
    raw_data: bytes = b""


class Row(msgspec.Struct, array_like=True):
    size: int
    data: bytearray


@dataclasses.dataclass
class Record:
    name: str
    children: list[Record] = dataclasses.field(default_factory=list)
    data: bytes | None = None


class Pair(NamedTuple):
    left: str
    right: bytes


class Parts(TypedDict, total=False):
    name: str
    data: bytes


class Job(TaggedUnion, tag="event", content="data", rename_all="camelCase", rename_all_fields="camelCase"): ...


class Started(Job):
    raw_data: bytes
    count: int


class Cancelled(Job): ...


# An annotation and a strategy for values of it, in Python. Add here to introduce a type.
Typed = tuple[Any, st.SearchStrategy[Any]]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
LEAVES: list[Typed] = [
    (bool, st.booleans()),
    (int, st.integers()),
    (float, st.floats(allow_nan=False, allow_infinity=False)),
    (str, TEXTS),
    (type(None), st.none()),
    (Decimal, st.decimals(allow_nan=False, allow_infinity=False)),
    (dt.datetime, st.datetimes(timezones=st.just(dt.UTC))),
    (dt.date, st.dates()),
    (dt.time, st.times()),
    (dt.timedelta, st.timedeltas(dt.timedelta(-9999), dt.timedelta(9999))),
    (UUID, st.uuids()),
    (pathlib.PurePosixPath, TEXTS.map(pathlib.PurePosixPath)),
    (Colour, st.sampled_from(Colour)),
    (Level, st.just(Level.LOW)),
    (Literal["a", 7], st.sampled_from(["a", 7])),
    (Annotated[int, msgspec.Meta(ge=0)], st.integers(0)),
    (bytes, st.binary(max_size=5)),
    (bytearray, st.binary(max_size=5).map(bytearray)),
    (memoryview, st.lists(st.integers(0, 2**32 - 1), max_size=3).map(lambda items: _view("I", items))),
    (Point, st.builds(Point, st.integers(), st.binary(max_size=3))),
    (Row, st.builds(Row, st.integers(), st.binary(max_size=3).map(bytearray))),
    (Record, st.recursive(st.builds(Record, TEXTS, data=st.none() | st.binary(max_size=2)), lambda inner: st.builds(Record, TEXTS, st.lists(inner, max_size=2)), max_leaves=3)),
    (Pair, st.builds(Pair, TEXTS, st.binary(max_size=3))),
    (Parts, st.fixed_dictionaries({}, optional={"name": TEXTS, "data": st.binary(max_size=3)})),
    (Job, st.builds(Started, st.binary(max_size=3), st.integers()) | st.just(Cancelled())),
    (Any, st.none() | TEXTS | st.lists(st.integers(), max_size=2)),
]  # fmt: skip


def _view(code: str, items: list[int]) -> memoryview:
    return memoryview(array.array(code, items).tobytes()).cast(code)  # type: ignore[call-overload,no-any-return]


def _foreign() -> list[Typed]:
    """Return the types of libraries; imported here, so that the rest of the file runs without them."""
    numpy, pydantic = needs_numpy(), needs_pydantic()
    model = pydantic.create_model(
        "Model",
        __config__={"populate_by_name": True},
        raw_data=(bytes, pydantic.Field(alias="rawData")),
        count=(int, 0),
    )
    found: list[Typed] = [
        (model, st.builds(lambda data, count: model(raw_data=data, count=count), st.binary(max_size=3), st.integers()))
    ]
    for name in ("int8", "uint8", "int64", "uint64", "float32", "float64"):
        dtype = numpy.dtype(name)
        arrays = st.lists(st.integers(0, 100), max_size=3).map(lambda items, dtype=dtype: numpy.array(items, dtype))
        found.append((numpy.ndarray[Any, numpy.dtype[dtype.type]], arrays))
    return found


def _around(inner: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    def optional(typed: Typed) -> Typed:
        return Union[typed[0], None], st.none() | typed[1]  # noqa: UP007

    def struct(fields: list[Typed]) -> Typed:
        names = [f"field_{index}" for index in range(len(fields))]
        made = msgspec.defstruct("Made", [(name, kind) for name, (kind, _) in zip(names, fields, strict=True)])
        return made, st.builds(made, *(values for _, values in fields))

    return (
        inner.map(lambda typed: (list[typed[0]], st.lists(typed[1], max_size=3)))  # type: ignore[name-defined]
        | inner.map(lambda typed: (dict[str, typed[0]], st.dictionaries(TEXTS, typed[1], max_size=3)))  # type: ignore[name-defined]
        | inner.map(optional)
        | st.tuples(inner, inner).map(lambda two: (tuple[two[0][0], two[1][0]], st.tuples(two[0][1], two[1][1])))  # type: ignore[name-defined]
        | st.lists(inner, min_size=1, max_size=3).map(struct)
    )


def signatures() -> st.SearchStrategy[dict[str, Typed]]:
    kinds = st.recursive(st.sampled_from([*LEAVES, *_foreign()]), _around, max_leaves=4)
    return st.dictionaries(st.sampled_from(["a", "b_c", "d"]), kinds, min_size=1, max_size=3)


class Wire:
    """A page that keeps the classes of buffers, and an application whose one command changes with every example."""

    def __init__(self, open_page: Callable[[Page, Any], Any]) -> None:
        self.handler: Callable[[Invoke], bool]
        self._answers: dict[int, Any] = {}
        self._changed = threading.Condition()
        self._calls = 0
        self.session = open_page(Page("values", "values", "tauri://localhost", True), self)

    def wake(self) -> None:
        while frame := self.session.take(1 << 20, 1 << 30):
            with self._changed:
                self._answers.update(_answers(frame))
                self._changed.notify_all()

    def acknowledged(self, frames: int) -> None:
        pass

    def call(self, function: Any, text: str, spans: list[Any], tail: bytes) -> tuple[str, Any]:
        """Call a command and return `resolved` or `rejected`, and with what: a tree whose buffers are pairs."""
        self.handler = generate_handler(command(function))
        self._calls += 1
        batch = f'[[0,{self._calls},"echo",{text},null,{json.dumps(spans)}]]'
        self.session.receive(batch, memoryview(tail))
        with self._changed:
            assert self._changed.wait_for(lambda: self._calls in self._answers, SOON), "no answer"
            answer: tuple[str, Any] = self._answers.pop(self._calls)
            return answer


def _answers(frame: Frame) -> Iterator[tuple[int, tuple[str, Any]]]:
    tail = b"".join(frame.tail)
    for kind, call, value, *rest in json.loads(frame.text):
        yield call, (("resolved", "rejected")[kind], _placed(value, rest[0] if rest else [], tail))


def _placed(value: Any, spans: list[Any], tail: bytes) -> Any:
    root = [value]
    for path, kind, _, offset, length in spans:
        *holders, last = [0, *path]
        holder: Any = root
        for key in holders:
            holder = holder[key]
        holder[last] = (kind, tail[offset : offset + length])
    return root[0]


def _sent(value: Any) -> tuple[str, list[Any], bytes]:
    """Return a value as the page would send it: JSON, spans and tail."""
    body = encode_body(value)
    spans, tail = [], b""
    for path, kind, data in body.buffers:
        spans.append([json.loads(path), kind, 0, len(tail), len(data)])
        tail += bytes(data)
    return body.json.decode(), spans, tail


def _echo(signature: dict[str, Typed]) -> Any:
    made: dict[str, Any] = {}
    names = list(signature)
    exec(f"def echo({', '.join(names)}): return {{{', '.join(f'{name!r}: {name}' for name in names)}}}", made)
    made["echo"].__annotations__ = {name: annotation for name, (annotation, _) in signature.items()}
    return made["echo"]


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    found: list[Wire] = []
    with running(builder=Builder().invoke_handler(lambda invoke: found[0].handler(invoke))) as application:
        found.append(Wire(application.core.open_page))
        yield found[0]


@settings(max_examples=examples(150), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_the_page_sends_comes_back(wire: Wire, data: st.DataObject) -> None:
    signature = data.draw(signatures())
    values = {name: data.draw(values) for name, (_, values) in signature.items()}
    text, spans, tail = _sent(values)
    expected = _placed(json.loads(text), spans, tail)
    assert wire.call(_echo(signature), text, spans, tail) == ("resolved", expected)


# What a page could send instead: any JSON, with buffers of any class in it.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
    | st.binary(max_size=8) | st.binary(max_size=8).map(lambda data: memoryview(data).cast("b"))
    | st.builds(_view, st.sampled_from("HQf"), st.lists(st.integers(0, 9), max_size=2))
    | st.sampled_from(["2024-05-06", "red", "started", "AAAA"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["leftSide", "rawData", "event", "data", "name", "children", "field_0", "field_1"]), inner, max_size=4
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=examples(250), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_does_not_fit_is_refused_with_the_name_of_its_argument(
    wire: Wire, caplog: pytest.LogCaptureFixture, data: st.DataObject
) -> None:
    signature = data.draw(signatures())
    values = {name: data.draw(ANYTHING) for name in signature}
    with caplog.at_level(logging.WARNING, "transom"):
        how, value = wire.call(_echo(signature), *_sent(values))
    if how == "rejected":
        assert isinstance(value, str), value
        keys = "|".join(f"invalid args `{name}`|invalid args `{name[0]}C`" for name in signature).split("|")
        assert value.startswith(tuple(f"{key} for command `echo`: " for key in keys)), value
    assert caplog.records == []
