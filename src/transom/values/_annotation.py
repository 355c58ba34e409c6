"""Inspects annotations: the types inside them, and the fields of the classes among those types."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NewType,
    NotRequired,
    Required,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import msgspec

from .tagged import TaggedUnion, types_in_tagged

__all__ = ["bare", "fields_of", "parts_of", "types_inside"]

_QUALIFIERS = (Required, NotRequired, Final)


def bare(annotation: Any) -> Any:
    """Return an annotation without what is only said about it: `Annotated`, the names of aliases, qualifiers."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = annotation.__origin__
        elif isinstance(annotation, NewType):
            annotation = annotation.__supertype__
        elif type(annotation).__name__ == "TypeAliasType":  # `type X = ...` of Python 3.12 and of typing_extensions
            annotation = annotation.__value__
        elif get_origin(annotation) in _QUALIFIERS:
            [annotation] = get_args(annotation)
        else:
            return annotation


def fields_of(annotation: Any) -> dict[str | int, Any] | None:
    """Return the annotations of a class's fields by their keys on the wire; `None` for what is no class with fields.

    A field with several keys, as pydantic has them, is there several times.

    Raises:
        NameError: An annotation names what only a type checker knows.
    """
    kind = get_origin(annotation) or annotation
    if not isinstance(kind, type):
        return None
    if issubclass(kind, msgspec.Struct):
        fields = msgspec.structs.fields(annotation)
        if kind.__struct_config__.array_like:
            return {index: field.type for index, field in enumerate(fields)}
        return {field.encode_name: field.type for field in fields}
    if hasattr(kind, "__pydantic_fields__") and hasattr(kind, "model_validate"):
        return _fields_of_model(kind)
    names = _names_of_fields(kind)
    if names is None:
        return None
    hints = get_type_hints(kind, include_extras=True)
    # A named tuple of `collections` and a class of attrs may have fields without annotations.
    return {name if by_name else index: hints.get(name, Any) for index, (name, by_name) in enumerate(names)}


def _names_of_fields(kind: Any) -> list[tuple[str, bool]] | None:
    """Return the names and whether they are the keys on the wire; a named tuple has indexes there."""
    if is_typeddict(kind):
        return [(name, True) for name in kind.__annotations__]
    if issubclass(kind, tuple):
        names = getattr(kind, "_fields", None)
        return None if names is None else [(name, False) for name in names]
    if dataclasses.is_dataclass(kind):
        return [(field.name, True) for field in dataclasses.fields(kind)]
    attributes = getattr(kind, "__attrs_attrs__", None)
    return None if attributes is None else [(attribute.name, True) for attribute in attributes]


def _fields_of_model(model: Any) -> dict[str | int, Any]:
    found: dict[str | int, Any] = {}
    for name, field in model.__pydantic_fields__.items():
        aliases = (name, field.alias, field.validation_alias)
        found.update((alias, field.annotation) for alias in aliases if isinstance(alias, str))
    for name, computed in model.__pydantic_decorators__.computed_fields.items():
        found[name] = computed.info.return_type
    if model.model_config.get("extra") == "allow":
        found["*"] = Any  # a key that no field has
    return found


def types_inside(annotation: Any) -> list[Any] | None:
    """Return the annotations of a class's fields, `[Any]` where one cannot be resolved; `None` for what has no fields."""
    if isinstance(annotation, type) and issubclass(annotation, TaggedUnion):
        return list(types_in_tagged(annotation))
    try:
        fields = fields_of(annotation)
    except (NameError, TypeError):  # an annotation that only a type checker can resolve
        return [Any]
    return None if fields is None else list(fields.values())


def parts_of(annotation: Any, *, subclasses: bool = False, models: bool = True) -> Iterator[Any]:
    """Yield the types in an annotation: first what it is called, then what is in it; each class once.

    A container is not yielded, only what it holds; a class with fields is, and then theirs. Where an annotation cannot be
    resolved, the part is `Any`.

    Args:
        annotation: Any annotation.
        subclasses: Look into the present subclasses of classes with fields too: a value may be of one of them.
        models: Look into pydantic models.
    """
    yield from _parts_of(annotation, subclasses, models, set())


def _parts_of(annotation: Any, subclasses: bool, models: bool, seen: set[Any]) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield annotation
    annotation = bare(annotation)
    inside = types_inside(annotation)
    if inside is not None and (models or not hasattr(annotation, "__pydantic_fields__")):
        if annotation in seen:  # a type that holds itself
            return
        seen.add(annotation)
        yield annotation
        if subclasses:
            inside += (get_origin(annotation) or annotation).__subclasses__()
    elif get_args(annotation) and not _is_closed(annotation):
        inside = [argument for argument in get_args(annotation) if argument is not ...]
    else:
        yield annotation
        return
    for part in inside:
        yield from _parts_of(part, subclasses, models, seen)


def _is_closed(annotation: Any) -> bool:
    """Tell whether the arguments of a generic type say nothing of what its values hold: literals, arrays, a stranger's type."""
    origin = get_origin(annotation)
    return origin is Literal or (
        isinstance(origin, type)
        and origin.__module__ not in ("builtins", "collections", "collections.abc", "types", "typing")
    )
