"""Generic classes: their parameters, and what stands for these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin

__all__ = ["generic_of", "parameters_of", "with_arguments"]


def generic_of(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return the class of a type, and what stands for its parameters; `Any` for each if the type does not say it."""
    metadata = vars(kind).get("__pydantic_generic_metadata__") if isinstance(kind, type) else None
    origin = metadata["origin"] if metadata and metadata["origin"] else get_origin(kind) or kind
    parameters = parameters_of(origin)
    arguments = metadata["args"] if metadata and metadata["origin"] else get_args(kind)
    if len(arguments) != len(parameters):
        arguments = tuple(one.__bound__ or Any for one in parameters)
    return origin, arguments


def parameters_of(kind: Any) -> tuple[Any, ...]:
    """Return the type variables of a generic class; none for another class, and none if it has parameters of other kinds."""
    metadata = vars(kind).get("__pydantic_generic_metadata__") if isinstance(kind, type) else None
    found = metadata["parameters"] if metadata else getattr(kind, "__parameters__", ())
    return tuple(found) if all(isinstance(one, TypeVar) for one in found) else ()


def with_arguments(annotation: Any, arguments: Mapping[Any, Any]) -> Any:
    """Return an annotation with other types for its type variables."""
    if isinstance(annotation, TypeVar):
        return arguments.get(annotation, annotation)
    parameters = getattr(annotation, "__parameters__", ())
    if not parameters or isinstance(annotation, type):
        return annotation
    return annotation[tuple(arguments.get(one, one) for one in parameters)]
