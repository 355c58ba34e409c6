"""The types of expressions, guessed from what is written in and above them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ._tokens import Token
from ._types import Classes, matching

__all__ = ["Scope"]

_CALLS = {
    "String": "str", "Number": "int | float", "Boolean": "bool", "parseInt": "int", "parseFloat": "float",
}  # fmt: skip
_MEMBERS = {
    "length": "int", "size": "int", "checked": "bool", "disabled": "bool", "valueAsNumber": "int | float",
    "textContent": "str", "innerText": "str", "innerHTML": "str", "name": "str",
}  # fmt: skip
_METHODS = frozenset(
    "toString trim toLowerCase toUpperCase slice substring replace replaceAll padStart padEnd join stringify toFixed "
    "toISOString toLocaleString concat repeat".split()
)
_TESTS = frozenset("=== == !== != < > <= >=".split())
# A value in a box: React, Vue, Solid and Svelte have a function for it.
_BOXES = frozenset("useState ref shallowRef createSignal $state writable signal useRef".split())
_DEPTH = 8


class Scope:
    """What a file says about the names that are used at a place in it.

    Args:
        tokens: The file's tokens.
        at: The position of the call: only what is above it counts.
        classes: Reads types.
    """

    def __init__(self, tokens: Sequence[Token], at: int, classes: Classes) -> None:
        self._tokens = tokens
        self._at = at
        self._classes = classes

    def type_of(self, begin: int, end: int, context: str, depth: int = 0) -> str:
        """Return the annotation of an expression; `Any` if nothing is known of it.

        Args:
            begin: The position of its first token.
            end: The position behind its last one.
            context: What a class for an object is called.
            depth: How many names were followed to get here.
        """
        tokens = self._tokens
        if begin >= end or depth > _DEPTH:
            return "Any"
        if tokens[begin].text == "new":
            return self._classes.read(tokens, begin + 1, context)[0]
        top = [at for at in range(begin, end) if tokens[at].parent == tokens[begin].parent]
        texts = {tokens[at].text for at in top if tokens[at].kind in ("mark", "name")}
        for at in reversed(top[1:]):  # of `x as unknown as T` the last
            if tokens[at].text in ("as", "satisfies") and tokens[at].kind == "name":
                return self._classes.read(tokens, at + 1, context)[0]
        if texts & {"??", "||", "?"} and (found := self._alternatives(top, begin, end, context, depth)):
            return found
        if "=>" in texts or tokens[begin].text == "function":
            return "Any"
        if tokens[begin].text == "!" or texts & _TESTS:
            return "bool"
        if end - begin == 1:
            return self._one(tokens[begin], begin, context, depth)
        if "+" in texts:
            is_text = any(tokens[at].kind in ("string", "template") for at in top)
            return "str" if is_text else "Any"
        if texts & {"-", "*", "/", "%"} and tokens[begin].text != "<":
            return self._number(begin, end)
        return self._compound(begin, end, context, depth)

    def _alternatives(self, top: Sequence[int], begin: int, end: int, context: str, depth: int) -> str | None:
        """Return the annotation of `a ?? b`, `a || b` or `a ? b : c`; `None` for another expression."""
        tokens = self._tokens
        for at in top:
            if tokens[at].text in ("??", "||") and tokens[at].kind == "mark":
                left = self.type_of(begin, at, context, depth + 1)
                return self.type_of(at + 1, end, context, depth + 1) if left == "Any" else left.removesuffix(" | None")
            if tokens[at].text == "?" and tokens[at].kind == "mark":
                other = next((each for each in top if each > at and tokens[each].text == ":"), end)
                sides = (at + 1, other), (other + 1, end)
                return self._classes.union(
                    self.type_of(*side, context, depth + 1) for side in sides if side[0] < side[1]
                )
        return None

    def _number(self, begin: int, end: int) -> str:
        if end - begin == 2 and self._tokens[begin + 1].text.isdecimal():  # -1
            return "int"
        return "int | float"

    def _one(self, token: Token, at: int, context: str, depth: int) -> str:
        if token.kind in ("string", "template"):
            return "str"
        if token.kind == "number":
            return "int" if token.text.isdecimal() else "float"
        if token.text in ("true", "false"):
            return "bool"
        if token.text in ("null", "undefined"):
            return "None"
        return self.named(token.text, min(at, self._at), context, depth + 1) if token.kind == "name" else "Any"

    def _compound(self, begin: int, end: int, context: str, depth: int) -> str:
        tokens = self._tokens
        first, last = tokens[begin], tokens[end - 1]
        if first.text == "await":
            return self.type_of(begin + 1, end, context, depth + 1)
        if first.text == "(" and matching(tokens, begin) == end - 1:
            return self.type_of(begin + 1, end - 1, context, depth + 1)
        if first.text == "[" and matching(tokens, begin) == end - 1:
            parts = [self.type_of(*span, context, depth + 1) for span in spans(tokens, begin + 1, end - 1)]
            return f"list[{self._classes.union(parts)}]"
        if first.text == "{" and matching(tokens, begin) == end - 1:
            members = {key: found for key, found, _ in self.members(begin, context, depth + 1)}
            known = {key: found for key, found in members.items() if key != "..."}
            return "dict[str, Any]" if not known or "..." in members else self._class(context, known)
        if last.text == "!":
            return self.type_of(begin, end - 1, context, depth + 1).removesuffix(" | None")
        if last.text == ")":
            return self._called(begin, end, context, depth)
        if last.kind == "name" and tokens[end - 2].text in (".", "?."):
            return self._member(begin, end, context, depth)
        return "Any"

    def _class(self, context: str, members: Mapping[str, str]) -> str:
        same = next((name for name in self._classes.texts if self._classes.fields(name) == members), None)
        name, number = context, 2
        while name in self._classes.texts:
            name, number = f"{context}{number}", number + 1
        return same or self._classes.add(name, members)

    def _called(self, begin: int, end: int, context: str, depth: int) -> str:
        tokens = self._tokens
        at = next((at for at in range(begin, end) if tokens[at].text == "(" and matching(tokens, at) == end - 1), begin)
        name = tokens[at - 1].text if at > begin else ""
        if at == begin + 1:
            # A signal is read by a call of it.
            return _CALLS.get(name) or self.named(name, self._at, context, depth + 1)
        if name in _METHODS:
            return "str"
        return "bool" if name in ("includes", "startsWith", "endsWith", "has") else "Any"

    def _member(self, begin: int, end: int, context: str, depth: int) -> str:
        name = self._tokens[end - 1].text
        owner = self.type_of(begin, end - 2, context, depth + 1)
        if found := self._classes.fields(owner).get(name):
            return found
        if name in ("value", "current"):
            return "str" if owner == "Any" else owner  # a field of a form, or a box
        return _MEMBERS.get(name, "Any")

    def members(self, at: int, context: str, depth: int = 0) -> list[tuple[str, str, bool]]:
        """Return the keys of an object literal, the annotations of their values, and whether the literal spreads another.

        A spread object whose keys are not known has the key `...`.

        Args:
            at: The position of its `{`.
            context: What classes for objects in it are called, before their key.
            depth: How many names were followed to get here.
        """
        tokens, found = self._tokens, []
        for begin, end in spans(tokens, at + 1, matching(tokens, at)):
            first = tokens[begin]
            if first.text == "...":
                kind = self.type_of(begin + 1, end, context, depth + 1)
                fields = self._classes.fields(kind)
                found += [(key, one, True) for key, one in fields.items()] or [("...", "Any", True)]
            elif end - begin == 1 and first.kind == "name":
                found.append(
                    (first.text, self.named(first.text, self._at, _inner(context, first.text), depth + 1), False)
                )
            elif tokens[begin + 1].text == ":" and first.kind in ("name", "string"):
                inner = _inner(context, first.text)
                found.append((first.text, self.type_of(begin + 2, end, inner, depth + 1), False))
            else:
                found.append(("...", "Any", True))
        return found

    def literal_of(self, name: str) -> int | None:
        """Return the position of the `{` of the object that a constant is; `None` if it is none."""
        tokens = self._tokens
        for at in range(min(self._at, len(tokens) - 2) - 1, 0, -1):
            is_declared = tokens[at].text == name and tokens[at - 1].text in ("const", "let", "var")
            if is_declared and tokens[at + 1].text == "=" and tokens[at + 2].text == "{":
                return at + 2
        return None

    def named(self, name: str, before: int, context: str, depth: int = 0) -> str:
        """Return the annotation of a variable or parameter, from its nearest declaration above a place."""
        tokens = self._tokens
        if depth > _DEPTH:
            return "Any"
        for at in range(min(before, len(tokens) - 1) - 1, 0, -1):
            if tokens[at].text != name or tokens[at].kind != "name":
                continue
            after = at + 1 + (tokens[at + 1].text in ("?", "!"))
            declares = tokens[at - 1].text in ("const", "let", "var")
            opening = tokens[tokens[at].parent].text if tokens[at].parent >= 0 else ""
            if after < len(tokens) - 1 and tokens[after].text == ":" and (declares or opening == "("):
                return self._classes.read(tokens, after + 1, context)[0]
            # A parameter with a default is declared by it; an assignment inside of a call's brackets is rare.
            if tokens[after].text == "=" and (declares or (opening == "(" and tokens[at - 1].text in ("(", ","))):
                return self._value(after + 1, context, depth)
            end = tokens[at].parent
            if opening == "[" and end > 0 and tokens[end - 1].text in ("const", "let"):
                close = matching(tokens, end)
                if close + 1 < len(tokens) and tokens[close + 1].text == "=":
                    return self._value(close + 2, context, depth)
        return "Any"

    def _value(self, at: int, context: str, depth: int) -> str:
        """Return the annotation of what a declaration assigns: a box stands for what is in it."""
        tokens = self._tokens
        if tokens[at].kind == "name" and at + 1 < len(tokens):
            call = at
            while call + 2 < len(tokens) and tokens[call + 1].text == ".":
                call += 2
            if tokens[call].text in _BOXES:
                if tokens[call + 1].text == "<":
                    return self._classes.read(tokens, call + 2, context)[0]
                if tokens[call + 1].text == "(":
                    return self.type_of(call + 2, matching(tokens, call + 1), context, depth + 1)
        return self.type_of(at, self._end(at), context, depth + 1)

    def _end(self, at: int) -> int:
        """Return the position behind the expression that begins at a token, as far as punctuation and lines tell."""
        tokens, parent = self._tokens, self._tokens[at].parent
        for end in range(at, min(len(tokens), at + 200)):
            token = tokens[end]
            if (
                token.parent == parent
                and end > at
                and token.text in (";", ",", "const", "let", "function", "return", "export")
            ):
                return end
            if token.parent < parent:
                return end
        return min(len(tokens), at + 200)


def spans(tokens: Sequence[Token], begin: int, end: int) -> list[tuple[int, int]]:
    """Return the begin and end of the parts that commas separate between two positions."""
    found, start, parent = [], begin, tokens[begin].parent if begin < end else -1
    for at in range(begin, end):
        if tokens[at].text == "," and tokens[at].kind == "mark" and tokens[at].parent == parent:
            found.append((start, at))
            start = at + 1
    return [span for span in [*found, (start, end)] if span[0] < span[1]]


def _inner(context: str, key: str) -> str:
    return context + key[:1].upper() + key[1:]
