"""TypeScript types as Python annotations, with the classes that they need."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence

from ...names import to_camel_case
from ._sources import Source
from ._tokens import CLOSING, Token

__all__ = ["Classes", "is_taken", "matching", "snake_case"]

_WORDS = {
    "string": "str", "boolean": "bool", "number": "int | float", "bigint": "int", "true": "bool", "false": "bool",
    "null": "None", "undefined": "None", "void": "None", "never": "None", "object": "dict[str, Any]",
    "Date": "datetime.datetime", "String": "str", "Number": "int | float", "Boolean": "bool",
    "ArrayBuffer": "bytes", "Uint8Array": "bytes", "ArrayBufferLike": "bytes", "DataView": "bytes", "Blob": "bytes",
    "Uint8ClampedArray": "bytes",
}  # fmt: skip
_LISTS = ("Array", "ReadonlyArray", "Set", "Iterable")
_DICTS = ("Record", "Map", "ReadonlyMap")
# Their first argument is what crosses the wire.
_WRAPPERS = ("Promise", "Readonly", "NonNullable", "Awaited", "Ref", "Required")
_BUILTINS = frozenset("str int float bool bytes list dict tuple".split())
_TAKEN = frozenset("Any Channel Literal msgspec datetime enum command handler generate_handler".split())


def snake_case(name: str) -> str:
    """Return the snake_case form of a camelCase name; a name that has underscores already only loses its capitals."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def is_taken(name: str) -> bool:
    """Tell whether a name of a module would hide one that the stubs use."""
    return name in _TAKEN or name in _BUILTINS or keyword.iskeyword(name)


def matching(tokens: Sequence[Token], at: int) -> int:
    """Return the position of the bracket that closes the one at `at`; the number of tokens if there is none."""
    opening = tokens[at].text
    closing, depth = CLOSING[opening], 0
    for index in range(at, len(tokens)):
        if tokens[index].kind == "mark":
            depth += (tokens[index].text == opening) - (tokens[index].text == closing)
            if depth == 0:
                return index
    return len(tokens)


