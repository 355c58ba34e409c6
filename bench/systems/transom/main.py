"""The common workloads in transom: `main.py RUNTIME GENERATION`, with the built page in `dist` in the same folder."""

# ruff: noqa: ARG001, D101, D103 -- the commands are the entries of `api` in workloads.js, which says what each does

from __future__ import annotations

import sys
from functools import cache

import msgspec

from transom import AppHandle, Builder, Channel, Request, Response, command, generate_context, generate_handler
from transom.errors import ChannelFull


class Payload(msgspec.Struct):
    state: str
    data: int


class Reply(msgspec.Struct):
    value: int
    message: str


class Record(msgspec.Struct):
    id: int
    name: str
    email: str
    score: float
    tags: list[str]


class Progress(msgspec.Struct, rename="camel"):
    download_id: int
    chunk_length: int


class Message(msgspec.Struct):
    event: str
    data: Progress


@cache
def blob_of(size: int) -> Response:
    return Response(bytes(size))


@cache
def records_of(count: int) -> list[Record]:
    return [Record(i, f"user {i}", f"user{i}@example.com", i / 7, ["a", "b"]) for i in range(count)]


@command
async def echo(count: int, payload: Payload) -> Reply:
    return Reply(value=count, message="async response!")


@command(thread="main")
def echo_main(count: int, payload: Payload) -> Reply:
    return Reply(value=count, message="async response!")


@command
async def up(request: Request) -> int:
    return len(request.body)


@command
async def down(size: int) -> Response:
    return blob_of(size)


@command
async def records(count: int) -> list[Record]:
    return records_of(count)


@command
async def stream(on_event: Channel[Message | bytes], count: int, size: int) -> None:
    blob = bytes(size)
    for i in range(count):
        message = blob if size else Message("progress", Progress(1, i))
        try:
            on_event.send(message)
        except ChannelFull:
            await on_event.send_async(message)


@command
async def events(app: AppHandle, count: int) -> None:
    for i in range(count):
        app.emit("tick", Progress(1, i))


@command
async def report(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    handler = generate_handler(sys.modules[__name__])
    _, runtime, generation = sys.argv
    builder = Builder().client(generation).invoke_handler(handler).web(open_browser=False)
    sys.exit(builder.run(generate_context(), runtime))
