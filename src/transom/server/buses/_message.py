"""An event as the engine carries it."""

from __future__ import annotations

import re

import msgspec

from ...events import PublishedEvent, Recipients
from ...values import InvokeResponseBody, LiftedBuffer
from ...wire import EventTarget

__all__ = ["MAX_EVENT_BYTES", "Envelope", "decode_event", "encode_event"]

MAX_EVENT_BYTES = 4 * 1024 * 1024
_VERSION = 1


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    """An event, as the engine stores it.

    Attributes:
        version: Of this format; a process drops what it does not know.
        process: The process that has published it.
        number: Counts the events of that process, so that one which was stored twice is delivered once.
        name: The event's name.
        json: Its payload.
        buffers: Path, class and bytes of each buffer in it.
        recipients: Kind and name.
        target: Kind and label of the target; `None` for every listener.
    """

    version: int
    process: str
    number: int
    name: str
    json: bytes
    buffers: list[tuple[bytes, str, bytes]]
    recipients: Recipients
    target: EventTarget | None


_decoder = msgspec.msgpack.Decoder(Envelope)
_json = msgspec.json.Decoder(msgspec.Raw)
_path = msgspec.json.Decoder(list[str | int])
_CLASS = re.compile(r"[A-Za-z0-9]{1,40}")


def encode_event(event: PublishedEvent, process: str, number: int) -> bytes:
    """Return what the engine stores. What `accepts` says stays in the process."""
    buffers = [(buffer.path, buffer.kind, bytes(buffer.data)) for buffer in event.body.buffers]
    recipients = event.recipients or Recipients("everybody")
    return msgspec.msgpack.encode(
        Envelope(_VERSION, process, number, event.name, event.body.json, buffers, recipients, event.target)
    )


def decode_event(stored: bytes, cursor: int) -> tuple[Envelope, PublishedEvent] | None:
    """Return an event and its envelope; `None` for what this version does not know."""
    try:
        envelope = _decoder.decode(stored)
        _check(envelope)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if envelope.version != _VERSION:
        return None
    buffers = tuple(LiftedBuffer(path, kind, memoryview(data)) for path, kind, data in envelope.buffers)
    body = InvokeResponseBody(envelope.json, buffers)
    event = PublishedEvent(envelope.name, body, cursor=cursor, recipients=envelope.recipients, target=envelope.target)
    return envelope, event


def _check(envelope: Envelope) -> None:
    """Check what becomes a part of the frames to pages as it is: it must not end its place and begin another message.

    Raises:
        ValueError: It is not JSON, not UTF-8, or no name of a class.
        MsgspecError: The same.
        RecursionError: It is nested too deeply.
    """
    envelope.json.decode()
    _json.decode(envelope.json)
    for path, kind, _ in envelope.buffers:
        _path.decode(path)
        if not _CLASS.fullmatch(kind):
            raise ValueError("this is no name of a class of buffers")
