"""Listeners of an application, in pages and in Python, and how an event reaches them."""

from __future__ import annotations

import asyncio
import inspect
import logging
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar, cast

from ..wire import (
    EventTarget,
    InvokeResponseBody,
    check_event_name,
    check_json,
    encode_body,
    encode_json,
    event_listeners,
    event_message,
    hears,
    listening,
)
from ._command import routine
from ._decode import convert

if TYPE_CHECKING:
    from ._app import AppCore
    from ._page import PageSession, QueueLimits

__all__ = ["Event", "EventListeners", "PythonListener", "heard_by"]

T = TypeVar("T")
_log = logging.getLogger("transom")
_OVERHEAD = 64  # bytes that a waiting event costs beside its payload
_TURN = 64  # events that an `async def` listener handles before the loop's other tasks have their turn
PythonListener: TypeAlias = Callable[["Event"], Any]


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
        return self._body.deserialize()

    def payload_as(self, kind: type[T]) -> T:
        """Return the payload as a value of a type: a Struct, a dataclass, `list[int]`, whatever an argument may be.

        Raises:
            msgspec.ValidationError: The payload does not fit; the text says where.
            RequestError: The same, for a type that msgspec does not know.
        """
        return cast("T", convert(self.payload, kind))

    def __repr__(self) -> str:
        return f"<Event {self.event!r} for listener {self.id}>"


class _PageListener(NamedTuple):
    session: PageSession
    target: EventTarget
    handler: int


class _Route(NamedTuple):
    """Where an event goes.

    Attributes:
        name: JSON text of its name.
        pages: Each page with listeners, and the JSON text that names them.
        in_python: The other listeners, by id.
    """

    name: bytes
    pages: list[tuple[PageSession, bytes]]
    in_python: list[tuple[int, _PythonListener]]


class _PythonListener:
    """A Python function that listens: its events are handled one after the other, and nobody waits for them.

    Events that wait for a slow one are bounded as a page's queue is. Over the bound the oldest is dropped, because the
    newest says more of how things are now, and the log says how many were.
    """

    def __init__(
        self, app: AppCore, function: PythonListener, target: EventTarget, once: bool, limits: QueueLimits
    ) -> None:
        self.target = target
        self.once = once
        self._app = app
        self._function = function
        self._limits = limits
        self._on_loop = inspect.iscoroutinefunction(routine(function))
        self._pending: deque[tuple[Event, int]] = deque()
        self._bytes = 0
        self._missed = 0
        self._busy = False
        self._removed = False
        self._lock = threading.Lock()

    def put(self, event: Event, size: int) -> bool:
        """Queue an event, and tell whether `start` must be called: nobody handles the queue yet."""
        with self._lock:
            if self._removed:
                return False
            self._pending.append((event, size))
            self._bytes += size
            self._drop_what_is_over(event.event)
            start, self._busy = not self._busy, True
        return start

    def start(self) -> None:
        """Let the queue be handled.

        Raises:
            RuntimeError: The function is `async def` and the application does not run yet, or it has ended.
        """
        try:
            if self._on_loop:
                self._app.loop_thread.spawn(self._drain_on_loop())
            else:
                self._app.pool.submit(self._drain)
        except RuntimeError:
            with self._lock:
                self._clear()
                self._busy = False
            raise

    def remove(self) -> None:
        """Forget what waits: when `unlisten` has returned, no further call of the function begins."""
        with self._lock:
            self._removed = True
            self._clear()

    def _clear(self) -> None:
        self._pending.clear()
        self._bytes = 0

    def _drop_what_is_over(self, name: str) -> None:
        limits, before = self._limits, self._missed
        while len(self._pending) > 1 and (
            len(self._pending) > limits.max_queued_messages or self._bytes > limits.max_queued_bytes
        ):
            self._bytes -= self._pending.popleft()[1]
            self._missed += 1
        if self._missed and not before:
            _log.warning(
                "a listener of %r is too slow: the oldest of %d waiting events are dropped", name, len(self._pending)
            )

    def _next(self) -> Event | None:
        with self._lock:
            if not self._pending:
                self._busy = False
                return None
            event, size = self._pending.popleft()
            self._bytes -= size
            missed, self._missed = (0, self._missed) if self._pending else (self._missed, 0)
        if missed:
            _log.warning("a listener of %r has caught up; it missed %d events", event.event, missed)
        return event

    def _drain(self) -> None:
        while event := self._next():
            try:
                result = self._function(event)
                if inspect.iscoroutine(result):  # a `def` or `lambda` around an `async def`
                    self._app.loop_thread.spawn(self._finish(event, result))
                    return
            except BaseException:  # noqa: BLE001 - whatever it raises, its next event must reach it
                _log.exception("a listener of %r failed", event.event)

    async def _finish(self, event: Event, coroutine: Coroutine[Any, Any, Any]) -> None:
        await self._handle(event, coroutine)
        self._app.pool.submit(self._drain)

    async def _drain_on_loop(self) -> None:
        handled = 0
        while event := self._next():
            await self._handle(event)
            handled += 1
            if handled % _TURN == 0:  # awaiting what never suspends gives nobody else a turn
                await asyncio.sleep(0)

    async def _handle(self, event: Event, coroutine: Coroutine[Any, Any, Any] | None = None) -> None:
        try:
            await (self._function(event) if coroutine is None else coroutine)
        except BaseException as error:
            task = asyncio.current_task()
            if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
                raise
            _log.exception("a listener of %r failed", event.event)


