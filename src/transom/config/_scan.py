"""Find the line of every key and list item in a JSON document, its repeated keys, and its first fault.

The C decoder that reads valid files does not provide this, so the scanner runs only if a file has a problem.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from .rules import ROOT, Place

__all__ = ["MAX_DEPTH", "JsonFault", "Repeat", "Scan", "scan_json"]

MAX_DEPTH = 128
"""The maximum depth of nesting; the recursion limit of serde_json, Tauri's JSON reader."""

_SPACE = re.compile(r"[ \t\r\n]*+")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_STRING_START = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_SCALAR = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![0-9.eE+-])|(?:true|false|null)\b")
_WORD = re.compile(r"[^\s,:\[\]{}\"']{1,20}")

# Common mistakes in JSON, and what to write instead. Add here to explain another one.
_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"//|/\*|#"), "JSON has no comments; remove it"),
    (re.compile(r"'"), "write keys and strings in double quotes"),
)
_VALUE_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    *_MISTAKES,
    (re.compile(r"(?i:true|false)\b"), "write true or false in lower case"),
    (re.compile(r"(?:None|undefined|nil)\b"), "write null, or leave the field out"),
    (re.compile(r"[-+]?(?:NaN|Infinity|\.?[0-9])"), "write a number such as 12 or 0.5, without leading zeros or signs"),
    (re.compile(r"[}\]]"), "write the value, or remove its key or comma"),
)
_COMMA_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    *_MISTAKES,
    (re.compile(r'["\w{\[-]'), "write the missing comma before it"),
)


class JsonFault(Exception):
    """The text is not JSON.

    Args:
        line: The 1-based line of the fault.
        column: The 1-based column, in characters.
        text: The expected and the actual text, and the fix.
    """

    def __init__(self, line: int, column: int, text: str) -> None:
        super().__init__(f"{line}:{column}: {text}")
        self.line = line
        self.column = column
        self.text = text


class Repeat(NamedTuple):
    """A key that occurs more than once in an object, with the 1-based lines of its first and of this occurrence."""

    place: Place
    first: int
    line: int


class Scan(NamedTuple):
    """The result of the scanner: the 1-based line of every place, and the repeated keys in order.

    The place of a key is on the line of the key, and that of a list item on the line where the item begins. The line of
    a repeated key is that of its last occurrence, because decoders keep its value.
    """

    lines: dict[Place, int]
    repeats: list[Repeat]


class _Container:
    """An object or list that has not ended yet."""

    __slots__ = ("close", "keys", "place", "size")

    def __init__(self, place: Place, close: str) -> None:
        self.place = place
        self.close = close
        self.size = 0
        self.keys: dict[str, int] = {}


