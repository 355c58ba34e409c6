"""`plugin:event|*`: how pages listen and emit."""

from __future__ import annotations

from typing import Any

from ..core import Invoke, Plugin, PluginBuilder, command, generate_handler
from ..wire import EventTarget

__all__ = ["event_plugin"]


# These four only touch tables in memory; on the loop they keep the order in which a page sent them.
@command
async def listen(invoke: Invoke, event: str, target: EventTarget, handler: int) -> int:
    """Register a callback of the calling page and return the listener's id."""
    return invoke.app.events.listen_in_page(invoke.message.session, event, target, handler)


@command
async def unlisten(invoke: Invoke, event: str, event_id: int) -> None:
    """Remove a listener of the calling page."""
    invoke.app.events.unlisten(event_id, event, invoke.message.session)


@command
async def emit(invoke: Invoke, event: str, payload: Any = None) -> None:
    """Send an event to every listener of it."""
    invoke.app.events.emit(event, payload)


@command
async def emit_to(invoke: Invoke, target: EventTarget, event: str, payload: Any = None) -> None:
    """Send an event to the listeners of one target."""
    invoke.app.events.emit_to(target, event, payload)


def event_plugin() -> Plugin:
    """Return the plugin of event."""
    return PluginBuilder("event").invoke_handler(generate_handler(listen, unlisten, emit, emit_to)).build()
