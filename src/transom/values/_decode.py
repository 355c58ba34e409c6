"""The types of arguments: which a page can send, and how the ones that msgspec does not know are decoded."""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import PurePath
from typing import Annotated, Any, ClassVar, Union, cast, get_args, get_origin

import msgspec
from msgspec.inspect import BytesType, CustomType, DictType, Field, Type, type_info

from ..errors import InvalidArgs, RequestError
from ._annotation import bare, parts_of
from ._callback import CallbackFn
from ._channel import Channel
from ._channel_id import JavaScriptChannelId
from ._fit import fit_for, needs_key_fit
from ._foreign import check_foreign, decode_foreign, decode_pydantic, is_foreign, is_pydantic, pydantic_adapter
from ._payload import encode_json
from ._typed_array import BUFFER_TYPES, described
from .tagged import TaggedUnion, make_tagged, split_tagged, types_in_tagged

__all__ = [
    "DECODE_ERRORS",
    "allows_none",
    "channel_of",
    "check_types",
    "convert",
    "convert_argument",
    "decode_as",
    "decode_other",
    "decode_plain",
    "decoder_sentence",
    "invalid_argument",
    "sentence_of",
    "wire_type",
]

# Numbers of callbacks in the page.
_OF_THE_PAGE = (CallbackFn, JavaScriptChannelId)
# What the decoder says -> what is added to it: the rule, and what to send.
_HINTS = {
    "str": "; send an ArrayBuffer or a typed array: a text is not decoded",
    "array": "; send an ArrayBuffer or a typed array: an array must hold whole numbers from 0 to 255",
    "object": "; send an ArrayBuffer or a typed array: a File or Blob has `await file.arrayBuffer()`",
}


def allows_none(annotation: Any) -> bool:
    """Tell whether `None` is among the values of an annotation, so that its argument may be left out."""
    members = _members(annotation)
    return type(None) in members or any(allows_none(member) for member in members)


def _members(annotation: Any) -> tuple[Any, ...]:
    """Return the members of a union; nothing for what is none."""
    annotation = bare(annotation)
    return get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else ()


def channel_of(annotation: Any) -> Any:
    """Return the Channel annotation in it, `None` when there is none."""
    for part in (bare(annotation), *(map(bare, _members(annotation)) if allows_none(annotation) else ())):
        if part is Channel or get_origin(part) is Channel:
            return part
    return None


class _AnyInstance(type):
    """msgspec looks whether a hook's result is of the class that it was asked for: of these everything is."""

    def __instancecheck__(cls, instance: object) -> bool:
        return True


class _Adapted(metaclass=_AnyInstance):
    """Stands in an arguments' struct for an annotation that msgspec alone would decode wrongly; a class for each."""

    annotation: ClassVar[Any]
    by_pydantic: ClassVar[bool]
    convert: ClassVar[Callable[[Any], Any]]


def wire_type(annotation: Any) -> Any:
    """Return what the page's value is decoded into for an annotation: a channel arrives as its id."""
    if channel_of(annotation) is not None:
        return JavaScriptChannelId | None if allows_none(annotation) else JavaScriptChannelId
    try:
        return _adapted(annotation) or annotation
    except TypeError:  # it has something in it that cannot be a key: a list in `Annotated`
        return _adapted.__wrapped__(annotation) or annotation


@lru_cache(maxsize=1024)
def _adapted(annotation: Any) -> type[_Adapted] | None:
    by_pydantic = _needs_pydantic(annotation)
    # msgspec takes a text for bytes and decodes it as base64; it does so wherever they are in a value.
    # In plain values, which are all that there is beside a buffer, it leaves some keys as they are.
    if not (
        by_pydantic
        or any(part is kind for part in parts_of(annotation) for kind in BUFFER_TYPES)
        or needs_key_fit(annotation)
    ):
        return None
    fit = fit_for(annotation, pydantic=by_pydantic, decode_key=_decode_other)

    def convert_by_msgspec(value: Any) -> Any:
        return _convert(fit(value), annotation)

    def convert_by_pydantic(value: Any) -> Any:
        return decode_pydantic(annotation, fit(value))

    convert = convert_by_pydantic if by_pydantic else convert_by_msgspec
    namespace = {"annotation": annotation, "by_pydantic": by_pydantic, "convert": staticmethod(convert)}
    return cast("type[_Adapted]", _AnyInstance("_Adapted", (_Adapted,), namespace))


