"""The TypeScript type of an annotation, as `docs/values.md` says what crosses the wire."""

from __future__ import annotations

import collections.abc
import datetime as dt
import decimal
import enum
import json
import pathlib
import re
import types
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from ..errors import ConfigError
from ..values import Response, TaggedUnion, bare
from ._fields import Field, _Literal, fields_of_object
from ._generics import generic_of, parameters_of, with_arguments

__all__ = ["Direction", "Types"]

Direction = Literal["in", "out"]
"""Whether the page sends the value, or gets it."""

_BYTES_IN = "ArrayBuffer | ArrayBufferView | number[]"
# Type -> TypeScript, from the page and to it. Add here what is one word in TypeScript.
_SCALARS: Mapping[Any, tuple[str, str]] = {
    None: ("null", "null"),
    types.NoneType: ("null", "null"),
    bool: ("boolean", "boolean"),
    str: ("string", "string"),
    int: ("number", "number"),
    float: ("number", "number"),
    decimal.Decimal: ("string | number", "string"),
    dt.datetime: ("string | Date", "string"),
    dt.date: ("string", "string"),
    dt.time: ("string", "string"),
    dt.timedelta: ("string", "string"),
    uuid.UUID: ("string", "string"),
    bytes: (_BYTES_IN, "ArrayBuffer"),
    bytearray: (_BYTES_IN, "ArrayBuffer"),
    memoryview: (_BYTES_IN, "ArrayBuffer | ArrayBufferView"),
    Any: ("unknown", "unknown"),
    object: ("unknown", "unknown"),
    msgspec.UnsetType: ("undefined", "undefined"),
    Response: ("unknown", "unknown"),
}
_LISTS = (list, set, frozenset, collections.abc.Sequence, collections.abc.Collection, collections.abc.Set)
_DICTS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_ARRAYS = {
    "int8": "Int8Array",
    "int16": "Int16Array",
    "int32": "Int32Array",
    "int64": "BigInt64Array",
    "uint8": "Uint8Array",
    "uint16": "Uint16Array",
    "uint32": "Uint32Array",
    "uint64": "BigUint64Array",
    "float32": "Float32Array",
    "float64": "Float64Array",
    "bool": "Uint8Array",
    "bool_": "Uint8Array",
}
# What a module uses: a class of such a name gets a number behind it.
_TAKEN = (
    "Array ArrayBuffer ArrayBufferView AsyncGenerator Channel Date Error EventCallback EventOptions EventTarget Promise "
    "Record UnlistenFn"
).split() + list(_ARRAYS.values())


