"""The types of arguments: which a page can send, and how the ones that msgspec does not know are decoded."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, Union, get_args, get_origin

import msgspec
from msgspec.inspect import CustomType, Field, Type, type_info

from ..errors import RequestError
from ..wire import JavaScriptChannelId
from ._channel import Channel

__all__ = [
    "allows_none",
    "channel_of",
    "check_types",
    "convert",
    "decode_other",
    "decoder_sentence",
    "described",
    "wire_type",
]

_BUFFER_TYPES = (bytes, bytearray, memoryview)


def allows_none(annotation: Any) -> bool:
    return get_origin(annotation) in (Union, types.UnionType) and type(None) in get_args(annotation)


def channel_of(annotation: Any) -> Any:
    """Return the Channel annotation in it, `None` when there is none."""
    for part in (annotation, *(get_args(annotation) if allows_none(annotation) else ())):
        if part is Channel or get_origin(part) is Channel:
            return part
    return None


def wire_type(annotation: Any) -> Any:
    """Return what is decoded for an annotation: a channel arrives as its id."""
    if channel_of(annotation) is not None:
        return JavaScriptChannelId | None if allows_none(annotation) else JavaScriptChannelId
    return annotation


def check_types(struct: type[msgspec.Struct]) -> None:
    """Find a type that no call could ever be decoded into.

    Raises:
        TypeError: There is one; the text names it and what may have been meant.
    """
    for kind in _custom_types(type_info(struct), set()):
        plain = get_origin(kind) or kind
        if plain is Channel:
            raise TypeError(
                "a Channel is a parameter of its own, or `Channel[...] | None`; inside models use JavaScriptChannelId"
            )
        if not (plain is JavaScriptChannelId or issubclass(plain, PurePath) or hasattr(plain, "model_validate")):
            raise TypeError(
                f"nothing is known of {plain.__qualname__}; use JSON types, msgspec, dataclass or pydantic types, "
                f"or State[{plain.__qualname__}] if it is managed state"
            )


def _custom_types(node: Any, seen: set[int]) -> Iterator[Any]:
    """Yield the types in a description by msgspec that it does not know itself."""
    if id(node) in seen:  # a type that holds itself
        return
    seen.add(id(node))
    if isinstance(node, CustomType):
        yield node.cls
    elif isinstance(node, tuple):
        for item in node:
            yield from _custom_types(item, seen)
    elif isinstance(node, Type | Field):
        for name in node.__struct_fields__:
            yield from _custom_types(getattr(node, name), seen)


def decode_other(kind: type, value: Any) -> Any:
    """Return a value of a type that msgspec does not know, from its plain form.

    Raises:
        RequestError: The plain form is wrong for the type.
        NotImplementedError: Nothing is known for this type.
    """
    if kind is JavaScriptChannelId:
        return JavaScriptChannelId.parse(value)
    if issubclass(kind, PurePath):
        if not isinstance(value, str):
            raise RequestError(f"Expected `str` (a path), got {described(value)}")
        return kind(value)
    validate = getattr(kind, "model_validate", None)
    if validate is not None:  # a pydantic model, known by its shape so that pydantic is not imported
        try:
            return validate(value)
        except ValueError as error:
            raise RequestError(str(error)) from None
    raise NotImplementedError(
        f"a {kind!r} cannot be decoded from JSON; use JSON types, msgspec, dataclass or pydantic types"
    )


def described(value: Any) -> str:
    return "bytes" if isinstance(value, memoryview) else "null" if value is None else f"`{type(value).__name__}`"


def decoder_sentence(text: str) -> str:
    """Return the decoder's words with a path as the page knows it: `$.a` is the argument's own `a`."""
    text = re.sub(r" - at `\$`$", "", text)
    return re.sub(r" - at `\$\.?([^`]*)`$", r" at `\1`", text)


def convert(value: Any, annotation: Any) -> Any:
    """Return a plain value, which may hold buffers, as what an argument is annotated with.

    Raises:
        msgspec.ValidationError: The value does not fit.
        RequestError: The same, for a type that msgspec does not know.
    """
    return msgspec.convert(value, wire_type(annotation), builtin_types=_BUFFER_TYPES, dec_hook=decode_other)
