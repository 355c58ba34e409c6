"""Plain values made to fit byte fields before they are decoded, because no decoder takes what pages send for them.

Front ends written for Tauri's `Vec<u8>` send arrays of numbers, and pydantic knows no `memoryview`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import Any, TypeAlias, Union, get_args, get_origin

import msgspec

from ._annotation import bare, fields_of
from ._callback import CallbackFn
from ._channel_id import JavaScriptChannelId
from ._foreign import decode_foreign, is_foreign, is_pydantic
from ._payload import bytes_of, encode_body
from ._typed_array import BUFFER_TYPES
from .tagged import TaggedUnion

__all__ = ["fit_for", "needs_key_fit"]

# Returns a plain value, or another one in its place; objects and arrays are changed where they are.
Fit: TypeAlias = Callable[[Any], Any]
# Type and key -> a value of the type.
DecodeKey: TypeAlias = Callable[[Any, Any], Any]
# Types that msgspec does not know, and that can be the keys of an object.
_KEY_TYPES = (PurePath, TaggedUnion, CallbackFn, JavaScriptChannelId)


class _Misfit:
    """Stands for a text where there should be bytes: pydantic would take the text, and encode it."""


def fit_for(annotation: Any, *, pydantic: bool = False, decode_key: DecodeKey | None = None) -> Fit:
    """Return what makes plain values fit an annotation.

    Args:
        annotation: What the value will be decoded into.
        pydantic: By pydantic, and not by msgspec.
        decode_key: Makes a value of a type that msgspec does not know from the key of an object.
    """
    return _Compiler(pydantic, decode_key).fit(annotation) or _same


def needs_key_fit(annotation: Any) -> bool:
    """Tell whether an annotation has mappings whose keys msgspec would leave as texts in a plain value."""
    compiler = _Compiler(False, lambda _, key: key)
    compiler.fit(annotation)
    return compiler.has_keys


class _Compiler:
    """Compiles an annotation, once; a class that holds itself is one record.

    Attributes:
        has_keys: Whether a mapping was found whose keys are decoded here.
    """

    def __init__(self, pydantic: bool, decode_key: DecodeKey | None) -> None:
        self._pydantic = pydantic
        self._decode_key = decode_key
        self.has_keys = False
        self._records: dict[Any, _Record] = {}

    def fit(self, annotation: Any) -> Fit | None:
        """Return the fit of an annotation, `None` where it needs none."""
        kind = bare(annotation)
        if kind in BUFFER_TYPES:
            if self._pydantic:
                return _bytes_for_pydantic
            return _whole_bytes if kind is bytes else _bytes
        if kind is msgspec.Raw:
            return _raw
        if is_foreign(kind):
            return partial(decode_foreign, kind) if self._pydantic else None
        if not self._pydantic and (is_pydantic(kind) or (isinstance(kind, type) and issubclass(kind, TaggedUnion))):
            return None  # decoded by a call of its own, which fits it
        fields = _fields_of(kind)
        if fields is not None:
            return self._record(kind, fields)
        return self._container(get_origin(kind), get_args(kind))

    def _record(self, kind: Any, fields: Mapping[str | int, Any]) -> Fit:
        known = self._records.get(kind)
        if known is not None:
            return known
        record = self._records[kind] = _Record(kind, fields)
        record.fits = {key: fit for key, field in fields.items() if (fit := self.fit(field)) is not None}
        return record

    def _container(self, origin: Any, arguments: tuple[Any, ...]) -> Fit | None:
        if origin in (Union, types.UnionType):
            return self._union(arguments)
        if not isinstance(origin, type) or not arguments:
            return None
        if issubclass(origin, Mapping):
            keys, values = self._key_fit(arguments[0]), self.fit(arguments[-1])
            if keys is not None:
                return partial(_fit_entries, keys, values or _same)
            return None if values is None else partial(_fit_values, values)
        if issubclass(origin, tuple) and arguments[-1] is not ...:
            members = {index: fit for index, item in enumerate(arguments) if (fit := self.fit(item)) is not None}
            return partial(_fit_members, members) if members else None
        items = self.fit(arguments[0])
        return None if items is None else partial(_fit_items, items)

    def _key_fit(self, annotation: Any) -> Fit | None:
        kind = bare(annotation)
        if self._pydantic or self._decode_key is None or not isinstance(kind, type) or not issubclass(kind, _KEY_TYPES):
            return None
        self.has_keys = True
        return partial(self._decode_key, kind)

    def _union(self, arguments: tuple[Any, ...]) -> Fit | None:
        """Fit a union by the form of the value: only where the form tells which member is meant."""
        fits = [fit for member in arguments if (fit := self.fit(member)) is not None]
        takes_arrays = any(_takes_arrays(member) for member in arguments)
        records = [fit for fit in fits if isinstance(fit, _Record)]

        def fit_union(value: Any) -> Any:
            for fit in fits:
                if fit in (_bytes, _whole_bytes, _bytes_for_pydantic):
                    if not isinstance(value, str) and not (isinstance(value, list) and takes_arrays):
                        value = fit(value)
                elif isinstance(value, dict) and isinstance(fit, _Record):
                    if fit.is_meant(value, records):
                        value = fit(value)
                elif isinstance(value, dict | list) or (isinstance(value, memoryview) and isinstance(fit, partial)):
                    value = fit(value)
            return value

        return fit_union if fits else None


class _Record:
    """The fit of a class with fields."""

    def __init__(self, kind: Any, keys: Iterable[str | int]) -> None:
        self.fits: dict[str | int, Fit] = {}
        self.keys = frozenset(keys)
        config = getattr(get_origin(kind) or kind, "__struct_config__", None)
        self._tag = (config.tag_field, config.tag) if config is not None and config.tag_field is not None else None

    def __call__(self, value: Any) -> Any:
        return _fit_members(self.fits, value)

    def is_meant(self, value: dict[str, Any], members: Sequence[_Record]) -> bool:
        """Tell whether an object is of this class of a union: by its tag, or because it alone has these keys."""
        if self._tag is not None:
            return bool(value.get(self._tag[0]) == self._tag[1])
        return len(members) == 1 or [member for member in members if member.keys >= value.keys()] == [self]


def _fields_of(kind: Any) -> Mapping[str | int, Any] | None:
    try:
        return fields_of(kind)
    except (NameError, TypeError):  # said where the types of a command are checked
        return None


def _takes_arrays(annotation: Any) -> bool:
    kind = bare(annotation)
    kind = get_origin(kind) or kind
    if not isinstance(kind, type):
        return False
    if issubclass(kind, msgspec.Struct):
        return kind.__struct_config__.array_like
    return issubclass(kind, list | tuple | set | frozenset) or kind.__module__ == "collections.abc"


def _same(value: Any) -> Any:
    return value


def _raw(value: Any) -> Any:
    """Return a plain value as JSON again; one with a buffer inside is left to the decoder to refuse."""
    body = encode_body(value)
    return value if body.buffers else msgspec.Raw(body.json)


def _bytes(value: Any) -> Any:
    """Return the bytes that an array of numbers means; what is none is left to the decoder to refuse."""
    if type(value) is list and set(map(type, value)) <= {int}:
        try:
            return bytes(value)
        except ValueError:  # a number that is no byte
            pass
    return value


def _whole_bytes(value: Any) -> Any:
    """Return the bytes of a view too, which decoders would copy."""
    return bytes_of(value) if type(value) is memoryview else _bytes(value)


def _bytes_for_pydantic(value: Any) -> Any:
    return _Misfit() if isinstance(value, str) else _whole_bytes(value)


def _fit_members(fits: Mapping[Any, Fit], value: Any) -> Any:
    if isinstance(value, dict):
        for key, fit in fits.items():
            if key in value:
                value[key] = fit(value[key])
    elif isinstance(value, list):
        for key, fit in fits.items():
            if isinstance(key, int) and key < len(value):
                value[key] = fit(value[key])
    return value


def _fit_items(fit: Fit, value: Any) -> Any:
    if isinstance(value, list):
        value[:] = map(fit, value)
    return value


def _fit_entries(keys: Fit, values: Fit, value: Any) -> Any:
    return {keys(key): values(item) for key, item in value.items()} if isinstance(value, dict) else value


def _fit_values(fit: Fit, value: Any) -> Any:
    if isinstance(value, dict):
        for key, item in value.items():
            value[key] = fit(item)
    return value
