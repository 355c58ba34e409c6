"""Errors that a page's call meets."""

from __future__ import annotations

from ._explanation import Explanation

__all__ = ["CALLING"]

_OPEN = """from transom import command


@command
def open_file(file_name: str, line: int = 1) -> str:
    return f"{file_name}:{line}"
"""
_OPEN_CALL = "await invoke('open_file', { fileName: 'a.txt' });"

# Add here to explain an error that a call rejects with.
CALLING = (
    Explanation(
        name="command-not-found",
        text="Command <name> not found",
        why="no command of this name is registered",
        rule="A page can call the functions that were given to `generate_handler`, by their Python names.",
        fix="give it to `generate_handler`, or correct the name: the text has the nearest one",
        example=_OPEN,
        call="await invoke('openFile', { fileName: 'a.txt' });",
        mended_call=_OPEN_CALL,
    ),
    Explanation(
        name="missing-argument",
        text="command <name> missing required key <key>",
        why="the page left an argument out, or wrote it in another case",
        rule="As with Tauri, arguments are camelCase in the page: the parameter `file_name` is `fileName`. A parameter with a "
        "default value can be left out.",
        fix="send the argument with the key that the text has, or give the parameter a default value",
        example=_OPEN,
        call="await invoke('open_file', { filename: 'a.txt' });",
        mended_call=_OPEN_CALL,
    ),
    Explanation(
        name="invalid-argument",
        text="invalid args <key> for command <name>",
        why="an argument has another type than the command's parameter",
        rule="Arguments are checked against the annotations before the command runs. A text is not turned into a number.",
        fix="send a value of this type, or widen the annotation, for example to `int | str`",
        example=_OPEN,
        call="await invoke('open_file', { fileName: 'a.txt', line: 'first' });",
        mended_call="await invoke('open_file', { fileName: 'a.txt', line: 12 });",
    ),
    Explanation(
        name="unknown-argument",
        text="ignores the unknown argument",
        why="the page sent an argument that the command does not have",
        rule="As in Tauri, it is ignored, and the log says so once. `@command(strict=True)` and `Builder.strict_arguments()` "
        "make it an error.",
        fix="correct the key, which the text suggests, or leave the argument out",
        example=_OPEN,
        call="await invoke('open_file', { fileName: 'a.txt', lien: 12 });",
        mended_call="await invoke('open_file', { fileName: 'a.txt', line: 12 });",
    ),
    Explanation(
        name="bytes-in-place-of-arguments",
        text="but the IPC call used a bytes payload",
        why="the page sent bytes as the whole body, and the command has parameters",
        rule="`invoke(name, bytes)` has no arguments, only a body. A command reads it from a parameter of the type `Request`.",
        fix="send the bytes as an argument, `invoke(name, { data: bytes })`, or take a `Request`",
    ),
    Explanation(
        name="not-allowed",
        text="not allowed. Permissions associated with this command",
        why="no capability allows this window to call the command",
        rule="Commands of plugins, and most of Tauri's own, need a permission in a capability. With "
        "`Builder.strict_permissions()`, so do the application's commands.",
        fix="add one of the permissions in the text to a file in `capabilities/`; see [Permissions](../permissions.md). "
        "`transom acl explain` says why a call is refused",
        example="""from transom import Builder

builder = Builder()
""",
        call="await invoke('plugin:window|set_title', { value: 'Notes' });",
        mended="""from transom import Builder
from transom.ipc import CapabilityBuilder

capability = CapabilityBuilder("main").window("*").permission("core:window:allow-set-title")
builder = Builder().setup(lambda app: app.add_capability(capability))
""",
    ),
    Explanation(
        name="not-allowed-on-this-window",
        text="not allowed on window",
        why="a capability allows the command, but not to this window or this page",
        rule="A capability names the windows, webviews and addresses that it is for.",
        fix="add the window to `windows` of the capability that the text names, or make another one",
        example="""from transom import Builder
from transom.ipc import CapabilityBuilder

capability = CapabilityBuilder("other").window("other").permission("core:window:allow-set-title")
builder = Builder().setup(lambda app: app.add_capability(capability))
""",
        call="await invoke('plugin:window|set_title', { value: 'Notes' });",
        mended="""from transom import Builder
from transom.ipc import CapabilityBuilder

capability = CapabilityBuilder("all").window("*").permission("core:window:allow-set-title")
builder = Builder().setup(lambda app: app.add_capability(capability))
""",
    ),
    Explanation(
        name="remote-page",
        text="is of the remote origin",
        why="a page of another site calls a command",
        rule="Pages that do not come with the application may call nothing, unless a capability names their address in "
        "`remote.urls`.",
        fix="show the page without calls, or add its address to a capability with the least permissions that it needs",
    ),
    Explanation(
        name="plugin-not-found",
        text="not allowed. Plugin not found",
        why="the page calls a plugin that the application does not have",
        rule="Official plugins are built in, but each application adds those that it uses. Outside development, the text is "
        "`plugin <name> not found`.",
        fix="`Builder().plugin(transom.plugins.<name>.init())`, and a permission such as `<name>:default` in a capability",
        example="""from transom import Builder

builder = Builder()
""",
        call="await invoke('plugin:os|locale');",
        mended="""from transom import Builder
from transom.ipc import CapabilityBuilder
from transom.plugins import os

capability = CapabilityBuilder("main").window("*").permission("os:default")
builder = Builder().plugin(os.init()).setup(lambda app: app.add_capability(capability))
""",
    ),
    Explanation(
        name="missing-await",
        text="was called without await",
        why="a command returned a coroutine",
        rule="Calling an `async def` function only makes a coroutine. `await` runs it.",
        fix="write `await` before the call, in an `async def`",
        example="""from transom import command


async def read(name: str) -> str:
    return f"content of {name}"


@command
async def load(name: str):
    return read(name)
""",
        call="await invoke('load', { name: 'a.txt' });",
        mended="""from transom import command


async def read(name: str) -> str:
    return f"content of {name}"


@command
async def load(name: str):
    return await read(name)
""",
    ),
    Explanation(
        name="result-cannot-be-sent",
        text="cannot be sent to the page",
        why="a command returned an object that has no form in JSON",
        rule="Results are JSON types, dataclasses, msgspec, pydantic and attrs objects, dates, enums, bytes, and lists and "
        "dicts of these; see [Values](../values.md).",
        fix="return one of these, for example a dataclass with the fields that the page needs",
        example="""from typing import Any

from transom import command


class Note:
    text = "a note"


@command
def load() -> Any:
    return Note()
""",
        call="await invoke('load');",
        mended="""from dataclasses import dataclass

from transom import command


@dataclass
class Note:
    text: str


@command
def load() -> Note:
    return Note("a note")
""",
    ),
    Explanation(
        name="result-too-large",
        text="and a page takes at most <n> at once",
        why="a result, an event or a message of a channel is larger than what a page can take at once",
        rule="WebKit and browsers limit the length of a text. Raw bytes have no such limit.",
        fix="return `bytes`, or send the parts over a channel or by a streaming command",
    ),
    Explanation(
        name="state-not-managed",
        text="is not managed; call Builder.manage",
        why="a command asks for state that the application does not have",
        rule="`State[T]` is the object of exactly the class `T` that `Builder.manage` or `AppHandle.manage` was given. A subclass "
        "does not count.",
        fix="manage an object of this class before the command is called",
        example="""from transom import Builder, State, command, generate_handler


class Words(list[str]): ...


@command
def count(words: State[Words]) -> int:
    return len(words)


builder = Builder().invoke_handler(generate_handler(count))
""",
        call="await invoke('count');",
        mended="""from transom import Builder, State, command, generate_handler


class Words(list[str]): ...


@command
def count(words: State[Words]) -> int:
    return len(words)


builder = Builder().manage(Words()).invoke_handler(generate_handler(count))
""",
    ),
    Explanation(
        name="resource-is-gone",
        text="The resource id <n> is invalid",
        why="the page uses an object that it has closed, or that belonged to the page before a reload",
        rule="Resources, such as menus and images, are released when they are closed, and when the page that holds them ends.",
        fix="make the object again after a reload, and do not use it after `close()`",
        example="""from transom import Builder

builder = Builder()
""",
        call="await invoke('plugin:resources|close', { rid: 12345 });",
    ),
    Explanation(
        name="limit-reached",
        text="which is the limit; release some first",
        why="a page holds as many calls, listeners, channels or resources as the application allows",
        rule="Everything that a page can hold is bounded, so that no page can fill the memory. A page that reaches a bound often "
        "adds a listener at each drawing and removes none.",
        fix="release them, for example by the function that `listen` returns, or raise the bound that the text names",
        example="""from transom import Builder

builder = Builder().limits(max_listeners=0 + 1)
""",
        call="""await invoke('plugin:event|listen', { event: 'saved', target: { kind: 'Any' }, handler: 1 });
await invoke('plugin:event|listen', { event: 'saved', target: { kind: 'Any' }, handler: 2 });""",
        mended="""from transom import Builder

builder = Builder().limits(max_listeners=100)
""",
    ),
    Explanation(
        name="message-too-large",
        text="bytes is over the limit of",
        why="a page sent more at once than the application takes",
        rule="`Builder.limits(max_message_bytes=...)` bounds one message of a page, 256 MiB unless it is set.",
        fix="send the data in parts, or raise the bound",
    ),
    Explanation(
        name="unsupported",
        text="is not supported by the runtime",
        why="the runtime cannot do this, for example because a browser does not let a page move its window",
        rule="[A table](../support.md) says which command works in which runtime. The rejection is an object with "
        '`kind: "unsupported"` and the reason.',
        fix="catch it in the page, or hide what needs it there",
    ),
    Explanation(
        name="stronghold-not-initialized",
        text="stronghold not initialized",
        why="the page uses a stronghold before `Stronghold.load` has ended, or after `unload`",
        rule="A stronghold is open between `load` and `unload`.",
        fix="`await Stronghold.load(...)` first",
    ),
)
