"""The front end's files, as every runtime that serves them finds them."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["Asset", "Assets", "media_type_of", "with_nonce"]

# What web pages are made of. `mimetypes` reads the machine's own table, which differs and is wrong here and there (on
# Windows a registry key makes JavaScript `text/plain`, and browsers then refuse a module). Add here to serve another kind.
MEDIA_TYPES = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".gif": "image/gif",
    ".htm": "text/html",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".otf": "font/otf",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}

_SCRIPT_START = re.compile(rb"<script\b(?![^>]*\snonce\s*=)", re.IGNORECASE)
# Parts of a page in which a start tag is only text.
_NOT_MARKUP = re.compile(rb"(<!--.*?-->|<script\b[^>]*>.*?</script\s*>)", re.IGNORECASE | re.DOTALL)


class Asset(NamedTuple):
    """A file of the front end; `media_type` is a whole `Content-Type`."""

    content: bytes
    media_type: str


class Assets:
    """Finds the files of the front end by the path of their address.

    Args:
        folder: The built front end; `None` when there is only a development server, and then nothing is found.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None

    def find(self, path: str) -> Asset | None:
        """Return the file for a percent-decoded path without its query, or `None`.

        Nothing outside the folder is found, neither by `..` nor by a symbolic link, and no file or folder whose name
        starts with a dot, except `.well-known`.
        """
        if self._folder is None:
            return None
        name = path.strip("/") or "index.html"
        if any(part.startswith(".") and part != ".well-known" for part in name.split("/")):
            return None
        # Tauri: the path, then `.html`, then its folder's index, then the front end's own router; that last one not for
        # names with a dot, because a missing script that answers with HTML hides what is missing.
        candidates = [name, f"{name}.html", f"{name}/index.html"]
        if "." not in name.rpartition("/")[2]:
            candidates.append("index.html")
        return next((asset for candidate in candidates if (asset := self._read(self._folder, candidate))), None)

    def _read(self, folder: Path, name: str) -> Asset | None:
        try:
            file = (folder / name).resolve()
            if not file.is_relative_to(folder) or not file.is_file():
                return None
            return Asset(file.read_bytes(), media_type_of(name))
        except (OSError, ValueError, RuntimeError):  # a name with NUL, one too long, a loop of links, no permission
            return None


def media_type_of(name: str) -> str:
    """Return the `Content-Type` for a file name, with its character set where it is text."""
    suffix = "." + name.rpartition(".")[2].lower()
    media_type = MEDIA_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_text = media_type.startswith("text/") or media_type in {"application/json", "image/svg+xml", "application/xml"}
    return f"{media_type}; charset=utf-8" if is_text else media_type


def with_nonce(html: bytes, nonce: str) -> bytes:
    """Return the document with the nonce on every `<script>` start tag that has none."""
    attribute = b'<script nonce="' + nonce.encode() + b'"'
    parts = _NOT_MARKUP.split(html)
    for index, part in enumerate(parts):
        if not part.startswith(b"<!--"):
            parts[index] = _SCRIPT_START.sub(attribute, part, count=1)
    return b"".join(parts)
