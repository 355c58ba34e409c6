"""`plugin:stream|pull`: how the page's half of a stream asks for more values."""

from __future__ import annotations

from ..core import Invoke, Plugin, PluginBuilder, command, generate_handler

__all__ = ["stream_plugin"]


@command
async def pull(invoke: Invoke, channel: int, count: int) -> None:
    """Let a stream of the calling page send so many values more; one that has ended needs none."""
    stream = invoke.message.session.streams.get(channel)
    if stream is not None:
        stream.pull(count)


def stream_plugin() -> Plugin:
    """Return the plugin of streaming commands."""
    return PluginBuilder("stream").invoke_handler(generate_handler(pull)).build()
