"""Values as they cross the wire: JSON, and beside it the raw buffers that JSON cannot hold.

A buffer is never written as numbers or base64. The JSON has `null` in its place and a list of lifted buffers says where
each belongs; a value that is itself a buffer has an empty path.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, NamedTuple, TypeAlias

import msgspec

from ._buffer_types import LEAVES, holds_no_buffers, is_free
from ._foreign import (
    encode_arrow,
    encode_inside_pydantic,
    encode_numpy,
    encode_pydantic,
    is_missing,
    sendable_form,
)
from ._subclass import SUBCLASSED, encode_subclass
from ._typed_array import BUFFER_TYPES, Buffer, kind_of
from .tagged import TaggedUnion, encode_tagged

__all__ = [
    "InvokeResponseBody",
    "LiftedBuffer",
    "Response",
    "bytes_of",
    "check_json",
    "decode_json",
    "encode_body",
    "encode_json",
    "encode_parts",
]

# The place of a value: the place of what holds it, and its key there; `None` is the root.
_Path: TypeAlias = "tuple[_Path | None, str | int]"


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
                return bytes_of(data)
            holder = value
            for key in holders:
                holder = holder[key]
            holder[last] = bytes_of(data)
        return value


def bytes_of(view: memoryview) -> bytes:
    """Return the bytes that a view shows: the object itself where it shows all of one, else a copy."""
    whole = view.obj
    if type(whole) is bytes and view.nbytes == len(whole) and view.c_contiguous:
        return whole
    return bytes(view)


class Response:
    """A result that is sent as it is, without being encoded.

    Args:
        body: Bytes reach the page as an `ArrayBuffer`; a `str` is JSON text **already serialized** (Tauri: `ipc::Response`).
            Anything else, such as the JSON body of a `Request`, is encoded as if the command had returned it.
    """

    __slots__ = ("body",)

    def __init__(self, body: Buffer | str | Any) -> None:
        self.body = body

    def __repr__(self) -> str:
        if isinstance(self.body, str):
            return f"Response(<{len(self.body)} characters of JSON>)"
        return (
            f"Response(<{len(self.body)} bytes>)"
            if _is_buffer(self.body)
            else f"Response(<{type(self.body).__name__}>)"
        )


def encode_json(value: Any) -> bytes:
    """Return the JSON text of a value that holds no buffers.

    Raises:
        TypeError: A value inside has a type that JSON and the encoder do not know, or is nested too deep; the text names it.
    """
    try:
        return _encode(value)
    except (RecursionError, UnicodeEncodeError) as error:
        raise _unsendable(error) from None


def decode_json(text: str | bytes | memoryview) -> Any:
    """Return the plain Python value of a JSON text.

    Raises:
        msgspec.DecodeError: The text is not JSON.
    """
    return msgspec.json.decode(text)


def check_json(text: str) -> bytes:
    """Return a text that should be JSON, encoded, after looking at all of it; nothing is made of it.

    Raises:
        ValueError: The text is not JSON, or has half of a surrogate pair.
    """
    encoded = text.encode()
    _read_through(encoded)
    return encoded


def encode_body(value: Any) -> InvokeResponseBody:
    """Return the body of any result, message or payload, with its buffers lifted out.

    Raises:
        TypeError: A value inside has a type that cannot cross the wire; the text names the type.
    """
    parts = encode_parts(value)
    return parts if type(parts) is InvokeResponseBody else _new_tuple(InvokeResponseBody, parts)


def encode_parts(value: Any) -> tuple[bytes, tuple[LiftedBuffer, ...]]:
    """Return the JSON text and the buffers of a body, without an object that holds both: see `encode_body`.

    What is lifted out does not change any more: buffers that can are copied, `bytes` are not.

    Raises:
        TypeError: A value inside has a type that cannot cross the wire; the text names the type.
    """
    try:
        if is_free(kind := type(value)) or holds_no_buffers(kind):
            return _encode(value), ()
        if kind is Response:
            body = value.body
            return _ready(body) if isinstance(body, str) or _is_buffer(body) else encode_parts(body)
        if kind is InvokeResponseBody:
            return _checked(value)
        if (of_its_own := getattr(kind, "ipc_body", None)) is not None:
            return encode_parts(of_its_own(value))
        found: list[LiftedBuffer] = []
        stripped = _lift(value, None, found)
        return _encode(stripped), tuple(found)
    except (RecursionError, UnicodeEncodeError) as error:
        raise _unsendable(error) from None


def _checked(body: InvokeResponseBody) -> InvokeResponseBody:
    """Return a body that is sent as it is.

    Raises:
        TypeError: Its JSON is no `bytes`, or no JSON: found out later, it would cost the page the messages beside it.
    """
    if not isinstance(body.json, bytes):
        raise TypeError(
            f"the JSON of an InvokeResponseBody must be bytes, got {type(body.json).__name__}; Response(text) takes a text"
        )
    try:
        body.json.decode()  # of texts inside, msgspec does not look at the bytes
        _read_through(body.json)
    except ValueError as error:
        raise TypeError(f"the JSON of an InvokeResponseBody cannot be read: {error}") from None
    return body


def _unsendable(error: RecursionError | UnicodeEncodeError) -> TypeError:
    if isinstance(error, RecursionError):
        return TypeError("a value that is nested so deep, or holds itself, cannot be sent to the page")
    return TypeError(
        "a text with half of a surrogate pair cannot be sent to the page; the name of a file that is not UTF-8 can be sent "
        "as os.fsencode(name)"
    )


def _is_buffer(body: object) -> bool:
    try:
        memoryview(body)  # type: ignore[arg-type]
    except TypeError:
        return False
    return True


def _ready(body: Buffer | str) -> InvokeResponseBody:
    """Return the body of a Response, looking at a text: were it no JSON, the page could read none of the messages beside it.

    Raises:
        TypeError: It is not JSON.
    """
    if not isinstance(body, str):
        return InvokeResponseBody(b"null", (_lifted(None, body),))
    try:
        return InvokeResponseBody(check_json(body))
    except ValueError as error:
        raise TypeError(
            f"the text of a Response must be JSON already: {error}; return a str by itself to send a text"
        ) from None


def _lifted(path: _Path | None, buffer: Buffer) -> LiftedBuffer:
    view = memoryview(buffer)
    kind = kind_of(view)
    # The author may fill a buffer again before the page has this one. A view without bytes cannot always be cast.
    if type(view.obj) is not bytes or not view.c_contiguous or not view.nbytes:
        view = memoryview(view.tobytes())
    keys: list[str | int] = []
    while path is not None:
        path, key = path
        keys.append(key)
    return LiftedBuffer(_encode(keys[::-1]), kind, view if view.format == "B" and view.ndim == 1 else view.cast("B"))


def _lift(value: Any, path: _Path | None, found: list[LiftedBuffer]) -> Any:
    """Return `value` without its buffers; the same object when it holds none."""
    if isinstance(value, BUFFER_TYPES):
        found.append(_lifted(path, value))
        return None
    if isinstance(value, dict):
        return _lift_values(value, path, found)
    if isinstance(value, (list, tuple, set, frozenset)):
        if all(map(_is_free, set(map(type, value)))):
            return value
        return [item if _is_free(type(item)) else _lift(item, (path, index), found) for index, item in enumerate(value)]
    plain = msgspec.to_builtins(_dumped(value), builtin_types=BUFFER_TYPES, enc_hook=_encode_other)
    return plain if type(plain) in LEAVES else _lift(plain, path, found)


def _lift_values(value: dict[Any, Any], path: _Path | None, found: list[LiftedBuffer]) -> dict[Any, Any]:
    changed = {}
    for key, item in value.items():
        if isinstance(key, BUFFER_TYPES):
            raise TypeError("bytes cannot be the key of an object in JSON; use texts or numbers")
        kind = type(item)
        if is_free(kind):
            continue
        if not holds_no_buffers(kind) and (new := _lift(item, (path, _key(key)), found)) is not item:
            changed[key] = new
    return {**value, **changed} if changed else value


def _is_free(kind: type) -> bool:
    return is_free(kind) or holds_no_buffers(kind)


def _key(key: Any) -> str:
    return key if isinstance(key, str) else str(msgspec.to_builtins(key, str_keys=True))


def _encode_other(value: Any) -> Any:
    """Return a stand-in for what msgspec does not know: plain, or a buffer that is still to be lifted out.

    Raises:
        TypeError: Nothing is known for this type, or no page could read it.
    """
    if isinstance(value, PurePath):
        return str(value)
    to_ipc: Callable[[], Any] | None = getattr(value, "__to_ipc__", None)
    if to_ipc is not None:  # Tauri: `SERIALIZE_TO_IPC_FN`, by which an object says what is sent in its place
        return to_ipc()
    if isinstance(value, TaggedUnion):
        return encode_tagged(value)
    if isinstance(value, msgspec.Raw):
        return decode_json(value)
    for encode in (encode_numpy, encode_arrow, _dumped):
        plain = encode(value)
        if plain is not None and plain is not value:
            return plain
    if isinstance(value, SUBCLASSED):
        return encode_subclass(value)
    if is_missing(value):
        return None
    if isinstance(value, (tuple, frozenset)):  # msgspec knows both as values: this one is a key
        raise TypeError(f"a {type(value).__qualname__} cannot be the key of an object in JSON; use texts or numbers")
    if inspect.iscoroutine(value):
        raise TypeError(
            f"{value.__qualname__}() was called without `await`; write `await` before it, in an `async def`"
        )
    raise TypeError(
        f"an object of the type {type(value).__qualname__} cannot be sent to the page; {sendable_form(value)}"
    )


def _dumped(value: Any) -> Any:
    """Return the plain form of a value of pydantic, any other value as it is."""
    buffers = not holds_no_buffers(type(value))
    plain = encode_pydantic(value, buffers=buffers)
    if plain is None:
        return value
    if not buffers:
        return plain
    return msgspec.to_builtins(plain, builtin_types=BUFFER_TYPES, enc_hook=_encode_inside_pydantic)


def _encode_inside_pydantic(value: Any) -> Any:
    try:
        return _encode_other(value)
    except TypeError:
        return encode_inside_pydantic(value)


def _encode_plain(value: Any) -> Any:
    """Return a stand-in that has no buffers, which would become base64.

    Raises:
        TypeError: See `_encode_other`; or the value is a buffer where its annotation says that none is.
    """
    plain = _encode_other(value)
    if isinstance(plain, BUFFER_TYPES):
        raise TypeError(
            f"an object of the type {type(value).__qualname__} is where the annotation of the result or field has none; correct it"
        )
    return plain


_new_tuple = tuple.__new__  # half the time of calling the class
_encode = msgspec.json.Encoder(enc_hook=_encode_plain).encode
_read_through = msgspec.json.Decoder(msgspec.Raw).decode  # makes nothing of what it reads
