"""Where transom's scripts go in a document, and how an element holds one."""

from __future__ import annotations

import re

__all__ = ["as_element", "place_of_script"]

# The best place for our script first; what a comment holds is none.
_PLACES = tuple(
    re.compile(rb"<!--.*?-->|(" + tag + rb"[^>]*>)", re.IGNORECASE | re.DOTALL)
    for tag in (rb"<head\b", rb"<html\b", rb"<!doctype\b")
)


def place_of_script(html: bytes) -> int:
    """Return where a document takes its first script, in bytes from its start."""
    found = (match.end() for place in _PLACES for match in place.finditer(html) if match[1])
    return next(found, 0)


def as_element(script: str) -> str:
    """Return the script as an element can hold it: these two would end it, or hide its end; in code they mean nothing."""
    return re.sub(r"<(?=/script|!--)", r"\\x3c", script, flags=re.IGNORECASE)
