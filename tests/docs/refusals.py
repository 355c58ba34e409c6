"""An application that refuses: every case of the tables of texts in `docs/deviations.md`, and the call that brings it about."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from transom import (
    AppHandle,
    Builder,
    Channel,
    CommandError,
    Invoke,
    JavaScriptChannelId,
    State,
    WebviewWindowBuilder,
    command,
    generate_handler,
)
from transom.acl._capability import CapabilityBuilder
from transom.acl._scope import CommandScope
from transom.core import PluginBuilder
from transom.errors import WindowError
from transom.values import TaggedUnion


class Person(msgspec.Struct):
    name: str


class DownloadEvent(TaggedUnion, tag="event", rename_all="camelCase"):
    pass


class Started(DownloadEvent):
    pass


class Finished(DownloadEvent):
    pass


class Database:
    pass


@command
def count(first_line: int, last_line: int = 0) -> int:
    return first_line + last_line


@command(strict=True)
def strictly_count(first_line: int, last_line: int = 0) -> int:
    return first_line + last_line


@command
def level(level: Annotated[int, msgspec.Meta(ge=0, le=255)]) -> int:
    return level


@command
def save(data: bytes) -> int:
    return len(data)


@command
def greet(person: Person) -> str:
    return person.name


@command
def hear(event: DownloadEvent) -> None:
    del event


@command
def watch(on_event: Channel[int]) -> None:
    del on_event


@command
def parse_channel(text: str) -> int:
    return JavaScriptChannelId.from_str(text)


@command
def query(database: State[Database]) -> None:
    del database


@command
def scoped(scope: CommandScope[Person]) -> None:
    del scope


@command
def divide() -> float:
    return 1 / 0


@command
def strange() -> object:
    return object()


@command
async def stopped() -> None:
    """End as a command ends that was cancelled."""
    import asyncio

    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)


@command
def open_window(app: AppHandle, label: str) -> None:
    try:
        WebviewWindowBuilder(app, label).build()
    except WindowError as error:
        raise CommandError(str(error)) from error


@command
def set_title(app: AppHandle) -> None:
    window = WebviewWindowBuilder(app, "short").build()
    window.destroy()
    try:
        window.set_title("gone")
    except WindowError as error:
        raise CommandError(str(error)) from error


@command
def ping() -> None:
    pass


def nothing(invoke: Invoke) -> bool:
    """Answer no call: what a handler written by hand does with a command that it does not know."""
    del invoke
    return False


def allow(app: AppHandle) -> None:
    main = CapabilityBuilder("main").window("main")
    app.add_capability(main.permission("empty:allow-ping").permission("own:allow-ping"))
    app.add_capability(
        CapabilityBuilder("scopes").window("main").permission_scoped("allow-scoped", allow=[{"name": 7}])
    )
    app.add_capability(CapabilityBuilder("others").window("settings").permission("closed:allow-ping"))
    app.add_capability(CapabilityBuilder("nobody").window("*").permission("denied:deny-ping"))


def build() -> Builder:
    """Return the builder of the application."""
    commands = generate_handler(
        count,
        strictly_count,
        level,
        save,
        greet,
        hear,
        watch,
        parse_channel,
        query,
        scoped,
        divide,
        strange,
        stopped,
        open_window,
        set_title,
    )
    builder = Builder().invoke_handler(commands).setup(allow).plugin(PluginBuilder("empty").build())
    for name in ("closed", "denied", "unused"):
        builder.plugin(PluginBuilder(name).invoke_handler(generate_handler(ping)).build())
    return builder.plugin(PluginBuilder("own").invoke_handler(nothing).build())


RAW = b"\x00\x01"
# Case -> command and arguments; add here, and a row to the table of the same section.
CALLS: dict[str, tuple[str, Any]] = {
    "an argument is missing": ("count", {}),
    "an argument is of another type": ("count", {"firstLine": "x"}),
    "an argument is `null` but must not be": ("count", {"firstLine": None}),
    "an argument is out of range": ("level", {"level": 300}),
    "a field of an argument is missing": ("greet", {"person": {}}),
    "a field of an argument is of another type": ("greet", {"person": {"name": 7}}),
    "a variant is unknown": ("hear", {"event": {"event": "begun"}}),
    "an argument is unknown and the command is strict": ("strictly_count", {"firstLine": 1, "lastLin": 2}),
    "an argument is passed twice": ("count", {"firstLine": 1, "lastLine": 2, "last_line": 2}),
    "the arguments are not an object": ("count", 7),
    "a raw body is sent instead of arguments": ("count", RAW),
    "a string is passed for bytes": ("save", {"data": "AAE="}),
    "an array with a number that is not a byte is passed for bytes": ("save", {"data": [0, 256]}),
    "no such command, but one with a similar name": ("cuont", {}),
    "no such command": ("no_such_command", {}),
    "no such command in a plugin": ("plugin:own|ping", {}),
    "the plugin has no commands": ("plugin:empty|ping", {}),
    "no permission": ("plugin:closed|ping", {}),
    "denied by a capability": ("plugin:denied|ping", {}),
    "no such plugin": ("plugin:none|ping", {}),
    "an argument is not a channel": ("watch", {"onEvent": "7"}),
    "a string is not a channel": ("parse_channel", {"text": "7"}),
    "the id of a channel is not a number": ("parse_channel", {"text": "__CHANNEL__:x"}),
    "no such resource": ("plugin:resources|close", {"rid": 7}),
    "an event name has an invalid character": (
        "plugin:event|listen",
        {"event": "a b", "target": {"kind": "Any"}, "handler": 1},
    ),
    "an event target has no label": ("plugin:event|emit_to", {"event": "a", "target": {"kind": "Window"}}),
    "state is not managed": ("query", {}),
    "a value in a scope is wrong": ("scoped", {}),
    "a command fails": ("divide", {}),
    "a result cannot be sent": ("strange", {}),
    "a command is cancelled": ("stopped", {}),
    "a window with this label exists": ("open_window", {"label": "main"}),
    "the window was closed": ("set_title", {}),
}
# The same, of an application that is being developed.
DEVELOPMENT: dict[str, tuple[str, Any]] = {
    "denied": ("plugin:denied|ping", {}),
    "allowed for other windows": ("plugin:closed|ping", {}),
    "not allowed by any capability": ("plugin:unused|ping", {}),
    "not a command of the plugin": ("plugin:unused|pong", {}),
    "not a plugin": ("plugin:none|ping", {}),
    "failed": ("divide", {}),
}
