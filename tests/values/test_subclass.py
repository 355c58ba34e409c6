from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from transom.values import CallbackFn, encode_body


class Stamp(dt.datetime):
    """Is what pandas' `Timestamp` is: a datetime with something of its own."""

    nanosecond = 7


class NotATime(dt.datetime):
    """Is what pandas' `NaT` is: a datetime without a date."""

    def __ne__(self, other: object) -> bool:
        return True

    __eq__ = None  # type: ignore[assignment]
    __hash__ = dt.datetime.__hash__


class Day(dt.date): ...


class Clock(dt.time): ...


class Span(dt.timedelta): ...


class Price(Decimal): ...


class Number(int):
    def __str__(self) -> str:
        return "not this"


class Ratio(float): ...


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "not this"


ZONE = dt.timezone(dt.timedelta(hours=2))
VALUES = [
    (Stamp(2024, 5, 6, 7, 8, 9, 10), "2024-05-06T07:08:09.000010"),
    (Stamp(2024, 5, 6, tzinfo=dt.UTC), "2024-05-06T00:00:00Z"),
    (Stamp(2024, 5, 6, tzinfo=ZONE), "2024-05-06T00:00:00+02:00"),
    (NotATime(2024, 5, 6), None),
    (Day(2024, 5, 6), "2024-05-06"),
    (Clock(7, 8, 9, tzinfo=dt.UTC), "07:08:09Z"),
    (Span(days=1, seconds=1), "P1DT1S"),
    (Price("1.50"), "1.50"),
    (Number(5), 5),
    (Ratio(1.5), 1.5),
    (Ratio("nan"), None),
    (Text("a"), "a"),
    (CallbackFn(7), 7),
]


class Holder(msgspec.Struct):
    at: dt.datetime
    note: str = ""


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_a_value_of_a_subclass_is_sent_as_its_base(value: Any, expected: Any) -> None:
    assert json.loads(encode_body(value).json) == expected
    assert json.loads(encode_body([value]).json) == [expected]
    assert json.loads(encode_body({"a": value, "b": b"x"}).json) == {"a": expected, "b": None}


def test_fields_and_keys_of_a_subclass() -> None:
    held = Holder(Stamp(2024, 5, 6), Text("n"))
    assert json.loads(encode_body(held).json) == {"at": "2024-05-06T00:00:00", "note": "n"}
    assert json.loads(encode_body({Text("k"): 1, Day(2024, 5, 6): 2}).json) == {"k": 1, "2024-05-06": 2}
    body = encode_body({Text("k"): b"x"})
    assert (body.json, body.buffers[0].path) == (b'{"k":null}', b'["k"]')
