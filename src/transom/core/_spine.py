"""The spine: decode -> authorize -> find -> call -> encode. Every message from a page passes here and gets one answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import CommandNotFound
from ..wire import InvokeFrame
from ._invoke import Invoke, InvokeHandler, InvokeMessage
from ._resolver import InvokeResolver

if TYPE_CHECKING:
    from ._app import AppCore
    from ._page import PageSession

__all__ = ["dispatch"]

_NO_HEADERS: dict[str, str] = {}


def dispatch(app: AppCore, session: PageSession, frame: InvokeFrame, buffers: Sequence[memoryview]) -> None:
    """Give one call its one answer, now or later. Never raises."""
    resolver = InvokeResolver(app, session, frame.id, frame.command)
    try:
        plugin, name = _split(frame.command)
        message = InvokeMessage(app, name, frame.payload, frame.headers or _NO_HEADERS, session, frame.spans, buffers)
        grant = app.authority.authorize(frame.command, session.page.label, session.page.origin, session.page.local)
        handler = _find(app, plugin, name)
        if not handler(Invoke(app, message, resolver, grant)):
            raise CommandNotFound(name, app.nearest_command(plugin, name))
    except Exception as error:  # noqa: BLE001 - whatever happens, the call gets its answer
        resolver.fail(error)


def _split(command: str) -> tuple[str | None, str]:
    """Return the plugin, `None` for the application's own commands, and the name: `plugin:<plugin>|<name>`."""
    if not command.startswith("plugin:"):
        return None, command
    plugin, _, name = command[7:].partition("|")
    return plugin, name


def _find(app: AppCore, plugin: str | None, name: str) -> InvokeHandler:
    if plugin is None:
        return app.handler
    try:
        return app.plugins[plugin]
    except KeyError:
        raise CommandNotFound(f"{plugin}|{name}") from None
