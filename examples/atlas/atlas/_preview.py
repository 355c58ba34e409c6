"""Metadata and preview of a file."""

from __future__ import annotations

import os
import stat

from ._files import open_regular
from ._messages import BinaryPreview, FileDetails, ImagePreview, NoPreview, Preview, TextPreview
from ._names import printable
from ._scan import look, reason

TEXT_LIMIT = 64 * 1024
"""The maximum number of bytes of a text file to show."""

IMAGE_LIMIT = 64 * 1024 * 1024
"""The maximum size of an image to show, in bytes."""

HEX_LIMIT = 512
"""The maximum number of bytes of any other file to show."""

# Add here to show another kind of image: its first bytes and its media type.
IMAGES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
)


def describe(path: str, scan_id: int, node_id: int) -> FileDetails:
    """Return the current metadata of a file or folder; without access, only its name and path."""
    details = FileDetails(
        scan_id=scan_id,
        node_id=node_id,
        name=printable(os.path.basename(path) or path),
        path=printable(path),
        kind="other",
        size=0,
        on_disk=0,
        modified=0.0,
        created=None,
        mode="",
        names=0,
    )
    try:
        status = os.lstat(path)
        details.kind = look(os.path.basename(path), status).kind
        details.size = status.st_size
        details.on_disk = getattr(status, "st_blocks", 0) * 512
        details.modified = status.st_mtime
        details.created = getattr(status, "st_birthtime", None)
        details.mode = stat.filemode(status.st_mode)
        details.names = status.st_nlink
        if stat.S_ISLNK(status.st_mode):
            details.target = printable(os.readlink(path))
    except OSError as error:
        details.problem = reason(error)
    return details


def preview(path: str) -> Preview:
    """Return the preview of a file; for an image, only its type and size.

    Raises:
        OSError: The file cannot be read or no longer exists.
    """
    mode = os.lstat(path).st_mode
    if stat.S_ISDIR(mode):
        return NoPreview(reason="a folder")
    if stat.S_ISLNK(mode):
        return NoPreview(reason="a link, which is not followed")
    if not stat.S_ISREG(mode):
        return NoPreview(reason="a device, pipe or socket")
    with open_regular(path) as (handle, status):
        head = os.read(handle, TEXT_LIMIT)
        size = status.st_size
    mime = image_type(head, path)
    if mime is not None and size <= IMAGE_LIMIT:
        return ImagePreview(mime=mime, size=size)
    text = as_text(head, whole=len(head) == size)
    if text is not None:
        return TextPreview(text=text, size=size, truncated=len(head) < size)
    return BinaryPreview(hex=hex_lines(head[:HEX_LIMIT]), size=size)


def image_bytes(path: str) -> bytes:
    """Return the bytes of an image.

    Raises:
        OSError: The file cannot be read, no longer exists, or is too large.
    """
    with open_regular(path) as (handle, status):
        if status.st_size > IMAGE_LIMIT:
            raise OSError(0, f"it is larger than {IMAGE_LIMIT >> 20} MiB")
        parts: list[bytes] = []
        while part := os.read(handle, 1 << 20):
            parts.append(part)
        return b"".join(parts)


def image_type(head: bytes, path: str) -> str | None:
    """Return the media type of an image from its first bytes, or `None` if browsers cannot show it."""
    for magic, mime in IMAGES:
        if head.startswith(magic):
            return mime
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    if path.lower().endswith(".svg") and b"<svg" in head[:4096]:
        return "image/svg+xml"
    return None


def as_text(head: bytes, *, whole: bool) -> str | None:
    """Decode bytes as text; return `None` if they are not text. An incomplete character at the end is dropped."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    if b"\0" in head:
        return None
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not whole and len(head) - error.start < 4:
            return head[: error.start].decode("utf-8-sig")
    # Text in a single-byte encoding is still text, but programs contain many control characters.
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return head.decode("latin-1") if control * 200 < len(head) else None


def hex_lines(head: bytes) -> list[str]:
    """Return a hex dump of bytes, 16 per line."""
    lines: list[str] = []
    for offset in range(0, len(head), 16):
        part = head[offset : offset + 16]
        shown = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{offset:06x}  {part.hex(' '):<47}  {shown}")
    return lines
