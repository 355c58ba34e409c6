"""Finds the calls of commands in a front end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ._guess import Scope, spans
from ._sources import Source
from ._tokens import Token
from ._types import Classes, matching

__all__ = ["Call", "calls_of"]

_PRELUDE = 60  # tokens above a call in which the result's type may be


class Call(NamedTuple):
    """One place at which a page calls a command.

    Attributes:
        command: The command's name.
        place: The file and the line.
        arguments: Key -> annotation.
        complete: Whether these are all arguments; some are not known if an object is passed whose type is not.
        result: The annotation of the result; `None` if nothing says it.
    """

    command: str
    place: str
    arguments: dict[str, str]
    complete: bool
    result: str | None


def calls_of(sources: Iterable[Source], classes: Classes) -> list[Call]:
    """Return the calls of the application's own commands; those of plugins are left out."""
    found = []
    for source in sources:
        seen = set()  # a call in the markup follows the tokens of the script
        for tokens in source.parts:
            names = _names_of_invoke(tokens)
            for at, token in enumerate(tokens):
                if token.kind == "name" and token.text in names and token.offset not in seen:
                    call = _call(source, tokens, at, classes)
                    if call is not None:
                        seen.add(token.offset)
                        found.append(call)
    return found


def _names_of_invoke(tokens: Sequence[Token]) -> set[str]:
    names = {"invoke"}
    for at in range(len(tokens) - 2):
        if tokens[at].text == "invoke" and tokens[at + 1].text in ("as", ":") and tokens[at + 2].kind == "name":
            names.add(tokens[at + 2].text)
    return names


def _call(source: Source, tokens: Sequence[Token], at: int, classes: Classes) -> Call | None:
    begin, result = at + 1, None
    if begin < len(tokens) and tokens[begin].text == "?.":
        begin += 1
    generic = begin if begin < len(tokens) and tokens[begin].text == "<" else None
    if generic is not None:
        begin = matching(tokens, generic) + 1
    if begin + 1 >= len(tokens) or tokens[begin].text != "(":
        return None
    name = tokens[begin + 1]
    if name.kind not in ("string", "template") or not re.fullmatch(r"[`]?[\w.:-]+[`]?", name.text):
        return None
    command = name.text.strip("`")
    context = "".join(word[:1].upper() + word[1:] for word in re.split(r"\W|_", command) if word)
    if generic is not None:
        result = classes.read(tokens, generic + 1, f"{context}Result")[0]
    else:
        result = _result_above(tokens, at, classes, f"{context}Result")
    parts = spans(tokens, begin + 1, matching(tokens, begin))
    arguments, complete = {}, True
    if len(parts) > 1:
        for key, kind in _arguments(tokens, at, parts[1], classes, context):
            complete &= key != "..."
            if key != "...":
                arguments[key] = kind
    return Call(command, f"{source.path.as_posix()}:{source.line(tokens[at])}", arguments, complete, result)


def _arguments(
    tokens: Sequence[Token], at: int, span: tuple[int, int], classes: Classes, context: str
) -> list[tuple[str, str]]:
    scope = Scope(tokens, at, classes)
    begin, end = span
    if tokens[begin].text == "{":
        return [(key, kind) for key, kind, _ in scope.members(begin, context)]
    if end - begin == 1 and tokens[begin].kind == "name":
        literal = scope.literal_of(tokens[begin].text)
        if literal is not None:
            return [(key, kind) for key, kind, _ in scope.members(literal, context)]
    if tokens[begin].text in ("undefined", "null"):
        return []
    fields = classes.fields(scope.type_of(begin, end, f"{context}Args"))
    return list(fields.items()) or [("...", "Any")]


def _result_above(tokens: Sequence[Token], at: int, classes: Classes, context: str) -> str | None:
    """Return what is written before a call about its result: `const x: T = await`, `x = ... as T`, `(): Promise<T> =>`."""
    begin = at
    while begin > 1 and tokens[begin - 1].text in (".", "?."):  # window.__TAURI__.core.invoke
        begin -= 2
    begin -= tokens[begin - 1].text == "await"
    before = tokens[begin - 1].text if begin else ""
    if before == "=":
        for start in range(begin - 2, max(-1, begin - _PRELUDE), -1):
            if tokens[start].text in ("const", "let", "var") and tokens[start + 2].text == ":":
                return classes.read(tokens, start + 3, context)[0]
            if tokens[start].text in (";", "=", "{", "}"):
                break
        return None
    if before not in ("return", "=>"):
        return None
    start = begin - 1
    if before == "return":  # the `{` of the function
        start = tokens[begin - 1].parent
    for at in range(start - 1, max(-1, start - _PRELUDE), -1):
        if tokens[at].text == ")" and tokens[at + 1].text == ":":
            return classes.read(tokens, at + 2, context)[0]
        if tokens[at].text in (";", "{", "=>", ")") and tokens[at].parent == tokens[start].parent:
            return None
    return None
