"""Events: who listens, how an event is delivered, the bus that carries it, and what hooks hear of."""

from ._bus import Audience, Bus, Deliver, MemoryBus, PublishedEvent, Recipients
from ._event import Event, PythonListener
from ._hook import check_hook
from ._registry import EventListeners
from ._run_event import RESTART_EXIT_CODE, ExitRequestApi, RunEvent
from ._typed import TypedEvent
from ._window_event import (
    CloseRequestApi,
    DragDropEvent,
    WebviewEvent,
    WindowEvent,
    webview_event,
    window_event,
)

__all__ = [
    "RESTART_EXIT_CODE",
    "Audience",
    "Bus",
    "CloseRequestApi",
    "Deliver",
    "DragDropEvent",
    "Event",
    "EventListeners",
    "ExitRequestApi",
    "MemoryBus",
    "PublishedEvent",
    "PythonListener",
    "Recipients",
    "RunEvent",
    "TypedEvent",
    "WebviewEvent",
    "WindowEvent",
    "check_hook",
    "webview_event",
    "window_event",
]
