"""The kinds of rules in the tables of the schema, and the function that applies them.

A rule validates one decoded JSON value. `fits` checks its JSON type. `check` then examines the value and reports every
problem instead of stopping at the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

import msgspec

from ...names import nearest_name, to_camel_case
from ._place import ROOT, Place
from ._report import Report, describe, is_finite, quote

__all__ = [
    "ANYTHING",
    "FLAG",
    "NUMBER",
    "TEXT",
    "TEXTS",
    "UINT8",
    "UINT32",
    "Anything",
    "Choice",
    "Either",
    "Fields",
    "Flag",
    "Items",
    "Null",
    "Number",
    "Rule",
    "Table",
    "Tagged",
    "Text",
    "Whole",
    "apply",
    "optional",
]


class Rule(Protocol):
    """The interface of every kind of rule."""

    def expected(self) -> str:
        """Return the words that complete the sentence "expected ..."."""
        ...

    def example(self) -> str:
        """Return a valid value, formatted as in the file."""
        ...

    def fits(self, value: Any) -> bool:
        """Return whether the value has the JSON type of the rule."""
        ...

    def check(self, value: Any, place: Place, report: Report) -> None:
        """Report the problems inside a value that fits."""
        ...


def apply(rule: Rule, value: Any, place: Place, report: Report) -> None:
    """Report every problem with a value.

    Args:
        rule: The rule for this place.
        value: The decoded JSON value.
        place: The place of the value.
        report: Collects the problems.
    """
    if rule.fits(value):
        rule.check(value, place, report)
    else:
        report.add(place, f"expected {rule.expected()}, found {describe(value)}; {_mend(rule, value)}")


def _mend(rule: Rule, value: Any) -> str:
    for candidate in _candidates(value):
        attempt = Report()
        if not rule.fits(candidate):
            continue
        rule.check(candidate, ROOT, attempt)
        if not attempt.problems:
            return f"write {quote(candidate)}"
    if value is None:
        return "leave the field out to get its default"
    return f"write {rule.example()}"


def _candidates(value: Any) -> list[Any]:
    """Return likely corrections of a value of the wrong type: without quotes, with quotes, or in a list."""
    if value is None:
        return []
    candidates: list[Any] = []
    if isinstance(value, str):
        with suppress(msgspec.DecodeError, RecursionError):
            candidates.append(msgspec.json.decode(value.strip().lower()))
    elif is_finite(value) and isinstance(value, bool | int | float):
        candidates += [int(value), quote(value)] if value == int(value) else [quote(value)]
        candidates.append(bool(value))
    return [*candidates, [value]]


class Anything(msgspec.Struct, frozen=True):
    """Any JSON value, without validation."""

    def expected(self) -> str:
        return "any value"

    def example(self) -> str:
        return "null"

    def fits(self, value: Any) -> bool:
        return True

    def check(self, value: Any, place: Place, report: Report) -> None:
        return


class Null(msgspec.Struct, frozen=True):
    """Only null."""

    def expected(self) -> str:
        # "or null" in every sentence about an optional field would only distract from the expected type.
        return ""

    def example(self) -> str:
        return "null"

    def fits(self, value: Any) -> bool:
        return value is None

    def check(self, value: Any, place: Place, report: Report) -> None:
        return


class Flag(msgspec.Struct, frozen=True):
    """`true` or `false`."""

    def expected(self) -> str:
        return "true or false"

    def example(self) -> str:
        return "true"

    def fits(self, value: Any) -> bool:
        return isinstance(value, bool)

    def check(self, value: Any, place: Place, report: Report) -> None:
        return


class Number(msgspec.Struct, frozen=True):
    """A number, whole or not."""

    def expected(self) -> str:
        return "a number"

    def example(self) -> str:
        return "800"

    def fits(self, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)

    def check(self, value: Any, place: Place, report: Report) -> None:
        return


class Whole(msgspec.Struct, frozen=True):
    """A whole number from `low` to `high`, inclusive."""

    low: int
    high: int

    def expected(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def example(self) -> str:
        return str(max(self.low, 0))

    def fits(self, value: Any) -> bool:
        # Tauri: 5.0 is refused too, because its reader accepts whole numbers only without a decimal point.
        return isinstance(value, int) and not isinstance(value, bool)

    def check(self, value: Any, place: Place, report: Report) -> None:
        if not self.low <= value <= self.high:
            near = min(max(value, self.low), self.high)
            report.add(place, f"expected {self.expected()}, found {describe(value)}; the nearest is {near}")


class Text(msgspec.Struct, frozen=True):
    """A string.

    Args:
        says: The words for "expected ...".
        sample: An example, formatted as in the file.
        pattern: The regular expression that the whole string must match; `None` accepts every string.
    """

    says: str = "a string"
    sample: str = '"..."'
    pattern: str | None = None

    def expected(self) -> str:
        return self.says

    def example(self) -> str:
        return self.sample

    def fits(self, value: Any) -> bool:
        return isinstance(value, str)

    def check(self, value: Any, place: Place, report: Report) -> None:
        if self.pattern is not None and not re.fullmatch(self.pattern, value):
            report.add(place, f"expected {self.says}, found {describe(value)}; write for example {self.sample}")


class Choice(msgspec.Struct, frozen=True):
    """One of several strings."""

    names: tuple[str, ...]

    def expected(self) -> str:
        quoted = ", ".join(quote(name) for name in self.names)
        return quoted if len(self.names) == 1 else f"one of {quoted}"

    def example(self) -> str:
        return quote(self.names[0])

    def fits(self, value: Any) -> bool:
        return isinstance(value, str)

    def check(self, value: Any, place: Place, report: Report) -> None:
        if value not in self.names:
            near = nearest_name(value, self.names)
            mend = f"write for example {self.example()}" if near is None else f"did you mean {quote(near)}?"
            report.add(place, f"expected {self.expected()}, found {describe(value)}; {mend}")


class Items(msgspec.Struct, frozen=True):
    """A list.

    Args:
        item: The rule for every item.
        shortest: The minimum number of items.
        longest: The maximum number of items; `None` means no limit.
    """

    item: Rule
    shortest: int = 0
    longest: int | None = None

    def expected(self) -> str:
        return f"a list of {_plural(self.item.expected())}"

    def example(self) -> str:
        return f"[{', '.join([self.item.example()] * max(self.shortest, 1))}]"

    def fits(self, value: Any) -> bool:
        return isinstance(value, list)

    def check(self, value: Any, place: Place, report: Report) -> None:
        if len(value) < self.shortest or (self.longest is not None and len(value) > self.longest):
            span = f"{self.shortest}" if self.longest == self.shortest else f"{self.shortest} to {self.longest}"
            report.add(place, f"expected {span} items, found {len(value)}; write for example {self.example()}")
        for index, item in enumerate(value):
            apply(self.item, item, (*place, index), report)


class Table(msgspec.Struct, frozen=True):
    """An object with arbitrary keys."""

    value: Rule

    def expected(self) -> str:
        return "an object"

    def example(self) -> str:
        return "{...}"

    def fits(self, value: Any) -> bool:
        return isinstance(value, dict)

    def check(self, value: Any, place: Place, report: Report) -> None:
        for key, item in value.items():
            apply(self.value, item, (*place, key), report)


class Fields(msgspec.Struct, frozen=True):
    """An object with known fields.

    Args:
        fields: The rule of each field.
        required: The names of required fields.
        moved: Field names of older versions of Tauri, each with its fix.
    """

    fields: Mapping[str, Rule]
    required: tuple[str, ...] = ()
    moved: Mapping[str, str] = {}

    def expected(self) -> str:
        return "an object"

    def example(self) -> str:
        inside = (f"{quote(name)}: {self.fields[name].example()}" for name in self.required)
        return f"{{{', '.join(inside) or '...'}}}"

    def fits(self, value: Any) -> bool:
        return isinstance(value, dict)

    def check(self, value: Any, place: Place, report: Report) -> None:
        self._rename(value)
        for name in self.required:
            if name not in value:
                _missing(name, self.fields[name], place, report)
        for name, item in value.items():
            rule = self.fields.get(name)
            if rule is None:
                report.unknown((*place, name), self.fields, self.moved.get(name))
            else:
                apply(rule, item, (*place, name), report)

    def _rename(self, value: dict[str, Any]) -> None:
        """Give fields their names in camelCase: Tauri reads `product-name` too, which its TOML files have."""
        for name in [name for name in value if "-" in name and name not in self.fields]:
            known = to_camel_case(name.replace("-", "_"))
            if known in self.fields and known not in value:
                value[known] = value.pop(name)


class Tagged(msgspec.Struct, frozen=True):
    """An object whose other fields depend on one of its fields.

    Args:
        tag: The name of that field.
        variants: The other fields of the object for each value of the tag.
    """

    tag: str
    variants: Mapping[str, Fields]

    def expected(self) -> str:
        return "an object"

    def example(self) -> str:
        return f"{{{quote(self.tag)}: {self._names().example()}, ...}}"

    def fits(self, value: Any) -> bool:
        return isinstance(value, dict)

    def check(self, value: Any, place: Place, report: Report) -> None:
        names = self._names()
        variant = self.variants.get(value[self.tag]) if names.fits(value.get(self.tag)) else None
        if variant is not None:
            Fields({self.tag: names, **variant.fields}, variant.required).check(value, place, report)
        elif self.tag in value:
            apply(names, value[self.tag], (*place, self.tag), report)
        else:
            _missing(self.tag, names, place, report)

    def _names(self) -> Choice:
        return Choice(tuple(self.variants))


class Either(msgspec.Struct, frozen=True):
    """A value that matches one of several rules; the first rule that fits its JSON type is used."""

    rules: tuple[Rule, ...]

    def expected(self) -> str:
        return " or ".join(words for rule in self.rules if (words := rule.expected()))

    def example(self) -> str:
        return self.rules[0].example()

    def fits(self, value: Any) -> bool:
        return any(rule.fits(value) for rule in self.rules)

    def check(self, value: Any, place: Place, report: Report) -> None:
        next(rule for rule in self.rules if rule.fits(value)).check(value, place, report)


def optional(*rules: Rule) -> Either:
    """Return a rule that also allows null."""
    return Either((*rules, Null()))


def _missing(name: str, rule: Rule, place: Place, report: Report) -> None:
    report.add((*place, name), f"this required field is missing; write {quote(name)}: {rule.example()}")


def _plural(words: str) -> str:
    article, _, noun = words.partition(" ")
    return f"{noun}s" if article in ("a", "an") and " " not in noun else words


ANYTHING = Anything()
FLAG = Flag()
NUMBER = Number()
TEXT = Text()
TEXTS = Items(TEXT)
UINT8 = Whole(0, 2**8 - 1)
UINT32 = Whole(0, 2**32 - 1)
