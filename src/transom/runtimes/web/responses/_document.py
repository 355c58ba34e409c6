"""Documents with transom's scripts, and the files of the asset protocol."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from ....runtimes import OpenFile, media_type_of, open_file, with_nonce

__all__ = ["as_element", "open_allowed", "with_scripts"]

# The best place for our script first; what a comment holds is none.
_PLACES = tuple(
    re.compile(rb"<!--.*?-->|(" + tag + rb"[^>]*>)", re.IGNORECASE | re.DOTALL)
    for tag in (rb"<head\b", rb"<html\b", rb"<!doctype\b")
)


def open_allowed(name: bytes, allowed: Callable[[Path], bool] | None) -> OpenFile | None:
    """Open a file for the asset protocol; see `open_file`."""
    path = Path(os.fsdecode(name))
    return None if allowed is None else open_file(path, allowed, media_type_of(path.name))


def with_scripts(html: bytes, nonce: str, scripts: Iterable[str]) -> bytes:
    """Return the document with the nonce on its own scripts and styles, and with these scripts before all others."""
    marked = with_nonce(html, nonce)
    elements = b"".join(b'<script nonce="%b">%b</script>' % (nonce.encode(), script.encode()) for script in scripts)
    at = _place_of_script(marked) if elements else 0
    return marked[:at] + elements + marked[at:]


def _place_of_script(html: bytes) -> int:
    found = (match.end() for place in _PLACES for match in place.finditer(html) if match[1])
    return next(found, 0)


def as_element(script: str) -> str:
    """Return the script as an element can hold it: these two would end it, or hide its end; in code they mean nothing."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)