class EventListeners:
    """All listeners of one application."""

    def __init__(self, app: AppCore, limits: QueueLimits) -> None:
        self._app = app
        self._limits = limits
        self._ids = count()
        self._lock = threading.Lock()
        self._delivering = threading.RLock()
        self._by_event: dict[str, dict[int, _PageListener | _PythonListener]] = {}
        self._routes: dict[str, _Route] = {}  # of events to everybody, until somebody comes or goes

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
                self._add(event, listener_id, _PageListener(session, target, handler))
        return listener_id

    def listen(self, event: str, function: PythonListener, target: EventTarget, *, once: bool = False) -> int:
        """Register a Python function, `def` (run in a worker) or `async def` (on the loop), and return the listener's id.

        Raises:
            RequestError: The event's name holds a character that none may hold.
        """
        check_event_name(event)
        with self._lock:
            listener_id = next(self._ids)
            self._add(event, listener_id, _PythonListener(self._app, function, target, once, self._limits))
        return listener_id

    def _add(self, event: str, listener_id: int, listener: _PageListener | _PythonListener) -> None:
        self._by_event.setdefault(event, {})[listener_id] = listener
        self._routes.pop(event, None)

    def unlisten(self, listener_id: int, event: str | None = None, session: PageSession | None = None) -> bool:
        """Remove a listener and tell whether it was there: an unlisten may meet the end of its page.

        Args:
            listener_id: The listener's id.
            event: Its event, if the caller knows it.
            session: The page that asks; it can only remove its own. `None` for the application itself.
        """
        removed = self._remove(listener_id, event, session)
        if isinstance(removed, _PythonListener):
            removed.remove()
        return removed is not None

    def _remove(
        self, listener_id: int, event: str | None, session: PageSession | None = None
    ) -> _PageListener | _PythonListener | None:
        with self._lock:
            for name in [event] if event is not None else list(self._by_event):
                found = self._by_event.get(name, {}).get(listener_id)
                if found is None or not (session is None or _is_of(session, found)):
                    continue
                del self._by_event[name][listener_id]
                self._routes.pop(name, None)
                if not self._by_event[name]:
                    del self._by_event[name]
                return found
        return None

    def end_page(self, session: PageSession) -> None:
        """Remove every listener of a page generation that is over."""
        with self._lock:
            for name, listeners in list(self._by_event.items()):
                for gone in [key for key, listener in listeners.items() if _is_of(session, listener)]:
                    del listeners[gone]
                    self._routes.pop(name, None)
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
        self._send(event, encode_body, payload, accepts)

    def emit_str(self, event: str, json: str, accepts: Callable[[EventTarget], bool] | None = None) -> None:
        """Send an event whose payload is JSON text already. See `emit`.

        Raises:
            RequestError: The event's name holds a character that none may hold.
            TypeError: The text is not JSON.
        """
        self._send(event, partial(_serialized, event), json, accepts)

    def _send(
        self,
        event: str,
        encode: Callable[[Any], InvokeResponseBody],
        payload: Any,
        accepts: Callable[[EventTarget], bool] | None,
    ) -> None:
        if accepts is None:
            # Without the lock: whoever comes or goes has dropped the route before `listen` or `unlisten` returns.
            route = self._routes.get(event) or self._route_to_all(event)
        else:
            route = self._route_to_some(event, accepts)
        if route is None:
            check_event_name(event)  # else whoever listens has been through it
            return
        body = encode(payload)
        name, pages, in_python = route
        size = _size_of(body) if in_python else 0
        starting = []
        # Everybody hears events in one order, and what a listener emits comes after what it heard (Tauri: the same).
        with self._delivering:
            for session, listeners in pages:
                session.push_event(event_message(name, body.json, listeners), body.buffers)
            for listener_id, python_listener in in_python:
                # Of two emits at once, only the one that removes a `once` listener reaches it.
                if python_listener.once and self._remove(listener_id, event) is None:
                    continue
                if python_listener.put(Event(event, listener_id, body), size):
                    starting.append(python_listener)
        failed = None
        for python_listener in starting:
            try:
                python_listener.start()
            except RuntimeError as error:  # the others hear the event all the same
                failed = error
        if failed is not None:
            raise failed

    def _route_to_all(self, event: str) -> _Route | None:
        with self._lock:
            listeners = self._by_event.get(event)
            if not listeners:
                return None
            route = self._routes[event] = _route(event, listeners.items())
        return route

    def _route_to_some(self, event: str, accepts: Callable[[EventTarget], bool]) -> _Route | None:
        with self._lock:
            listeners = list(self._by_event.get(event, {}).items())
        if not listeners:
            return None
        # Not under the lock: the author's filter may do anything.
        heard = [item for item in listeners if item[1].target.kind == "Any" or accepts(item[1].target)]
        return _route(event, heard)

    def emit_to(self, target: EventTarget | str, event: str, payload: Any) -> None:
        """Send an event to the listeners of a target; a text is the label of any kind of target. See `emit`."""
        self.emit(event, payload, heard_by(target))


