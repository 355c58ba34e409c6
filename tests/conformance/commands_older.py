"""The application for pages of older generations: `commands_older.py FOLDER RUNTIME GENERATION [SCRIPT]`, reports on stdout."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from tests.conformance import commands
from transom import (
    AppHandle,
    Builder,
    CommandError,
    PageLoadPayload,
    Webview,
    command,
    generate_context,
    generate_handler,
)


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


def build(generation: str, script: str = "") -> Builder:
    """Return the builder of the application.

    Args:
        generation: What its pages speak; empty for what the project's configuration says.
        script: Evaluated in every page that has loaded.
    """
    handler = generate_handler(commands, sys.modules[__name__])
    builder = Builder().manage(commands.Journal()).invoke_handler(handler).web(open_browser=False)

    def drive(webview: Webview, payload: PageLoadPayload) -> None:
        if payload.event == "finished" and script:
            webview.eval(script)

    return (builder.client(generation) if generation else builder).on_page_load(drive)


if __name__ == "__main__":
    _, project, runtime, generation, *scripts = sys.argv
    made = build(generation, "".join(Path(path).read_text("utf-8") for path in scripts))
    sys.exit(made.run(generate_context(project), runtime))
