"""Events that are declared once, with the type of their payload, for Python and for the page."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from ..callables import is_async
from ..wire import EventTarget, check_event_name
from ._event import Event, PythonListener

__all__ = ["TypedEvent"]

T = TypeVar("T")
TypedListener: TypeAlias = Callable[[T], object] | Callable[[T], Awaitable[object]]


class _Handle(Protocol):
    """Emits and hears events: an `AppHandle`, a window or a webview."""

    def emit(self, event: str, payload: Any = None) -> None: ...
    def emit_to(self, target: EventTarget | str | None, event: str, payload: Any = None) -> None: ...
    def listen(self, event: str, function: PythonListener) -> int: ...
    def once(self, event: str, function: PythonListener) -> int: ...


class TypedEvent(Generic[T]):
    """An event with the type of its payload.

    Declare it once at the top of a module, and name it in `Builder.events`, so that `transom bindings` writes typed
    `listen` and `emit` for the page.

    Args:
        name: The event's name.
        payload: The type of its payload: whatever an argument of a command may be.
        doc: What it tells, for the comment in the bindings.

    Attributes:
        name: The event's name.
        payload: The type of its payload.
        doc: What it tells.

    Raises:
        RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
    """

    __slots__ = ("doc", "name", "payload")

    def __init__(self, name: str, payload: type[T], doc: str = "") -> None:
        check_event_name(name)
        self.name = name
        self.payload = payload
        self.doc = inspect.cleandoc(doc)

    def emit(self, handle: _Handle, payload: T) -> None:
        """Send it to every listener; see `AppHandle.emit`."""
        handle.emit(self.name, payload)

    def emit_to(self, handle: _Handle, target: EventTarget | str, payload: T) -> None:
        """Send it to the listeners of one target; see `AppHandle.emit_to`."""
        handle.emit_to(target, self.name, payload)

    def listen(self, handle: _Handle, function: TypedListener[T]) -> int:
        """Call `function` with the payload of every event for the handle's target, and return the listener's id.

        `def` runs in a worker, `async def` on the event loop. A payload that does not fit the type is logged, and `function`
        is not called with it. `AppHandle.unlisten` ends it.
        """
        return handle.listen(self.name, self._decoding(function))

    def once(self, handle: _Handle, function: TypedListener[T]) -> int:
        """Call `function` with the payload of the next event only; see `listen`."""
        return handle.once(self.name, self._decoding(function))

    def _decoding(self, function: TypedListener[T]) -> PythonListener:
        if is_async(function):

            async def hear_later(event: Event) -> None:
                result: Any = function(event.payload_as(self.payload))
                await result

            return hear_later

        def hear(event: Event) -> None:
            function(event.payload_as(self.payload))

        return hear

    def __repr__(self) -> str:
        return f"TypedEvent({self.name!r}, {self.payload!r})"