class Types:
    """Writes types, and collects the declarations of those that have a name.

    Args:
        taken: More names that no declaration can have.

    Attributes:
        declarations: Name -> its declaration in TypeScript.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.declarations: dict[str, str] = {}
        self._named: dict[tuple[Any, Direction], str] = {}
        self._classes: dict[str, Any] = dict.fromkeys((*_TAKEN, *taken))
        self._parameters: tuple[Any, ...] = ()  # of the generic class that is being declared

    def write(self, annotation: Any, direction: Direction) -> str:
        """Return the type of an annotation.

        Raises:
            ConfigError: Nothing is known of it; the text names it.
        """
        if isinstance(annotation, _Literal):
            return json.dumps(annotation.value)
        kind = bare(annotation)
        if isinstance(kind, TypeVar):
            return kind.__name__ if kind in self._parameters else self.write(kind.__bound__ or Any, direction)
        scalar = _SCALARS.get(kind) if isinstance(kind, collections.abc.Hashable) else None
        if scalar is not None:
            return scalar[direction == "out"]
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return _union(self.write(member, direction) for member in arguments)
        if origin is Literal:
            return _union(json.dumps(value) for value in arguments)
        return self._write_class(kind, origin or kind, arguments, direction)

    def _write_class(self, kind: Any, origin: Any, arguments: tuple[Any, ...], direction: Direction) -> str:
        if not isinstance(origin, type):
            raise ConfigError(f"no TypeScript is known for {kind!r}")
        if kind == tuple[()]:
            return "[]"
        if issubclass(origin, tuple):
            return self._write_tuple(origin, arguments, direction)
        if origin in _LISTS or issubclass(origin, list | set | frozenset):
            return _list_of(self.write(arguments[0] if arguments else Any, direction))
        if origin in _DICTS or (issubclass(origin, dict) and fields_of_object(kind) is None):
            return f"Record<string, {self.write(arguments[1] if len(arguments) == 2 else Any, direction)}>"
        return self._write_named(kind, origin, direction) or _write_other(kind, origin, arguments, direction)

    def _write_named(self, kind: Any, origin: type, direction: Direction) -> str | None:
        """Return the name of a type that is declared; `None` if types of this kind are not."""
        if issubclass(origin, enum.Enum):
            members = [json.dumps(member.value) for member in origin]
            return self._name(origin, direction, lambda: _union(members))
        if issubclass(origin, TaggedUnion):
            return self._name(origin, direction, lambda: self._tagged(origin, direction))
        generic, arguments = generic_of(kind)
        fields = fields_of_object(generic)
        if fields is None:
            return None
        name = self._name(generic, direction, lambda: self._object(fields, direction))
        return f"{name}<{', '.join(self.write(one, direction) for one in arguments)}>" if arguments else name

    def _write_tuple(self, origin: type, arguments: tuple[Any, ...], direction: Direction) -> str:
        names = getattr(origin, "_fields", None)
        if names is not None:
            hints = get_type_hints(origin, include_extras=True)
            given = dict(zip(parameters_of(origin), arguments, strict=False))
            kinds = {name: with_arguments(hints.get(name, Any), given) for name in names}
            return f"[{', '.join(f'{name}: {self.write(one, direction)}' for name, one in kinds.items())}]"
        if not arguments:
            return "unknown[]"
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return _list_of(self.write(arguments[0], direction))
        return f"[{', '.join(self.write(argument, direction) for argument in arguments if argument != ())}]"

    def _object(self, fields: list[Field], direction: Direction) -> str:
        if not fields:
            return "Record<string, never>"
        required = {field.key: field.required_in if direction == "in" else field.required_out for field in fields}
        rows = [
            f"{_deprecation(field)}  {_key(field.key)}{'' if required[field.key] else '?'}: "
            f"{self.write(field.annotation, direction)};\n"
            for field in fields
        ]
        return "{\n" + "".join(rows) + "}"

    def _tagged(self, union: Any, direction: Direction) -> str:
        form = union.__tagged_form__
        members = []
        for tag, variant in form.variants.items():
            if not issubclass(variant, union):
                continue
            fields = fields_of_object(variant.__tagged_type__) or []
            inside = "; ".join(
                f"{_key(field.key)}{'' if direction == 'out' or field.required_in else '?'}: "
                f"{self.write(field.annotation, direction)}"
                for field in fields
            )
            composed = form.compose(tag, {"": ""}, is_unit=not fields)
            members.append(_composed(composed, inside))
        return _union(members, separator="\n  | ")

    def reachable(self, texts: Iterable[str]) -> list[str]:
        """Return the declarations that texts use, and those that these use, sorted by name."""
        found: set[str] = set()
        waiting = list(texts)
        while waiting:
            names = set(re.findall(r"\w+", waiting.pop())) & self.declarations.keys() - found
            found |= names
            waiting += [self.declarations[name] for name in names]
        return [self.declarations[name] for name in sorted(found)]

    def _name(self, kind: Any, direction: Direction, declare: Callable[[], str]) -> str:
        """Return the name of a type that is declared. What the page sends has `Input` behind it if its form differs.

        The name does not depend on which other commands there are, so the module stays the same when one is added.
        """
        if (kind, direction) in self._named:
            return self._named[kind, direction]
        name, parameters = self._free_name(kind), parameters_of(kind)
        if direction == "out":
            self._named[kind, "out"] = name  # before its fields, which may be of this type again
            self.declarations[name] = self._declared(name, kind, declare)
            return name
        self.write(kind, "out")
        own = self._named[kind, "in"] = f"{name}Input"
        declared = self._declared(own, kind, declare)
        if re.sub(rf"\b{own}\b", name, declared) == self.declarations[name]:
            # Kept for types that were written meanwhile and name it.
            declared = _declaration(own, parameters, _generic(name, parameters))
            self._named[kind, "in"] = name
        self.declarations[own] = declared
        return self._named[kind, "in"]

    def _declared(self, name: str, kind: Any, declare: Callable[[], str]) -> str:
        parameters, before = parameters_of(kind), self._parameters
        self._parameters = parameters
        try:
            text = _declaration(name, parameters, declare())
        finally:
            self._parameters = before
        why = vars(kind).get("__deprecated__")
        return f"/** @deprecated {_line(why)} */\n{text}" if isinstance(why, str) else text

    def _free_name(self, kind: Any) -> str:
        base: str = kind.__name__
        name, number = base, 2
        while self._classes.setdefault(name, kind) is not kind and self._classes[name] != kind:
            name, number = f"{base}{number}", number + 1
        return name


def _write_other(kind: Any, origin: type, arguments: tuple[Any, ...], direction: Direction) -> str:
    """Return the type of a class without fields.

    Raises:
        ConfigError: Nothing is known of it.
    """
    if issubclass(origin, pathlib.PurePath):
        return "string"
    library = origin.__module__.partition(".")[0]
    if (library, origin.__name__) == ("numpy", "ndarray"):
        [*_, dtype] = arguments or (None,)
        scalar = next(iter(get_args(dtype)), None)
        return _ARRAYS.get(getattr(scalar, "__name__", ""), "ArrayBufferView")
    if library == "pyarrow":
        return _BYTES_IN if direction == "in" else "ArrayBuffer"
    for base, text in _SCALARS.items():
        if isinstance(base, type) and base is not object and issubclass(origin, base):
            return text[direction == "out"]
    raise ConfigError(f"no TypeScript is known for {kind!r}")


def _list_of(item: str) -> str:
    return f"Array<{item}>" if " " in item else f"{item}[]"


def _declaration(name: str, parameters: tuple[Any, ...], text: str) -> str:
    head = _generic(name, parameters)
    return f"export interface {head} {text}\n" if text.startswith("{\n") else f"export type {head} = {text};\n"


def _generic(name: str, parameters: tuple[Any, ...]) -> str:
    return f"{name}<{', '.join(one.__name__ for one in parameters)}>" if parameters else name


def _deprecation(field: Field) -> str:
    return "" if field.deprecated is None else f"  /** @deprecated {_line(field.deprecated)}".rstrip() + " */\n"


def _line(text: str) -> str:
    return " ".join(text.split()).replace("*/", "* /")


def _union(members: Any, separator: str = " | ") -> str:
    return separator.join(dict.fromkeys(members)) or "never"


def _key(key: str) -> str:
    return key if key.isidentifier() else json.dumps(key)


def _composed(value: Any, inside: str) -> str:
    """Write the plain form of a variant, in which an object with the key "" stands for the fields."""
    if isinstance(value, str):
        return json.dumps(value)
    parts = []
    for key, item in value.items():
        if key == "":
            parts.append(inside)
        elif item == {"": ""}:
            parts.append(f"{_key(key)}: {{ {inside} }}")
        else:
            parts.append(f"{_key(key)}: {json.dumps(item)}")
    return "{ " + "; ".join(parts) + " }"
