"""`plugin:resources|close`: how pages release what the back end holds for them."""

from __future__ import annotations

from ..core import Invoke, Plugin, PluginBuilder, command, generate_handler

__all__ = ["resources_plugin"]


@command
async def close(invoke: Invoke, rid: int) -> None:
    """Close a resource of the calling page, of its window or of the application: the first that has the id."""
    label = invoke.message.session.page.label
    tables = (invoke.message.session.resources, invoke.app.resources.of_window(label), invoke.app.resources.application)
    next((table for table in tables if table.has(rid)), tables[0]).close(rid)


def resources_plugin() -> Plugin:
    """Return the plugin of resources."""
    return PluginBuilder("resources").invoke_handler(generate_handler(close)).build()
