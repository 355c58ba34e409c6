from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.wire import (
    channel_message,
    channel_messages,
    event_message,
    fitting,
    one_by_one,
    page_operation,
    reject,
    resolve,
)

LIMIT = 400
BIG = json.dumps("x" * 500).encode()


def _frame(*messages: bytes) -> bytes:
    return b"[%b]" % b",".join(messages)


def _read(texts: list[bytes]) -> list[list[object]]:
    return [message for text in texts for message in json.loads(text)]


@pytest.mark.parametrize("make", [resolve, reject])
def test_an_answer_that_is_too_large_is_a_rejection_and_the_others_arrive(make: object) -> None:
    assert callable(make)
    texts, complaints = fitting(_frame(resolve(1, b"1"), make(2, BIG), resolve(3, b"3")), LIMIT)
    first, second, third = _read(texts)
    assert [first, third] == [[0, 1, 1], [0, 3, 3]]
    assert second[:2] == [1, 2]
    report = second[2]
    assert isinstance(report, dict)
    assert (report["kind"], report["size"], report["limit"]) == ("tooLarge", len(make(2, BIG)), LIMIT)
    assert "a page takes at most 400 at once" in report["message"]
    assert len(complaints) == 1


@pytest.mark.parametrize(
    "message", [channel_message(7, 2, BIG), channel_messages(7, 0, [b"0", b"1", BIG])], ids=["one", "in a row"]
)
def test_a_channel_ends_at_a_message_that_is_too_large(message: bytes) -> None:
    messages = _read(fitting(_frame(message, resolve(1, b"1")), LIMIT).texts)
    assert messages[-2:] == [[3, 7, 2], [0, 1, 1]]
    assert messages[:-2] in ([], [[2, 7, 0, 0], [2, 7, 1, 1]])


def test_an_event_and_a_script_that_are_too_large_are_told_to_the_page() -> None:
    frame = _frame(event_message(b'"big"', BIG, b"[[1,2]]"), page_operation("eval", "x" * 500))
    texts, complaints = fitting(frame, LIMIT)
    assert [message[:2] for message in _read(texts)] == [[7, "error"], [7, "error"]]
    assert complaints[0].startswith('the event "big" has ')


@given(st.lists(st.integers(0, 300), min_size=1, max_size=30))
def test_a_frame_is_cut_into_parts_that_keep_to_the_limit_and_lose_nothing(sizes: list[int]) -> None:
    answers = [resolve(number, json.dumps("é" * (size // 6)).encode()) for number, size in enumerate(sizes)]
    rows = [channel_messages(9, 0, [b'"%d"' % size for size in sizes])]
    frame = _frame(*answers, *rows)
    texts, complaints = fitting(frame, LIMIT)
    assert all(len(text) <= LIMIT for text in texts)
    assert complaints == []
    assert _read(texts) == one_by_one(json.loads(frame))
