"""The element types of raw buffers: which JavaScript class stands for which `memoryview` format.

Little-endian on both sides, as every machine is that a page runs on.
"""

from __future__ import annotations

from typing import TypeAlias

from ..errors import MalformedMessage

__all__ = ["BUFFER_TYPES", "Buffer", "described", "kind_of", "typed_view"]

Buffer: TypeAlias = bytes | bytearray | memoryview
BUFFER_TYPES = (bytes, bytearray, memoryview)

# JavaScript class -> format. Plain bytes are `B`; `@B` means the same to a reader, and records that the page has a
# Uint8Array and no ArrayBuffer. Add here to introduce another class.
_FORMATS = {
    "Int8Array": "b",
    "Uint8Array": "@B",
    "Uint8ClampedArray": "@B",
    "Int16Array": "h",
    "Uint16Array": "H",
    "Int32Array": "i",
    "Uint32Array": "I",
    "BigInt64Array": "q",
    "BigUint64Array": "Q",
    "Float32Array": "f",
    "Float64Array": "d",
}
# The other way round. Formats of several names have the same elements, such as `l` and `q`: the size decides.
_CLASSES = {
    **{(code, size): f"Int{size * 8}Array" for code in "bhi" for size in (1, 2, 4)},
    **{(code, size): f"Uint{size * 8}Array" for code in "BHI?" for size in (1, 2, 4)},
    **{(code, 4): "Int32Array" for code in "ln"},
    **{(code, 4): "Uint32Array" for code in "LN"},
    **{(code, 8): "BigInt64Array" for code in "lqn"},
    **{(code, 8): "BigUint64Array" for code in "LQN"},
    ("f", 4): "Float32Array",
    ("d", 8): "Float64Array",
}

_JSON_NAMES: dict[type, str] = {list: "array", dict: "object"}


def kind_of(view: memoryview) -> str:
    """Return the JavaScript class for a view: `ArrayBuffer` for plain bytes, else a typed array.

    Raises:
        TypeError: No class of JavaScript has such elements.
    """
    if view.format in ("B", "c"):
        return "ArrayBuffer"
    kind = _CLASSES.get((view.format.lstrip("@=<"), view.itemsize))
    if kind is None:
        raise TypeError(
            f"a memoryview of the format {view.format!r} has no typed array in JavaScript; send numbers of the machine's own "
            "byte order and of 8, 16, 32 or 64 bits, or bytes"
        )
    return kind


def typed_view(kind: str, buffer: memoryview) -> memoryview:
    """Return a buffer from the page as a view of the elements that its class has; one that holds bytes stays as it is.

    Raises:
        MalformedMessage: The bytes are no whole number of elements.
    """
    code = _FORMATS.get(kind)
    if code is None:
        return buffer
    try:
        return buffer.cast(code)  # type: ignore[call-overload,no-any-return]  # the stubs know no format with an @
    except TypeError:
        raise MalformedMessage(f"a {kind} of {len(buffer)} bytes is not a whole number of elements") from None


def described(value: object) -> str:
    """Return what a plain value is, for the end of a sentence: JSON's word for it, as the decoder says it."""
    if isinstance(value, memoryview):
        kind = kind_of(value)
        return "bytes" if kind == "ArrayBuffer" else f"`{kind}`"
    return "null" if value is None else f"`{_JSON_NAMES.get(type(value), type(value).__name__)}`"
