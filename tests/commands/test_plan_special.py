from __future__ import annotations

import dataclasses
import functools
import pathlib
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from tests.fake_page import MISSING, FakePage, bound, call, detail, keeps, plan, spec
from transom.errors import CommandDefinitionError, InvalidArgs, MalformedMessage, RequestError, StateError
from transom.handles import State, WebviewWindow
from transom.values import Channel, JavaScriptChannelId
from transom.wire import Span

if TYPE_CHECKING:
    from nowhere import Unimported  # type: ignore[import-not-found]


class Cache:
    pass


class Point(msgspec.Struct):
    left_side: int


class Picture(msgspec.Struct):
    name: str
    pixels: bytes


@dataclasses.dataclass
class Record:
    name: str
    data: bytearray | None = None


class Subscription(msgspec.Struct):
    on_event: JavaScriptChannelId


def add(left_side: int, right_side: int = 2) -> tuple[int, int]:
    return left_side, right_side


# Buffers.


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_buffer_argument_arrives_as_its_type(kind: type[bytes]) -> None:
    got = bound(keeps(data=kind), {"data": None}, spans=[Span(["data"], "Uint8Array", 0, 0, 2)], buffers=[b"ab"])
    assert type(got) is kind
    assert bytes(got) == b"ab"


def test_buffers_inside_models_lists_and_snake_keys() -> None:
    def store(picture_list: list[Picture], record: Record, any_value: Any) -> Any:
        return picture_list, record, any_value

    got = bound(
        store,
        {"pictureList": [{"name": "a", "pixels": None}], "record": {"name": "r", "data": None}, "any_value": [None]},
        spans=[
            Span(["pictureList", 0, "pixels"], "ArrayBuffer", 0, 0, 1),
            Span(["record", "data"], "ArrayBuffer", 0, 1, 1),
            Span(["any_value", 0], "ArrayBuffer", 0, 2, 1),
        ],
        buffers=[b"x", b"y", b"z"],
    )
    assert got == ([Picture("a", b"x")], Record("r", bytearray(b"y")), [b"z"])


def test_a_buffer_for_another_type_is_wrong() -> None:
    spans = [Span(["theValue"], "ArrayBuffer", 0, 0, 1)]
    key, text = detail(keeps(the_value=int), {"theValue": None}, spans=spans, buffers=[b"x"])
    assert (key, text) == ("theValue", "Expected `int`, got `bytes`")
    assert detail(keeps(the_value=Channel[int]), {"theValue": None}, spans=spans, buffers=[b"x"])[0] == "theValue"
    assert detail(keeps(the_value=pathlib.Path), {"theValue": None}, spans=spans, buffers=[b"x"]) == (
        "theValue",
        "Expected `str` (a path), got bytes",
    )


def test_a_buffer_for_an_unknown_place_is_malformed() -> None:
    with pytest.raises(MalformedMessage, match="no such place"):
        bound(keeps(data=bytes), {}, spans=[Span(["data"], "ArrayBuffer", 0, 0, 1)], buffers=[b"x"])


@pytest.mark.parametrize("function", [add, keeps(data=bytes), keeps(data=int | None)])
def test_a_raw_body_does_not_bind_arguments(function: Any) -> None:
    key, text = detail(function, text="null", spans=[Span([], "ArrayBuffer", 0, 0, 1)], buffers=[b"x"])
    assert text == (
        f"command cmd expected a value for key {key} but the IPC call used a bytes payload; "
        "read it through a Request parameter"
    )


# Channels.


def test_a_channel_is_made_from_its_id() -> None:
    def stream(count: int, on_event: Channel[int]) -> Channel[int]:
        on_event.send(count)
        return on_event

    page = FakePage()
    channel = bound(stream, {"count": 3, "onEvent": "__CHANNEL__:42"}, page=page)
    assert channel.id == 42
    assert page.taken() == [[2, 42, 0, 3]]
    assert detail(stream, {"count": 3}) == ("onEvent", MISSING.format("onEvent"))
    assert detail(stream, {"count": 3, "onEvent": None})[0] == "onEvent"


@pytest.mark.parametrize("annotation", [Channel, Channel[Any], Channel[int] | None])
def test_every_way_to_write_a_channel(annotation: Any) -> None:
    channel = bound(keeps(on_event=annotation), {"onEvent": "__CHANNEL__:1"})
    assert isinstance(channel, Channel)


