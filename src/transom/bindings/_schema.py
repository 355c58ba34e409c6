"""The commands as JSON Schema, for other languages and for tools that read it."""

from __future__ import annotations

import collections.abc
import datetime as dt
import decimal
import enum
import inspect
import json
import pathlib
import types
import uuid
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from ..commands import CommandSpec, ParameterSpec
from ..errors import CommandError, ConfigError
from ..events import TypedEvent
from ..names import to_camel_case
from ..values import Response, TaggedUnion, allows_none, bare, channel_of
from ._fields import Field, _Literal, fields_of_object
from ._generics import generic_of, parameters_of, with_arguments
from ._types import Direction

__all__ = ["schema_of"]

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BYTES: Schema = {"contentMediaType": "application/octet-stream", "description": "an ArrayBuffer or a typed array"}
_TEXT: Schema = {"type": "string"}
# Type -> its schema, the same in both directions. Add here what has no parts.
_SCALARS: Mapping[Any, Schema] = {
    None: {"type": "null"},
    types.NoneType: {"type": "null"},
    bool: {"type": "boolean"},
    str: _TEXT,
    int: {"type": "integer"},
    float: {"type": "number"},
    dt.datetime: {"type": "string", "format": "date-time"},
    dt.date: {"type": "string", "format": "date"},
    dt.time: {"type": "string", "format": "time"},
    dt.timedelta: {"type": "string", "format": "duration"},
    uuid.UUID: {"type": "string", "format": "uuid"},
    bytes: _BYTES,
    bytearray: _BYTES,
    memoryview: _BYTES,
    Any: {},
    object: {},
    Response: {},
}
_LISTS = (list, set, frozenset, collections.abc.Sequence, collections.abc.Collection, collections.abc.Set)
_DICTS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
# Limits of `msgspec.Meta` -> keywords.
_LIMITS = {
    "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum", "multiple_of": "multipleOf",
    "pattern": "pattern", "description": "description", "title": "title",
}  # fmt: skip


