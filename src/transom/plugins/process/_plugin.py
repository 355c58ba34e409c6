"""`plugin:process|*`."""

from __future__ import annotations

from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...handles import AppHandle

__all__ = ["init"]


@command
async def exit(app: AppHandle, code: int = 0) -> None:  # noqa: A001 - the command's name
    """End the application with an exit status."""
    app.exit(code)


@command
async def restart(app: AppHandle) -> None:
    """End the application and start it again."""
    app.restart()


def init() -> Plugin:
    """Return the plugin; `process:default` allows both commands."""
    return (
        PluginBuilder("process")
        .invoke_handler(generate_handler(exit, restart))
        .permissions(default=("allow-exit", "allow-restart"))
        .build()
    )
