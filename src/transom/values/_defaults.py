"""Fields of dataclasses that a page leaves out."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any, get_origin

import msgspec

from ._annotation import parts_of

__all__ = ["complete", "needs_completion"]

_PLAIN = (str, int, float, bool, bytes, type(None))


def needs_completion(annotation: Any) -> bool:
    """Tell whether values of an annotation may hold dataclasses that `complete` has to see."""
    kinds = (get_origin(part) or part for part in parts_of(annotation))
    return any(isinstance(kind, type) and _defaults_of(kind) for kind in kinds)


def complete(value: Any) -> None:
    """Give decoded dataclasses, wherever they are in a value, the attributes that have their default.

    msgspec leaves such a default to the class, and then does not send the field when the object goes to a page.
    """
    left = [value]  # no recursion: a page decides how deep a value is
    seen: set[int] = set()  # `__post_init__` may make an object part of itself
    while left:
        one = left.pop()
        kind: Any = type(one)
        if kind in _PLAIN:
            continue
        if id(one) in seen:
            continue
        seen.add(id(one))
        if kind in (list, tuple, set, frozenset):
            left += one
        elif kind is dict:
            left += one.values()
        elif issubclass(kind, msgspec.Struct):
            left += [getattr(one, name) for name in kind.__struct_fields__]
        elif hasattr(kind, "__dataclass_fields__") and hasattr(one, "__dict__"):
            for name, default in _defaults_of(kind):
                one.__dict__.setdefault(name, default)  # not `setattr`: it may be frozen
            left += [one.__dict__[name] for name in kind.__dataclass_fields__ if name in one.__dict__]
        elif hasattr(kind, "__attrs_attrs__"):
            left += [getattr(one, field.name) for field in kind.__attrs_attrs__]


@lru_cache(maxsize=1024)
def _defaults_of(kind: type) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a dataclass with a default that its class has as an attribute too; none for another class."""
    if not dataclasses.is_dataclass(kind) or "__slots__" in vars(kind):
        return ()
    return tuple(
        (field.name, field.default)
        for field in dataclasses.fields(kind)
        if field.default is not dataclasses.MISSING and field.name in dir(kind)
    )