def _needs_pydantic(annotation: Any) -> bool:
    """Tell whether msgspec would pass over what pydantic checks: constraints, dataclasses, which of several models is meant."""
    if bare(annotation) is not annotation and is_pydantic(annotation):
        return True
    kind = bare(annotation)
    members = [member for member in _members(kind) if member is not type(None)]
    if len(members) > 1 and any(isinstance(member, type) and is_pydantic(member) for member in members):
        return True
    if isinstance(kind, type) and get_origin(kind) is None:
        return _is_pydantic_dataclass(kind)
    return not is_foreign(kind) and any(_needs_pydantic(argument) for argument in get_args(kind) if _is_type(argument))


def _is_type(argument: Any) -> bool:
    return isinstance(argument, type) or get_origin(argument) is not None


def _is_pydantic_dataclass(kind: Any) -> bool:
    return hasattr(kind, "__dataclass_fields__") and is_pydantic(kind)


def check_types(struct: type[msgspec.Struct]) -> None:
    """Find a type that no call could ever be decoded into.

    Raises:
        TypeError: There is one; the text names it and what may have been meant.
    """
    for field in msgspec.structs.fields(struct):
        kind = field.type
        adapted = isinstance(kind, type) and issubclass(kind, _Adapted)
        if adapted and kind.by_pydantic:
            pydantic_adapter(kind.annotation)
        else:
            _check_annotation(kind.annotation if adapted else kind, set())


def _check_annotation(annotation: Any, seen: set[Any]) -> None:
    for part in parts_of(annotation, models=False):
        if is_foreign(part):
            check_foreign(part)
        elif (get_origin(part) is Annotated and is_pydantic(part)) or _is_pydantic_dataclass(part):
            raise TypeError(
                f"{part!r} is checked by pydantic only, and what it is inside of is not of pydantic's; "
                "use msgspec.Meta for the constraint, or make the class a pydantic model"
            )
    try:
        description = type_info(annotation)
    except NameError as error:
        raise TypeError(f"an annotation cannot be resolved: {error}") from None
    for node in _nodes(description, set()):
        if isinstance(node, DictType) and isinstance(node.key_type, BytesType):
            raise TypeError("the keys of an object are texts, never bytes")
        if isinstance(node, CustomType):
            _check_custom(get_origin(node.cls) or node.cls, seen)


def _check_custom(kind: Any, seen: set[Any]) -> None:
    """Check a type that msgspec does not know itself."""
    if kind is Channel:
        raise TypeError(
            "a Channel must be a whole parameter, or `Channel[...] | None`; inside models use JavaScriptChannelId"
        )
    if issubclass(kind, TaggedUnion):
        unseen = set(types_in_tagged(kind)) - seen
        seen |= unseen
        for fields in unseen:
            _check_annotation(fields, seen)
    elif not (kind in _OF_THE_PAGE or issubclass(kind, PurePath) or is_pydantic(kind) or is_foreign(kind)):
        raise TypeError(
            f"the type {kind.__qualname__} is not supported; use JSON types, msgspec, dataclass or pydantic types, "
            f"or State[{kind.__qualname__}] if it is managed state"
        )


def _nodes(node: Any, seen: set[int]) -> Iterator[Any]:
    """Yield every description inside a description of a type by msgspec."""
    if id(node) in seen:  # a type that holds itself
        return
    seen.add(id(node))
    if isinstance(node, tuple):
        for item in node:
            yield from _nodes(item, seen)
    elif isinstance(node, Type | Field):
        yield node
        for name in node.__struct_fields__:
            yield from _nodes(getattr(node, name), seen)


def decode_other(kind: Any, value: Any) -> Any:
    """Return a value of a type that msgspec does not know, from its plain form.

    Raises:
        ValueError: The plain form is wrong for the type; msgspec adds where it is.
        NotImplementedError: Nothing is known for this type.
    """
    try:
        return _decode_other(kind, value)
    except (RequestError, msgspec.ValidationError) as error:
        raise ValueError(str(error)) from None


def _decode_other(kind: Any, value: Any) -> Any:
    if is_foreign(kind):
        return decode_foreign(kind, value)
    kind = get_origin(kind) or kind
    if issubclass(kind, _Adapted):
        return kind.convert(value)
    if isinstance(value, kind):  # the key of an object, which was decoded before
        return value
    if kind is JavaScriptChannelId:
        return JavaScriptChannelId.parse(value)
    if kind is CallbackFn:
        return CallbackFn.parse(value)
    if issubclass(kind, PurePath):
        if not isinstance(value, str):
            raise RequestError(f"Expected `str` (a path), got {described(value)}")
        return kind(value)
    if issubclass(kind, TaggedUnion):
        return _decode_tagged(kind, value)
    if is_pydantic(kind):
        return decode_pydantic(kind, _fit_for_model(kind)(value))
    raise NotImplementedError(
        f"a {kind!r} cannot be decoded from JSON; use JSON types, msgspec, dataclass or pydantic types"
    )


