"""Binary frames, in both directions, little-endian.

    batch   u8 1, 3 zero bytes, u32 length of the text, the text, the tail (buffers of pack 0)
    chunk   u8 2, 3 zero bytes, u32 number of the pack, u32 and u32: its size (low and high half), the next bytes of it

A pack is sent as chunks, in order, so that small frames can go between them. Chunks of several packs may come in turn; the
size comes with each, so that a limit can refuse a pack at its first byte.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

from ..errors import MalformedMessage, MessageTooLarge

__all__ = ["BinaryBatch", "Chunk", "PackAssembler", "batch_frame", "chunk_frame", "parse_binary"]

_BATCH = struct.Struct("<B3xI")
_CHUNK = struct.Struct("<B3xIII")
# A page sends one after the other.
_MAX_PACKS = 64


class BinaryBatch(NamedTuple):
    """A batch of messages with the buffers they refer to as pack 0."""

    text: memoryview
    tail: memoryview


class Chunk(NamedTuple):
    """The next bytes of a pack of `size` bytes."""

    number: int
    size: int
    data: memoryview


def batch_frame(text: bytes, tail: Sequence[memoryview]) -> bytes:
    """Return the binary frame of a batch and its tail."""
    return b"".join((_BATCH.pack(1, len(text)), text, *tail))


def chunk_frame(number: int, size: int, buffers: Sequence[memoryview]) -> bytes:
    """Return the binary frame of the next bytes of a pack that has `size` bytes."""
    return b"".join((_CHUNK.pack(2, number, size & 0xFFFFFFFF, size >> 32), *buffers))


def parse_binary(frame: bytes | memoryview) -> BinaryBatch | Chunk:
    """Return what a binary frame holds.

    Raises:
        MalformedMessage: It is too short for its kind, or of no known kind.
    """
    view = memoryview(frame)
    if len(view) >= _BATCH.size and view[0] == 1:
        _, length = _BATCH.unpack_from(view)
        if _BATCH.size + length <= len(view):
            return BinaryBatch(view[_BATCH.size : _BATCH.size + length], view[_BATCH.size + length :])
    elif len(view) >= _CHUNK.size and view[0] == 2:
        _, number, low, high = _CHUNK.unpack_from(view)
        return Chunk(number, low | high << 32, view[_CHUNK.size :])
    raise MalformedMessage(f"a binary frame of {len(view)} bytes is neither a batch nor a chunk of a pack")


class PackAssembler:
    """Puts packs together from their chunks.

    Args:
        max_bytes: The largest pack that is taken, and the most that unfinished and unclaimed packs may hold together.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._packs: dict[int, tuple[BytesIO, int]] = {}
        self._held = 0

    def __contains__(self, number: object) -> bool:
        return number in self._packs

    @property
    def held(self) -> int:
        """The bytes of the packs that no message has claimed."""
        return self._held

    def add(self, chunk: Chunk) -> None:
        """Take the next chunk of a pack.

        Raises:
            MessageTooLarge: The pack, or all packs together, would be over the limit.
            MalformedMessage: The chunk says another size than the pack's first, or runs over it; or too many packs are begun.
        """
        if chunk.number not in self._packs:
            if len(self._packs) == _MAX_PACKS:
                raise MalformedMessage(f"{_MAX_PACKS} packs wait for their messages, more than any page sends")
            if self._held + chunk.size > self._max_bytes:
                raise MessageTooLarge(self._held + chunk.size, self._max_bytes)
            self._packs[chunk.number] = (BytesIO(bytes(chunk.size)), chunk.size)
            self._held += chunk.size
        data, size = self._packs[chunk.number]
        filled = data.tell() + len(chunk.data)
        if chunk.size != size or filled > size:
            raise MalformedMessage(f"pack {chunk.number} was announced with {size} bytes and now has {filled} or more")
        data.write(chunk.data)

    def drop_whole(self) -> None:
        """Forget every pack that is whole: the message that was to claim it could not be read."""
        for number, (data, size) in list(self._packs.items()):
            if data.tell() == size:
                self.claim(number)

    def claim(self, number: int) -> memoryview:
        """Return a finished pack and forget it.

        Raises:
            MalformedMessage: The pack is unknown or not finished.
        """
        data, size = self._packs.pop(number, (BytesIO(), -1))
        self._held -= max(size, 0)
        if data.tell() != size:
            raise MalformedMessage(f"a message names pack {number}, which did not arrive as a whole before it")
        return memoryview(data.getvalue())  # without a copy: nothing else writes to it
