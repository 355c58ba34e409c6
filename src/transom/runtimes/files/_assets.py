"""The front end's files, as every runtime that serves them finds them."""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ._files import OpenFile, open_file

__all__ = ["Assets", "is_navigation", "media_type_of", "with_nonce"]

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

# Elements that a policy judges by their nonce, and which hold text, not markup.
_NONCE_ELEMENTS = re.compile(rb"<!--|<(script|style)(?=[\s/>])", re.IGNORECASE)
_HAS_NONCE = re.compile(rb"""[\s/"']nonce\s*=""", re.IGNORECASE)
_QUOTED = re.compile(rb""""[^"]*"|'[^']*'""")
# A quoted value may hold `>`; where quotes do not match, the first `>` counts.
_TAG = re.compile(rb"""(?:[^>"']|"[^"]*"|'[^']*')*+>|[^>]*>""")
_DOCUMENTS = frozenset(("document", "frame", "iframe"))


class _Root(NamedTuple):
    """A folder whose files are served; with `only`, nothing but the file of this name in it."""

    folder: Path
    only: Path | None = None

    def may_serve(self, path: Path) -> bool:
        """Tell whether a file, given by where it really is, may be served."""
        if self.only is not None:
            return path == self.only.resolve()
        return path.is_relative_to(self.folder) and not _is_hidden(path.relative_to(self.folder).parts)

    def find(self, name: str) -> OpenFile | None:
        if self.only is not None and name != self.only.name:
            return None
        with suppress(OSError):
            return open_file(self.folder / name, self.may_serve, media_type_of(name))
        return None

    def names(self) -> Iterator[str]:
        if self.only is not None:
            yield self.only.name
            return
        for folder, folders, files in os.walk(self.folder):
            within = Path(folder).relative_to(self.folder)
            folders[:] = [name for name in folders if not _is_hidden((name,))]
            for name in files:
                if not _is_hidden((name,)) and self.may_serve((Path(folder) / name).resolve()):
                    yield (within / name).as_posix()


class Assets:
    """Finds the files of the front end by the path of their address.

    Args:
        source: The folder of the built front end, or, as in Tauri, a list: the content of each folder in it, and each
            file under its name. `None` when there is only a development server, and then nothing is found.
    """

    def __init__(self, source: Path | Iterable[Path] | None) -> None:
        if source is None or isinstance(source, Path):
            self._roots = [] if source is None else [_Root(source.resolve())]
        else:
            self._roots = [
                _Root(path.resolve()) if path.is_dir() else _Root(path.parent.resolve(), path) for path in source
            ]

    def find(self, path: str, *, navigation: bool = True) -> OpenFile | None:
        """Open the file for a percent-decoded path without its query; `None` if there is none. It reads the disk.

        Nothing outside the folder is found, neither by `..` nor by a symbolic link, and no file or folder whose name
        starts with a dot, except `.well-known`, whatever the link to it is called.

        Args:
            path: The path.
            navigation: Whether the answer becomes a document; see `is_navigation`.
        """
        name = path.strip("/") or "index.html"
        if _is_hidden(name.split("/")):
            return None
        # Tauri: the path, then `.html`, then its folder's index, then the front end's own router. Unlike Tauri, that
        # last one is for documents only: a missing script that answers with HTML hides what is missing.
        candidates = [name, f"{name}.html", f"{name}/index.html", *(["index.html"] if navigation else [])]
        found = (root.find(candidate) for candidate in candidates for root in self._roots)
        return next((file for file in found if file is not None), None)

    def paths(self) -> Iterator[str]:
        """Yield the path of every file that may be served, with a slash at its start, in order. It reads the disk."""
        found = {f"/{name}" for root in self._roots for name in root.names()}
        return iter(sorted(found))


def is_navigation(headers: Mapping[str, str]) -> bool:
    """Tell whether a browser would show the answer to a request as a document.

    Args:
        headers: The request's header fields, names in lower case. Without Fetch metadata, as in WebKitGTK, a document is
            what `Accept` names HTML for; a page that fetches HTML to put it into itself says so too.
    """
    destination = headers.get("sec-fetch-dest", "empty")
    if destination != "empty":
        return destination in _DOCUMENTS
    return "text/html" in headers.get("accept", "").lower()


def _is_hidden(names: Iterable[str]) -> bool:
    return any(name.startswith(".") and name != ".well-known" for name in names)


def media_type_of(name: str) -> str:
    """Return the `Content-Type` for a file name, with its character set where it is text."""
    suffix = "." + name.rpartition(".")[2].lower()
    media_type = MEDIA_TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_text = media_type.startswith("text/") or media_type in {"application/json", "image/svg+xml", "application/xml"}
    return f"{media_type}; charset=utf-8" if is_text else media_type


def with_nonce(html: bytes, nonce: str) -> bytes:
    """Return the document with the nonce on every `<script>` and `<style>` start tag that has none."""
    attribute = b' nonce="' + nonce.encode() + b'"'
    parts: list[bytes] = []
    done = place = 0
    while start := _NONCE_ELEMENTS.search(html, place):
        if start[1] is None:
            place = _after(html, b"-->", start.end())
            continue
        tag = _TAG.match(html, start.end())
        if tag is None:
            break
        if not _HAS_NONCE.search(_QUOTED.sub(b'""', tag[0])):
            parts += html[done : start.end()], attribute
            done = start.end()
        # What the element holds is text up to its end tag.
        place = _after(html, b"</" + start[1], tag.end())
    return b"".join((*parts, html[done:]))


def _after(html: bytes, end: bytes, start: int) -> int:
    """Return the place behind the next `end`, in any case; the end of the document if there is none."""
    found = re.compile(re.escape(end), re.IGNORECASE).search(html, start)
    return found.end() if found else len(html)