@lru_cache(maxsize=1024)
def _fit_for_model(kind: Any) -> Callable[[Any], Any]:
    return fit_for(kind, pydantic=True)


def _decode_tagged(kind: type[TaggedUnion], value: Any) -> TaggedUnion:
    variant, plain = split_tagged(kind, value)
    [fields_type] = types_in_tagged(variant)
    try:
        return make_tagged(variant, convert(plain, fields_type))
    except msgspec.ValidationError as error:
        place = variant.__tagged_form__.content
        raise ValueError(str(error) if place is None else f"{error} - at `$.{place}`") from None


def decoder_sentence(text: str) -> str:
    """Return the decoder's words with a path as the page knows it: `$.a` is the argument's own `a`.

    Where a decoder was called by another one, each has said its part of the path, the inner one first.
    """
    text = re.sub(r" - at `key` in (`\$[^`]*`)$", r" as a key - at \1", text)
    sentence, *places = re.split(r" - at `\$([^`]*)`", text)
    expected = re.fullmatch(r"Expected `[^`]*\bbytes\b[^`]*`, got `(str|array|object)`", sentence)
    place = "".join(reversed(places[::2])).removeprefix(".")
    return (f"{sentence} at `{place}`" if place else sentence) + (_HINTS[expected[1]] if expected else "")


def convert(value: Any, annotation: Any) -> Any:
    """Return a plain value, which may hold buffers, as what an argument is annotated with.

    Raises:
        msgspec.ValidationError: The value does not fit.
        RequestError: The same, for a type that msgspec does not know.
    """
    kind = wire_type(annotation)
    if isinstance(kind, type) and issubclass(kind, _Adapted):
        return kind.convert(value)
    return _convert(value, kind)


def _convert(value: Any, kind: Any) -> Any:
    """Return a plain value as a type, as the decoder of JSON would: keys are texts, and stand for numbers and dates too.

    Raises:
        msgspec.ValidationError: The value does not fit.
    """
    return msgspec.convert(value, kind, builtin_types=BUFFER_TYPES, str_keys=True, dec_hook=decode_other)


def decode_as(json: bytes | msgspec.Raw, annotation: Any) -> Any:
    """Return a JSON text, which has no buffers, as a type. `convert` gives the same for the plain value of the text.

    Raises:
        msgspec.DecodeError: The text is not JSON, or the value does not fit.
        RequestError: The value does not fit, for a type that msgspec does not know.
    """
    try:
        decoder = _decoder_for(annotation)
    except TypeError:  # see `wire_type`
        decoder = _decoder_for.__wrapped__(annotation)
    return decoder.decode(json)


def decode_plain(value: Any, annotation: Any) -> Any:
    """Return a JSON value that is kept, such as one of a project file, as a type; the value itself does not change.

    Raises:
        msgspec.ValidationError: The value does not fit.
    """
    return decode_as(encode_json(value), annotation)


@lru_cache(maxsize=1024)
def _decoder_for(annotation: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(wire_type(annotation), dec_hook=decode_other)


def convert_argument(command: str, key: str, value: Any, annotation: Any) -> Any:
    """Return the value of an argument as what it is annotated with.

    Args:
        command: Name of the command.
        key: Key of the argument.
        value: `msgspec.Raw` for JSON, any other plain value for one that has buffers inside.
        annotation: The type.

    Raises:
        InvalidArgs: The value does not fit.
    """
    try:
        return decode_as(value, annotation) if type(value) is msgspec.Raw else convert(value, annotation)
    except DECODE_ERRORS as error:
        raise invalid_argument(command, key, error) from None


# What decoding may raise for a value from a page. A `TypeError` is one only where `invalid_argument` knows it.
DECODE_ERRORS = (msgspec.DecodeError, RequestError, UnicodeError, RecursionError, TypeError)


def invalid_argument(command: str, key: str, error: Exception) -> Exception:
    """Return the error for an argument that could not be decoded; an error of the author's program is returned as it is."""
    sentence = sentence_of(error)
    return error if sentence is None else InvalidArgs(command, key, sentence)


def sentence_of(error: Exception) -> str | None:
    """Return what is wrong with a value that could not be decoded; `None` if the author's program is wrong."""
    if isinstance(error, RecursionError):
        return "the value is nested too deeply"
    if not isinstance(error, TypeError):
        return decoder_sentence(str(error))
    unhashable = re.fullmatch(r"unhashable type: '(list|dict)'", str(error))
    if unhashable is None:
        return None
    got = "array" if unhashable[1] == "list" else "object"
    return f"Expected items of a set, got `{got}`; a set holds texts, numbers and the like"
