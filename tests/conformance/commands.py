"""The application that the conformance pages talk to: `commands.py FOLDER RUNTIME`, reports as JSON lines on stdout."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import zlib
from collections import defaultdict
from typing import Annotated, Any

import msgspec

from tests.conformance import commands_stream, commands_values
from transom import (
    AppHandle,
    Builder,
    Channel,
    CommandError,
    EventTarget,
    JavaScriptChannelId,
    Request,
    Response,
    State,
    Webview,
    WebviewWindow,
    Window,
    command,
    generate_context,
    generate_handler,
)

_PATIENCE = 10  # seconds


class Journal:
    """What happened on this side, by key; pages read it, also those that come after a reload."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Any]] = defaultdict(list)
        self._changed = threading.Condition()

    def note(self, key: str, entry: Any) -> None:
        with self._changed:
            self._entries[key].append(entry)
            self._changed.notify_all()

    def read(self, key: str, count: int) -> list[Any]:
        with self._changed:
            self._changed.wait_for(lambda: len(self._entries[key]) >= count, _PATIENCE)
            return list(self._entries[key])


class Counter:
    value = 0


class Picture(msgspec.Struct, rename="camel"):
    file_name: str
    pixels: bytes
    on_event: JavaScriptChannelId | None = None


class Unreadable(CommandError):
    path: str
    error_code: int


def _described(value: Any) -> Any:
    """Return a value with every buffer in it written as its Python type and its bytes."""
    if isinstance(value, bytes | bytearray | memoryview):
        return {"python": type(value).__name__, "hex": bytes(value).hex()}
    if isinstance(value, dict):
        return {key: _described(item) for key, item in value.items()}
    return [_described(item) for item in value] if isinstance(value, list) else value


# Arguments


@command
def echo(value: Any = None) -> Any:
    return value


@command
async def echo_on_loop(value: Any = None) -> Any:
    return value


@command(thread="main")
def echo_on_main(value: Any = None) -> Any:
    return value


@command
def look(request: Request) -> Any:
    """Return the body and the headers as Python has them."""
    body = request.body
    return {"raw": isinstance(body, bytes), "body": _described(body), "headers": dict(request.headers)}


@command
def typed_bytes(data: bytes, more: list[bytes] | None = None) -> Any:
    return _described([data, *(more or [])])


@command
def checksum(request: Request) -> list[int]:
    return [len(request.body), zlib.crc32(request.body)]


@command
def nested_checksum(data: bytes, name: str) -> list[Any]:
    return [name, len(data), zlib.crc32(data)]


@command
def show_picture(picture: Picture) -> Any:
    return [picture.file_name, _described(picture.pixels)]


@command
def add(left_side: int, right_side: int = 1) -> int:
    return left_side + right_side


@command(rename_all="snake_case")
def add_snake(left_side: int, right_side: int) -> int:
    return left_side + right_side


@command(name="other-name")
def named_otherwise() -> str:
    return "other"


@command
def bounded(level: Annotated[int, msgspec.Meta(ge=0, le=9)]) -> int:
    return level


@command
def count(counter: State[Counter]) -> int:
    counter.value += 1
    return counter.value


@command
def who(app: AppHandle, window: Window, webview: Webview, both: WebviewWindow) -> list[str]:
    return [window.label, webview.label, both.label, *app.webview_windows()]


# Results

_RESULTS: dict[str, Any] = {
    "null": None,
    "text": "über 漢字 🎉 \u2028 </script>",
    "number": -1.5,
    "large": 2**53 - 1,
    "list": [1, [2, {"three": 3}], None, True],
    "object": {"a": {"b": None}, "ключ": "значение"},
    "model": Picture(file_name="a.png", pixels=b"\x00\xff"),
    "bytes": b"\x00\x01\xfe\xff",
    "bytearray": bytearray(b"abc"),
    "memoryview": memoryview(b"xabcx")[1:4],
    "no bytes": b"",
    "response": Response(b"\x89PNG"),
    "ready": Response('{"ready": [1, 2, "\\u2028"]}'),
    "nested": {"list": [b"\x01", {"deep": b"\x02\x03"}], "text": "t"},
    "unsendable": object(),
}


@command
def result(kind: str) -> Any:
    return _RESULTS[kind]


