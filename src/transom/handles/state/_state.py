"""Managed state: one object a type, shared by every command of an application."""

from __future__ import annotations

import threading
from typing import Annotated, Any, TypeAlias, TypeVar, cast

from ...errors import StateError

__all__ = ["State", "StateManager", "StateMarker"]

T = TypeVar("T")


class StateMarker:
    """Marks a parameter whose argument is managed state."""


# `State[Cache]` is `Cache` to a type checker, and the command receives the managed object itself.
State: TypeAlias = Annotated[T, StateMarker]


class StateManager:
    """Objects by their class."""

    def __init__(self) -> None:
        self._objects: dict[type[object], Any] = {}
        self._lock = threading.Lock()

    def set(self, value: object) -> bool:
        """Manage an object under its class; tell whether it was the first of it. A second one is not taken (as in Tauri)."""
        with self._lock:
            return self._objects.setdefault(type(value), value) is value

    def put(self, kind: type[object], value: Any) -> None:
        """Manage an object under a class, in place of the present one. It need not be of the class."""
        with self._lock:
            self._objects[kind] = value

    def get(self, kind: type[T]) -> T:
        """Return the managed object of this class.

        Raises:
            StateError: None is managed.
        """
        try:
            found: T = self._objects[kind]
        except KeyError:
            raise StateError(
                f"state of type {kind.__qualname__} is not managed; call Builder.manage({kind.__qualname__}(...)) before run()"
            ) from None
        return found

    def try_get(self, kind: type[T]) -> T | None:
        """Return the managed object of this class, `None` when there is none."""
        return self._objects.get(kind)

    def objects(self) -> list[object]:
        """Return the managed objects."""
        return list(self._objects.values())

    def remove(self, kind: type[T]) -> T | None:
        """Manage the object of this class no longer and return it, `None` when there was none."""
        with self._lock:
            return cast("T | None", self._objects.pop(kind, None))
