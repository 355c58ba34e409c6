"""The application for pages of older generations: `commands_older.py FOLDER RUNTIME GENERATION`, reports as JSON lines on stdout."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from tests.conformance import commands
from transom import AppHandle, Builder, CommandError, command, generate_context, generate_handler


@command
def greet(name: str) -> str:
    return f"Hello, {name}! You've been greeted from Python!"


@command
async def slowly(value: Any) -> Any:
    await asyncio.sleep(0.01)
    return value


@command
def refuse(reason: Any) -> None:
    raise CommandError(reason)


@command
def nested_bytes() -> Any:
    return {"list": [b"\x01\x02"], "data": b"\x03"}


@command
def plain_bytes() -> bytes:
    return b"\x00\xff"


@command
def emit_as(app: AppHandle, label: str, event: str, payload: Any = None, only: str | None = None) -> None:
    """Send an event as the page of another window does."""
    webview = app.get_webview(label)
    assert webview is not None
    webview.emit_js(event, payload, only)


def build(generation: str) -> Builder:
    """Return the builder of the application whose pages speak a generation."""
    handler = generate_handler(commands, sys.modules[__name__])
    builder = Builder().manage(commands.Journal()).invoke_handler(handler).client(generation)
    return builder.web(open_browser=False)


if __name__ == "__main__":
    sys.exit(build(sys.argv[3]).run(generate_context(sys.argv[1]), sys.argv[2]))
