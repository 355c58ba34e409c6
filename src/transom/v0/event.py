"""Events as in Tauri 0.x: of one webview and its page. The name of an event has the characters that 2.x allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..events import Audience, Event
from ..handles import Webview
from ..wire import EventTarget, check_event_name

__all__ = ["emit", "listen"]

_KEPT: Final = "tauri://kept"  # what `v0.js` keeps until somebody listens


def listen(webview: Webview, event: str, handler: Callable[[Any], object]) -> int:
    """Call `handler` with the payload of every event of this name that a page emits, and return the listener's id.

    Args:
        webview: Any webview of the application; in 0.x there is one.
        event: The event's name.
        handler: Takes the payload, `None` when there is none; it runs in a worker. `Webview.unlisten` removes it.

    Raises:
        RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
    """

    def heard(received: Event) -> None:
        handler(received.payload)

    return webview._app.events.listen(event, heard, EventTarget("Any"))  # noqa: SLF001 - a handle has no method for it


def emit(webview: Webview, event: str, payload: Any = None) -> None:
    """Send an event to the page of a webview. Python listeners do not hear it.

    If the page does not listen yet, it keeps the event for its first listener, as in 0.x: up to 1,000 of each name, of
    which the oldest are dropped. A page that has not begun to load gets nothing.

    Raises:
        RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
        TypeError: The payload cannot cross the wire.
    """
    audience = Audience(webview.label, python=False)
    events = webview._app.events  # noqa: SLF001 - a handle has no method for it
    if events.listens(webview.label, event):
        events.emit(event, payload, audience=audience)
    else:
        check_event_name(event)
        events.emit(_KEPT, {"event": event, "payload": payload}, audience=audience)
