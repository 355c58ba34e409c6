from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import logging
import pathlib
from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_page import MISSING, FakeApplication, bound, call, detail, keeps, plan
from tests.requirements import needs_pydantic
from transom.calls import Request
from transom.commands import command, spec_of
from transom.commands._plan import Plan
from transom.errors import CommandDefinitionError, InvalidArgs, MalformedMessage
from transom.handles import AppHandle, State, StateManager
from transom.values import Channel, JavaScriptChannelId
from transom.wire import Span


class Cache:
    pass


class Colour(enum.Enum):
    RED = "red"


class Point(msgspec.Struct, rename="camel"):
    left_side: int
    label: str = ""


class Picture(msgspec.Struct):
    name: str
    pixels: bytes


@dataclasses.dataclass
class Record:
    name: str
    data: bytearray | None = None


class Node(msgspec.Struct):
    children: list[Node] = []


class Subscription(msgspec.Struct):
    on_event: JavaScriptChannelId


class ShapedModel:
    """Has the shape of a pydantic model."""

    def __init__(self, count: int) -> None:
        self.count = count

    @classmethod
    def model_validate(cls, value: Any) -> ShapedModel:
        if not isinstance(value, dict) or "count" not in value:
            raise ValueError("count: Field required")
        return cls(value["count"])


# Keys.


def add(left_side: int, right_side: int = 2) -> tuple[int, int]:
    return left_side, right_side


def test_camel_keys_bind_and_snake_keys_too() -> None:
    assert bound(add, {"leftSide": 1, "rightSide": 5}) == (1, 5)
    assert bound(add, {"left_side": 1, "right_side": 5}) == (1, 5)
    assert bound(add, {"left_side": 1, "rightSide": 5}) == (1, 5)


def test_snake_case_commands_take_snake_keys_only() -> None:
    assert bound(add, {"left_side": 1}, rename_all="snake_case") == (1, 2)
    key, text = detail(add, {"leftSide": 1}, rename_all="snake_case")
    hint = "; the page sent `leftSide`, which this command does not have"
    assert (key, text) == ("left_side", MISSING.format("left_side") + hint)


def test_an_argument_given_twice_is_ambiguous() -> None:
    assert detail(add, {"leftSide": 1, "left_side": 2}) == (
        "left_side",
        "command cmd got the same argument twice, as `leftSide` and as `left_side`",
    )
    assert detail(add, {"leftSide": 1, "rightSide": 1, "right_side": 1})[0] == "right_side"


def test_a_parameter_whose_name_must_not_be_a_keyword() -> None:
    def keyworded(from_: int, class_: int = 0) -> tuple[int, int]:
        return from_, class_

    assert bound(keyworded, {"from": 1, "class": 2}) == (1, 2)
    assert bound(keyworded, {"from_": 1}) == (1, 0)
    assert bound(keyworded, {"from": 1, "class": 2}, rename_all="snake_case") == (1, 2)


# Missing, unknown, wrong.


def test_a_missing_argument_is_named_by_its_key() -> None:
    assert detail(add, {}) == ("leftSide", MISSING.format("leftSide"))
    assert detail(add, {"rightSide": 1}) == ("leftSide", MISSING.format("leftSide"))
    assert detail(add, {}, rename_all="snake_case") == ("left_side", MISSING.format("left_side"))


MEANT = "did you mean `rightSide`?"
TAKES = "it takes `leftSide`, `rightSide`"


@pytest.mark.parametrize(("key", "hint"), [("rigthSide", MEANT), ("zzz", TAKES)])
def test_an_unknown_argument_is_refused_in_strict_mode_with_the_nearest_or_all(key: str, hint: str) -> None:
    expected = (key, f"command cmd has no argument of this name; {hint}")
    assert detail(add, {"leftSide": 1, key: 2}, app=FakeApplication(strict_arguments=True)) == expected
    strict = Plan(spec_of(command(name="cmd", strict=True)(partial(add))))
    with pytest.raises(InvalidArgs) as caught:
        strict.bind(call({"leftSide": 1, key: 2}))
    assert (caught.value.key, caught.value.detail) == expected


