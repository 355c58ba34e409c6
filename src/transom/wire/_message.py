"""Messages from the page: one JSON array a batch, one array a message, its first element the kind.

A batch is what the page asked for in one turn of its event loop, or a part of that when it is much. Arguments stay raw JSON
here: the command that they are for decodes them straight into its own types.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec

from ..errors import MalformedMessage
from ..values import typed_view

__all__ = [
    "MAX_BUFFERS",
    "Acknowledge",
    "Cancel",
    "Forget",
    "Incoming",
    "InvokeFrame",
    "Leave",
    "ReceivedPack",
    "Span",
    "check_spans",
    "decode_batch",
    "lies_outside",
    "place_buffers",
]

# Each buffer costs some hundred bytes beside its own, so that a message could be small and what comes of it large.
MAX_BUFFERS = 10_000
# Above this, a batch carries one message only: many small ones would take long to decode, and nothing else runs meanwhile.
# The page's half flushes earlier, in `js/link.js`.
_MAX_SHARED_BYTES = 512 * 1024
# What the page's half refuses too, in `js/serialize.js`.
_MAX_DEPTH = 128


class Span(NamedTuple):
    """The place of a raw buffer in a JSON value, and the place of its bytes.

    Attributes:
        path: Keys and indexes from the root of the value to the place of the buffer; empty when the value itself is one.
        kind: The JavaScript class that holds it: `ArrayBuffer`, `Uint8Array`, `Float64Array`, ...
        pack: Number of the pack that carries the bytes; 0 is the tail of the same frame.
        offset: First byte in the pack.
        length: Number of bytes.
    """

    path: list[str | int]
    kind: str
    pack: int
    offset: int
    length: int


class ReceivedPack:
    """Bytes that a page sent, from which the buffers of its calls are cut.

    Together the buffers are no larger than the pack. If they could overlap, a small pack would become any number of copies.

    Args:
        number: The number by which spans name the pack; 0 is the tail of a frame.
        data: Its bytes.
    """

    __slots__ = ("_data", "_left", "_number")

    def __init__(self, number: int, data: memoryview) -> None:
        self._number = number
        self._data = data
        self._left = len(data)

    def cut(self, command: str, span: Span) -> memoryview:
        """Return the bytes of one span.

        Raises:
            MalformedMessage: They are outside the pack, or the spans together are larger than the pack.
        """
        end = span.offset + span.length
        if not 0 <= span.offset <= end <= len(self._data):
            raise lies_outside(command, self._number)
        self._left -= span.length
        if self._left < 0:
            raise MalformedMessage(
                f"the buffers of {command} overlap: together they are larger than their pack {self._number} of "
                f"{len(self._data)} bytes; send every buffer once"
            )
        return self._data[span.offset : end]


def lies_outside(command: str, pack: int) -> MalformedMessage:
    """Return the error for a buffer that its pack does not contain."""
    return MalformedMessage(f"a buffer of {command} lies outside of its pack {pack}")


class InvokeFrame(msgspec.Struct, array_like=True, tag=0, frozen=True, gc=False):
    """One `invoke`: `[0, id, command, payload, headers?, spans?]`.

    Attributes:
        id: Number of the call in its page; its one answer carries it back.
        spans: Buffers of the payload; one with an empty path means a raw body.
    """

    id: int
    command: str
    payload: msgspec.Raw = msgspec.Raw(b"{}")
    headers: dict[str, str] | None = None
    spans: tuple[Span, ...] = ()  # a list for each call would be work for the garbage collector


class Cancel(msgspec.Struct, array_like=True, tag=1, frozen=True, gc=False):
    """The page aborted a call: `[1, id]`."""

    id: int


class Forget(msgspec.Struct, array_like=True, tag=2, frozen=True, gc=False):
    """The page dropped a callback, so nothing sent to it can arrive any more: `[2, callback]`."""

    callback: int


class Acknowledge(msgspec.Struct, array_like=True, tag=3, frozen=True, gc=False):
    """The page has handled this many frames since it loaded: `[3, frames]`."""

    frames: int


class Leave(msgspec.Struct, array_like=True, tag=4, frozen=True, gc=False):
    """The page is being left: `[4, id]`. Calls from this number on are its last ones."""

    id: int


Incoming: TypeAlias = InvokeFrame | Cancel | Forget | Acknowledge | Leave
_decoder = msgspec.json.Decoder(list[Incoming])
# Stops at the second message, before it decodes it.
_one_decoder = msgspec.json.Decoder(tuple[Incoming])


def decode_batch(batch: str | bytes | memoryview) -> Sequence[Incoming]:
    """Return the messages of one batch, in the order the page sent them.

    Raises:
        MalformedMessage: The text is not JSON, or not a list of known messages, or it is large and carries several. No call
            of such a batch is run.
    """
    try:
        return (_decoder if len(batch) <= _MAX_SHARED_BYTES else _one_decoder).decode(batch)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MalformedMessage(
            f"a batch from the page is not a list of messages: {error}"
            + (
                f"; a batch of more than {_MAX_SHARED_BYTES} bytes carries one message"
                if _is_shared(error, batch)
                else ""
            )
        ) from None


def _is_shared(error: Exception, batch: str | bytes | memoryview) -> bool:
    """Tell whether a batch was refused because it is large and carries several messages."""
    return len(batch) > _MAX_SHARED_BYTES and str(error) == "Expected `array` of length 1"


def _at(holder: Any, key: str | int) -> Any:
    if isinstance(key, int) and key < 0:
        raise IndexError(key)
    return holder[key]


def check_spans(command: str, spans: Sequence[Span], max_buffers: int = MAX_BUFFERS) -> None:
    """Refuse a call whose arguments hold too many buffers, or one too deep inside.

    Raises:
        MalformedMessage: The call is over a limit; the text names it.
    """
    if len(spans) > max_buffers:
        raise MalformedMessage(
            f"the arguments of {command} hold {len(spans)} buffers, the limit is {max_buffers}; send them as one buffer, "
            "or raise Builder.limits(max_buffers=...)"
        )
    if any(len(span.path) > _MAX_DEPTH for span in spans):
        raise MalformedMessage(
            f"a buffer in the arguments of {command} is deeper than {_MAX_DEPTH} levels of objects and arrays"
        )


def place_buffers(value: Any, spans: Sequence[Span], buffers: Sequence[memoryview]) -> Any:
    """Return `value` with every buffer put where its span says: views of the elements of the page's typed arrays.

    Raises:
        MalformedMessage: A span names a place that the value does not have, or bytes that are no whole number of elements.
    """
    for span, buffer in zip(spans, buffers, strict=True):
        if not span.path:
            return buffer
        view = typed_view(span.kind, buffer)
        try:
            holder = value
            for key in span.path[:-1]:
                holder = _at(holder, key)
            _at(holder, span.path[-1])
            holder[span.path[-1]] = view
        except (LookupError, TypeError):
            raise MalformedMessage(f"a buffer belongs at {span.path}, but the arguments have no such place") from None
    return value
