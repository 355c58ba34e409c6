"""The element types of raw buffers: which JavaScript class stands for which `memoryview` format.

Little-endian on both sides, as every machine is that a page runs on.
"""

from __future__ import annotations

from ..errors import MalformedMessage

__all__ = ["Buffer", "kind_of", "typed_view"]

Buffer = bytes | bytearray | memoryview

# JavaScript class -> format. Plain bytes are `B`; `@B` is the same to whoever reads it, and remembers that the page has a
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
_SIGNED, _UNSIGNED, _FLOAT = "bhilqn", "BHILQN", "fd"
# Several formats have the same size, such as `l` and `q`: the size decides.
_CLASSES = {
    **{(_SIGNED, size): name for size, name in ((1, "Int8Array"), (2, "Int16Array"), (4, "Int32Array"), (8, "BigInt64Array"))},
    **{(_UNSIGNED, size): name for size, name in ((1, "Uint8Array"), (2, "Uint16Array"), (4, "Uint32Array"), (8, "BigUint64Array"))},
    (_FLOAT, 4): "Float32Array",
    (_FLOAT, 8): "Float64Array",
    ("?", 1): "Uint8Array",
}  # fmt: skip


def kind_of(view: memoryview) -> str:
    """Return the JavaScript class for a view: `ArrayBuffer` for plain bytes, else a typed array.

    Raises:
        TypeError: No class of JavaScript has such elements.
    """
    if view.format in ("B", "c"):
        return "ArrayBuffer"
    code = view.format.lstrip("@=<")
    kind = next((name for (codes, size), name in _CLASSES.items() if code in codes and size == view.itemsize), None)
    if kind is None or not code:
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
        raise MalformedMessage(f"a {kind} of {len(buffer)} bytes is no whole number of elements") from None