@pytest.mark.parametrize(("key", "hint"), [("rigthSide", MEANT), ("zzz", TAKES), ("a\nb", TAKES)])
@pytest.mark.parametrize(("development", "level"), [(False, logging.INFO), (True, logging.WARNING)])
def test_an_unknown_argument_is_ignored_and_logged_once(
    key: str, hint: str, development: bool, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    app, lenient = FakeApplication(), plan(add)
    app.development = development
    with caplog.at_level(logging.INFO, "transom"):
        for _ in range(3):
            assert lenient.bind(call({"leftSide": 1, key: 2}, app=app)) == ((1, 2), {})
    assert caplog.record_tuples == [("transom", level, f"command 'cmd' ignores the unknown argument {key!r}; {hint}")]


def test_a_page_cannot_fill_the_log_with_unknown_arguments(caplog: pytest.LogCaptureFixture) -> None:
    lenient = plan(add)
    with caplog.at_level(logging.INFO, "transom"):
        for number in range(100):
            lenient.bind(call({"leftSide": 1, f"key{number}": 2, f"other{number}": 2, "z" * 1_000_000: 1}))
    assert len(caplog.records) == 20
    assert max(len(record.getMessage()) for record in caplog.records) < 200


def test_a_missing_argument_names_the_unknown_one_that_was_meant() -> None:
    hint = "; the page sent `leftSid`, which this command does not have"
    assert detail(add, {"leftSid": 1}) == ("leftSide", MISSING.format("leftSide") + hint)
    assert detail(add, {"zzz": 1, "leftSide" * 1_000_000: 1}) == ("leftSide", MISSING.format("leftSide"))


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        (int, "1", "Expected `int`, got `str`"),
        (int, 1.5, "Expected `int`, got `float`"),
        (int, None, "Expected `int`, got `null`"),
        (int, True, "Expected `int`, got `bool`"),
        (str, 5, "Expected `str`, got `int`"),
        (list[int], [1, "x"], "Expected `int`, got `str` at `[1]`"),
        (dict[str, int], {"a": "x"}, "Expected `int`, got `str` at `[...]`"),
        (Point, {"leftSide": "x"}, "Expected `int`, got `str` at `leftSide`"),
        (Point, {}, "Object missing required field `leftSide`"),
        (list[Point], [{"leftSide": []}], "Expected `int`, got `array` at `[0].leftSide`"),
        (Literal["a", "b"], "c", "Invalid enum value 'c'"),
        (Colour, "blue", "Invalid enum value 'blue'"),
        (int | str, [], "Expected `int | str`, got `array`"),
        (Annotated[int, msgspec.Meta(le=9)], 10, "Expected `int` <= 9"),
        (dt.date, "nope", "Invalid RFC3339 encoded date"),
        (pathlib.Path, 5, "Expected `str` (a path), got `int`"),
        (Channel[int], 5, "invalid channel value `5`, expected a string in the `__CHANNEL__:ID` format"),
        (
            Channel,
            "__CHANNEL__:x",
            "invalid channel value `__CHANNEL__:x`, expected a string in the `__CHANNEL__:ID` format",
        ),
        (ShapedModel, {}, "count: Field required"),
    ],
)
def test_a_wrong_type_has_the_decoders_words_and_the_arguments_key(annotation: Any, value: Any, text: str) -> None:
    assert detail(keeps(first_one=int, the_value=annotation), {"firstOne": 1, "theValue": value}) == ("theValue", text)


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (int, 5, 5),
        (float, 5, 5.0),
        (str, "é", "é"),
        (bool, True, True),
        (Any, {"a": [None]}, {"a": [None]}),
        (list[int], [1], [1]),
        (tuple[int, str], [1, "a"], (1, "a")),
        (set[int], [1, 1], {1}),
        (dict[str, int], {"a": 1}, {"a": 1}),
        (int | None, None, None),
        (Colour, "red", Colour.RED),
        (dt.date, "2024-02-29", dt.date(2024, 2, 29)),
        (pathlib.Path, "/a/b", pathlib.Path("/a/b")),
        (pathlib.PurePosixPath | None, "/a", pathlib.PurePosixPath("/a")),
        (Point, {"leftSide": 1}, Point(1)),
        (list[Point], [{"leftSide": 1, "label": "x"}], [Point(1, "x")]),
        (Record, {"name": "a"}, Record("a")),
        (Node, {"children": [{"children": []}]}, Node([Node()])),
        (Subscription, {"on_event": "__CHANNEL__:5"}, Subscription(JavaScriptChannelId(5))),
    ],
)
def test_arguments_arrive_as_their_types(annotation: Any, value: Any, expected: Any) -> None:
    for key in ("theValue", "the_value"):  # the fast way, and the slow one
        got = bound(keeps(the_value=annotation), {key: value})
        assert got == expected
        assert type(got) is type(expected)


