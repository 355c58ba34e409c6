"""Which part of a content answers a request: conditional requests and ranges (RFC 9110, 13 and 14), for every runtime."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC
from typing import NamedTuple

__all__ = ["Part", "part_for", "seconds_of"]

_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
_ETAG = re.compile(r'(?:W/)?("[^"]*")')


class Part(NamedTuple):
    """The part of a content to send.

    Attributes:
        status: 200 for all of it, 206 for a range, 304 for "you have it", 416 for a range that does not exist.
        span: The bytes to send.
        headers: Header fields that say so.
    """

    status: int
    span: range
    headers: dict[str, str]


def part_for(
    asked: Mapping[str, str],
    size: int,
    *,
    etag: str | None = None,
    modified: float | None = None,
    longest: int | None = None,
) -> Part:
    """Return what to send of a content that answers a GET.

    Several ranges in one request are not served: the answer is then the whole content, which the standard allows.

    Args:
        asked: The request's header fields, names in lower case.
        size: Size of the content in bytes.
        etag: Its entity tag, with quotes; `None` if it has none.
        modified: When it was changed, in seconds since 1970; `None` if that is unknown.
        longest: The longest range to send; the client asks for the rest. `None` for no limit.
    """
    headers = {"Accept-Ranges": "bytes"}
    if etag is not None:
        headers["ETag"] = etag
    if modified is not None:
        from email.utils import formatdate  # imports much, and a start is shorter without

        headers["Last-Modified"] = formatdate(modified, usegmt=True)
    if _is_known(asked, etag, modified):
        return Part(304, range(0), headers)
    span = _span(asked.get("range", ""), size)
    if span is None or not _range_applies(asked.get("if-range"), etag, headers.get("Last-Modified")):
        return Part(200, range(size), headers)
    if not span:
        return Part(416, range(0), {**headers, "Content-Range": f"bytes */{size}"})
    if longest is not None:
        span = span[:longest]
    return Part(206, span, {**headers, "Content-Range": f"bytes {span.start}-{span.stop - 1}/{size}"})


def _is_known(asked: Mapping[str, str], etag: str | None, modified: float | None) -> bool:
    """Tell whether the client has this very content."""
    known = asked.get("if-none-match")
    if known is not None:  # RFC 9110, 13.1.3: the date counts only without it
        if known.strip() == "*":
            return True
        opaque = _ETAG.fullmatch(etag or "")
        return opaque is not None and opaque[1] in _ETAG.findall(known)
    since = seconds_of(asked.get("if-modified-since"))
    return since is not None and modified is not None and int(modified) <= since


def _range_applies(condition: str | None, etag: str | None, modified: str | None) -> bool:
    """Tell whether the range is one of the content that the client has the rest of."""
    if condition is None:
        return True
    condition = condition.strip()
    if condition.startswith('"'):
        return condition == etag
    return modified is not None and condition == modified


def _span(asked: str, size: int) -> range | None:
    """Return the bytes of a range; empty if it lies outside the content, `None` if the field is none to follow."""
    match = _RANGE.fullmatch(asked)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        return range(max(size - int(match[2]), 0), size)
    first, last = int(match[1]), int(match[2] or size - 1)
    if match[2] and last < first:
        return None
    return range(first, min(last + 1, size))


def seconds_of(date: str | None) -> float | None:
    """Return the time of an HTTP date in seconds since 1970, `None` if it is none."""
    from email.utils import parsedate_to_datetime  # as above

    try:
        time = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
