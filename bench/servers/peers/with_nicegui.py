"""The benchmark's application on NiceGUI: `python with_nicegui.py PORT`."""

from __future__ import annotations

import json
import sys
from typing import Any

from nicegui import Client, app, ui

__all__: list[str] = []

# The page of each user; a page that is gone takes its entry with it.
pages: dict[str, Client] = {}


def answer(client: Client, *words: Any) -> None:
    """Call a function of a page."""
    client.run_javascript(f"answer({json.dumps(words)})")


@ui.page("/")
def page(client: Client) -> None:
    """Show a page whose one element calls Python, and is answered by a call of a function."""
    user = client.request.cookies["who"]
    pages[user] = client
    client.on_delete(lambda: pages.pop(user, None))

    def called(event: Any) -> None:
        number, command, given = event.args
        if command == "tell":
            answer(pages[given["user"]], "told", given["text"])
        elif command == "shout":
            for each in pages.values():
                answer(each, "told", given["text"])
        answer(client, number, given.get("text"))

    ui.element("div").on("called", called)


@app.exception_handler(Exception)
def failed(_request: Any, error: Exception) -> None:
    """Fail loudly: the load must not wait for an answer that does not come."""
    raise error


ui.run(
    host="127.0.0.1",
    port=int(sys.argv[1]) if len(sys.argv) > 1 else 0,
    reload=False,
    show=False,
    show_welcome_message=False,
    uvicorn_logging_level="warning",
    backlog=8192,
)
