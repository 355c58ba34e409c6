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
    State,
    TaggedUnion,
    Webview,
    command,
    generate_context,
    generate_handler,
    v0,
    v1_beta,
)
from transom.ipc import CapabilityBuilder
from transom.plugins import os, shell, store


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


@command
async def emit_of_0x(webview: Webview, event: str, payload: Any = None) -> None:
    v0.event.emit(webview, event, payload)


@command
async def here(app: AppHandle, journal: State[commands.Journal]) -> None:
    """Note that a page of each generation is there, and tell them when all are."""
    journal.note("here", True)
    if len(journal.read("here", 1)) == len(MIXED) + 1:
        app.emit("everybody-is-here")


class Cmd(TaggedUnion, tag="cmd", rename_all="camelCase"):
    pass


class DoSomething(Cmd):
    count: int
    payload: dict[str, Any]
    callback: str | None = None
    error: str | None = None


class CustomError(Exception):
    def __str__(self) -> str:
        return "count should be > 5"


def handle_v0(webview: Webview, arg: str) -> None:
    """Answer as the documentation of 0.x does."""
    found: Any = v0.decode(arg, Cmd)
    if found.callback is None:
        webview.state(commands.Journal).note("done", [found.count, found.payload])
        return

    def task() -> Any:
        if found.count > 5:
            return {"value": 5, "message": "async response!"}
        raise CustomError

    v0.execute_promise(webview, task, found.callback, found.error)


def handle_beta(message: v1_beta.InvokeMessage) -> None:
    """Answer by each way that `InvokeMessage` has; a message with another name is forgotten."""

    async def task() -> Any:
        if message.payload().get("fails"):
            raise CommandError("task failed")
        return [message.command(), message.payload(), message.window().label]

    match message.command():
        case "beta_async":
            message.respond_async(task())
        case "beta_closure":
            message.respond_closure(lambda: message.payload()["value"])
        case "beta_resolve":
            message.resolve("resolved")
        case "beta_reject":
            message.reject({"code": 3})


# Label -> generation, in an application with windows of several; another window is of 2.x.
MIXED = {"main": "1.x", "zero": "0.x"}
# What takes the messages that no command answers.
HANDLERS = {"0.x": v0.invoke_handler(handle_v0), "1.0-beta": v1_beta.invoke_handler(handle_beta)}


def allow(app: AppHandle) -> None:
    """Let the pages use the plugins."""
    echo = {"name": "echo", "cmd": "echo", "args": True}
    capability = CapabilityBuilder("older").window("*").permission("os:default").permission("store:default")
    for command_of_shell in ("execute", "spawn"):
        capability = capability.permission_scoped(f"shell:allow-{command_of_shell}", [echo], [])
    app.add_capability(capability)


def build(generation: str, script: str = "") -> Builder:
    """Return the builder of the application.

    Args:
        generation: What its pages speak; empty for what the project's configuration says.
        script: Evaluated in every page that has loaded.
    """
    answered = generate_handler(commands, sys.modules[__name__])
    handlers = (answered, HANDLERS[generation]) if generation in HANDLERS else (answered,)
    builder = Builder().manage(commands.Journal()).invoke_handler(*handlers).web(open_browser=False)

    def drive(webview: Webview, payload: PageLoadPayload) -> None:
        if payload.event == "finished" and script:
            webview.eval(script)

    builder.plugin(os.init()).plugin(shell.init()).plugin(store.init()).setup(allow)
    for label, each in (MIXED if generation == "mixed" else {"": generation} if generation else {}).items():
        builder.client(each, *filter(None, [label]))
    return builder.on_page_load(drive)


if __name__ == "__main__":
    _, project, runtime, generation, *scripts = sys.argv
    made = build(generation, "".join(Path(path).read_text("utf-8") for path in scripts))
    sys.exit(made.run(generate_context(project), runtime))
