"""What the processes of a call tell each other, over one connection for each call.

The far end connects, sends the secret of the call, then frames: four bytes of length, and MessagePack. When it has sent
everything it sends `None`, and waits until that comes back: so what channels have sent is there before the call's answer.
The near end sends the numbers of channels that take no more. When it closes the connection, the call was cancelled.
"""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["LENGTH", "MAX_FRAME", "SECRET", "ChannelFrame", "decode_frame", "encode_frame"]

SECRET: Final = 32
LENGTH: Final = 4
MAX_FRAME: Final = 256 * 1024 * 1024


class ChannelFrame(msgspec.Struct, frozen=True, array_like=True):
    """A message of a channel.

    Attributes:
        channel: Its number among the channels of the call.
        json: The message; `None` for the end of the channel.
        buffers: Path, class and bytes of each buffer in it.
    """

    channel: int
    json: bytes | None
    buffers: list[tuple[bytes, str, bytes]] = []


_decoder = msgspec.msgpack.Decoder(ChannelFrame | None)


def encode_frame(frame: ChannelFrame | None) -> bytes:
    """Return a frame with its length."""
    data = msgspec.msgpack.encode(frame)
    return len(data).to_bytes(LENGTH, "big") + data


def decode_frame(data: bytes) -> ChannelFrame | None:
    """Return what a frame says.

    Raises:
        ValueError: It is no frame.
    """
    frame: ChannelFrame | None = _decoder.decode(data)
    return frame
