"""JSON5 as JSON: the same text with the liberties of JSON5 taken out, and every value on its line."""

from __future__ import annotations

import json
import re

__all__ = ["json_of_json5"]

_TOKEN = re.compile(
    r"""
    (?P<space>[\s\ufeff\u00a0\u2028\u2029]++)
  | (?P<comment>//[^\n\r\u2028\u2029]*+|/\*(?s:.*?)\*/)
  | (?P<string>"(?:[^"\\\n\r]|\\(?s:.))*+"|'(?:[^'\\\n\r]|\\(?s:.))*+')
  | (?P<number>[+-]?(?:0[xX][0-9a-fA-F]++|(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+))
  | (?P<word>[^\W\d][\w$]*+|\$[\w$]*+)
  | (?P<mark>[{}\[\]:,])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(
    r"\\(?:x(?P<byte>[0-9a-fA-F]{2})|u(?P<unit>[0-9a-fA-F]{4})|(?P<end>\r\n|[\n\r\u2028\u2029])|(?P<char>(?s:.)))"
)
_PLAIN_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "0": "\0"}
_WORDS = frozenset({"true", "false", "null"})


def json_of_json5(text: str) -> str:
    """Rewrite JSON5 as JSON, with every value on the line that it had.

    What is not JSON5 stays as it is, so that a reader of JSON names it with its line. `NaN` and `Infinity` become strings,
    because JSON cannot hold them.
    """
    out: list[str] = []
    comma: int | None = None  # where the last comma is in `out`, while nothing but space has followed it
    last = "["  # the token before, without space
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return "".join(out) + text[at:]
        at = token.end()
        kind, part = token.lastgroup, token.group()
        if kind in ("space", "comment"):
            out.append(_lines_of(part) or " ")
            continue
        if part in ("}", "]") and comma is not None:
            out[comma] = ""
        comma = len(out) if part == "," and last not in ("[", "{", ",") else None
        last = part
        out.append(_plain(kind, part))
    return "".join(out)


def _plain(kind: str | None, part: str) -> str:
    if kind == "string":
        # The line breaks of a string on several lines go behind it.
        # In ASCII, where the two halves of a character stay the escapes that they are.
        return json.dumps(_ESCAPE.sub(_unescaped, part[1:-1])) + _lines_of(part)
    if kind == "number":
        return _number(part)
    if kind == "word" and part not in _WORDS:
        return json.dumps(part)
    return part


def _unescaped(escape: re.Match[str]) -> str:
    code = escape["byte"] or escape["unit"]
    if code is not None:
        return chr(int(code, 16))
    return "" if escape["end"] is not None else _PLAIN_ESCAPES.get(escape["char"], escape["char"])


def _number(part: str) -> str:
    sign = "-" if part.startswith("-") else ""
    digits = part.lstrip("+-")
    if digits[:2] in ("0x", "0X"):
        return f"{sign}{int(digits, 16)}"
    whole, point, rest = digits.partition(".")
    if not point:
        return sign + digits
    return f"{sign}{whole or '0'}.{rest if rest[:1].isdigit() else '0' + rest}"


def _lines_of(part: str) -> str:
    return "\n" * part.count("\n")
