"""A recording: what pages say and what they are told, in a file of JSON lines."""

from __future__ import annotations

import base64
import logging
import os
import threading
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import msgspec

from ..pages import CallState, ChannelState, PageSession
from ..values import LiftedBuffer
from ..wire import InvokeFrame
from ._watcher import Watcher

__all__ = ["VERSION", "Recording"]

VERSION = 1
"""The version of the format. The first line of a file has it."""
_log = logging.getLogger("transom")
_elements = msgspec.json.Decoder(list[msgspec.Raw])
_Buffers = list[tuple[Any, str, str]]


class _RecordedCall(NamedTuple):
    page: int
    call: int


class Recording(Watcher):
    """Writes what the observed pages do to a file, one line for each message. Any thread.

    Each line is an object. The lines are, in the order in which things happened:

        {"transom": 1}                                                   the version of the format
        {"page": 1, "open": "main"}                                      a page of this webview began
        {"page": 1, "call": 7, "command": "greet", "args": {}, "headers": {}}
        {"page": 1, "call": 7, "resolve": "Hello"}                       or "reject", or "cancelled"
        {"page": 1, "channel": 3, "message": 50}
        {"page": 1, "channel": 3, "end": true}
        {"page": 1, "event": "saved", "payload": null}                   an event that the page hears
        {"page": 1, "close": true}

    A line whose value holds raw buffers has `null` in their places and `buffers`: for each its path from the root of the
    value, its JavaScript class and its bytes as base64.

    Args:
        file: The file. Its present content is lost; only the user may read it, as arguments can be secrets.

    Raises:
        OSError: It cannot be written.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._failed = False
        self._pages: WeakKeyDictionary[PageSession, int] = WeakKeyDictionary()
        self._numbers = count(1)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, b'{"transom":%d}\n' % VERSION)
        finally:
            os.close(descriptor)

    def opened(self, session: PageSession) -> None:
        """Write that a page has begun."""
        with self._lock:
            self._pages[session] = next(self._numbers)
        self._write(self._pages[session], open=session.page.label)

    def closed(self, session: PageSession) -> None:
        """Write that a page has ended."""
        self._write(self._pages[session], close=True)

    def arrived(
        self, session: PageSession, command: str, frame: InvokeFrame | None, buffers: Sequence[memoryview]
    ) -> _RecordedCall | None:
        """Write a call; one that was refused unread is left out."""
        if frame is None or frame.id < 0:
            return None
        record = _RecordedCall(self._pages[session], frame.id)
        held: _Buffers = [
            (span.path, span.kind, _base64(data)) for span, data in zip(frame.spans, buffers, strict=False)
        ]
        self._write(
            record.page,
            call=frame.id,
            command=command,
            args=_value(frame.payload),
            **({"headers": frame.headers} if frame.headers else {}),
            **({"buffers": held} if held else {}),
        )
        return record

    def answered(
        self,
        record: _RecordedCall | None,
        state: CallState,
        is_ok: bool,
        json: bytes,
        buffers: Sequence[LiftedBuffer],
    ) -> None:
        """Write the answer of a call."""
        if record is None or state is CallState.PAGE_GONE:
            return
        if state is CallState.CANCELLED:
            self._write(record.page, call=record.call, cancelled=True)
        else:
            kind = "resolve" if is_ok else "reject"
            self._write(record.page, call=record.call, **{kind: _value(json)}, **_held(buffers))

    def channel(self, session: PageSession, channel: ChannelState) -> tuple[int, int]:
        """Return page and callback of a channel."""
        return self._pages[session], channel.id

    def sent(self, kept: tuple[int, int], index: int, json: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """Write a message of a channel."""
        self._write(kept[0], channel=kept[1], message=_value(json), **_held(buffers))

    def ended(self, kept: tuple[int, int]) -> None:
        """Write that a channel has ended."""
        self._write(kept[0], channel=kept[1], end=True)

    def heard(self, session: PageSession, message: bytes, buffers: Sequence[LiftedBuffer]) -> None:
        """Write an event that a page hears."""
        _, name, payload, *_ = _elements.decode(message)
        self._write(self._pages[session], event=name, payload=_value(payload), **_held(buffers))

    def _write(self, page: int, **fields: Any) -> None:
        line = msgspec.json.encode({"page": page, **fields}) + b"\n"
        with self._lock:
            if self._failed:
                return
            try:
                # Opened for each line: nothing tells when the last one has come, and a recording need not be fast.
                with self._file.open("ab", buffering=0) as file:
                    file.write(line)
            except OSError as error:
                self._failed = True
                _log.error("the recording %s is incomplete: %s", self._file, error)


def _value(json: bytes | msgspec.Raw) -> msgspec.Raw:
    """Return a JSON text as it is, on one line: a line break can only be between two of its tokens."""
    return msgspec.Raw(bytes(json).replace(b"\n", b" ").replace(b"\r", b" "))


def _held(buffers: Iterable[LiftedBuffer]) -> dict[str, _Buffers]:
    held: _Buffers = [(_value(buffer.path), buffer.kind, _base64(buffer.data)) for buffer in buffers]
    return {"buffers": held} if held else {}


def _base64(data: memoryview) -> str:
    return base64.b64encode(data).decode("ascii")