def test_an_optional_channel_may_be_missing() -> None:
    def stream(on_event: Channel[int] | None = None, *, other: Channel[int] | None) -> Any:
        return on_event, other

    assert bound(stream, {}) == (None, None)
    first, second = bound(stream, {"onEvent": None, "other": "__CHANNEL__:3"})
    assert first is None
    assert second.id == 3


# State.


def test_state_that_is_not_managed_is_an_error_of_the_author() -> None:
    with pytest.raises(StateError, match="state of type Cache is not managed"):
        bound(keeps(cache=State[Cache]), {})


# Results.


def test_whether_a_result_can_hold_buffers_is_known_from_the_annotation() -> None:
    def plain() -> int: ...  # type: ignore[empty-body]
    def raw() -> bytes: ...  # type: ignore[empty-body]
    def nothing() -> None: ...
    def unknown():  # type: ignore[no-untyped-def]  # noqa: ANN202, RUF100
        ...

    assert [plan(function).plain_result for function in (plain, raw, nothing, unknown)] == [True, False, True, False]


def test_async_functions_are_known() -> None:
    async def later() -> None: ...

    assert spec(later).is_async
    assert spec(functools.partial(later)).is_async
    assert not spec(add).is_async


def test_partials_and_methods_bind_what_is_left() -> None:
    class Commands:
        def double(self, the_number: int) -> int:
            return the_number * 2

        def __call__(self, the_number: int) -> int:
            return the_number * 3

    assert bound(Commands().double, {"theNumber": 4}) == 8
    assert bound(Commands(), {"theNumber": 4}) == 12
    assert bound(functools.partial(add, right_side=9), {"leftSide": 1}) == (1, 9)
    assert bound(functools.partial(add, 3), {"rightSide": 4}) == (3, 4)


# Definitions.


def _definition_error(function: Any, rename_all: str = "camelCase") -> str:
    with pytest.raises(CommandDefinitionError) as caught:
        plan(function, rename_all)
    return str(caught.value)


def test_parameters_must_have_names() -> None:
    def many(*paths: str) -> None: ...
    def any_of(**options: str) -> None: ...

    assert _definition_error(many) == (
        "command cmd: `*paths: 'str'` has no names that a page could send; write the parameters out"
    )
    assert _definition_error(any_of).startswith("command cmd: `**options: 'str'` has no names")


def test_annotations_must_resolve() -> None:
    def unresolved(value: Unimported) -> None: ...

    text = _definition_error(unresolved)
    assert text.startswith("command cmd: an annotation cannot be resolved: name 'Unimported' is not defined; import")


def test_two_parameters_must_not_have_one_key() -> None:
    def same(file_name: str, fileName: str) -> None: ...  # noqa: N803

    assert _definition_error(same) == (
        "command cmd: the parameters `file_name` and `fileName` have the same key `fileName`; rename one"
    )
    assert plan(same, "snake_case").bind(call({"file_name": "a", "fileName": "b"})) == (("a", "b"), {})


def test_a_type_that_nothing_is_known_of() -> None:
    for annotation in (Cache, list[Cache], Cache | None, dict[str, tuple[Cache, int]]):
        assert _definition_error(keeps(cache=annotation)) == (
            "command cmd: its arguments cannot be decoded: the type Cache is not supported; use JSON types, msgspec, dataclass "
            "or pydantic types, or State[Cache] if it is managed state (<string>:1)"
        )
    assert "the type WebviewWindow is not supported" in _definition_error(keeps(window=WebviewWindow | None))


def test_a_type_that_the_decoder_refuses() -> None:
    text = _definition_error(keeps(value=dict[str, int] | list[int] | Point | Picture))
    assert text.startswith("command cmd: its arguments cannot be decoded: ")


def test_channels_inside_other_types() -> None:
    assert _definition_error(keeps(channels=list[Channel[int]])) == (
        "command cmd: its arguments cannot be decoded: a Channel must be a whole parameter, or `Channel[...] | None`; "
        "inside models use JavaScriptChannelId (<string>:1)"
    )


def test_a_broken_channel_inside_a_model_is_a_request_error() -> None:
    key, text = detail(keeps(first=int, subscription=Subscription), {"first": 1, "subscription": {"on_event": "x"}})
    assert key == "subscription"
    assert text.startswith("invalid channel value `x`")
    assert issubclass(InvalidArgs, RequestError)
