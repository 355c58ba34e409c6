from __future__ import annotations

import functools
import gc
import operator
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.growth import growth
from transom.errors import MalformedMessage
from transom.wire import (
    MAX_BUFFERS,
    Acknowledge,
    Cancel,
    Forget,
    InvokeFrame,
    Leave,
    Span,
    check_spans,
    decode_batch,
    place_buffers,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def test_a_batch_holds_every_kind_of_message_in_order() -> None:
    batch = decode_batch('[[0,1,"a",{"x": 1},{"h":"v"},[[["x"],"Uint8Array",0,2,3]]],[1,7],[2,8],[3,9],[4,5]]')
    assert [type(message) for message in batch] == [InvokeFrame, Cancel, Forget, Acknowledge, Leave]
    call, cancel, forget, acknowledge, leave = batch
    assert isinstance(call, InvokeFrame)
    assert (call.id, call.command, bytes(call.payload), call.headers) == (1, "a", b'{"x": 1}', {"h": "v"})
    assert call.spans == (Span(["x"], "Uint8Array", 0, 2, 3),)
    assert (cancel, forget, acknowledge, leave) == (Cancel(7), Forget(8), Acknowledge(9), Leave(5))


def test_calls_that_wait_are_no_work_for_the_garbage_collector() -> None:
    gc.collect()
    before = len(gc.get_objects())
    messages = ('[0,1,"a",{"x":[1]},{"h":"v"}]', "[1,7]", "[3,9]")
    batch = decode_batch(f"[{','.join(messages * 1000)}]")
    assert len(batch) == 3000
    # What is not tracked costs nothing. A dictionary of texts is not.
    assert len(gc.get_objects()) - before < 100


def test_what_a_call_leaves_out_is_empty() -> None:
    [call] = decode_batch(b'[[0,1,"a"]]')
    assert isinstance(call, InvokeFrame)
    assert (bytes(call.payload), call.headers, call.spans) == (b"{}", None, ())


def test_an_empty_batch_is_one() -> None:
    assert list(decode_batch(memoryview(b"[]"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "[",
        "[[]]",
        "[[4]]",
        "[[5,1]]",
        '[["0",1,"a"]]',
        "[[0]]",
        "[[0,1]]",
        '[[0,"1","a"]]',
        "[[0,1,2]]",
        '[[0,1,"a",{},5]]',
        '[[0,1,"a",{},{"h":1}]]',
        '[[0,1,"a",{},null,[[["x"],"U",0,0]]]]',
        '[[0,1,"a",{},null,[[[1.5],"U",0,0,1]]]]',
        '[[0,1,"a",{bad}]]',
        "[[1]]",
        "[[1,null]]",
        '[[0,1,"a"]] trailing',
        b"\xff\xfe",
        b'[[0,1,"\xff"]]',
        "\udcff",
        '[[0,1,"a",' + "[" * 100_000 + "]" * 100_000 + "]]",
        "[[1," + "9" * 5000 + "]]",
    ],
)
def test_a_batch_that_breaks_a_rule_is_malformed(text: str | bytes) -> None:
    with pytest.raises(MalformedMessage, match="^a batch from the page is not a list of messages: "):
        decode_batch(text)


@given(st.binary() | st.text() | JSON.map(msgspec.json.encode) | st.lists(st.lists(JSON)).map(msgspec.json.encode))
@example(b'[[0,1,"a",{},{}]]')
def test_any_input_is_messages_or_malformed(text: str | bytes) -> None:
    try:
        batch = decode_batch(text)
    except MalformedMessage:
        return
    assert all(isinstance(message, InvokeFrame | Cancel | Forget | Acknowledge) for message in batch)


@given(st.lists(st.tuples(st.integers(0, 2**32), st.text(), JSON, st.none() | st.dictionaries(st.text(), st.text()))))
def test_calls_arrive_as_they_were_written(calls: list[tuple[int, str, Any, dict[str, str] | None]]) -> None:
    batch = decode_batch(msgspec.json.encode([[0, *call] for call in calls]))
    assert [(m.id, m.command, msgspec.json.decode(m.payload), m.headers) for m in batch] == calls  # type: ignore[union-attr]


def _place(value: Any, *paths: list[str | int]) -> Any:
    spans = [Span(path, "ArrayBuffer", 0, index, 1) for index, path in enumerate(paths)]
    return place_buffers(value, spans, [memoryview(bytes([index])) for index in range(len(paths))])


def test_a_large_batch_carries_one_message_and_is_refused_at_its_second() -> None:
    [call] = decode_batch(b'[[0,1,"cmd","%b"]]' % (b"x" * 600_000))
    assert isinstance(call, InvokeFrame)
    batches = {count: b"[" + b",".join([b"[1,7]"] * count) + b"]" for count in (100_000, 1_000_000)}

    def refuse(count: int) -> None:
        for _ in range(20):
            with pytest.raises(MalformedMessage, match="a batch of more than 524288 bytes carries one message$"):
                decode_batch(batches[count])

    assert growth(refuse, 100_000, 10) < 4  # what comes after the second is not read


def test_buffers_are_put_where_their_spans_say() -> None:
    placed = _place({"a": None, "b": [0, {"c": None}]}, ["a"], ["b", 1, "c"])
    assert placed == {"a": b"\0", "b": [0, {"c": b"\1"}]}


def test_a_buffer_with_an_empty_path_is_the_value() -> None:
    assert _place(None, []) == b"\0"


def test_a_value_without_spans_stays() -> None:
    value = {"a": 1}
    assert place_buffers(value, [], []) is value


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({}, ["a"]),
        ({"a": {}}, ["a", "b"]),
        ({"a": None}, ["a", "b"]),
        ({"a": None}, ["x", "b"]),
        ([], [0]),
        ([None], [1]),
        ([None], [-1]),
        ([[None]], [-1, 0]),
        ([None], ["0"]),
        ({"a": "text"}, ["a", 0]),
        (None, ["a"]),
        (5, [0]),
    ],
)
def test_a_buffer_for_a_place_that_is_not_there_is_malformed(value: Any, path: list[str | int]) -> None:
    with pytest.raises(MalformedMessage, match="the arguments have no such place"):
        _place(value, path)


