"""SQL text: where its placeholders are, and where one statement ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...errors import CommandError

__all__ = ["MOST_PARAMETERS", "filled", "statements"]

MOST_PARAMETERS = 65_535

# Possessive, so that no text takes long. What is not named here is one character of no meaning.
_SQLITE = re.compile(
    r"""(?P<skip>--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|\s++)
    |(?P<other>'[^']*+(?:''[^']*+)*+'?|"[^"]*+(?:""[^"]*+)*+"?|`[^`]*+(?:``[^`]*+)*+`?|\[[^\]]*+\]?|[0-9][\w.$]*+)
    |(?P<word>[^\W\d][\w$]*+)
    |(?P<parameter>\?[0-9]*+|[$:@][\w$]++)
    |(?P<end>;)
    |(?P<rest>.)""",
    re.VERBOSE | re.DOTALL,
)
_MYSQL = r"""--(?=\s|$)[^\n]*+|\#[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|`[^`]*+(?:``[^`]*+)*+`?
    |{single}|{double}|(?P<parameter>\?)|."""
_WITH_BACKSLASH = re.compile(
    _MYSQL.format(single=r"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'?", double=r'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"?'),
    re.VERBOSE | re.DOTALL,
)
_WITHOUT_BACKSLASH = re.compile(
    _MYSQL.format(single=r"'[^']*+(?:''[^']*+)*+'?", double=r'"[^"]*+(?:""[^"]*+)*+"?'), re.VERBOSE | re.DOTALL
)


def statements(query: str, values: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the statements of a text for SQLite, each with `?` for its parameters and the values for them.

    `$2` and `?2` stand for the second value; each `?` stands for the next one, across all statements. A parameter without
    a value is NULL.

    Raises:
        CommandError: A parameter has a name that is not a number, or there are too many.
    """
    pieces: list[str] = []
    given: list[Any] = []
    words: list[str] = []
    next_value = 0
    for match in _SQLITE.finditer(query):
        kind, text = match.lastgroup, match.group()
        if kind == "parameter":
            if text == "?":
                next_value += 1
                number = next_value
            else:
                number = _number(text)
            if len(given) == MOST_PARAMETERS:
                raise CommandError(f"this statement has more than {MOST_PARAMETERS} parameters; use several statements")
            given.append(values[number - 1] if number <= len(values) else None)
            pieces.append("?")
            words.append("?")
            continue
        pieces.append(text)
        if kind != "skip":
            words.append(text.upper() if kind == "word" else text if kind == "end" else "")
        if kind == "end" and not _is_inside_trigger(words):
            if len(words) > 1:
                yield "".join(pieces), given
            pieces, given, words = [], [], []
    if words:
        yield "".join(pieces), given


def _number(parameter: str) -> int:
    digits = parameter[1:]
    if parameter[0] not in "$?" or not digits.isascii() or not digits.isdecimal() or not 0 < int(digits[:6]) <= 65_535:
        raise CommandError(f"unsupported SQL parameter format: {parameter[:40]}")
    return int(digits[:6])


def _is_inside_trigger(words: list[str]) -> bool:
    """Tell whether the last semicolon ends a statement inside of a trigger, which itself ends with `; END;`."""
    start = words[1:] if words[0] == "EXPLAIN" else words
    if start[0] != "CREATE" or "TRIGGER" not in start[1:3]:
        return False
    return words[-3:] != [";", "END", ";"]


def filled(query: str, values: Sequence[Any], literal: Callable[[Any], str], *, backslash: bool) -> str:
    """Return a text for MySQL with literals in the place of each `?`.

    Args:
        query: The text.
        values: The values.
        literal: Returns the literal for a value.
        backslash: Whether a backslash in a string escapes, which the server's `sql_mode` decides.

    Raises:
        CommandError: There are more parameters than values, or the reverse.
    """
    pattern = _WITH_BACKSLASH if backslash else _WITHOUT_BACKSLASH
    pieces: list[str] = []
    found = 0
    for match in pattern.finditer(query):
        if match.lastgroup != "parameter":
            pieces.append(match.group())
            continue
        if found < len(values):
            pieces.append(literal(values[found]))
        found += 1
    if found != len(values):
        raise CommandError(f"the statement has {found} parameters, and there are {len(values)} values")
    return "".join(pieces)