@command
def produce(size: int, nested: bool = False) -> Any:
    data = (bytes(range(256)) * (size // 256 + 1))[:size]
    return {"data": data, "crc": zlib.crc32(data)} if nested else data


@command
def fail(kind: str) -> None:
    if kind == "text":
        raise CommandError("no such thing")
    if kind == "object":
        raise CommandError({"kind": "unreadable", "path": "/p", "nested": [1, None]})
    if kind == "typed":
        raise Unreadable(path="/ü", error_code=13)
    if kind == "bytes":
        raise CommandError({"data": b"\x01\x02"})
    raise RuntimeError("secret of the application")


# Channels


@command
async def stream(on_event: Channel[Any], count: int, first: int = 0) -> int:
    for index in range(first, first + count):
        await on_event.send_async(index)
    return count


@command
def stream_from_worker(on_event: Channel[Any], count: int) -> None:
    for index in range(count):
        on_event.send({"index": index, "text": "x" * (index % 50)})


@command
async def stream_mixed(on_event: Channel[Any], count: int) -> None:
    """Send a text, a small buffer, a large one and a text again in turn: each kind travels in a way of its own."""
    for index in range(count):
        kinds: list[Any] = [
            index,
            index.to_bytes(4, "little"),
            {"index": index, "data": bytes([index % 256]) * 200_000},
            index,
        ]
        await on_event.send_async(kinds[index % 4])


@command
async def two_streams(left: Channel[int], right: Channel[int], count: int) -> None:
    for index in range(count):
        await left.send_async(index)
        await right.send_async(-index)


@command
async def stream_in_model(webview: Webview, picture: Picture, count: int) -> None:
    assert picture.on_event is not None
    channel: Channel[Any] = picture.on_event.channel_on(webview)
    for index in range(count):
        channel.send([picture.file_name, index])
    channel.close()


@command
async def stream_optional(on_event: Channel[int] | None = None) -> bool:
    if on_event is not None:
        on_event.send(7)
    return on_event is not None


@command
async def stream_later(app: AppHandle, on_event: Channel[str]) -> None:
    """Answer first and send afterwards, out of a task of its own."""

    async def later() -> None:
        on_event.send("after the answer")

    app.spawn(later())


@command
async def endless(key: str, on_event: Channel[int], journal: State[Journal]) -> None:
    """Send until the page, the call or the channel ends."""
    try:
        index = 0
        while True:
            await on_event.send_async(index)
            index += 1
            await asyncio.sleep(0)
    except BaseException as ended:
        journal.note(key, type(ended).__name__)
        raise


# Cancellation


@command
async def wait_for_ever(key: str, journal: State[Journal], data: bytes = b"") -> None:
    journal.note(key, "started")
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        journal.note(key, "cancelled")
        raise


@command
async def note(key: str, entry: str, journal: State[Journal], data: bytes = b"") -> None:
    journal.note(key, entry)


@command
def read_journal(key: str, count: int, journal: State[Journal]) -> list[Any]:
    return journal.read(key, count)


# Events


@command
def emit_from_python(app: AppHandle, event: str, payload: Any = None, target: EventTarget | None = None) -> None:
    if target is None:
        app.emit(event, payload)
    else:
        app.emit_to(target, event, payload)


@command
def emit_bytes(app: AppHandle, event: str) -> None:
    app.emit(event, {"name": "bytes", "data": b"\x07\x08", "large": b"\x09" * 300_000})


@command
async def emit_many(app: AppHandle, event: str, count: int) -> None:
    for index in range(count):
        app.emit(event, index)


@command
def listen_in_python(app: AppHandle, event: str, how: str, journal: State[Journal]) -> int:
    """Note the payloads of an event as the application (`app`, `any`, `once`) or as the window `main` (`window`)."""
    window = app.get_webview_window("main")
    assert window is not None
    listen = {"app": app.listen, "any": app.listen_any, "once": app.once, "window": window.listen}[how]
    return listen(event, lambda heard: journal.note(f"{event} {how}", heard.payload))


@command
def unlisten_in_python(app: AppHandle, listener: int) -> None:
    app.unlisten(listener)


# The page itself


class Handle:
    def __init__(self, key: str, journal: Journal) -> None:
        self._key = key
        self._journal = journal

    def close(self) -> None:
        self._journal.note(self._key, "closed")


@command
async def open_resource(webview: Webview, key: str, journal: State[Journal]) -> int:
    return webview.resources_table().add(Handle(key, journal))


@command
def reload_page(window: WebviewWindow) -> None:
    window.reload()


@command
def evaluate(window: WebviewWindow, script: str) -> None:
    window.eval(script)


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


@command
async def report(name: str, ok: bool, detail: str = "") -> None:
    _say({"name": name, "ok": ok, "detail": detail})


@command
async def finished() -> None:
    _say({"finished": True})


def build() -> Builder:
    """Return the builder, for the tests that run the application in their own process."""
    commands = generate_handler(sys.modules[__name__], commands_stream, commands_values)
    builder = Builder().manage(Journal()).manage(Counter()).manage(commands_stream.Streams())
    return builder.invoke_handler(commands).web(open_browser=False, token=os.environ.get("CONFORMANCE_TOKEN"))


if __name__ == "__main__":
    limit = int(os.environ.get("CONFORMANCE_MAX_MESSAGE_BYTES", "268435456"))
    sys.exit(build().limits(max_message_bytes=limit).run(generate_context(sys.argv[1]), sys.argv[2]))
