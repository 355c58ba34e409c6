"""Small texts are taken from frames as the package `websockets` takes them, and frames are followed wherever they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from transom.runtimes.web.sockets._frames import FrameBounds, small_text_frame, take_small_text

SIZES = st.one_of(st.integers(0, 300), st.sampled_from([125, 126, 127, 65535, 65536, 70000]))
TEXTS = SIZES.map(lambda size: bytes(index * 7 % 128 for index in range(size)))
FRAMES = st.builds(
    lambda opcode, data, fin: Frame(opcode, data, fin),
    st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.CONT]),
    TEXTS,
    st.booleans(),
)


@given(TEXTS, st.binary(max_size=5), st.binary(max_size=9))
def test_a_small_text_is_taken_as_it_was_sent_whatever_is_around_it(text: bytes, before: bytes, behind: bytes) -> None:
    frame = Frame(Opcode.TEXT, text).serialize(mask=True)
    taken = take_small_text(before + frame + behind, len(before), 1 << 20)
    assert taken == ((text, len(before) + len(frame)) if len(text) < 65536 else None)


@given(TEXTS, st.data())
def test_a_text_that_is_not_all_there_is_left(text: bytes, data: st.DataObject) -> None:
    frame = Frame(Opcode.TEXT, text).serialize(mask=True)
    assert take_small_text(frame[: data.draw(st.integers(0, len(frame) - 1))], 0, 1 << 20) is None


@pytest.mark.parametrize(
    "piece",
    [
        Frame(Opcode.TEXT, b"ab").serialize(mask=False),
        Frame(Opcode.TEXT, b"ab", fin=False).serialize(mask=True),
        Frame(Opcode.TEXT, b"ab", rsv1=False).serialize(mask=True).replace(b"\x81", b"\xc1", 1),
        Frame(Opcode.BINARY, b"ab").serialize(mask=True),
        Frame(Opcode.CONT, b"ab").serialize(mask=True),
        Frame(Opcode.PING, b"ab").serialize(mask=True),
        Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True),
        Frame(Opcode.TEXT, b"a" * 1001).serialize(mask=True),
    ],
    ids=["not masked", "not final", "extended", "binary", "continuation", "ping", "close", "large"],  # masks are random
)
def test_everything_else_is_left(piece: bytes) -> None:
    assert take_small_text(piece, 0, 1000) is None


@given(st.lists(FRAMES, max_size=5), st.lists(st.integers(1, 20), min_size=1))
def test_frames_are_followed_however_they_are_cut(frames: list[Frame], cuts: list[int]) -> None:
    pieces = []
    for frame in frames:
        data = frame.serialize(mask=True)
        cut = sorted({min(at, len(data)) for at in (*cuts, len(data) - 1, len(data)) if at > 0})
        pieces += [(data[start:end], end == len(data)) for start, end in zip([0, *cut], cut, strict=False)]
    bounds = FrameBounds()
    assert bounds.at_frame
    for piece, is_last in pieces:
        bounds.follow(piece)
        assert bounds.at_frame == is_last


def test_frames_that_carry_next_to_nothing_are_counted_wherever_they_are_cut() -> None:
    whole = [Frame(Opcode.TEXT, b"[]"), Frame(Opcode.BINARY, b"x" * 200), Frame(Opcode.CONT, b"x" * 200)]
    futile = [
        Frame(Opcode.PING, b"x" * 125),
        Frame(Opcode.PONG, b""),
        Frame(Opcode.TEXT, b""),
        Frame(Opcode.CONT, b"x"),
    ]
    futile.append(Frame(Opcode.TEXT, b"x", fin=False))
    data = b"".join(frame.serialize(mask=True) for frame in (*whole, *futile))
    for step in (1, 2, 3, 50, len(data)):
        bounds = FrameBounds()
        assert sum(bounds.follow(data[at : at + step]) for at in range(0, len(data), step)) == len(futile)


@given(st.lists(st.binary(max_size=40)))
def test_bytes_that_are_no_frames_are_followed_without_failing(pieces: list[bytes]) -> None:
    bounds = FrameBounds()
    for piece in pieces:
        bounds.follow(piece)


@given(TEXTS)
def test_a_text_to_a_page_is_a_frame_that_it_understands(text: bytes) -> None:
    frame = small_text_frame(text)
    if len(text) > 65535:
        assert frame is None
        return
    assert frame is not None
    page = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
    page.receive_data(frame)
    assert page.events_received() == [Frame(Opcode.TEXT, text)]