def test_models_known_by_their_shape_are_validated() -> None:
    assert bound(keeps(model=ShapedModel), {"model": {"count": 5}}).count == 5
    assert bound(keeps(models=list[ShapedModel]), {"models": [{"count": 5}]})[0].count == 5


def test_pydantic_models() -> None:
    model = needs_pydantic().create_model("Model", count=(int, ...))
    assert bound(keeps(other=int, model=model), {"other": 1, "model": {"count": 5}})[1].count == 5
    key, text = detail(keeps(other=int, model=model), {"other": 1, "model": {"count": "x"}})
    assert key == "model"
    assert "count" in text


@pytest.mark.parametrize(("args", "got"), [([], "`array`"), ([1], "`array`"), ("x", "`str`"), (5, "`int`")])
def test_arguments_are_an_object(args: Any, got: str) -> None:
    assert detail(add, args) == ("leftSide", f"the arguments must be an object, such as {{leftSide: ...}}, got {got}")


def test_null_arguments_are_no_object_either() -> None:
    assert detail(add, text="null")[1].endswith("got null")


@given(
    st.dictionaries(
        st.sampled_from(["leftSide", "left_side", "rightSide", "x", ""]), st.integers() | st.text() | st.none()
    )
)
def test_any_object_binds_or_is_invalid_args(args: dict[str, Any]) -> None:
    try:
        left, right = bound(add, args)
    except InvalidArgs:
        return
    assert isinstance(left, int)
    assert isinstance(right, int)


# Optional arguments and defaults.


def test_optional_arguments_may_be_left_out_or_null() -> None:
    def optional(given: int | None, defaulted: int | None = 7) -> tuple[int | None, int | None]:
        return given, defaulted

    assert bound(optional, {}) == (None, 7)
    assert bound(optional, {"given": None, "defaulted": None}) == (None, None)
    assert bound(optional, {"given": 1, "defaulted": 2}) == (1, 2)


def test_null_for_a_default_that_is_not_optional_is_wrong() -> None:
    assert detail(add, {"leftSide": 1, "rightSide": None}) == ("rightSide", "Expected `int`, got `null`")


def test_mutable_defaults_are_shared_as_in_python() -> None:
    default: list[int] = []

    def collects(items: list[int] = default, table: dict[str, int] = {"a": 1}) -> Any:  # noqa: B006
        return items, table

    first, second = bound(collects, {}), bound(collects, {})
    assert first[0] is second[0] is default
    assert first[1] == {"a": 1}
    assert bound(collects, {"items": [1]})[0] == [1]


def test_unhashable_and_odd_defaults_stay_what_they_are() -> None:
    sentinel = object()

    def odd(a: Any = sentinel, b: int = "text") -> Any:  # type: ignore[assignment]
        return a, b

    assert bound(odd, {}) == (sentinel, "text")


def test_parameters_without_annotation_take_anything() -> None:
    def loose(a, b=1):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, RUF100
        return a, b

    assert bound(loose, {"a": {"x": [1]}}) == ({"x": [1]}, 1)


def test_keyword_only_and_positional_only_parameters() -> None:
    def mixed(a: int, /, b: int, app: AppHandle, *, c: int, d: int = 4, state: State[Cache]) -> Any:
        return a, b, c, d, state

    state, cache = StateManager(), Cache()
    state.set(cache)
    assert bound(mixed, {"a": 1, "b": 2, "c": 3}, app=FakeApplication(state)) == (1, 2, 3, 4, cache)


def test_commands_without_arguments_ignore_surplus_ones(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "transom")
    strict = FakeApplication(strict_arguments=True)

    def nothing() -> str:
        return "done"

    assert bound(nothing, {}) == "done"
    assert bound(nothing, text="null") == "done"
    assert bound(nothing, text="{ }") == "done"
    assert caplog.records == []
    assert bound(nothing, {"x": 1}) == "done"
    assert caplog.messages == ["command 'cmd' ignores the unknown argument 'x'; it takes no arguments"]
    expected = ("x", "command cmd has no argument of this name; it takes no arguments")
    assert detail(nothing, {"x": 1}, app=strict) == expected

    def injected(app: AppHandle) -> str:
        return "done"

    assert bound(injected, {"x": 1}) == "done"
    assert detail(injected, {"x": 1}, app=strict)[0] == "x"

    def looks_itself(request: Request) -> Any:
        return request.body

    caplog.clear()
    assert bound(looks_itself, {"x": 1}, app=strict) == {"x": 1}

    def looks_itself_too(request: Request, a: int) -> Any:
        return a

    assert bound(looks_itself_too, {"a": 1, "x": 1}, app=strict) == 1
    assert caplog.records == []


