"""Which types hold no buffers, so that their values need not be searched for them."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Literal, TypeAlias, get_origin
from uuid import UUID

from ._annotation import bare, parts_of, types_inside

__all__ = ["LEAVES", "holds_no_buffers", "is_free", "may_hold_buffers"]

# JSON numbers, texts and what becomes one.
LEAVES: frozenset[type] = frozenset((bool, int, float, str, type(None), date, datetime, time, timedelta, Decimal, UUID))
# Classes inside a type, each with the subclasses that it had when it was looked into.
_Family: TypeAlias = dict[type, list[type]]
# The same, ready to be asked for: what returns the subclasses of a class, and those that it had.
_Checks: TypeAlias = tuple[tuple[Callable[[], list[type]], list[type]], ...]


class _KnownTypes:
    """The classes that were looked into, each once.

    Attributes:
        free: Those that hold no buffers and no other classes, so that this stays so.
    """

    MOST = 4096

    def __init__(self) -> None:
        self.free: set[type] = set(LEAVES)
        self._checks: dict[type, _Checks | None] = {}  # `None` where a value may hold buffers

    def hold_none(self, kind: type) -> bool:
        """Tell whether every value of exactly this class is free of buffers: by its fields, and those of the classes in it."""
        try:
            checks = self._checks[kind]
        except KeyError:
            checks = self._look_into(kind)
        if checks is None:
            return False
        for subclasses, known in checks:
            if subclasses() != known:  # a value of a new one may be where its base is annotated
                return self._look_into(kind) is not None
        return True

    def _look_into(self, kind: type) -> _Checks | None:
        if len(self._checks) >= self.MOST:
            self._checks.clear()
            self.free.intersection_update(LEAVES)
        inside = types_inside(kind)
        # The class of the value itself is known exactly: only what its fields are annotated with can be of a subclass.
        found: _Family | None = None if hasattr(kind, "ipc_body") else {}
        for part in [kind] if inside is None else inside:
            family = _family_in(part)
            found = None if found is None or family is None else found | family
        checks: _Checks | None = (
            None if found is None else tuple((part.__subclasses__, known) for part, known in found.items())
        )
        self._checks[kind] = checks
        if checks == ():
            self.free.add(kind)
        return checks


def may_hold_buffers(annotation: Any) -> bool:
    """Tell whether a value of this annotation can hold a buffer; a type nothing is known of can.

    The classes in it are taken with their present subclasses.
    """
    return _family_in(annotation) is None


def _family_in(annotation: Any) -> _Family | None:
    family: _Family = {}
    for part in parts_of(annotation, subclasses=True):
        if _is_plain(part):
            continue
        kind = get_origin(part) or part
        # Nothing is known of what a type says itself to cross the wire; see `IpcResponse`.
        if not isinstance(kind, type) or types_inside(part) is None or hasattr(kind, "ipc_body"):
            return None
        family[kind] = kind.__subclasses__()
    return family


def _is_plain(part: Any) -> bool:
    """Tell whether a part says nothing of buffers: it is plain, or what is in it comes after it."""
    if bare(part) is not part or get_origin(part) is Literal or part is None:
        return True
    if not isinstance(part, type):
        return False
    if issubclass(part, enum.Enum):
        return all(type(member.value) in LEAVES for member in part)
    return part in LEAVES or issubclass(part, PurePath)


_KNOWN = _KnownTypes()
holds_no_buffers = _KNOWN.hold_none
# The quick half of it: `False` says nothing.
is_free = _KNOWN.free.__contains__