def heard_by(target: EventTarget | str) -> Callable[[EventTarget], bool] | None:
    """Return what tells whether a listener hears what is emitted to a target; `None` when every one does."""
    wanted = EventTarget.of(target)
    return None if wanted.kind == "Any" else lambda listener: hears(listener, wanted)


def _route(event: str, listeners: Iterable[tuple[int, _PageListener | _PythonListener]]) -> _Route:
    pages: dict[PageSession, list[tuple[int, int]]] = {}
    in_python: list[tuple[int, _PythonListener]] = []
    for listener_id, listener in listeners:
        if isinstance(listener, _PageListener):
            pages.setdefault(listener.session, []).append((listener_id, listener.handler))
        else:
            in_python.append((listener_id, listener))
    return _Route(
        encode_json(event), [(session, event_listeners(pairs)) for session, pairs in pages.items()], in_python
    )


def _size_of(body: InvokeResponseBody) -> int:
    return len(body.json) + sum(len(buffer.data) for buffer in body.buffers) + _OVERHEAD


def _serialized(event: str, json: str) -> InvokeResponseBody:
    try:
        return InvokeResponseBody(check_json(json))
    except ValueError as error:
        raise TypeError(f"the payload of {event!r} must be JSON text: {error}; `emit` encodes a value itself") from None


def _is_of(session: PageSession, listener: _PageListener | _PythonListener) -> bool:
    return isinstance(listener, _PageListener) and listener.session is session
