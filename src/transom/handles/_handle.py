"""The base of every handle, and the two abilities that all share: emitting events and listening to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..acl import User
from ..events import PythonListener, Recipients
from ..pages import Client
from ..wire import EventTarget, heard_by
from ._application import Application

__all__ = ["Emitter", "Handle", "Listener"]


class Handle:
    """A light value: the application, the client on whose behalf it acts, and the target that it listens as.

    It has no state of its own, so any number may exist, in any thread.
    """

    __slots__ = ("_app", "_client")

    def __init__(self, app: Application, client: Client) -> None:
        self._app = app
        self._client = client

    @property
    def _target(self) -> EventTarget:
        return EventTarget("App")


class Emitter(Handle):
    """Sends events; the source handle does not matter, as in Tauri. Any thread.

    Pages get an event before Python listeners do. The forms with `_str` take a payload that is JSON text already, and
    raise `TypeError` for a text that is not.
    """

    __slots__ = ()

    def emit(self, event: str, payload: Any = None) -> None:
        """Send an event to every listener of it; on a server, to those of the handle's own session.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            TypeError: The payload cannot cross the wire.
            RuntimeError: The application has ended.
        """
        self._app.events.emit(event, payload)

    def emit_str(self, event: str, payload: str) -> None:
        """Send an event whose payload is JSON text already. See `emit`."""
        self._app.events.emit_str(event, payload)

    def emit_to(
        self,
        target: EventTarget | str | None,
        event: str,
        payload: Any = None,
        *,
        user: User | str | None = None,
        group: str | None = None,
    ) -> None:
        """Send an event to the listeners of one target; a text is the label of a window, webview or both. See `emit`.

        Args:
            target: The target; `None` for every listener.
            event: The event's name.
            payload: Any value that can cross the wire.
            user: On a server, sends to the sessions of this user, given by the id as well, in place of the handle's own.
            group: On a server, sends to the sessions that have joined this group. With both, the user's and the group's.
        """
        if user is None and group is None:
            self._app.events.emit_to(EventTarget("Any") if target is None else target, event, payload)
            return
        wanted = None if target is None else EventTarget.of(target)
        if user is not None:
            name = user.id if isinstance(user, User) else user
            self._app.publish(Recipients("user", name), event, payload, wanted)
        if group is not None:
            self._app.publish(Recipients("group", group), event, payload, wanted)

    def broadcast(self, event: str, payload: Any = None, target: EventTarget | str | None = None) -> None:
        """Send an event to every session of every user of a server; see `emit`.

        Args:
            event: The event's name.
            payload: Any value that can cross the wire.
            target: Whom it is for in each session; `None` for every listener.
        """
        wanted = None if target is None else EventTarget.of(target)
        self._app.publish(Recipients("everybody"), event, payload, wanted)

    def emit_str_to(self, target: EventTarget | str, event: str, payload: str) -> None:
        """Send an event whose payload is JSON text already to the listeners of one target. See `emit_to`."""
        self._app.events.emit_str(event, payload, heard_by(target))

    def emit_filter(self, event: str, payload: Any, accepts: Callable[[EventTarget], bool]) -> None:
        """Send an event to the listeners whose target `accepts` returns true for, and to `Any` listeners. See `emit`."""
        self._app.events.emit(event, payload, accepts)

    def emit_str_filter(self, event: str, payload: str, accepts: Callable[[EventTarget], bool]) -> None:
        """Send an event whose payload is already JSON text to the targets that `accepts` returns true for. See `emit_filter`."""
        self._app.events.emit_str(event, payload, accepts)


class Listener(Handle):
    """Listens to events as its own target: the application, the window, the webview or both.

    `async def` listeners run on the application's loop, `def` listeners in a worker. A listener gets its events in order,
    one at a time. A slow listener does not block others: its events are queued up to `Builder.limits`; beyond that the
    oldest are dropped and a warning is logged. A listener may emit, listen and unlisten.
    """

    __slots__ = ()

    def listen(self, event: str, function: PythonListener) -> int:
        """Call `function` with every `Event` of this name for this target, and return the listener's id.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            RuntimeError: The application has ended.
        """
        return self._app.events.listen(event, function, self._target)

    def listen_any(self, event: str, function: PythonListener) -> int:
        """Listen to the event whatever its target. See `listen`."""
        return self._app.events.listen(event, function, EventTarget("Any"))

    def once(self, event: str, function: PythonListener) -> int:
        """Listen to the next event only. See `listen`."""
        return self._app.events.listen(event, function, self._target, once=True)

    def once_any(self, event: str, function: PythonListener) -> int:
        """Listen to the next event only, whatever its target. See `listen`."""
        return self._app.events.listen(event, function, EventTarget("Any"), once=True)

    def unlisten(self, listener_id: int) -> None:
        """Remove a listener. It is not called again, not even for queued events. An unknown id is ignored."""
        self._app.events.unlisten(listener_id)
