from __future__ import annotations

import copy
import json
import pickle
from typing import Any, ClassVar

import msgspec
import pytest

from transom.errors import RequestError
from transom.values import TaggedUnion, encode_body, make_tagged, split_tagged, types_in_tagged


class DownloadEvent(
    TaggedUnion, tag="event", content="data", rename_all="camelCase", rename_all_fields="camelCase"
): ...


class Started(DownloadEvent):
    url: str
    download_id: int
    content_length: int | None = None


class Progress(DownloadEvent):
    """A variant may have a docstring, constants and methods."""

    UNITS: ClassVar[str] = "bytes"
    download_id: int
    chunk_lengths: list[int] = msgspec.field(default_factory=list)

    def total(self) -> int:
        return sum(self.chunk_lengths)


class Cancelled(DownloadEvent): ...


class Renamed(DownloadEvent, rename="other-name"):
    data: bytes


class External(TaggedUnion): ...


class Point(External):
    x: float
    y: float = 0.0


class Nothing(External): ...


class Internal(TaggedUnion, tag="kind", rename_all="snake_case"): ...


class BigFile(Internal):
    name: str
    event: DownloadEvent | None = None


class NoFile(Internal): ...


# Value -> what serde writes for the same enum.
WRITTEN: list[tuple[TaggedUnion, Any]] = [
    (Started("u", 1), {"event": "started", "data": {"url": "u", "downloadId": 1, "contentLength": None}}),
    (Progress(2, [3]), {"event": "progress", "data": {"downloadId": 2, "chunkLengths": [3]}}),
    (Cancelled(), {"event": "cancelled"}),
    (Point(x=1.5), {"Point": {"x": 1.5, "y": 0.0}}),
    (Nothing(), "Nothing"),
    (BigFile("n"), {"kind": "big_file", "name": "n", "event": None}),
    (BigFile("n", Cancelled()), {"kind": "big_file", "name": "n", "event": {"event": "cancelled"}}),
    (NoFile(), {"kind": "no_file"}),
]


@pytest.mark.parametrize(("value", "written"), WRITTEN, ids=repr)
def test_values_are_written_as_serde_writes_enums(value: TaggedUnion, written: Any) -> None:
    assert json.loads(encode_body(value).json) == written
    assert json.loads(encode_body({"inside": [value]}).json) == {"inside": [written]}


@pytest.mark.parametrize(("value", "written"), WRITTEN, ids=repr)
def test_what_is_written_names_its_variant(value: TaggedUnion, written: Any) -> None:
    for kind in (type(value), type(value).__mro__[1]):
        variant, fields = split_tagged(kind, written)
        assert variant is type(value)
        assert fields == msgspec.to_builtins(value.__tagged_fields__, enc_hook=lambda _: {"event": "cancelled"})


def test_buffers_in_variants_are_lifted() -> None:
    body = encode_body([Renamed(b"x")])
    assert json.loads(body.json) == [{"event": "other-name", "data": {"data": None}}]
    assert [(buffer.path, bytes(buffer.data)) for buffer in body.buffers] == [(b'[0,"data","data"]', b"x")]


def test_values_read_like_those_of_a_dataclass() -> None:
    value = Started("u", download_id=1)
    assert (value.url, value.download_id, value.content_length) == ("u", 1, None)
    assert repr(value) == "Started(url='u', download_id=1, content_length=None)"
    assert value == Started("u", 1)
    assert value != Started("u", 2)
    assert value != "u"
    assert Cancelled() != Nothing()
    assert len({value, Started("u", 1), Cancelled()}) == 2
    match value:
        case Started(url, number):
            assert (url, number) == ("u", 1)
        case _:
            pytest.fail("a value matches its class")
    assert Progress(1, [2, 3]).total() == 5
    assert Progress.UNITS == "bytes"
    assert Progress(1).chunk_lengths is not Progress(1).chunk_lengths


@pytest.mark.parametrize("value", [value for value, _ in WRITTEN], ids=repr)
def test_values_can_be_copied_and_pickled(value: TaggedUnion) -> None:
    assert copy.deepcopy(value) == copy.copy(value) == pickle.loads(pickle.dumps(value)) == value


