"""The fields of classes that are objects on the wire: their keys, types, and which can be left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, NamedTuple, NotRequired, get_origin, get_type_hints, is_typeddict

import msgspec

__all__ = ["Field", "fields_of_object"]


class Field(NamedTuple):
    """A field of an object.

    Attributes:
        key: Its key on the wire.
        annotation: Its type.
        required_in: Whether the page must send it.
        required_out: Whether it is always there in what the page gets.
        deprecated: Why it is not to be used any more; `None` if it is.
    """

    key: str
    annotation: Any
    required_in: bool
    required_out: bool = True
    deprecated: str | None = None


def fields_of_object(kind: Any) -> list[Field] | None:
    """Return the fields of a class whose values are objects on the wire; `None` for any other type."""
    origin = get_origin(kind) or kind
    if not isinstance(origin, type):
        return None
    if issubclass(origin, msgspec.Struct):
        return None if origin.__struct_config__.array_like else list(_of_struct(kind, origin))
    if hasattr(origin, "__pydantic_fields__") and hasattr(origin, "model_validate"):
        return list(_of_model(origin))
    if is_typeddict(origin):
        return list(_of_typed_dict(origin))
    if dataclasses.is_dataclass(origin):
        hints = get_type_hints(origin, include_extras=True)
        return [
            Field(
                field.name,
                hints[field.name],
                field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
            )
            for field in dataclasses.fields(origin)
        ]
    attributes = getattr(origin, "__attrs_attrs__", None)
    if attributes is None:
        return None
    hints = get_type_hints(origin, include_extras=True)
    return [Field(one.name, hints.get(one.name, Any), repr(one.default) == "NOTHING") for one in attributes]


def _of_struct(kind: Any, origin: type[msgspec.Struct]) -> Iterator[Field]:
    config = origin.__struct_config__
    if config.tag_field is not None:
        yield Field(config.tag_field, _Literal(config.tag), True)
    for field in msgspec.structs.fields(kind):
        omitted = config.omit_defaults and not field.required
        may_be_unset = msgspec.UnsetType in getattr(field.type, "__args__", ())
        yield Field(field.encode_name, field.type, field.required, not (omitted or may_be_unset))


def _of_typed_dict(kind: Any) -> Iterator[Field]:
    for name, annotation in get_type_hints(kind, include_extras=True).items():
        required = name in kind.__required_keys__ and get_origin(annotation) is not NotRequired
        yield Field(name, annotation, required, required)


def _of_model(model: Any) -> Iterator[Field]:
    for name, field in model.__pydantic_fields__.items():
        # The page gets the aliases, and the form that it gets is accepted from it too.
        key = field.serialization_alias or field.alias or name
        message = "" if field.deprecated is True else field.deprecation_message
        yield Field(key, field.annotation, field.is_required(), deprecated=message)


class _Literal(NamedTuple):
    """The one value of a tag."""

    value: str | int | None
