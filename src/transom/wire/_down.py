"""Messages to the page: JSON arrays whose first element is the kind. `js/link.js` is the other half of this table.

    [0, id, value]                          a call resolves
    [1, id, value]                          a call rejects
    [2, callback, index, value]             a channel's message
    [3, callback, index]                    a channel's end; index is the number of messages before it
    [4, event, payload, [[id, handler]...]] an event for these listeners; a text behind them is the window that it comes from
    [5, id, handler, event, target]         a listener was registered
    [6, callback, value]                    run a callback
    [7, operation, ...]                     something the page does for the runtime
    [8, callback, index, [value...]]        a channel's messages, one after the other; index is the first one's

A message whose value holds buffers has one element more, the list of their spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..values import encode_json

__all__ = [
    "channel_end",
    "channel_message",
    "channel_messages",
    "event_listeners",
    "event_message",
    "listening",
    "one_by_one",
    "page_operation",
    "reject",
    "resolve",
    "run_callback",
]

_CHANNEL_MESSAGE, _CHANNEL_MESSAGES = 2, 8

# Texts that may be large are joined, which copies them once; to format one of 1 MB takes thirty times as long.


def resolve(call: int, json: bytes) -> bytes:
    """Return the message that resolves a call with a JSON text."""
    return b"".join((b"[0,%d," % call, json, b"]"))


def reject(call: int, json: bytes) -> bytes:
    """Return the message that rejects a call with a JSON text."""
    return b"".join((b"[1,%d," % call, json, b"]"))


def channel_message(callback: int, index: int, json: bytes) -> bytes:
    """Return a channel's message number `index`, counted from 0."""
    return b"".join((b"[2,%d,%d," % (callback, index), json, b"]"))


def channel_messages(callback: int, index: int, jsons: Sequence[bytes]) -> bytes:
    """Return messages of a channel that follow one another, the first of them number `index`."""
    if len(jsons) == 1:
        return channel_message(callback, index, jsons[0])
    return b"".join((b"[8,%d,%d,[" % (callback, index), b",".join(jsons), b"]]"))


def one_by_one(messages: Iterable[list[Any]]) -> list[list[Any]]:
    """Return decoded messages of a frame with a channel's each by itself, the others as they are."""
    found: list[list[Any]] = []
    for message in messages:
        if message[0] == _CHANNEL_MESSAGES:
            _, callback, first, values = message
            found += ([_CHANNEL_MESSAGE, callback, index, value] for index, value in enumerate(values, first))
        else:
            found.append(message)
    return found


def channel_end(callback: int, count: int) -> bytes:
    """Return the end marker of a channel that has sent `count` messages."""
    return b"[3,%d,%d]" % (callback, count)


def event_listeners(pairs: Iterable[tuple[int, int]]) -> bytes:
    """Return the JSON text of an event's listeners in a page, from pairs of event id and handler callback."""
    return b"[%b]" % b",".join(b"[%d,%d]" % pair for pair in pairs)


def event_message(event: bytes, payload: bytes, listeners: bytes, source: bytes | None = None) -> bytes:
    """Return an event; its name, payload and `event_listeners` as JSON texts.

    Args:
        event: Its name.
        payload: Its payload.
        listeners: Its listeners in the page.
        source: The label of the window that it comes from; `None` where no page asks for that.
    """
    if source is not None:
        listeners = b"".join((listeners[:-1], b",", source, b"]"))
    return b"".join((b"[4,", event, b",", payload, b",", listeners, b"]"))


def listening(event_id: int, handler: int, event: str, target: object) -> bytes:
    """Return the message by which the page learns the callback of a listener, and how to register it again."""
    return b"[5,%d,%d,%b,%b]" % (event_id, handler, encode_json(event), encode_json(target))


def run_callback(callback: int, json: bytes) -> bytes:
    """Return the message that runs a callback of the page with a JSON text."""
    return b"[6,%d,%b]" % (callback, json)


def page_operation(name: str, *arguments: Any) -> bytes:
    """Return an operation that the page performs for its runtime, such as opening another page."""
    return b"[7,%b]" % encode_json([name, *arguments])[1:-1]