def test_values_do_not_change() -> None:
    value = Started("u", 1)
    with pytest.raises(AttributeError, match="^a Started cannot be changed; make another one$"):
        value.url = "v"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="^a Started has no field `nothing`$"):
        _ = value.nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "text"), [((), "Missing required argument"), (("u", 1, 2, 3), "Extra positional arguments")]
)
def test_a_value_needs_its_fields(arguments: tuple[Any, ...], text: str) -> None:
    with pytest.raises(TypeError, match=text):
        Started(*arguments)


def test_a_union_has_no_values_of_its_own() -> None:
    with pytest.raises(TypeError, match="^DownloadEvent is a union; make a value of one of its variants$"):
        DownloadEvent()


def test_the_types_of_the_fields() -> None:
    assert [kind.__name__ for kind in types_in_tagged(DownloadEvent)] == ["Started", "Progress", "Cancelled", "Renamed"]
    [fields] = types_in_tagged(Cancelled)
    assert make_tagged(Cancelled, fields()) == Cancelled()


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (DownloadEvent, 5, "Expected `object` with the key `event`, got `int`"),
        (DownloadEvent, None, "Expected `object` with the key `event`, got null"),
        (DownloadEvent, {}, "Object missing required field `event`"),
        (
            DownloadEvent,
            {"event": "Started"},
            "Expected a variant, one of `started`, `progress`, `cancelled`, `other-name`, got `Started`",
        ),
        (
            DownloadEvent,
            {"event": []},
            "Expected a variant, one of `started`, `progress`, `cancelled`, `other-name`, got `array`",
        ),
        (Started, {"event": "cancelled"}, "Expected a variant, one of `started`, got `cancelled`"),
        (External, {}, "Expected a text or an object of one key, its variant, got `object`"),
        (External, {"Point": {}, "Nothing": {}}, "Expected a text or an object of one key, its variant, got `object`"),
        (External, "other", "Expected a variant, one of `Point`, `Nothing`, got `other`"),
        (Internal, {"name": "n"}, "Object missing required field `kind`"),
    ],
)
def test_a_value_that_names_no_variant_is_refused(kind: Any, value: Any, text: str) -> None:
    with pytest.raises(RequestError) as caught:
        split_tagged(kind, value)
    assert str(caught.value) == text


def test_a_variant_without_fields_may_have_an_empty_content() -> None:
    for value in ({"event": "cancelled"}, {"event": "cancelled", "data": None}, {"event": "cancelled", "data": {}}):
        assert split_tagged(DownloadEvent, value) == (Cancelled, {})


def _declare(kind: type[TaggedUnion] = TaggedUnion, name: str = "Made", /, fields: Any = None, **options: Any) -> Any:
    return type(kind)(name, (kind,), {"__annotations__": fields or {}, "__module__": __name__}, **options)


@pytest.mark.parametrize(
    ("declare", "text"),
    [
        (lambda: _declare(fields={"a": int}), "Made is a union, and fields belong to its variants: derive a class"),
        (lambda: _declare(content="data"), "content= says where the fields are beside the tag; give it tag= too"),
        (lambda: _declare(tag="a", content="a"), "tag= and content= are two keys of one object; both are 'a'"),
        (lambda: _declare(rename_all="camel"), "'camel' is not a renaming rule; there are lowercase, UPPERCASE, "),
        (lambda: _declare(DownloadEvent, tag="a"), "Made is a variant: tag, content and rename_all are options of"),
        (lambda: _declare(Started), "Made must derive from the union itself, and from nothing else"),
        (lambda: _declare(DownloadEvent, "Started"), "two variants are named `started`; give one of them another"),
        (lambda: _declare(Internal, fields={"kind": int}), "Made: the field `kind` has the key of the tag; give the"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(declare: Any, text: str) -> None:
    with pytest.raises(TypeError) as caught:
        declare()
    assert str(caught.value).startswith(text)
