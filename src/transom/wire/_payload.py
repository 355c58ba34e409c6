"""Values as they cross the wire: JSON, and beside it the raw buffers that JSON cannot hold.

A buffer is never written as numbers or base64. The JSON has `null` in its place and a list of lifted buffers says where
each belongs; a value that is itself a buffer has an empty path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import is_dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any, NamedTuple, TypeAlias, get_args, get_origin, get_type_hints

import msgspec

__all__ = [
    "Buffer",
    "InvokeResponseBody",
    "LiftedBuffer",
    "Response",
    "decode_json",
    "encode_body",
    "encode_json",
    "may_hold_buffers",
]

Buffer: TypeAlias = bytes | bytearray | memoryview
_BUFFERS = (bytes, bytearray, memoryview)
# JSON numbers, texts and the containers that cannot hold a buffer by themselves.
_LEAVES = frozenset({str, int, float, bool, type(None)})


class LiftedBuffer(NamedTuple):
    """A buffer taken out of a value: the JSON text of its path, the JavaScript class it becomes, its bytes."""

    path: bytes
    kind: str
    data: memoryview


class InvokeResponseBody(NamedTuple):
    """An encoded value: its JSON text and the buffers lifted out of it."""

    json: bytes
    buffers: tuple[LiftedBuffer, ...] = ()

    def deserialize(self) -> Any:
        """Return the plain Python value, with `bytes` where there were buffers."""
        value = decode_json(self.json)
        for path, _, data in self.buffers:
            *holders, last = decode_json(path) or [None]
            if last is None:
                return bytes(data)
            holder = value
            for key in holders:
                holder = holder[key]
            holder[last] = bytes(data)
        return value


class Response:
    """A result that is sent as it is, without being encoded.

    Args:
        body: Bytes reach the page as an `ArrayBuffer`; a `str` is JSON text **already serialized** (Tauri: `ipc::Response`).
    """

    __slots__ = ("body",)

    def __init__(self, body: Buffer | str) -> None:
        self.body = body

    def __repr__(self) -> str:
        return f"Response(<{len(self.body)} {'characters of JSON' if isinstance(self.body, str) else 'bytes'}>)"


def encode_json(value: Any) -> bytes:
    """Return the JSON text of a value that holds no buffers.

    Raises:
        TypeError: A value inside has a type that JSON and the encoder do not know; the text names the type.
    """
    return _encoder.encode(value)


def decode_json(text: str | bytes | memoryview) -> Any:
    """Return the plain Python value of a JSON text.

    Raises:
        msgspec.DecodeError: The text is not JSON.
    """
    return msgspec.json.decode(text)


def encode_body(value: Any) -> InvokeResponseBody:
    """Return the body of any result, message or payload, with its buffers lifted out.

    Raises:
        TypeError: A value inside has a type that cannot cross the wire; the text names the type.
    """
    kind: type = type(value)
    if kind in _LEAVES or _holds_no_buffers(kind):
        return InvokeResponseBody(_encoder.encode(value))
    if kind is Response:
        text = value.body
        return (
            InvokeResponseBody(_checked(text))
            if isinstance(text, str)
            else InvokeResponseBody(b"null", (_lifted([], text),))
        )
    if isinstance(value, _BUFFERS):
        return InvokeResponseBody(b"null", (_lifted([], value),))
    found: list[LiftedBuffer] = []
    stripped = _lift(value, [], found)
    return InvokeResponseBody(_encoder.encode(stripped), tuple(found))


def _checked(text: str) -> bytes:
    """Return a text that claims to be JSON: were it not, the page could read none of the messages beside it.

    Raises:
        TypeError: It is not JSON.
    """
    json = text.encode()
    try:
        msgspec.json.decode(json, type=msgspec.Raw)  # looks at all of it, makes nothing
    except msgspec.DecodeError as error:
        raise TypeError(
            f"the text of a Response must be JSON already: {error}; return a str by itself to send a text"
        ) from None
    return json


def _lifted(path: list[str | int], buffer: Buffer) -> LiftedBuffer:
    view = memoryview(buffer)
    if not view.c_contiguous or not view.nbytes:  # an empty view of other items than bytes cannot be cast
        view = memoryview(view.tobytes())
    return LiftedBuffer(
        _encoder.encode(path), "ArrayBuffer", view if view.ndim == 1 and view.format == "B" else view.cast("B")
    )


def _lift(value: Any, path: list[str | int], found: list[LiftedBuffer]) -> Any:
    """Return `value` without its buffers; the same object when it holds none."""
    kind: Any = type(value)
    if kind in _LEAVES:
        return value
    if isinstance(value, _BUFFERS):
        found.append(_lifted(path, value))
        return None
    if isinstance(value, dict):
        changed = {
            key: new for key, item in value.items() if (new := _lift(item, [*path, _key(key)], found)) is not item
        }
        return {**value, **changed} if changed else value
    if isinstance(value, (list, tuple, set, frozenset)):
        items = [_lift(item, [*path, index], found) for index, item in enumerate(value)]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, msgspec.Struct) or is_dataclass(value):
        if not _fields_may_hold_buffers(kind):
            return value
        plain = msgspec.to_builtins(value, builtin_types=_BUFFERS, enc_hook=_encode_other)
        return _lift(plain, path, found)
    return value


def _key(key: Any) -> str:
    return key if isinstance(key, str) else str(msgspec.to_builtins(key, str_keys=True))


def _encode_other(value: Any) -> Any:
    """Return a JSON-able stand-in for the types msgspec does not know.

    Raises:
        TypeError: Nothing is known for this type.
    """
    if isinstance(value, PurePath):
        return str(value)
    dump: Callable[..., Any] | None = getattr(value, "model_dump", None)
    if dump is not None:  # a pydantic model, known by its shape so that pydantic is not imported
        return dump(mode="json", by_alias=True)
    raise TypeError(
        f"a {type(value).__qualname__} cannot be sent to the page; return JSON types, msgspec or dataclass values, or bytes"
    )


_encoder = msgspec.json.Encoder(enc_hook=_encode_other)


def may_hold_buffers(annotation: Any) -> bool:
    """Tell whether a value of this annotation can hold a buffer; a type nothing is known of can."""
    return _may_hold(annotation, frozenset())


def _may_hold(annotation: Any, inside: frozenset[type]) -> bool:
    if annotation is None or (isinstance(annotation, type) and annotation in _LEAVES):
        return False
    kind = get_origin(annotation) or annotation
    if isinstance(kind, type) and (issubclass(kind, msgspec.Struct) or is_dataclass(kind)):
        # A type that holds itself, however deep: what its other fields hold decides.
        return kind not in inside and _any_field_may_hold(kind, inside | {kind})
    arguments = get_args(annotation)
    return not arguments or any(_may_hold(argument, inside) for argument in arguments if argument is not ...)


def _any_field_may_hold(kind: type, inside: frozenset[type]) -> bool:
    try:
        hints = get_type_hints(kind)
    except (NameError, TypeError):  # an annotation that only a type checker can resolve
        return True
    return any(_may_hold(hint, inside) for hint in hints.values())


@lru_cache(maxsize=1024)
def _holds_no_buffers(kind: type) -> bool:
    """Tell whether every value of this class is free of buffers: by its fields; other classes are looked into."""
    return (issubclass(kind, msgspec.Struct) or is_dataclass(kind)) and not _fields_may_hold_buffers(kind)


@lru_cache(maxsize=1024)
def _fields_may_hold_buffers(kind: type) -> bool:
    return _any_field_may_hold(kind, frozenset((kind,)))
