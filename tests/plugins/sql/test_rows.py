from __future__ import annotations

from typing import Any

import pytest

from transom.errors import CommandError
from transom.plugins.sql import _rows
from transom.plugins.sql._rows import Rows, plain, time_text


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("03:04:05", "3:04:05.0"),
        ("2026-01-02 13:04:05.120", "2026-01-02 13:04:05.12"),
        ("2026-01-02 03:04:05+00", "2026-01-02 3:04:05.0 +00:00:00"),
        ("03:04:05.000001-05:30", "3:04:05.000001 -05:30:00"),
        ("838:59:59", "838:59:59"),
        ("24:00:00", "24:00:00"),
        ("infinity", "infinity"),
    ],
)
def test_times_are_written_as_tauri_does(text: str, result: str) -> None:
    assert time_text(text) == result


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (None, None),
        ("a", "a"),
        (5, 5.0),
        (True, "true"),
        ({"a": [1, None]}, '{"a":[1,null]}'),
        (memoryview(b"\x01\x02"), "[1,2]"),
        ([memoryview(b"\x01")], "[[1]]"),
    ],
)
def test_values_are_bound_as_tauri_binds_them(value: Any, bound: Any) -> None:
    assert plain(value) == bound
    assert type(plain(value)) is type(bound)


@pytest.mark.parametrize("value", [10**400, object()])
def test_what_cannot_be_bound_is_refused(value: Any) -> None:
    with pytest.raises(CommandError):
        plain(value)


def test_a_result_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_rows, "MOST_VALUES", 4)
    rows = Rows(["a", "b"])
    rows.add([1, b"\x01"])
    rows.add([1, 2])
    with pytest.raises(CommandError, match="too large"):
        rows.add([1, 2])
    assert rows.rows == [{"a": 1, "b": [1]}, {"a": 1, "b": 2}]
    with pytest.raises(CommandError, match="too large"):
        Rows(["c"], before=rows).add([1])  # of another statement of the same call
    monkeypatch.setattr(_rows, "MOST_BYTES", 4)
    with pytest.raises(CommandError, match="too large"):
        Rows(["a"]).add(["12345"])
    with pytest.raises(CommandError, match="too large"):
        Rows(["a"]).add([b"1"])  # a list of numbers takes eight times the room