def test_a_buffer_inside_a_buffer_is_malformed() -> None:
    with pytest.raises(MalformedMessage, match="no such place"):
        _place({"a": None}, ["a"], ["a", 0])


@given(JSON, st.lists(st.lists(st.text() | st.integers(-2, 5), max_size=3), max_size=3))
def test_any_spans_place_or_are_malformed(value: Any, paths: list[list[str | int]]) -> None:
    try:
        placed = _place(value, *paths)
    except MalformedMessage:
        return
    if [] in paths:
        assert placed == bytes([paths.index([])])
    elif paths:
        assert functools.reduce(operator.getitem, paths[-1], placed) == bytes([len(paths) - 1])


def test_a_buffer_is_a_view_of_the_elements_of_its_class() -> None:
    spans = [Span(["a"], "Int16Array", 0, 0, 4), Span(["b"], "ArrayBuffer", 0, 4, 2)]
    placed = place_buffers({"a": None, "b": None}, spans, [memoryview(b"\1\0\xff\xff"), memoryview(b"ab")])
    assert (placed["a"].tolist(), placed["b"].tolist()) == ([1, -1], [97, 98])
    with pytest.raises(MalformedMessage, match="^a Int16Array of 3 bytes is not a whole number of elements$"):
        place_buffers({"a": None}, [Span(["a"], "Int16Array", 0, 0, 3)], [memoryview(b"abc")])


def test_a_call_may_hold_so_many_buffers_and_so_deep() -> None:
    span = Span(["a"] * 128, "ArrayBuffer", 0, 0, 0)
    check_spans("scan", [span] * MAX_BUFFERS)
    check_spans("scan", [span] * 3, 3)
    with pytest.raises(MalformedMessage) as caught:
        check_spans("scan", [span] * 4, 3)
    assert str(caught.value) == (
        "the arguments of scan hold 4 buffers, the limit is 3; send them as one buffer, or raise Builder.limits(max_buffers=...)"
    )
    with pytest.raises(
        MalformedMessage, match="^a buffer in the arguments of scan is deeper than 128 levels of objects and"
    ):
        check_spans("scan", [Span(["a"] * 129, "ArrayBuffer", 0, 0, 0)])
