"""The problems in one file. Each has a place, and a text with the rule and the fix."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from ...names import nearest_name
from ._place import Place

__all__ = ["Problem", "Report", "describe", "is_finite", "quote"]

_MOST_PROBLEMS = 100  # nobody reads more, and the suggestions for hundreds of thousands would take hours
_MOST_FIELDS = 12
_MOST_PLACES = 3
_DESCRIBED = 40


class Problem(NamedTuple):
    """A problem at a place; `text` is the rule and the fix."""

    place: Place
    text: str


class Report:
    """Collect the problems of a file.

    Args:
        places_of: Returns the dotted paths at which a field with some name exists, to help with fields in the wrong
            table; `None` if the texts are not used.
    """

    def __init__(self, places_of: Callable[[str], list[str]] | None = None) -> None:
        self.problems: list[Problem] = []
        self._places_of = places_of

    def add(self, place: Place, text: str) -> None:
        """Add a problem, unless there are very many."""
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(place, text))

    def unknown(self, place: Place, fields: Iterable[str], moved: str | None) -> None:
        """Add a problem for a field that Tauri does not have.

        Args:
            place: The unknown field.
            fields: The names of the fields that its table has.
            moved: The fix if an older version of Tauri has this name, else `None`.
        """
        if len(self.problems) < _MOST_PROBLEMS:
            self.add(place, f"unknown field; {moved or self._mend(str(place[-1]), list(fields))}")

    def _mend(self, name: str, fields: list[str]) -> str:
        near = nearest_name(name, fields)
        if near is not None:
            return f"did you mean `{near}`?"
        places = self._places_of(name) if self._places_of else []
        if 0 < len(places) <= _MOST_PLACES:
            return f"Tauri has this field at {' and '.join(f'`{path}`' for path in places)}; move it there"
        if len(fields) <= _MOST_FIELDS:
            return f"remove it; the fields here are {', '.join(f'`{field}`' for field in fields)}"
        return "remove it; https://v2.tauri.app/reference/config/ lists the fields"


def is_finite(value: object) -> bool:
    """Tell whether a value is no infinite float and not NaN, which TOML has and JSON has not."""
    return not isinstance(value, float) or math.isfinite(value)


def quote(value: object) -> str:
    """Format a value as in the file."""
    return msgspec.json.encode(value).decode()


def describe(value: Any) -> str:
    """Describe a JSON value, to complete the sentence "found ..."."""
    match value:
        case None:
            return "null"
        case bool():
            return quote(value)
        case str():
            text = quote(value)
            return f"the string {text if len(text) <= _DESCRIBED else text[:_DESCRIBED] + '...'}"
        case int() | float():
            return f"the number {quote(value) if is_finite(value) else value}"
        case list():
            return "a list"
        case _:
            return "an object"
