"""Listeners of an application, in pages and in Python, and how an event reaches them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any, NamedTuple

from ..errors import LimitReached
from ..pages import PageSession, QueueLimits
from ..threads import Threads
from ..values import InvokeResponseBody, check_json, encode_body, encode_json
from ..wire import EventTarget, check_event_name, event_listeners, event_message, heard_by, listening
from ._bus import Audience, Bus, Deliver, PublishedEvent
from ._event import Event, PythonListener
from ._python_listener import PythonListenerQueue

__all__ = ["EventListeners"]

_OVERHEAD = 64  # bytes that a waiting event costs beside its payload


class _PageListener(NamedTuple):
    session: PageSession
    target: EventTarget
    handler: int


class _Route(NamedTuple):
    """The destination of an event.

    Attributes:
        name: JSON text of its name.
        pages: Each page with listeners, and the JSON text that names them.
        in_python: The other listeners, by id.
    """

    name: bytes
    pages: list[tuple[PageSession, bytes]]
    in_python: list[tuple[int, PythonListenerQueue]]


class EventListeners:
    """All listeners of one application.

    Args:
        threads: The application's threads; its listeners run there.
        limits: Bounds of the events that wait for one Python listener.
        bus: Carries what is emitted here to the listeners, here and in other processes.
    """

    def __init__(self, threads: Threads, limits: QueueLimits, bus: Bus) -> None:
        self._threads = threads
        self._bus = bus
        bus.subscribe(self.deliver)
        self._limits = limits
        self._ids = count()
        self._ended = False
        self._lock = threading.Lock()
        self._delivering = threading.RLock()
        self._by_event: dict[str, dict[int, _PageListener | PythonListenerQueue]] = {}
        self._events: dict[int, str] = {}  # by listener
        # The end of a page must not look at the listeners of others.
        self._of_page: dict[PageSession, set[int]] = {}
        self._routes: dict[str, _Route] = {}  # of events to everybody, until somebody comes or goes

    def listen_in_page(self, session: PageSession, event: str, target: EventTarget, handler: int) -> int:
        """Register a callback of a page and return the listener's id; the page learns it before any event.

        Raises:
            RequestError: The event's name holds a character that none may hold.
            LimitReached: The page has too many listeners.
        """
        check_event_name(event)
        with self._lock:
            listener_id = next(self._ids)
            if not session.closed:  # else `end_page` has been here already
                own = self._of_page.setdefault(session, set())
                if len(own) >= self._limits.max_listeners:
                    raise LimitReached(
                        f"page {session.page.label!r}", self._limits.max_listeners, "event listeners", "max_listeners"
                    )
                own.add(listener_id)
                session.push(listening(listener_id, handler, event, target))
                self._add(event, listener_id, _PageListener(session, target, handler))
        return listener_id

    def listen(
        self,
        event: str,
        function: PythonListener,
        target: EventTarget,
        *,
        once: bool = False,
        source: str | None = None,
    ) -> int:
        """Register a Python function, `def` (run in a worker) or `async def` (on the loop), and return the listener's id.

        Args:
            event: The event's name.
            function: Takes an `Event`.
            target: What the listener listens as.
            once: Whether it hears one event only.
            source: Label of the window whose events it hears, as in 1.x; `None` for all.

        Raises:
            RequestError: The event's name holds a character that none may hold.
            RuntimeError: The application has ended.
        """
        check_event_name(event)
        if self._ended:
            raise RuntimeError("the application has ended; no event can be heard any more")
        with self._lock:
            listener_id = next(self._ids)
            self._add(
                event, listener_id, PythonListenerQueue(self._threads, function, target, once, self._limits, source)
            )
        return listener_id

    def observe(self, observer: Callable[[PublishedEvent], object]) -> None:
        """Call `observer` with every event before its listeners hear it; before the application runs."""
        self._bus = _ObservedBus(self._bus, observer)

    def overview(self) -> list[tuple[str, int, EventTarget, str | None]]:
        """Return every listener: event, id, target, and the label of its page; `None` for one of Python."""
        with self._lock:
            return [
                (event, number, found.target, found.session.page.label if isinstance(found, _PageListener) else None)
                for event, listeners in self._by_event.items()
                for number, found in listeners.items()
            ]

    def number_from(self, first: int) -> None:
        """Give listeners ids from this number on; before the first listener."""
        self._ids = count(first)

    def close(self) -> None:
        """Refuse further events and listeners of Python, because the application has ended."""
        self._ended = True
        self._bus = _EndedBus()

    def _add(self, event: str, listener_id: int, listener: _PageListener | PythonListenerQueue) -> None:
        self._by_event.setdefault(event, {})[listener_id] = listener
        self._events[listener_id] = event
        self._routes.pop(event, None)

    def unlisten(self, listener_id: int, event: str | None = None, session: PageSession | None = None) -> bool:
        """Remove a listener and tell whether it was there: an unlisten may meet the end of its page.

        Args:
            listener_id: The listener's id.
            event: Its event, if the caller knows it.
            session: The page that asks; it can only remove its own. `None` for the application itself.
        """
        removed = self._remove(listener_id, event, session)
        if isinstance(removed, PythonListenerQueue):
            removed.remove()
        return removed is not None

    def _remove(
        self, listener_id: int, event: str | None, session: PageSession | None = None
    ) -> _PageListener | PythonListenerQueue | None:
        with self._lock:
            name = self._events.get(listener_id)
            if name is None or event not in (None, name):
                return None
            found = self._by_event[name][listener_id]
            if not (session is None or _is_of(session, found)):
                return None
            self._forget(listener_id)
            if isinstance(found, _PageListener):
                self._of_page[found.session].discard(listener_id)
            return found

    def _forget(self, listener_id: int) -> None:
        event = self._events.pop(listener_id)
        listeners = self._by_event[event]
        del listeners[listener_id]
        self._routes.pop(event, None)
        if not listeners:
            del self._by_event[event]

    def end_page(self, session: PageSession) -> None:
        """Remove every listener of a page generation that is over."""
        with self._lock:
            for listener_id in self._of_page.pop(session, ()):
                self._forget(listener_id)

    def emit(
        self,
        event: str,
        payload: Any,
        accepts: Callable[[EventTarget], bool] | None = None,
        *,
        source: str | None = None,
        audience: Audience | None = None,
    ) -> None:
        """Send an event to its listeners, pages first.

        Args:
            event: The event's name.
            payload: Any value that can cross the wire; encoded once, however many listen.
            accepts: Tells whether a listener with this target is meant; `None` for all. `Any` listeners always are.
            source: Label of the window that the event comes from, for pages that speak 1.x; `None` for the application.
            audience: The listeners that it is for, among those that `accepts` names; `None` for all.

        Raises:
            RequestError: The event's name holds a character that none may hold.
            TypeError: The payload cannot cross the wire.
            RuntimeError: The application has ended.
        """
        self.publish(PublishedEvent(event, encode_body(payload), accepts, source, audience))

    def emit_str(self, event: str, json: str, accepts: Callable[[EventTarget], bool] | None = None) -> None:
        """Send an event whose payload is JSON text already. See `emit`.

        Raises:
            RequestError: The event's name holds a character that none may hold.
            TypeError: The text is not JSON.
            RuntimeError: The application has ended.
        """
        self.publish(PublishedEvent(event, _serialized(event, json), accepts))

    def publish(self, event: PublishedEvent) -> None:
        """Send an event whose payload is encoded already. See `emit`.

        Raises:
            RequestError: The event's name holds a character that none may hold.
        """
        if event.name not in self._by_event:  # else the name was checked when somebody began to listen
            check_event_name(event.name)
        self._bus.publish(event)

    def deliver(self, published: PublishedEvent) -> None:
        """Hand an event to its listeners in this process: what the bus calls.

        Raises:
            RuntimeError: A listener cannot be called; the others have the event.
        """
        event, body, accepts = published.name, published.body, published.accepts
        if accepts is None:
            # Without the lock: `listen` and `unlisten` drop the route before they return.
            route = self._routes.get(event) or self._route_to_all(event)
        else:
            route = self._route_to_some(event, accepts)
        if route is None:
            return
        name, pages, in_python = route
        source = None if published.source is None else encode_json(published.source)
        if published.audience is not None:
            pages, in_python = _among(pages, in_python, published.audience)
        size = _size_of(body) if in_python else 0
        starting = []
        # All listeners get events in one order, and what a listener emits comes after what it heard (Tauri: the same).
        with self._delivering:
            for session, listeners in pages:
                session.push_event(event_message(name, body.json, listeners, source), body.buffers)
            for listener_id, python_listener in in_python:
                if python_listener.source not in (None, published.source):
                    continue
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

    def has_page_listener(self, event: str, accepts: Callable[[EventTarget], bool]) -> bool:
        """Tell whether a page listens to an event as one of the targets that `accepts` names (Tauri: `has_js_listener`)."""
        with self._lock:
            listeners = list(self._by_event.get(event, {}).values())
        return any(isinstance(listener, _PageListener) and accepts(listener.target) for listener in listeners)

    def listens(self, label: str, event: str) -> bool:
        """Tell whether the page of a webview listens to an event, as whatever target."""
        with self._lock:
            listeners = list(self._by_event.get(event, {}).values())
        return any(isinstance(found, _PageListener) and found.session.page.label == label for found in listeners)

    def emit_to(self, target: EventTarget | str, event: str, payload: Any) -> None:
        """Send an event to the listeners of a target; a text is the label of any kind of target. See `emit`."""
        self.emit(event, payload, heard_by(target))


class _ObservedBus:
    """A bus that shows an observer what is published."""

    def __init__(self, bus: Bus, observer: Callable[[PublishedEvent], object]) -> None:
        self._bus = bus
        self._observer = observer
        self.subscribe = bus.subscribe
        self.history = bus.history

    def publish(self, event: PublishedEvent) -> None:
        """Show the observer an event, and publish it."""
        self._observer(event)
        self._bus.publish(event)


class _EndedBus:
    """Takes the place of the bus when the application has ended, so that `emit` itself has nothing to check."""

    def subscribe(self, deliver: Deliver) -> None:
        """Do nothing: nothing is published any more."""

    def history(self, after: int) -> Sequence[PublishedEvent]:
        """Return nothing: what was published is over."""
        return ()

    def publish(self, event: PublishedEvent) -> None:
        """Refuse an event.

        Raises:
            RuntimeError: Always.
        """
        raise RuntimeError("the application has ended; no event can be sent any more")


def _route(event: str, listeners: Iterable[tuple[int, _PageListener | PythonListenerQueue]]) -> _Route:
    pages: dict[PageSession, list[tuple[int, int]]] = {}
    in_python: list[tuple[int, PythonListenerQueue]] = []
    for listener_id, listener in listeners:
        if isinstance(listener, _PageListener):
            pages.setdefault(listener.session, []).append((listener_id, listener.handler))
        else:
            in_python.append((listener_id, listener))
    return _Route(
        encode_json(event), [(session, event_listeners(pairs)) for session, pairs in pages.items()], in_python
    )


def _among(
    pages: list[tuple[PageSession, bytes]], in_python: list[tuple[int, PythonListenerQueue]], audience: Audience
) -> tuple[list[tuple[PageSession, bytes]], list[tuple[int, PythonListenerQueue]]]:
    only = audience.page
    chosen = [page for page in pages if audience.pages and only in (None, page[0].page.label)]
    return chosen, in_python if audience.python else []


def _size_of(body: InvokeResponseBody) -> int:
    return len(body.json) + sum(len(buffer.data) for buffer in body.buffers) + _OVERHEAD


def _serialized(event: str, json: str) -> InvokeResponseBody:
    try:
        return InvokeResponseBody(check_json(json))
    except ValueError as error:
        raise TypeError(f"the payload of {event!r} must be JSON text: {error}; `emit` encodes a value itself") from None


def _is_of(session: PageSession, listener: _PageListener | PythonListenerQueue) -> bool:
    return isinstance(listener, _PageListener) and listener.session is session
