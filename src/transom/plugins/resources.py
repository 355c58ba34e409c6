"""`plugin:resources|close`: how pages release what the back end holds for them."""

from __future__ import annotations

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..handles import AppHandle, Webview, Window

__all__ = ["resources_plugin"]


@command
async def close(app: AppHandle, window: Window, webview: Webview, rid: int) -> None:
    """Close a resource of the calling page, of its window or of the application: the first that has the id."""
    tables = (webview.resources_table(), window.resources_table(), app.resources_table())
    next((table for table in tables if table.has(rid)), tables[0]).close(rid)


def resources_plugin() -> Plugin:
    """Return the plugin of resources."""
    return (
        PluginBuilder("resources")
        .invoke_handler(generate_handler(close, lazy=True))
        .permissions(default=("allow-close",))
        .build()
    )
