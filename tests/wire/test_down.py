from __future__ import annotations

import json

import pytest

from transom.wire import (
    channel_end,
    channel_message,
    channel_messages,
    event_listeners,
    event_message,
    listening,
    one_by_one,
    page_operation,
    reject,
    resolve,
    run_callback,
)


@pytest.mark.parametrize(
    ("message", "value"),
    [
        (resolve(5, b'{"a":1}'), [0, 5, {"a": 1}]),
        (reject(5, b'"no"'), [1, 5, "no"]),
        (channel_message(2**32 - 1, 0, b"null"), [2, 4294967295, 0, None]),
        (channel_messages(7, 4, [b"1"]), [2, 7, 4, 1]),
        (channel_messages(7, 4, [b"1", b'"two"', b"[3]"]), [8, 7, 4, [1, "two", [3]]]),
        (channel_end(7, 3), [3, 7, 3]),
        (event_message(b'"e"', b"[1]", event_listeners([(1, 2), (3, 4)])), [4, "e", [1], [[1, 2], [3, 4]]]),
        (event_message(b'"e"', b"null", event_listeners([])), [4, "e", None, []]),
        (event_message(b'"e"', b"1", event_listeners([(1, 2)]), b'"main"'), [4, "e", 1, [[1, 2], "main"]]),
        (listening(1, 2, "a", {"kind": "Any"}), [5, 1, 2, "a", {"kind": "Any"}]),
        (run_callback(9, b"true"), [6, 9, True]),
        (page_operation("reload"), [7, "reload"]),
        (page_operation("error", "é\n", 1, None), [7, "error", "é\n", 1, None]),
    ],
)
def test_messages_are_the_arrays_of_the_table(message: bytes, value: list[object]) -> None:
    assert json.loads(message) == value
    assert message.endswith(b"]")


def test_messages_of_a_channel_are_told_apart_again() -> None:
    assert one_by_one([[8, 7, 4, [1, "two"]]]) == [[2, 7, 4, 1], [2, 7, 5, "two"]]
    assert one_by_one([[2, 7, 4, [1, "two"]]]) == [[2, 7, 4, [1, "two"]]]
    assert one_by_one([[7, "reload"]]) == [[7, "reload"]]
