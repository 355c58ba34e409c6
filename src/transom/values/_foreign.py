"""Values of NumPy, pandas, pyarrow and pydantic on their way across the wire.

None of them is imported here. A value or a class of theirs is known only after the application has imported its library.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import is_dataclass
from functools import lru_cache
from typing import Any, get_args, get_origin

from ..errors import RequestError
from ._annotation import bare
from ._typed_array import BUFFER_TYPES, described, kind_of

__all__ = [
    "check_foreign",
    "decode_foreign",
    "decode_pydantic",
    "encode_arrow",
    "encode_inside_pydantic",
    "encode_numpy",
    "encode_pydantic",
    "is_foreign",
    "is_missing",
    "is_pydantic",
    "pydantic_adapter",
    "sendable_form",
]


# Kind and bytes of a NumPy element -> format of a view. Float16Array is missing in many browsers.
_CODES = {
    "i1": "b",
    "i2": "h",
    "i4": "i",
    "i8": "q",
    "u1": "@B",
    "u2": "H",
    "u4": "I",
    "u8": "Q",
    "f4": "f",
    "f8": "d",
}
_ELEMENTS = {code.lstrip("@"): element for element, code in _CODES.items()}
_ABSTRACT = frozenset(("integer", "signedinteger", "unsignedinteger", "floating", "inexact", "number"))


def _is_array(kind: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(kind, type) and issubclass(kind, numpy.ndarray)


def _is_arrow(kind: Any) -> bool:
    arrow = sys.modules.get("pyarrow")
    return arrow is not None and isinstance(kind, type) and issubclass(kind, arrow.Table | arrow.RecordBatch)


def encode_numpy(value: Any) -> Any:
    """Return an array as a view of a copy of its elements, in C order, and a scalar as a plain value; `None` for others.

    Raises:
        TypeError: JavaScript has no typed array for its elements.
    """
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    if isinstance(value, numpy.generic):
        return value.item()
    if not isinstance(value, numpy.ndarray):
        return None
    if value.dtype.kind == "b":  # JavaScript has no array of booleans
        value = value.view(numpy.uint8)
    code = _CODES.get(f"{value.dtype.kind}{value.dtype.itemsize}")
    if code is None:
        raise TypeError(
            f"an array of {value.dtype} has no typed array in JavaScript; convert it first, "
            "for instance with .astype(numpy.float64) or .tolist()"
        )
    # Little-endian is what the page reads.
    data = value.astype(value.dtype.newbyteorder("<"), copy=False).tobytes()
    return memoryview(data).cast(code)  # type: ignore[call-overload]  # the stubs know no format with an @


def encode_arrow(value: Any) -> bytes | None:
    """Return a pyarrow Table or RecordBatch as an Arrow IPC stream; `None` for other values."""
    if not _is_arrow(type(value)):
        return None
    arrow: Any = sys.modules["pyarrow"]
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, value.schema) as stream:
        stream.write(value)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def is_missing(value: Any) -> bool:
    """Tell whether a value is the one with which pandas marks a missing value of any type."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and value is getattr(pandas, "NA", value)


def sendable_form(value: Any) -> str:
    """Return what to send instead of a value that has no form in JSON, as the second half of a sentence."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    if library in ("pandas", "polars"):
        if hasattr(kind, "tolist") or hasattr(kind, "to_list"):
            return "convert it first, with .to_list()"
        if hasattr(kind, "to_dict"):
            records = '.to_dict("records")' if library == "pandas" else ".to_dicts()"
            return f"convert it first, with {records} for a list of rows, or send it as a pyarrow Table"
    if isinstance(value, Iterable):
        return "make a list of it first, with list(...)"
    return "return JSON types, msgspec or dataclass values, or bytes"


def is_foreign(annotation: Any) -> bool:
    """Tell whether an annotation is an array of NumPy or a table or batch of pyarrow."""
    kind = get_origin(annotation) or annotation
    return _is_array(kind) or _is_arrow(kind)


def check_foreign(annotation: Any) -> None:
    """Find an annotation of an array that no page could ever send.

    Raises:
        TypeError: It is one; the text says what to write instead.
    """
    sides = get_args(next(iter(get_args(annotation)), None))
    if len(sides) > 1 and ... not in sides:
        raise TypeError("arrays arrive flat, as JavaScript has them; write NDArray[...] and reshape it in the command")
    wanted = _wanted_elements(annotation)
    numpy: Any = sys.modules["numpy"]
    if wanted is None or issubclass(wanted, numpy.bool_):
        return
    if not any(_is_of(numpy.dtype(element), wanted) for element in _CODES):
        raise TypeError(
            f"no typed array of JavaScript has elements of numpy.{wanted.__name__}; take bool_, float32, float64 or integers"
        )


def decode_foreign(annotation: Any, value: Any) -> Any:
    """Return an array or a table from the bytes that a page sent: an array without a copy, flat and read-only.

    Raises:
        RequestError: The value is no buffer, its elements are of another type, or it is no Arrow IPC stream.
    """
    kind = get_origin(annotation) or annotation
    view = memoryview(value) if isinstance(value, BUFFER_TYPES) else None
    return _decode_array(annotation, view, value) if _is_array(kind) else _decode_arrow(kind, view, value)


def _wanted_elements(annotation: Any) -> Any:
    """Return the NumPy scalar type that an annotation asks for; `None` for any."""
    numpy: Any = sys.modules["numpy"]
    dtype = (get_args(annotation) or (None, None))[1]
    [wanted] = get_args(dtype) or (None,)
    wanted = get_origin(wanted) or wanted
    return (
        wanted
        if isinstance(wanted, type) and issubclass(wanted, numpy.generic) and wanted is not numpy.generic
        else None
    )


def _decode_array(annotation: Any, view: memoryview | None, value: Any) -> Any:
    numpy: Any = sys.modules["numpy"]
    wanted = _wanted_elements(annotation)
    name = "typed array" if wanted is None else _class_for(wanted)
    if view is None:
        raise RequestError(f"Expected `{name}`, got {described(value)}")
    array = numpy.frombuffer(view, _ELEMENTS[view.format.lstrip("@")])
    array.flags.writeable = False  # whether the bytes could be written depends on how they travelled
    if not array.flags.aligned:
        array = array.copy()
        array.flags.writeable = False
    if wanted is numpy.bool_ and array.dtype == numpy.uint8:
        return array != 0
    if wanted is not None and not _is_of(array.dtype, wanted):
        # Never converted: a value that the other type has not would be another one.
        raise RequestError(f"Expected `{name}`, got {described(view)}")
    return array


def _is_of(dtype: Any, wanted: Any) -> bool:
    """Tell whether elements are of a scalar type. Several of NumPy's are one: `int64` is `longlong` or `int_`, by the machine."""
    numpy: Any = sys.modules["numpy"]
    return bool(numpy.issubdtype(dtype, wanted) if wanted.__name__ in _ABSTRACT else dtype == numpy.dtype(wanted))


