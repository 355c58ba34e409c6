"""The bounds of what the inspector keeps."""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["BOUNDS", "Bounds", "text_in"]


class Bounds(msgspec.Struct, frozen=True):
    """How much a recorder keeps; the oldest goes first.

    Attributes:
        calls: Calls.
        events: Events, and pages that come and go.
        channels: Channels.
        messages: Messages of each channel.
        body: Bytes of the arguments, the result and the headers of a call, and of the payload of an event.
        message: Bytes of a channel's message.
        traceback: Characters at the end of a traceback.
    """

    calls: int = 1000
    events: int = 1000
    channels: int = 200
    messages: int = 20
    body: int = 4096
    message: int = 512
    traceback: int = 8192


BOUNDS: Final = Bounds()


def text_in(data: bytes | memoryview, most: int) -> str:
    """Return the first `most` bytes as text, broken characters replaced."""
    return bytes(memoryview(data)[:most]).decode("utf-8", "replace")
