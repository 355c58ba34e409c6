"""The event that a Python listener gets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

from ..values import InvokeResponseBody, complete, convert, decode_as, needs_completion

__all__ = ["Event", "PythonListener"]

T = TypeVar("T")
PythonListener: TypeAlias = Callable[["Event"], Any]


class Event:
    """An event, as a Python listener gets it.

    Attributes:
        event: The event's name.
        id: The listener's own id.
    """

    __slots__ = ("_body", "event", "id")

    def __init__(self, event: str, listener_id: int, body: InvokeResponseBody) -> None:
        self.event = event
        self.id = listener_id
        self._body = body

    @property
    def payload(self) -> Any:
        """The plain Python value of the payload, with `bytes` for buffers. Every listener gets a separate copy."""
        return self._body.deserialize()

    def payload_as(self, kind: type[T]) -> T:
        """Return the payload as a value of a type: a Struct, a dataclass, `list[int]`, whatever an argument may be.

        Raises:
            msgspec.ValidationError: The payload does not fit; the text says where.
            RequestError: The same, for a type that msgspec does not know.
        """
        body = self._body
        value = cast("T", convert(self.payload, kind) if body.buffers else decode_as(body.json, kind))
        if needs_completion(kind):
            complete(value)
        return value

    def __repr__(self) -> str:
        return f"<Event {self.event!r} for listener {self.id}>"
