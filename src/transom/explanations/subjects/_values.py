"""Errors of values on their way between Python and the page."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["VALUES"]

# Add here to explain an error of a value or of its type.
VALUES = (
    Explanation(
        name="result-holds-itself",
        text="a value that is nested so deep, or holds itself",
        why="a result contains itself, or is nested hundreds of levels deep",
        rule="JSON has no references, so a value that contains itself has no end there.",
        fix="send the parts with numbers or names that refer to each other",
        example="""from typing import Any

from transom import command


@command
def load() -> Any:
    parent: dict[str, Any] = {"name": "a"}
    parent["children"] = [parent]
    return parent
""",
        call="await invoke('load');",
        mended="""from typing import Any

from transom import command


@command
def load() -> Any:
    return {"name": "a", "children": [{"name": "b"}]}
""",
    ),
    Explanation(
        name="half-a-character",
        text="with half of a surrogate pair",
        why="a text has half of a character, as the names of files that are not UTF-8 do in Python",
        rule="JSON is UTF-8, which has no form for half of a character.",
        fix="send the name as bytes, `os.fsencode(name)`, or replace the half: `text.encode(errors='replace').decode()`",
        example='from transom import command\n\n\n@command\ndef load() -> str:\n    return "caf\\udce9.txt"\n',
        call="await invoke('load');",
        mended="""import os

from transom import command


@command
def load() -> bytes:
    return os.fsencode("caf\\udce9.txt")
""",
    ),
    Explanation(
        name="response-is-not-json",
        text="the text of a Response must be JSON already",
        why="`Response` was given a text that is not JSON",
        rule="`Response` sends a body as it is: bytes as an `ArrayBuffer`, and a text as JSON that the program has made itself.",
        fix="return the text itself, without `Response`",
        example='from transom import Response, command\n\n\n@command\ndef load() -> Response:\n    return Response("a note")\n',
        call="await invoke('load');",
        mended='from transom import command\n\n\n@command\ndef load() -> str:\n    return "a note"\n',
    ),
    Explanation(
        name="bytes-as-keys",
        text="bytes cannot be the key of an object",
        why="a dict with bytes as its keys was returned",
        rule="Keys of objects in JSON are texts. Numbers, dates and UUIDs become texts; bytes do not.",
        fix="decode the keys, or return a list of pairs",
        example='from transom import command\n\n\n@command\ndef load() -> dict[bytes, int]:\n    return {b"a": 1}\n',
        call="await invoke('load');",
        mended='from transom import command\n\n\n@command\ndef load() -> dict[str, int]:\n    return {"a": 1}\n',
    ),
    Explanation(
        name="channel-inside-a-model",
        text="a Channel must be a whole parameter",
        why="a `Channel` is a field of a class or the element of a list",
        rule="A channel belongs to its page, which is known where a call's parameters are bound.",
        fix="make it a parameter of its own, or a field of the type `JavaScriptChannelId` and call `channel_on(webview)`",
        example="""from dataclasses import dataclass

from transom import Channel, command, generate_handler


@dataclass
class Download:
    url: str
    on_progress: Channel[int]


@command
def load(download: Download) -> None: ...


generate_handler(load)
""",
        mended="""from transom import Channel, command, generate_handler


@command
def load(url: str, on_progress: Channel[int]) -> None: ...


generate_handler(load)
""",
    ),
    Explanation(
        name="message-holds-what-json-cannot",
        text="which JSON has no form for: it arrives as {}",
        why="the page sent a `Map`, `Set`, `Blob`, `Error` or another object whose content JSON does not see",
        rule="`JSON.stringify` writes these as an empty object. Bytes in an `ArrayBuffer` or a typed array are sent as they are.",
        fix="send its content: `[...set]`, `Object.fromEntries(map)`, `await blob.arrayBuffer()` or `String(error)`",
    ),
)
