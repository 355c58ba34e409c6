from __future__ import annotations

import json

import pytest

from transom.wire import (
    channel_end,
    channel_message,
    event_message,
    listening,
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
        (channel_end(7, 3), [3, 7, 3]),
        (event_message(b'"e"', b"[1]", [(1, 2), (3, 4)]), [4, "e", [1], [[1, 2], [3, 4]]]),
        (event_message(b'"e"', b"null", []), [4, "e", None, []]),
        (listening(1, 2), [5, 1, 2]),
        (run_callback(9, b"true"), [6, 9, True]),
        (page_operation("reload"), [7, "reload"]),
        (page_operation("error", "é\n", 1, None), [7, "error", "é\n", 1, None]),
    ],
)
def test_messages_are_the_arrays_of_the_table(message: bytes, value: list[object]) -> None:
    assert json.loads(message) == value
    assert message.endswith(b"]")
