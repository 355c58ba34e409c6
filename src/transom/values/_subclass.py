"""Values of subclasses of JSON's own types: texts, numbers, dates. The encoder knows exact types only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

__all__ = ["SUBCLASSED", "encode_subclass"]


def _datetime(value: datetime) -> datetime:
    clock = (value.hour, value.minute, value.second, value.microsecond)
    return datetime(value.year, value.month, value.day, *clock, tzinfo=value.tzinfo)


# Base -> what makes a value of exactly this class; a class stands before its own base. Add here to introduce a type.
_BASES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (Decimal, Decimal),
    (datetime, _datetime),
    (date, lambda value: date(value.year, value.month, value.day)),
    (time, lambda value: time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo)),
    (timedelta, lambda value: timedelta(value.days, value.seconds, value.microseconds)),
)
# The classes whose subclasses are sent as the class itself.
SUBCLASSED = tuple(base for base, _ in _BASES)


def encode_subclass(value: Any) -> Any:
    """Return a value of a subclass of `SUBCLASSED`, such as pandas' `Timestamp`, as a value of the class itself.

    A date that is none, pandas' `NaT`, becomes `None`, as a float that is not a number becomes `null`.
    """
    if value != value:
        return None
    return next(encode(value) for base, encode in _BASES if isinstance(value, base))
