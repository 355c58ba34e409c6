"""What a program writes, as the page wants it: text by line, or bytes."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import CommandError

__all__ = ["MAX_LINE", "Lines", "decoder_of"]

MAX_LINE = 1 << 20
"""Bytes after which a line without an end is handed on in parts."""


class Lines:
    """Cuts bytes after every line feed, and after a carriage return where no line feed follows (Tauri: the same)."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the lines that are complete, with their ends."""
        *lines, rest = (self._rest + data).split(b"\n")
        yield from (line + b"\n" for line in lines)
        *lines, rest = rest.split(b"\r")
        yield from (line + b"\r" for line in lines)
        while len(rest) > MAX_LINE:
            cut = MAX_LINE
            while cut > MAX_LINE - 4 and rest[cut] & 0xC0 == 0x80:  # inside a character of UTF-8
                cut -= 1
            yield rest[:cut]
            rest = rest[cut:]
        self._rest = rest

    def end(self) -> Iterator[bytes]:
        """Yield what is left when there is no more."""
        if self._rest:
            yield self._rest
        self._rest = b""


class Decoder:
    """Turns a program's bytes into what the page gets.

    Attributes:
        raw: Whether the page gets bytes.
    """

    def __init__(self, encoding: str | None) -> None:
        self.raw = encoding == "raw"
        self._strict = encoding is None
        self._encoding = encoding or "utf-8"

    def decode(self, data: bytes) -> str | memoryview:
        """Return a text, or bytes that the page gets as a Uint8Array, as the types of the npm package say.

        Raises:
            UnicodeDecodeError: No encoding was asked for, and it is not UTF-8.
        """
        if self.raw:
            # Tauri: an array of numbers, which is a fiftieth as fast.
            return memoryview(data).cast("@B")
        if self._strict:
            return data.decode("utf-8")
        return data.decode(self._encoding, "replace").removeprefix("\ufeff")


def decoder_of(encoding: str | None) -> Decoder:
    """Return what decodes a program's output.

    Args:
        encoding: A name such as `windows-1252`; `raw` for bytes; `None` for UTF-8, where anything else is an error.

    Raises:
        CommandError: There is no such encoding.
    """
    try:
        if encoding not in (None, "raw"):
            b"a".decode(encoding, "replace")  # refuses what is no encoding of text, too
    except (LookupError, ValueError):
        raise CommandError(f"unknown encoding {encoding}") from None
    return Decoder(encoding)
