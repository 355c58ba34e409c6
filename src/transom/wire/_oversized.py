"""Messages that are too large for what carries them to the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from ..values import encode_json
from ._down import channel_end, channel_messages, page_operation, reject

__all__ = ["Fitting", "fitting"]

_RESOLVE, _REJECT, _CHANNEL_MESSAGE, _EVENT, _CHANNEL_MESSAGES = 0, 1, 2, 4, 8
_decode = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_int = msgspec.json.Decoder(int).decode


class Fitting(NamedTuple):
    """A frame that was made to fit.

    Attributes:
        texts: JSON arrays of messages, none above the limit.
        complaints: What could not be sent, for the log.
    """

    texts: list[bytes]
    complaints: list[str]


def fitting(text: bytes, limit: int) -> Fitting:
    """Split the text of a frame into texts up to a limit. A message over the limit is replaced by one that tells the page.

    An answer becomes a rejection, and a channel ends at a message that cannot be sent: its later ones would wait for it.

    Args:
        text: A JSON array of messages.
        limit: The most bytes of an array.
    """
    found = Fitting([], [])
    batch: list[bytes] = []
    size = 1
    for message in _messages(text):
        part = bytes(message)
        if len(part) + 2 > limit:
            part = _replacement(part, limit, found.complaints)
        if batch and size + len(part) + 1 > limit:
            found.texts.append(b"[%b]" % b",".join(batch))
            batch, size = [], 1
        batch.append(part)
        size += len(part) + 1
    found.texts.append(b"[%b]" % b",".join(batch))
    return found


def _messages(text: bytes) -> Iterator[bytes | msgspec.Raw]:
    """Yield the messages of a frame, a channel's each by itself."""
    for message in _decode(text):
        parts = _decode(message)
        if _decode_int(parts[0]) != _CHANNEL_MESSAGES:
            yield message
            continue
        callback, first = _decode_int(parts[1]), _decode_int(parts[2])
        for index, value in enumerate(_decode(parts[3]), first):
            yield channel_messages(callback, index, [bytes(value)])


def _replacement(message: bytes, limit: int, complaints: list[str]) -> bytes:
    parts = _decode(message)
    kind = _decode_int(parts[0])
    size = len(message)
    rule = f"has {size} bytes, and a page takes at most {limit} at once; send it in parts, or as bytes"
    if kind in (_RESOLVE, _REJECT):
        complaints.append(f"an answer {rule}")
        report = {"kind": "tooLarge", "size": size, "limit": limit, "message": f"the answer {rule}"}
        return reject(_decode_int(parts[1]), encode_json(report))
    if kind == _CHANNEL_MESSAGE:
        complaints.append(f"a channel's message {rule}; the channel ends")
        return channel_end(_decode_int(parts[1]), _decode_int(parts[2]))
    thing = f"the event {bytes(parts[1]).decode()}" if kind == _EVENT else "a message"
    complaints.append(f"{thing} {rule}")
    return page_operation("error", f"transom: {thing} {rule}")
