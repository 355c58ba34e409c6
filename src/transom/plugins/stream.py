"""`plugin:stream|pull`: how the page's half of a stream asks for more values."""

from __future__ import annotations

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..handles import Webview

__all__ = ["stream_plugin"]


@command
async def pull(webview: Webview, channel: int, count: int) -> None:
    """Let a stream of the calling page send `count` more values; one that has ended needs none."""
    webview.pull_stream(channel, count)


def stream_plugin() -> Plugin:
    """Return the plugin of streaming commands."""
    return (
        PluginBuilder("stream")
        .invoke_handler(generate_handler(pull, lazy=True))
        .permissions(default=("allow-pull",))
        .build()
    )
