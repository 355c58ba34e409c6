"""Commands of the conformance application that stream."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from transom import Channel, CommandError, State, command


class StreamState(msgspec.Struct):
    """How far a generator is: values that it has made, and whether it has ended."""

    made: int = 0
    closed: bool = False


class Streams(dict[str, StreamState]):
    """The generators by the key that their page gave them."""


class TooMany(CommandError):
    count: int


@command(raises=TooMany)
async def generate(streams: State[Streams], count: int, key: str = "", fails: bool = False) -> AsyncIterator[int]:
    state = streams[key] = StreamState()
    try:
        for index in range(count):
            state.made += 1
            yield index
        if fails:
            raise TooMany(count=count)
    finally:
        state.closed = True


@command
async def generate_bytes(sizes: list[int]) -> AsyncIterator[bytes]:
    for size in sizes:
        yield bytes(size)


@command
async def generate_into(on_event: Channel[int], count: int) -> AsyncIterator[int]:
    for index in range(count):
        yield index


@command
async def stream_state(streams: State[Streams], key: str) -> StreamState:
    return streams.get(key) or StreamState()