def scan_json(text: str) -> Scan:
    """Scan a JSON document.

    Args:
        text: The whole document, without a byte order mark.

    Returns:
        The lines and the repeated keys.

    Raises:
        JsonFault: The text is not JSON, or its nesting is deeper than `MAX_DEPTH`.
    """
    scanner = _Scanner(text)
    scanner.skip()
    scanner.lines[ROOT] = scanner.line()
    opened: list[_Container] = []
    place = ROOT
    while True:
        container = scanner.value(place)
        if container is not None:
            if len(opened) >= MAX_DEPTH:
                raise scanner.fault(f"nested deeper than {MAX_DEPTH} levels; flatten it")
            if not scanner.take(container.close):
                opened.append(container)
                place = scanner.child(container)
                continue
        while opened and scanner.ends(opened[-1]):
            opened.pop()
        if not opened:
            break
        place = scanner.child(opened[-1])
    scanner.skip()
    if scanner.at < len(text):
        raise scanner.wrong("the end of the file")
    return Scan(scanner.lines, scanner.repeats)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Place, int] = {}
        self.repeats: list[Repeat] = []
        self._counted = 0
        self._line = 1

    def line(self) -> int:
        """Return the 1-based line of the current position."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def skip(self) -> None:
        """Skip white space."""
        space = _SPACE.match(self.text, self.at)
        if space is not None:
            self.at = space.end()

    def take(self, mark: str) -> bool:
        """Consume a punctuation mark after white space; return whether it was there."""
        self.skip()
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True

    def value(self, place: Place) -> _Container | None:
        """Read a scalar and return `None`, or return the container that begins here."""
        if self.take("{"):
            return _Container(place, "}")
        if self.take("["):
            return _Container(place, "]")
        if self.text.startswith('"', self.at):
            self.string()
            return None
        scalar = _SCALAR.match(self.text, self.at)
        if scalar is None:
            raise self.wrong("a value", _VALUE_MISTAKES)
        try:
            msgspec.json.decode(scalar.group())
        except msgspec.DecodeError:
            raise self.fault(f"the number {_short(scalar.group())} is out of range; write a smaller one") from None
        self.at = scalar.end()
        return None

    def child(self, container: _Container) -> Place:
        """Move to the next item or member of a container and return its place."""
        self.skip()
        if container.close == "]":
            if self.text.startswith("]", self.at):
                raise self.fault("expected a value, found `]`; remove the comma before it")
            place: Place = (*container.place, container.size)
            self.lines[place] = self.line()
        else:
            place = self._member(container)
        container.size += 1
        return place

    def _member(self, container: _Container) -> Place:
        if self.text.startswith("}", self.at) and container.size:
            raise self.fault("expected a key, found `}`; remove the comma before it")
        if not self.text.startswith('"', self.at):
            raise self.wrong("a key in double quotes")
        line = self.line()
        key = self.string()
        place: Place = (*container.place, key)
        if key in container.keys:
            self.repeats.append(Repeat(place, container.keys[key], line))
        self.lines[place] = line
        container.keys.setdefault(key, line)
        if not self.take(":"):
            raise self.wrong("`:` after the key")
        return place

    def ends(self, container: _Container) -> bool:
        """Consume the end of the container or the comma after a value; return whether the container ends."""
        if self.take(","):
            return False
        if self.take(container.close):
            return True
        raise self.wrong(f"`,` or `{container.close}`", _COMMA_MISTAKES)

    def string(self) -> str:
        """Read a string, which must begin here."""
        token = _STRING.match(self.text, self.at)
        if token is None:
            raise self._broken_string()
        try:
            string = msgspec.json.decode(token.group(), type=str)
        except msgspec.DecodeError:
            raise self.fault(
                f"the string {_short(token.group())} has an unpaired surrogate; write the character itself"
            ) from None
        self.at = token.end()
        return string

    def _broken_string(self) -> JsonFault:
        start = _STRING_START.match(self.text, self.at)
        self.at = start.end() if start is not None else self.at
        rest = self.text[self.at : self.at + 2]
        if rest.startswith("\\") and len(rest) > 1:
            return self.fault(f"`{rest}` is not a valid escape; write a backslash as `\\\\`, and paths with `/`")
        if rest[:1] in ("", "\n", "\r", "\\"):
            return self.fault("the string does not end on its line; close it with a double quote")
        return self.fault(
            f"a string cannot contain the control character {rest[0]!r}; write it as an escape such as `\\t`"
        )

    def wrong(self, expected: str, mistakes: tuple[tuple[re.Pattern[str], str], ...] = _MISTAKES) -> JsonFault:
        """Return the error with the expected and the actual text at the current position, and a fix if known."""
        rest = self.text[self.at : self.at + 40]
        mend = next((mend for mistake, mend in mistakes if mistake.match(rest)), "")
        if not rest:
            found = "the end of the file"
        elif rest.startswith('"'):
            string = _STRING.match(self.text, self.at)
            found = _short(string.group()) if string else '`"`'
        else:
            word = _WORD.match(rest)
            found = f"`{word.group() if word else rest[0]}`"
        return self.fault(f"expected {expected}, found {found}" + (f"; {mend}" if mend else ""))

    def fault(self, text: str) -> JsonFault:
        """Return the error for the current position."""
        column = self.at - (self.text.rfind("\n", 0, self.at) + 1) + 1
        return JsonFault(self.line(), column, text)


def _short(token: str) -> str:
    return token if len(token) <= 40 else f"{token[:40]}..."
