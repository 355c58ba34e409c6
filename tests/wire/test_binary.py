from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.errors import MalformedMessage, MessageTooLarge
from transom.wire import BinaryBatch, Chunk, Pack, PackAssembler, PackQueue, batch_frame, chunk_frame, parse_binary

BUFFERS = st.lists(st.binary(max_size=40), max_size=5)


def _views(buffers: list[bytes]) -> list[memoryview]:
    return [memoryview(buffer) for buffer in buffers]


def _chunks(number: int, buffers: list[bytes], size: int) -> list[Chunk]:
    whole = sum(map(len, buffers))
    queue = PackQueue()
    if whole:
        queue.add(Pack(number, _views(buffers), whole))
    frames = [] if whole else [chunk_frame(number, 0, [])]
    while queue.next:
        frames.append(chunk_frame(number, whole, queue.cut(size).buffers))
    chunks = [parse_binary(frame) for frame in frames]
    assert all(isinstance(chunk, Chunk) for chunk in chunks)
    return chunks  # type: ignore[return-value]


@given(st.binary(), BUFFERS)
def test_a_batch_frame_is_read_as_it_was_written(text: bytes, tail: list[bytes]) -> None:
    part = parse_binary(batch_frame(text, _views(tail)))
    assert isinstance(part, BinaryBatch)
    assert (bytes(part.text), bytes(part.tail)) == (text, b"".join(tail))


def test_the_bytes_of_a_batch_frame() -> None:
    assert batch_frame(b"[]", [memoryview(b"ab"), memoryview(b"c")]) == b"\1\0\0\0\2\0\0\0[]abc"


def test_the_bytes_of_a_chunk_frame() -> None:
    head = b"\2\0\0\0\7\0\0\0\3\0\0\0\1\0\0\0"
    assert chunk_frame(7, 3 + (1 << 32), [memoryview(b"a"), memoryview(b"b")]) == head + b"ab"


@given(BUFFERS, st.integers(1, 50), st.integers(0, 2**32 - 1))
def test_chunks_are_full_but_the_last_and_assemble_to_the_pack(buffers: list[bytes], size: int, number: int) -> None:
    whole = b"".join(buffers)
    chunks = _chunks(number, buffers, size)
    assert [len(chunk.data) for chunk in chunks[:-1]] == [size] * (len(chunks) - 1)
    assert len(chunks) == max(1, -(-len(whole) // size))
    assert {(chunk.number, chunk.size) for chunk in chunks} == {(number, len(whole))}
    packs = PackAssembler(1000)
    for chunk in chunks:
        packs.add(chunk)
    assert packs.claim(number) == whole


@given(st.dictionaries(st.integers(1, 5), st.binary(max_size=30), max_size=4), st.integers(1, 10), st.randoms())
def test_packs_may_be_sent_in_turns(wanted: dict[int, bytes], size: int, random: object) -> None:
    queues = [_chunks(number, [data], size) for number, data in wanted.items()]
    packs = PackAssembler(1000)
    while queues := [queue for queue in queues if queue]:
        packs.add(random.choice(queues).pop(0))  # type: ignore[attr-defined]
    for number, data in wanted.items():
        assert packs.claim(number) == data


def test_a_size_over_four_gigabytes_is_kept() -> None:
    part = parse_binary(struct.pack("<B3xIII", 2, 1, 5, 3))
    assert part == Chunk(1, 5 + (3 << 32), memoryview(b""))


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\1",
        b"\1\0\0\0\0\0\0",
        b"\1\0\0\0\3\0\0\0[]",
        b"\2\0\0\0" + b"\0" * 11,
        b"\0" * 40,
        b"\3" * 40,
    ],
)
def test_a_frame_of_no_kind_or_too_short_is_malformed(frame: bytes) -> None:
    with pytest.raises(MalformedMessage, match=f"^a binary frame of {len(frame)} bytes is neither a batch nor a chunk"):
        parse_binary(frame)


@given(st.binary(max_size=60) | st.binary(max_size=60).map(lambda rest: b"\1" + rest))
def test_any_bytes_are_a_part_or_malformed(frame: bytes) -> None:
    with contextlib.suppress(MalformedMessage):
        assert isinstance(parse_binary(frame), BinaryBatch | Chunk)


def _chunk(number: int, size: int, data: bytes = b"") -> Chunk:
    return Chunk(number, size, memoryview(data))


def test_a_pack_over_the_limit_is_refused_at_its_first_byte() -> None:
    packs = PackAssembler(10)
    packs.add(_chunk(1, 10))
    assert PackAssembler(10).add(_chunk(1, 10)) is None
    with pytest.raises(MessageTooLarge, match="^a message of 11 bytes is over the limit of 10 bytes") as caught:
        PackAssembler(10).add(_chunk(1, 11))
    assert (caught.value.size, caught.value.limit) == (11, 10)


def test_packs_count_together_until_they_are_claimed() -> None:
    packs = PackAssembler(10)
    packs.add(_chunk(1, 6, b"abcdef"))
    with pytest.raises(MessageTooLarge):
        packs.add(_chunk(2, 5))
    assert packs.claim(1) == b"abcdef"
    packs.add(_chunk(2, 10, b"0123456789"))
    assert packs.claim(2) == b"0123456789"


def test_an_unfinished_pack_cannot_be_claimed_and_its_room_is_free_again() -> None:
    packs = PackAssembler(10)
    packs.add(_chunk(1, 10, b"abc"))
    with pytest.raises(MalformedMessage, match="^a message names pack 1, which did not arrive as a whole before it$"):
        packs.claim(1)
    packs.add(_chunk(2, 10))


def test_an_unknown_pack_and_one_claimed_twice_are_malformed() -> None:
    packs = PackAssembler(10)
    packs.add(_chunk(1, 1, b"a"))
    packs.claim(1)
    for number in (1, 9):
        with pytest.raises(MalformedMessage, match=f"names pack {number}"):
            packs.claim(number)
    packs.add(_chunk(3, 10))


@pytest.mark.parametrize("second", [_chunk(1, 4, b"c"), _chunk(1, 3, b"cd"), _chunk(1, 2)])
def test_a_chunk_that_contradicts_the_first_is_malformed(second: Chunk) -> None:
    packs = PackAssembler(10)
    packs.add(_chunk(1, 3, b"ab"))
    with pytest.raises(MalformedMessage, match="^pack 1 was announced with 3 bytes"):
        packs.add(second)


def test_packs_that_are_begun_are_counted_as_empty_ones_cost_memory_too() -> None:
    packs = PackAssembler(10)
    for number in range(64):
        packs.add(_chunk(number, 0))
    with pytest.raises(MalformedMessage, match="^64 packs wait for their messages, more than any page sends$"):
        packs.add(_chunk(64, 0))
    packs.claim(0)
    packs.add(_chunk(64, 0))
