"""Listeners of an application, in pages and in Python, and how an event reaches them."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ..wire import (
    EventTarget,
    InvokeResponseBody,
    check_event_name,
    decode_json,
    encode_body,
    encode_json,
    event_message,
    hears,
    listening,
)

if TYPE_CHECKING:
    from ._app import AppCore
    from ._page import PageSession

__all__ = ["Event", "EventListeners", "PythonListener"]

_log = logging.getLogger("transom")


class Event:
    """What a Python listener gets.

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
        """The plain Python value of the payload, with `bytes` where there were buffers; every listener gets one of its own."""
        value = decode_json(self._body.json)
        for path, _, data in self._body.buffers:
            *holders, last = decode_json(path) or [None]
            if last is None:
                return bytes(data)
            holder = value
            for key in holders:
                holder = holder[key]
            holder[last] = bytes(data)
        return value


PythonListener: TypeAlias = Callable[[Event], Any]


class _PageListener(NamedTuple):
    session: PageSession
    target: EventTarget
    handler: int


class _PythonListener:
    """A Python function that listens: its events are handled one after the other, and nobody waits for them."""

    def __init__(self, app: AppCore, function: PythonListener, target: EventTarget, once: bool) -> None:
        self.target = target
        self.once = once
        self._app = app
        self._function = function
        self._is_async = inspect.iscoroutinefunction(function)
        self._pending: deque[Event] = deque()
        self._busy = False
        self._lock = threading.Lock()

    def put(self, event: Event) -> None:
        """Hand over an event."""
        with self._lock:
            self._pending.append(event)
            if self._busy:
                return
            self._busy = True
        if self._is_async:
            self._app.loop_thread.spawn(self._drain_async())
        else:
            self._app.pool.submit(self._drain)

    def _next(self) -> Event | None:
        with self._lock:
            if not self._pending:
                self._busy = False
                return None
            return self._pending.popleft()

    def _drain(self) -> None:
        while event := self._next():
            try:
                self._function(event)
            except BaseException:  # noqa: BLE001 - whatever it raises, its next event must reach it
                _log.exception("a listener of %r failed", event.event)

    async def _drain_async(self) -> None:
        while event := self._next():
            try:
                await self._function(event)
            except BaseException as error:
                task = asyncio.current_task()
                if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                    raise
                _log.exception("a listener of %r failed", event.event)


class EventListeners:
    """All listeners of one application."""

    def __init__(self, app: AppCore) -> None:
        self._app = app
        self._ids = count()
        self._lock = threading.Lock()
        self._by_event: dict[str, dict[int, _PageListener | _PythonListener]] = {}

    def listen_in_page(self, session: PageSession, event: str, target: EventTarget, handler: int) -> int:
        """Register a callback of a page and return the listener's id; the page learns it before any event.

        Raises:
            RequestError: The event's name holds a character that none may hold.
        """
        check_event_name(event)
        with self._lock:
            listener_id = next(self._ids)
            if not session.closed:  # else `end_page` has been here already
                session.push(listening(listener_id, handler))
                self._by_event.setdefault(event, {})[listener_id] = _PageListener(session, target, handler)
        return listener_id

    def listen(self, event: str, function: PythonListener, target: EventTarget, *, once: bool = False) -> int:
        """Register a Python function, `def` (run in a worker) or `async def` (on the loop), and return the listener's id.

        Raises:
            RequestError: The event's name holds a character that none may hold.
        """
        check_event_name(event)
        with self._lock:
            listener_id = next(self._ids)
            self._by_event.setdefault(event, {})[listener_id] = _PythonListener(self._app, function, target, once)
        return listener_id

    def unlisten(self, listener_id: int, event: str | None = None, session: PageSession | None = None) -> bool:
        """Remove a listener and tell whether it was there: an unlisten may meet the end of its page.

        Args:
            listener_id: The listener's id.
            event: Its event, if the caller knows it.
            session: The page that asks; it can only remove its own. `None` for the application itself.
        """
        with self._lock:
            for name in [event] if event is not None else list(self._by_event):
                found = self._by_event.get(name, {}).get(listener_id)
                if found is None or not (session is None or _is_of(session, found)):
                    continue
                del self._by_event[name][listener_id]
                if not self._by_event[name]:
                    del self._by_event[name]
                return True
        return False

    def end_page(self, session: PageSession) -> None:
        """Remove every listener of a page generation that is over."""
        with self._lock:
            for name, listeners in list(self._by_event.items()):
                for gone in [key for key, listener in listeners.items() if _is_of(session, listener)]:
                    del listeners[gone]
                if not listeners:
                    del self._by_event[name]

    def emit(self, event: str, payload: Any, accepts: Callable[[EventTarget], bool] | None = None) -> None:
        """Send an event to its listeners, pages first.

        Args:
            event: The event's name.
            payload: Any value that can cross the wire; encoded once, however many listen.
            accepts: Tells whether a listener with this target is meant; `None` for all. `Any` listeners always are.

        Raises:
            RequestError: The event's name holds a character that none may hold.
            TypeError: The payload cannot cross the wire.
        """
        check_event_name(event)
        with self._lock:
            found = list(self._by_event.get(event, {}).items())
        if not found:
            return
        body = encode_body(payload)
        name = encode_json(event)
        pages: dict[PageSession, list[tuple[int, int]]] = {}
        in_python: list[tuple[int, _PythonListener]] = []
        for listener_id, listener in found:
            if accepts is not None and listener.target.kind != "Any" and not accepts(listener.target):
                continue
            if isinstance(listener, _PageListener):
                pages.setdefault(listener.session, []).append((listener_id, listener.handler))
            else:
                in_python.append((listener_id, listener))
        for session, listeners in pages.items():
            session.push(event_message(name, body.json, listeners), body.buffers)
        for listener_id, python_listener in in_python:
            # Of two emits at once, only the one that removes a `once` listener reaches it.
            if python_listener.once and not self.unlisten(listener_id, event):
                continue
            python_listener.put(Event(event, listener_id, body))

    def emit_to(self, target: EventTarget | str, event: str, payload: Any) -> None:
        """Send an event to the listeners of a target; a text is the label of any kind of target. See `emit`."""
        wanted = EventTarget.of(target)
        self.emit(event, payload, None if wanted.kind == "Any" else lambda listener: hears(listener, wanted))


def _is_of(session: PageSession, listener: _PageListener | _PythonListener) -> bool:
    return isinstance(listener, _PageListener) and listener.session is session
