"""Frames of a WebSocket that are whole and small texts: nearly all that a page sends. The rest is for `websockets`."""

from __future__ import annotations

__all__ = ["FrameBounds", "small_text_frame", "take_small_text"]

_TEXT = 0x81  # a final frame of text
_MASKED = 0x80
_SHORT = 126  # a length below stands in the second byte
_MAX_SMALL = 0xFFFF
_FINAL, _OPCODE, _CONTROL = 0x80, 0x0F, 0x08


class FrameBounds:
    """Follows where frames begin in bytes that something else parses."""

    __slots__ = ("_head", "_rest")

    def __init__(self) -> None:
        self._head = b""  # of a frame whose header is incomplete
        self._rest = 0  # bytes of a frame that are still to come

    @property
    def at_frame(self) -> bool:
        """Whether the next byte is the first one of a frame."""
        return not self._rest and not self._head

    def follow(self, data: bytes) -> int:
        """Follow the next bytes, which need not be sound, and return how many frames in them carry next to nothing.

        These are control frames, empty frames and short fragments: they take as long to parse as others, and a browser
        does not send many.
        """
        futile = 0
        if self._head:
            data, self._head = self._head + data, b""
        at, size = self._rest, len(data)
        while at < size:
            if size - at < 2:
                self._head = data[at:]
                at = size
                break
            length = data[at + 1] & 127
            if length < _SHORT:
                first = data[at]
                futile += not length or first & _CONTROL != 0 or not first & _FINAL or not first & _OPCODE
            start = at + 2 + (0 if length < _SHORT else 2 if length == _SHORT else 8)
            if start > size:
                self._head = data[at:]
                at = size
                break
            if length >= _SHORT:
                length = int.from_bytes(data[at + 2 : start])
            at = start + (4 if data[at + 1] & _MASKED else 0) + length
        self._rest = at - size
        return futile


def take_small_text(data: bytes, at: int, max_size: int) -> tuple[bytes, int] | None:
    """Return the content of a frame, and where the next one begins.

    Args:
        data: What a page has sent.
        at: Where a frame begins.
        max_size: The most bytes of a content.

    Returns:
        `None` if the frame is not a whole text below 64 KiB, or not all of it is there.
    """
    size = len(data)
    if size - at < 6 or data[at] != _TEXT or not data[at + 1] & _MASKED:
        return None
    length, start = data[at + 1] & 127, at + 6
    if length >= _SHORT:
        if length > _SHORT:
            return None
        length, start = int.from_bytes(data[at + 2 : at + 4]), at + 8
    end = start + length
    if end > size or length > max_size:
        return None
    mask = int.from_bytes(data[start - 4 : start] * (length // 4 + 1), "little") & ((1 << length * 8) - 1)
    return (int.from_bytes(data[start:end], "little") ^ mask).to_bytes(length, "little"), end


def small_text_frame(text: bytes) -> bytes | None:
    """Return the frame of a text to a page; `None` if it has more than 64 KiB."""
    size = len(text)
    if size < _SHORT:
        return bytes((_TEXT, size)) + text
    return b"\x81\x7e" + size.to_bytes(2) + text if size <= _MAX_SMALL else None