def schema_of(specs: Iterable[CommandSpec], events: Iterable[TypedEvent[Any]] = ()) -> str:
    """Return a JSON document with the schemas of commands and events: `{$schema, $defs, commands, events}`.

    Each command has `args` and `result`, and may have `raises`, `description` and `deprecated`; `stream` says that its
    result is one of several values. A channel is an argument with `channel`, the schema of its messages. Bytes are in no
    JSON: their schema has `contentMediaType`. The text depends on the commands and events only, and they are sorted.

    Args:
        specs: The commands.
        events: The declared events.

    Raises:
        ConfigError: A type in a signature or of a payload has no schema; the text names command, parameter and type.
    """
    schemas = _Schemas()
    commands = {spec.name: _command(spec, schemas) for spec in sorted(specs, key=lambda spec: spec.name)}
    declared = {event.name: _event(event, schemas) for event in sorted(events, key=lambda event: event.name)}
    document = {
        "$schema": _DIALECT,
        "$defs": dict(sorted(schemas.definitions.items())),
        "commands": commands,
        "events": declared,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _command(spec: CommandSpec, schemas: _Schemas) -> Schema:
    arguments = [one for one in spec.parameters if one.from_page]
    found: Schema = {"description": spec.doc} if spec.doc else {}
    if spec.deprecated is not None:
        found["deprecated"] = True
    found["args"] = {
        "type": "object",
        "properties": {one.key: _argument(spec, one, schemas) for one in arguments},
        "required": [one.key for one in arguments if not one.optional],
    }
    has_channel = any(one.kind == "channel" for one in arguments)
    result = spec.result
    if spec.is_stream:
        result = None if has_channel else next(iter(get_args(result)), Any)
        found["stream"] = not has_channel
    if result is not msgspec.UNSET:
        found["result"] = _written(schemas, result, "out", f"command {spec.name}, its result")
    else:
        found["result"] = {}
    if spec.raises:
        found["raises"] = [_error(error, schemas) for error in spec.raises]
    return found


def _argument(spec: CommandSpec, parameter: ParameterSpec, schemas: _Schemas) -> Schema:
    place = f"command {spec.name}, parameter `{parameter.name}`"
    if parameter.kind != "channel":
        return _written(schemas, parameter.annotation, "in", place)
    item = next(iter(get_args(channel_of(parameter.annotation))), Any)
    optional = {"type": ["string", "null"]} if allows_none(parameter.annotation) else _TEXT
    return {**optional, "pattern": "^__CHANNEL__:[0-9]+$", "channel": _written(schemas, item, "out", place)}


def _event(event: TypedEvent[Any], schemas: _Schemas) -> Schema:
    described = {"description": event.doc} if event.doc else {}
    return {**described, "payload": _written(schemas, event.payload, "out", f"event {event.name}, its payload")}


def _error(error: type[CommandError], schemas: _Schemas) -> Schema:
    if not error._fields:
        return {"title": error.__name__}
    hints = get_type_hints(error)
    fields = {
        to_camel_case(name): _written(schemas, hints[name], "out", f"error {error.__name__}") for name in error._fields
    }
    properties = {"kind": {"const": error.kind}, **fields}
    return {"title": error.__name__, "type": "object", "properties": properties, "required": list(properties)}


def _written(schemas: _Schemas, annotation: Any, direction: Direction, place: str) -> Schema:
    try:
        return schemas.write(annotation, direction)
    except ConfigError as error:
        raise ConfigError(f"{place}: {error}") from None


class _Schemas:
    """Writes schemas, and collects the definitions of those that have a name.

    Attributes:
        definitions: Name -> schema. What the page sends has `Input` behind its name.
    """

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}
        self._classes: dict[str, Any] = {}

    def write(self, annotation: Any, direction: Direction) -> Schema:
        """Return the schema of an annotation.

        Raises:
            ConfigError: Nothing is known of it; the text names it.
        """
        if isinstance(annotation, _Literal):
            return {"const": annotation.value}
        if get_origin(annotation) is Annotated:
            limits = [one for one in annotation.__metadata__ if isinstance(one, msgspec.Meta)]
            return self._limited(self.write(annotation.__origin__, direction), limits)
        kind = bare(annotation)
        if isinstance(kind, TypeVar):
            return self.write(kind.__bound__ or Any, direction)
        if kind is decimal.Decimal:
            return {"type": ["string", "number"] if direction == "in" else "string", "format": "decimal"}
        scalar = _SCALARS.get(kind) if isinstance(kind, collections.abc.Hashable) else None
        if scalar is not None:
            return dict(scalar)
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            members = [self.write(one, direction) for one in arguments if one is not msgspec.UnsetType]
            return members[0] if len(members) == 1 else {"anyOf": members}
        if origin is Literal:
            return {"enum": list(arguments)}
        return self._write_class(kind, origin or kind, arguments, direction)

    def _limited(self, schema: Schema, limits: Iterable[msgspec.Meta]) -> Schema:
        for meta in limits:
            found = {key: getattr(meta, name) for name, key in _LIMITS.items() if getattr(meta, name) is not None}
            what = {"string": "Length", "array": "Items", "object": "Properties"}.get(str(schema.get("type")))
            lengths = {"min": meta.min_length, "max": meta.max_length}
            found |= {f"{name}{what}": value for name, value in lengths.items() if what and value is not None}
            schema = {**schema, **found}
        return schema

    def _write_class(self, kind: Any, origin: Any, arguments: tuple[Any, ...], direction: Direction) -> Schema:
        if not isinstance(origin, type):
            raise ConfigError(f"no JSON Schema is known for {kind!r}")
        if issubclass(origin, tuple):
            return self._write_tuple(origin, arguments, direction)
        if origin in _LISTS or issubclass(origin, list | set | frozenset):
            return {"type": "array", "items": self.write(arguments[0] if arguments else Any, direction)}
        generic, given = generic_of(kind)
        if origin in _DICTS or (issubclass(origin, dict) and fields_of_object(generic) is None):
            values = arguments[1] if len(arguments) == 2 else Any
            return {"type": "object", "additionalProperties": self.write(values, direction)}
        if issubclass(origin, enum.Enum):
            return self._defined(origin, "", lambda: {"enum": [member.value for member in origin]})
        if issubclass(origin, TaggedUnion):
            return self._defined(origin, direction, lambda: self._tagged(origin, direction))
        fields = fields_of_object(generic)
        if fields is None:
            return _other(kind, origin)
        types_given = dict(zip(parameters_of(generic), given, strict=True))
        own = [field._replace(annotation=with_arguments(field.annotation, types_given)) for field in fields]
        return self._defined(kind, direction, lambda: self._object(own, direction, generic))

    def _write_tuple(self, origin: type, arguments: tuple[Any, ...], direction: Direction) -> Schema:
        names = getattr(origin, "_fields", None)
        if names is not None:
            hints = get_type_hints(origin, include_extras=True)
            given = dict(zip(parameters_of(origin), arguments, strict=False))
            arguments = tuple(with_arguments(hints.get(name, Any), given) for name in names)
        elif not arguments:
            return {"type": "array"}
        elif len(arguments) == 2 and arguments[1] is Ellipsis:
            return {"type": "array", "items": self.write(arguments[0], direction)}
        items = [self.write(one, direction) for one in arguments if one != ()]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}

    def _object(self, fields: list[Field], direction: Direction, kind: Any) -> Schema:
        properties = {}
        for field in fields:
            written = self.write(field.annotation, direction)
            properties[field.key] = written if field.deprecated is None else {**written, "deprecated": True}
        required = [one.key for one in fields if (one.required_in if direction == "in" else one.required_out)]
        found: Schema = {"type": "object", "properties": properties, "required": required}
        # Of dataclasses and the like, Python writes the signature where there is no docstring.
        doc = inspect.cleandoc(vars(kind).get("__doc__") or "")
        if doc and not doc.startswith(f"{kind.__name__}("):
            found["description"] = doc
        if "__deprecated__" in vars(kind):
            found["deprecated"] = True
        return found

    def _tagged(self, union: Any, direction: Direction) -> Schema:
        form, members = union.__tagged_form__, []
        for tag, variant in form.variants.items():
            if issubclass(variant, union):
                fields = fields_of_object(variant.__tagged_type__) or []
                inside = self._object(fields, direction, variant)
                members.append(_composed(form.compose(tag, {"": ""}, is_unit=not fields), inside))
        return {"anyOf": members}

    def _defined(
        self, kind: Any, direction: Direction | Literal[""], write: collections.abc.Callable[[], Schema]
    ) -> Schema:
        name = self._name(kind) + ("Input" if direction == "in" else "")
        if name not in self.definitions:
            self.definitions[name] = {}  # before its fields, which may be of this type again
            self.definitions[name] = write()
        return {"$ref": f"#/$defs/{name}"}

    def _name(self, kind: Any) -> str:
        generic, arguments = generic_of(kind)
        base = "_".join([generic.__name__, *(getattr(bare(one), "__name__", "value") for one in arguments)])
        name, number = base, 2
        while self._classes.setdefault(name, kind) is not kind and self._classes[name] != kind:
            name, number = f"{base}{number}", number + 1
        return name


def _other(kind: Any, origin: type) -> Schema:
    if issubclass(origin, pathlib.PurePath):
        return dict(_TEXT)
    if origin.__module__.partition(".")[0] in ("numpy", "pyarrow"):
        return dict(_BYTES)
    for base, schema in _SCALARS.items():
        if isinstance(base, type) and base is not object and issubclass(origin, base):
            return dict(schema)
    raise ConfigError(f"no JSON Schema is known for {kind!r}")


def _composed(value: Any, inside: Schema) -> Schema:
    """Return the schema of a variant from its plain form, in which an object with the key "" stands for the fields."""
    if isinstance(value, str):
        return {"const": value}
    properties: Schema = {}
    for key, item in value.items():
        if key == "":
            properties |= inside["properties"]
        else:
            properties[key] = inside if item == {"": ""} else {"const": item}
    optional = set() if "" not in value else inside["properties"].keys() - set(inside["required"])
    return {"type": "object", "properties": properties, "required": [key for key in properties if key not in optional]}
