"""What the engine keeps of a session."""

from __future__ import annotations

import msgspec

from ...config import WindowConfig

__all__ = ["SessionRecord", "decode_record"]

VERSION = 1


class SessionRecord(msgspec.Struct, frozen=True, array_like=True):
    """A session, as another process takes it up.

    Attributes:
        version: The version of this format. A process begins a session anew that is stored in another one.
        owner: The process that has the session; empty when none has.
        user: The id of its user.
        groups: The groups that it has joined.
        windows: Its windows, in the order in which they were made.
        state: Each object of its shared state, by the name of its class.
    """

    version: int
    owner: str
    user: str
    groups: list[str] = []
    windows: list[WindowConfig] = []
    state: dict[str, bytes] = {}

    def encode(self) -> bytes:
        """Return what the engine stores."""
        return msgspec.msgpack.encode(self)


_decoder = msgspec.msgpack.Decoder(SessionRecord)


def decode_record(stored: bytes) -> SessionRecord | None:
    """Return a record; `None` for one of another version."""
    try:
        record = _decoder.decode(stored)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return record if record.version == VERSION else None
