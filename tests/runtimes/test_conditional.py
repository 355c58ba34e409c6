"""Ranges and conditional requests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.runtimes import part_for

ETAG = '"abc"'
MODIFIED = 1_000_000_000.5
DATE = "Sun, 09 Sep 2001 01:46:40 GMT"


@pytest.mark.parametrize(
    ("wanted", "status", "start", "stop"),
    [
        ("", 200, 0, 100),
        ("bytes=0-", 206, 0, 100),
        ("bytes=5-9", 206, 5, 10),
        ("Bytes=5-900", 206, 5, 100),
        ("bytes=-7", 206, 93, 100),
        ("bytes=-700", 206, 0, 100),
        ("bytes=99-", 206, 99, 100),
        ("bytes=100-", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=9-5", 200, 0, 100),
        ("bytes=-", 200, 0, 100),
        ("bytes=0-1,5-6", 200, 0, 100),
        ("lines=0-1", 200, 0, 100),
        ("bytes=" + "9" * 400 + "-", 200, 0, 100),
    ],
)
def test_ranges(wanted: str, status: int, start: int, stop: int) -> None:
    part = part_for({"range": wanted}, 100)
    assert (part.status, part.span.start, part.span.stop) == (status, start, stop)
    expected = {206: f"bytes {start}-{stop - 1}/100", 416: "bytes */100"}.get(status)
    assert part.headers.get("Content-Range") == expected


def test_a_range_can_be_cut_short() -> None:
    assert part_for({"range": "bytes=5-"}, 100, longest=10).headers["Content-Range"] == "bytes 5-14/100"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"if-none-match": ETAG}, 304),
        ({"if-none-match": f'"x", W/{ETAG}'}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": '"x"', "if-modified-since": DATE}, 200),
        ({"if-modified-since": DATE}, 304),
        ({"if-modified-since": "Sun, 09 Sep 2001 01:46:39 GMT"}, 200),
        ({"if-modified-since": "nonsense"}, 200),
        ({"range": "bytes=1-", "if-range": ETAG}, 206),
        ({"range": "bytes=1-", "if-range": DATE}, 206),
        ({"range": "bytes=1-", "if-range": '"x"'}, 200),
        ({"range": "bytes=1-", "if-range": f"W/{ETAG}"}, 200),
        ({"range": "bytes=1-", "if-none-match": ETAG}, 304),
    ],
)
def test_conditions(asked: dict[str, str], status: int) -> None:
    assert part_for(asked, 100, etag=ETAG, modified=MODIFIED).status == status


@given(
    st.dictionaries(st.sampled_from(["range", "if-range", "if-none-match", "if-modified-since"]), st.text()),
    st.integers(0, 99),
)
def test_whatever_is_asked_the_part_is_one_of_the_content(asked: dict[str, str], size: int) -> None:
    part = part_for(asked, size, etag=ETAG, modified=MODIFIED)
    assert part.status in (200, 206, 304, 416)
    assert 0 <= part.span.start <= part.span.stop <= size
