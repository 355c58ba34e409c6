"""JavaScript and TypeScript as tokens: enough to find calls, types and simple expressions, whatever is around them."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

__all__ = ["CLOSING", "Token", "tokens_of"]

Kind = Literal["name", "string", "number", "template", "mark"]
CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?\*/|<!--.*?-->)"
    r"|(?P<name>[A-Za-z_$][\w$]*)"
    r"|(?P<number>\d[\w.]*)"
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"|(?P<mark>=>|\.\.\.|\?\.|\?\?|&&|\|\||[=!]==?|[<>]=|.)",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
# A slash after one of these begins a regular expression, not a division.
_BEFORE_REGEX = frozenset("( , = : [ ! && || ?? ? { } ; => return typeof".split())
_WORDS_BEFORE_STRINGS = frozenset("return case from import typeof in of default else".split())
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


class Token(NamedTuple):
    """A token.

    Attributes:
        kind: Its kind; `mark` for punctuation.
        text: What is written; for a string, its content.
        offset: Where it begins in the source.
        parent: The position of the bracket `(`, `[` or `{` that it is inside of; -1 for none.
    """

    kind: Kind
    text: str
    offset: int
    parent: int


def tokens_of(text: str, begin: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of a part of a source. Text that is no JavaScript gives tokens too, and never an error.

    Args:
        text: The source.
        begin: Where to begin.
        end: Where to end; `None` for its end.
    """
    end = len(text) if end is None else end
    found: list[Token] = []
    opened: list[int] = []
    while begin < end:
        match = _TOKEN.match(text, begin, end)
        if match is None:  # only a lone character that the pattern's last part does not take
            begin += 1
            continue
        kind, value, after = str(match.lastgroup), match[0], match.end()
        before = found[-1].text if found else ";"
        if kind == "string" and _is_apostrophe(text, begin) and before not in _WORDS_BEFORE_STRINGS:
            kind, value, after = "mark", match[0][0], begin + 1
        if value == "/" and before in _BEFORE_REGEX and (regex := _REGEX.match(text, begin, end)):
            kind, after = "template", regex.end()
        elif value == "`":
            kind, after = "template", _end_of_template(text, after, end)
        if kind == "space":
            begin = after
            continue
        if value in (")", "]", "}") and opened and found[opened[-1]].text in CLOSING:
            opened.pop()
        parent = opened[-1] if opened else -1
        if kind == "string":
            value = _plain(value[1:-1])
        found.append(Token(kind, value, begin, parent))  # type: ignore[arg-type]
        if kind == "mark" and value in ("(", "[", "{"):
            opened.append(len(found) - 1)
        begin = after
    return found


def _is_apostrophe(text: str, at: int) -> bool:
    # `Don't` in the text of JSX: only some words are followed by a string without a space.
    return at > 0 and text[at - 1].isalpha() and text[at + 1].isalpha()


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), text, flags=re.DOTALL)


def _end_of_template(text: str, begin: int, end: int) -> int:
    """Return where a template ends that begins before `begin`, with what is in its `${}`."""
    depth = 0
    while begin < end:
        letter = text[begin]
        if letter == "\\":
            begin += 1
        elif text.startswith("${", begin):
            depth += 1
            begin += 1
        elif letter == "}" and depth:
            depth -= 1
        elif letter == "`" and not depth:
            return begin + 1
        begin += 1
    return end