class Classes:
    """Reads types, and collects the Python classes for those that are declared in the front end.

    Attributes:
        texts: Name -> the class, in the order in which they were needed.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        self.texts: dict[str, str] = {}
        self._declared: dict[str, tuple[Sequence[Token], int]] = {}
        self._fields: dict[str, Mapping[str, str]] = {}
        self._open: set[str] = set()
        for source in sources:
            for tokens in source.parts:
                for at in range(len(tokens) - 2):
                    if tokens[at].text in ("interface", "type", "enum") and tokens[at + 1].kind == "name":
                        self._declared.setdefault(tokens[at + 1].text, (tokens, at))

    def read(self, tokens: Sequence[Token], at: int, context: str) -> tuple[str, int]:
        """Return the annotation of the type that begins at a token, and the position behind it.

        Args:
            tokens: The tokens.
            at: Where it begins.
            context: What a class for an object without a name is called.
        """
        members: list[str] = []
        mixed = False
        while True:
            while at < len(tokens) and tokens[at].text in ("|", "&"):
                mixed |= tokens[at].text == "&"
                at += 1
            member, at = self._read_one(tokens, at, context)
            members.append(member)
            if at >= len(tokens) or tokens[at].text not in ("|", "&"):
                return ("dict[str, Any]" if mixed else self.union(members)), at

    def _read_one(self, tokens: Sequence[Token], at: int, context: str) -> tuple[str, int]:
        if at >= len(tokens):
            return "Any", at
        token = tokens[at]
        if token.text in ("readonly", "unique"):
            return self._read_one(tokens, at + 1, context)
        if token.text in ("keyof", "typeof", "infer"):
            return "Any", self._read_one(tokens, at + 1, context)[1]
        if token.text in ("{", "[", "("):
            found, after = self._bracketed(tokens, at, context)
        elif token.kind == "name":
            found, after = self._named(tokens, at, context)
        else:
            found, after = _literal(token), at + 1
        while after + 1 < len(tokens) and tokens[after].text == "[":
            if tokens[after + 1].text == "]":
                found, after = f"list[{found}]", after + 2
            else:  # the type of a member
                found, after = "Any", matching(tokens, after) + 1
        return found, after

    def _bracketed(self, tokens: Sequence[Token], at: int, context: str) -> tuple[str, int]:
        end = matching(tokens, at)
        inside = tokens[at + 1 : end]
        if tokens[at].text == "{":
            return self._object(inside, context), end + 1
        if tokens[at].text == "[":
            return self._tuple(inside, context), end + 1
        if end + 1 < len(tokens) and tokens[end + 1].text == "=>":  # a function
            return "Any", self.read(tokens, end + 2, context)[1]
        return self.read(inside, 0, context)[0], end + 1

    def _named(self, tokens: Sequence[Token], at: int, context: str) -> tuple[str, int]:
        name, after = tokens[at].text, at + 1
        while after + 1 < len(tokens) and tokens[after].text == "." and tokens[after + 1].kind == "name":
            name, after = tokens[after + 1].text, after + 2
        arguments: list[str] = []
        if after < len(tokens) and tokens[after].text == "<":
            end = matching(tokens, after)
            arguments, after = self.read_all(tokens[after + 1 : end], context), end + 1
        if name in _WORDS:
            return _WORDS[name], after
        first = arguments[0] if arguments else "Any"
        if name in _LISTS:
            return f"list[{first}]", after
        if name in _DICTS:
            return f"dict[str, {arguments[1] if len(arguments) > 1 else 'Any'}]", after
        if name in _WRAPPERS:
            return first, after
        if name == "Channel":
            return f"Channel[{first}]", after
        return self.declared(name), after

    def read_all(self, tokens: Sequence[Token], context: str) -> list[str]:
        """Return the annotations of types that commas separate."""
        found, at = [], 0
        while at < len(tokens):
            one, at = self.read(tokens, at, context)
            found.append(one)
            at += 1
        return found

    def declared(self, name: str) -> str:
        """Return the annotation for a type that the front end declares; `Any` for one that it does not."""
        if name not in self._declared:
            return "Any"
        own = self._free(name)
        if own in self.texts:
            return own
        tokens, at = self._declared[name]
        if tokens[at].text == "interface":
            return self._interface(own, tokens, at + 2)
        if tokens[at].text == "enum":
            return self._enum(own, tokens, at + 2)
        at += 2
        if tokens[at].text == "<":
            at = matching(tokens, at) + 1
        if name in self._open or at >= len(tokens) or tokens[at].text != "=":
            return "Any"  # a type that contains itself, or a word that only looks like a declaration
        self._open.add(name)
        found = self.read(tokens, at + 1, own)[0]
        self._open.discard(name)
        return found

    def fields(self, annotation: str) -> Mapping[str, str]:
        """Return the keys of a class and their annotations; none for any other annotation."""
        return self._fields.get(annotation.removesuffix(" | None"), {})

    def union(self, members: Iterable[str]) -> str:
        """Return the union of annotations; `Any` where a decoder could not tell its members apart."""
        found = list(dict.fromkeys(part for member in members for part in _parts(member)))
        if "Any" in found or not found:
            return "Any"
        literals = [part for part in found if part.startswith("Literal[")]
        if len(literals) > 1:
            merged = f"Literal[{', '.join(part[8:-1] for part in literals)}]"
            found = [merged if part == literals[0] else part for part in found if part not in literals[1:]]
        if "str" in found or ("int" in found and any(part[8:9].isdigit() for part in found)):
            found = [part for part in found if not part.startswith("Literal[")]
        # After msgspec's rule: one form of an object, of an array and of a text.
        forms = [_form_of(part, self._fields) for part in found if part != "None"]
        if any(forms.count(form) > 1 for form in ("object", "array", "text")):
            return "Any"
        if "None" in found:
            found = [*(part for part in found if part != "None"), "None"]
        return " | ".join(found)

    def _free(self, name: str) -> str:
        return f"{name}_" if is_taken(name) else name.replace("$", "_")

    def _interface(self, name: str, tokens: Sequence[Token], at: int) -> str:
        bases = []
        if tokens[at].text == "<":
            at = matching(tokens, at) + 1
        while at < len(tokens) and tokens[at].text != "{":
            if tokens[at].text == "<":
                at = matching(tokens, at)
            elif tokens[at].kind == "name" and tokens[at].text != "extends":
                bases.append(tokens[at].text)
            at += 1
        if at >= len(tokens):
            return "Any"
        self.texts[name] = ""  # its fields may be of this type again
        inherited = {key: one for base in bases for key, one in self.fields(self.declared(base)).items()}
        own = self._members(tokens[at + 1 : matching(tokens, at)], name)
        return self.add(name, {**inherited, **own})

    def _object(self, tokens: Sequence[Token], context: str) -> str:
        if not tokens:
            return "dict[str, Any]"
        if tokens[0].text == "[":  # an index signature
            after = matching(tokens, 0) + 1
            return f"dict[str, {self.read(tokens, after + 1, context)[0]}]"
        name, number = self._free(context), 2
        while name in self.texts:
            name, number = f"{context}{number}", number + 1
        self.texts[name] = ""
        return self.add(name, self._members(tokens, name))

    def _members(self, tokens: Sequence[Token], context: str) -> dict[str, str]:
        members, at = {}, 0
        while at < len(tokens):
            if tokens[at].text == "[":  # an index signature
                at = self.read(tokens, matching(tokens, at) + 2, context)[1]
                continue
            if tokens[at].text in (",", ";", "readonly") or tokens[at].kind not in ("name", "string"):
                at += 1
                continue
            key, at = tokens[at].text, at + 1
            optional = at < len(tokens) and tokens[at].text == "?"
            at += optional
            if at < len(tokens) and tokens[at].text == ":":
                kind, at = self.read(tokens, at + 1, context + key[:1].upper() + key[1:])
                members[key] = self.union([kind, "None"]) if optional and kind != "Any" else kind
            elif at < len(tokens) and tokens[at].text == "(":  # a method
                at = matching(tokens, at) + 1
        return members

    def add(self, name: str, members: Mapping[str, str]) -> str:
        """Write a class with these keys and annotations, and return its name."""
        self._fields[name] = members
        renamed = any(snake_case(key) != key for key in members)
        rows = []
        for key, annotation in members.items():
            own = re.sub(r"\W", "_", snake_case(key))
            # A field that is called `list` would hide the type of that name from the fields below it.
            own = f"{own}_" if keyword.iskeyword(own) or own in _BUILTINS or not own else own
            own = f"_{own}" if own[:1].isdigit() else own
            is_same = (to_camel_case(own) if renamed else own) == key
            default = "None" if annotation.endswith("None") else ""
            if not is_same:
                default = f"msgspec.field(name={json.dumps(key)}{', default=None' if default else ''})"
            rows.append(f"    {own}: {annotation}{' = ' + default if default else ''}\n")
        options = 'rename="camel", kw_only=True' if renamed else "kw_only=True"
        self.texts[name] = f"class {name}(msgspec.Struct, {options}, omit_defaults=True):\n" + (
            "".join(rows) or "    pass\n"
        )
        return name

    def _tuple(self, tokens: Sequence[Token], context: str) -> str:
        if any(token.text in ("...", "?", ":") and token.parent == tokens[0].parent for token in tokens):
            return "list[Any]"
        return f"tuple[{', '.join(self.read_all(tokens, context))}]" if tokens else "list[Any]"

    def _enum(self, name: str, tokens: Sequence[Token], at: int) -> str:
        if tokens[at].text != "{":
            return "Any"
        members, number = [], 0
        inside = tokens[at + 1 : matching(tokens, at)]
        for index, token in enumerate(inside):
            if token.kind != "name" or (index and inside[index - 1].text != ","):
                continue
            value = inside[index + 2] if index + 2 < len(inside) and inside[index + 1].text == "=" else None
            if value is not None and value.kind == "string":
                members.append(f"    {token.text} = {json.dumps(value.text, ensure_ascii=False)}\n")
                continue
            number = int(value.text) if value is not None and value.text.isdecimal() else number
            members.append(f"    {token.text} = {number}\n")
            number += 1
        self.texts[name] = f"class {name}(enum.Enum):\n" + "".join(members)
        return name if members else "Any"


def _literal(token: Token) -> str:
    if token.kind == "string":
        return f"Literal[{json.dumps(token.text, ensure_ascii=False)}]"
    if token.kind == "number":
        return f"Literal[{token.text}]" if token.text.isdecimal() else "int | float"
    return "str" if token.kind == "template" else "Any"


def _parts(annotation: str) -> list[str]:
    """Return the members of a union that is written with `|`, as far as they are not inside brackets."""
    parts, depth, begin, quoted = [], 0, 0, False
    for at, letter in enumerate(annotation):
        quoted ^= letter == '"' and annotation[at - 1 : at] != "\\"
        if not quoted:
            depth += (letter == "[") - (letter == "]")
            if letter == "|" and not depth:
                parts.append(annotation[begin:at].strip())
                begin = at + 1
    return [*parts, annotation[begin:].strip()]


def _form_of(part: str, classes: Mapping[str, object]) -> str:
    if part.startswith("dict[") or part in classes:
        return "object"
    if part.startswith(("list[", "tuple[")):
        return "array"
    if part in ("int", "float", "bool"):
        return part
    return "number" if part[8:9].isdigit() else "text"  # enums too: their members may be texts