def test_a_raw_body_is_no_surplus_argument() -> None:
    def nothing(app: AppHandle) -> str:
        return "done"

    assert bound(nothing, text="null", spans=[Span([], "ArrayBuffer", 0, 0, 1)], buffers=[b"x"]) == "done"


def test_a_field_whose_type_cannot_be_resolved_is_a_definition_error() -> None:
    class Broken(msgspec.Struct):
        other: "Nowhere"  # type: ignore[name-defined]  # noqa: F821, UP037

    def take(value: Broken) -> None: ...

    take.__annotations__["value"] = Broken
    with pytest.raises(CommandDefinitionError, match="command cmd: its arguments cannot be decoded: name 'Nowhere'"):
        plan(take)


# JSON that Python has no value for.

# The last two differ by the version of msgspec: from 0.23 on it has a sentence of its own.
UNREADABLE: list[tuple[str, Any, str | tuple[str, str]]] = [
    ("1e400", Any, "Number out of range"),
    ("-1e400", float, "Number out of range"),
    ('{"a":[1e400]}', dict[str, list[float]], "Number out of range at `[...][0]`"),
    ("1" * 5000, int, "Integer value out of range"),
    ('"9999-99-99"', dt.date, "Invalid RFC3339 encoded date"),
    ('"PT1e400S"', dt.timedelta, "Invalid ISO8601 duration"),
    ('"1e400x"', Decimal, "Invalid decimal string"),
    (
        "[[1]]",
        set[Any],
        (
            "Expected items of a set, got `array`; a set holds texts, numbers and the like",
            "Expected a hashable value, got `list` at `[0]`",
        ),
    ),
    (
        "[{}]",
        frozenset[Any],
        (
            "Expected items of a set, got `object`; a set holds texts, numbers and the like",
            "Expected a hashable value, got `dict` at `[0]`",
        ),
    ),
]


@pytest.mark.parametrize(("text", "annotation", "why"), UNREADABLE)
def test_json_without_a_value_is_an_invalid_argument(text: str, annotation: Any, why: str | tuple[str, str]) -> None:
    sentences = (why,) if isinstance(why, str) else why
    for key in ("theValue", "the_value"):
        got = detail(keeps(first_one=int, the_value=annotation), text=f'{{"firstOne":1,"{key}":{text}}}')
        assert got in [("theValue", sentence) for sentence in sentences]
    beside = {"spans": [Span(["firstOne"], "ArrayBuffer", 0, 0, 1)], "buffers": [b"x"]}
    got = detail(keeps(first_one=bytes, the_value=annotation), text=f'{{"firstOne":null,"theValue":{text}}}', **beside)
    assert got in [("theValue", sentence) for sentence in sentences]


def test_json_without_a_value_beside_buffers_inside_is_an_invalid_argument_too() -> None:
    text = '{"it":[1e400,null]}'
    beside = {"spans": [Span(["it", 1], "ArrayBuffer", 0, 0, 1)], "buffers": [b"x"]}
    assert detail(keeps(it=tuple[float, bytes]), text=text, **beside) == ("it", "Number out of range at `[0]`")
    assert detail(keeps(it=tuple[float, bytes]), text=text) == ("it", "Number out of range at `[0]`")


def test_commands_that_look_at_the_body_themselves_refuse_it_too() -> None:
    def looks_itself(request: Request) -> Any:
        return request.body

    assert detail(looks_itself, text='{"a":1,"b":1e400}') == ("b", "Number out of range")
    with pytest.raises(MalformedMessage, match="the arguments of cmd cannot be read: Number out of range at `\\[0\\]`"):
        bound(looks_itself, text="[1e400]")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NaN", "JSON is malformed: invalid character"),
        ('"\\ud800"', "Input data was truncated"),
        ("[" * 3000 + "]" * 3000, "the value is nested too deeply"),
    ],
)
def test_json_that_cannot_be_read_at_all_is_a_malformed_message(text: str, why: str) -> None:
    for annotation in (Any, float, bytes):
        with pytest.raises(MalformedMessage, match=f"the arguments of cmd cannot be read: {why}"):
            bound(keeps(it=annotation), text=f'{{"it":{text}}}')
