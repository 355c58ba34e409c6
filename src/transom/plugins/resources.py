"""`plugin:resources|close`: how pages release what the back end holds for them."""

from __future__ import annotations

from ..core import CommandSet, Invoke, command, generate_handler

__all__ = ["resources_commands"]


@command
async def close(invoke: Invoke, rid: int) -> None:
    """Close a resource of the calling page."""
    invoke.message.session.resources.close(rid)


def resources_commands() -> CommandSet:
    """Return the commands of the resources plugin."""
    return generate_handler(close)
