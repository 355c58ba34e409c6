"""`plugin:event|*`: how pages listen and emit."""

from __future__ import annotations

from typing import Any

from ..acl import Grant
from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..events import check_event
from ..handles import AppHandle, Webview
from ..wire import EventTarget

__all__ = ["event_plugin"]


# These four only touch tables in memory; on the loop they keep the order in which a page sent them.
@command
async def listen(webview: Webview, grant: Grant, event: str, target: EventTarget, handler: int) -> int:
    """Register a callback of the calling page and return the listener's id."""
    if grant.command_scope is not None:
        check_event(grant, event, target)
    return webview.listen_js(event, target, handler)


@command
async def unlisten(webview: Webview, event: str, event_id: int) -> None:
    """Remove a listener of the calling page."""
    webview.unlisten_js(event, event_id)


@command
async def emit(
    app: AppHandle,
    webview: Webview,
    grant: Grant,
    event: str,
    payload: Any = None,
    from_window: bool = False,
    only_window: str | None = None,
) -> None:
    """Send an event to every listener of it; the last two arguments are of clients of 1.x, see `Webview.emit_js`."""
    if grant.command_scope is not None:
        check_event(grant, event)
    if from_window:
        webview.emit_js(event, payload, only_window)
    else:
        app.emit(event, payload)


@command
async def emit_to(app: AppHandle, grant: Grant, target: EventTarget, event: str, payload: Any = None) -> None:
    """Send an event to the listeners of one target."""
    if grant.command_scope is not None:
        check_event(grant, event, target)
    app.emit_to(target, event, payload)


def event_plugin() -> Plugin:
    """Return the plugin of event."""
    return (
        PluginBuilder("event")
        .invoke_handler(generate_handler(listen, unlisten, emit, emit_to, lazy=True))
        .permissions(default=("allow-listen", "allow-unlisten", "allow-emit", "allow-emit-to"))
        .build()
    )