def _class_for(wanted: Any) -> str:
    """Return the JavaScript class of a scalar type; the type's own name for one that stands for several classes."""
    numpy: Any = sys.modules["numpy"]
    if wanted.__name__ in _ABSTRACT:
        return f"typed array of {wanted.__name__}"
    return kind_of(encode_numpy(numpy.empty(0, wanted)))


def _decode_arrow(kind: Any, view: memoryview | None, value: Any) -> Any:
    arrow: Any = sys.modules["pyarrow"]
    if view is None:
        raise RequestError(f"Expected bytes of an Arrow IPC stream, got {described(value)}")
    try:
        table = arrow.ipc.open_stream(arrow.py_buffer(view)).read_all()
        # What a page sends may be wrong on purpose: offsets out of bounds would be read as they are.
        table.validate(full=True)
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise RequestError(f"Expected bytes of an Arrow IPC stream: {error}") from None
    if issubclass(kind, arrow.Table):
        return table
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else arrow.RecordBatch.from_pylist([], schema=table.schema)


def is_pydantic(annotation: Any) -> bool:
    """Tell whether pydantic decodes a type: a model, a pydantic dataclass, a pydantic type, a constraint in `Annotated`."""
    metadata = getattr(annotation, "__metadata__", None)
    if metadata is not None:
        return any(
            hasattr(item, "__get_pydantic_core_schema__")
            or type(item).__module__.partition(".")[0] in ("pydantic", "annotated_types")
            for item in metadata
        )
    kind = get_origin(bare(annotation)) or annotation
    return isinstance(kind, type) and (
        hasattr(kind, "__get_pydantic_core_schema__")
        or hasattr(kind, "__pydantic_validator__")
        or hasattr(kind, "model_validate")
    )


@lru_cache(maxsize=1024)
def pydantic_adapter(annotation: Any) -> Any:
    """Return what validates values of an annotation.

    Raises:
        TypeError: Pydantic cannot, and says why.
    """
    if hasattr(annotation, "model_validate"):
        return annotation.model_validate
    pydantic: Any = sys.modules["pydantic"]
    try:
        return pydantic.TypeAdapter(annotation).validate_python
    except pydantic.errors.PydanticUserError as error:
        raise TypeError(f"pydantic says: {error.message.splitlines()[0]}") from None


def decode_pydantic(annotation: Any, value: Any) -> Any:
    """Return what pydantic makes of a plain value, whose buffers are already what its fields want.

    Raises:
        RequestError: It is not valid; the text names every field.
    """
    try:
        return pydantic_adapter(annotation)(value)
    except ValueError as error:
        raise RequestError(_sentence(error)) from None


def _sentence(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    if errors is None:
        return str(error)
    found = [
        (one["msg"], "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in one["loc"]))
        for one in errors(include_url=False, include_context=False, include_input=False)
    ]
    if len(found) == 1:
        [(text, place)] = found
        return f"{text} - at `${place}`"  # as msgspec writes it, so that the two parts of a path become one
    return "; ".join(f"`{place.removeprefix('.')}`: {text}" for text, place in found)


def encode_pydantic(value: Any, *, buffers: bool) -> Any:
    """Return the plain form of a value of a class of pydantic's, keys by their aliases; `None` for other values.

    Args:
        value: Any value.
        buffers: Keep bytes and arrays: pydantic then leaves every value to its own encoder, and serializers that it runs
            for JSON only are not run. Without, the form is the one of pydantic for JSON.
    """
    mode = "python" if buffers else "json"
    kind = type(value)
    dump = getattr(value, "model_dump", None)
    if dump is not None:
        return dump(mode=mode, by_alias=True)
    if is_dataclass(kind) and hasattr(kind, "__pydantic_serializer__"):
        return kind.__pydantic_serializer__.to_python(value, mode=mode, by_alias=True)
    if hasattr(kind, "__get_pydantic_core_schema__"):
        return encode_inside_pydantic(value)
    return None


def encode_inside_pydantic(value: Any) -> Any:
    """Return the plain form of a value that pydantic knows and its dump has kept, such as an address or a secret.

    Raises:
        TypeError: Pydantic has none either.
    """
    core: Any = sys.modules["pydantic_core"]
    try:
        return core.to_jsonable_python(value, by_alias=True)
    except core.PydanticSerializationError as error:
        raise TypeError(str(error)) from None
