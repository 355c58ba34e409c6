"""The lines of keys in a TOML document, which `tomllib` does not tell."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["toml_lines"]

Place = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?P<name>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")
_ITEM = re.compile(r"""\s*(?:"[^"]*"|'[^']*'|\{.*\}|[\w.+-]+)\s*,?\s*(?:#.*)?$""")


def toml_lines(text: str) -> Mapping[Place, int]:
    """Return the 1-based line of every table and key that begins a line, and of list items that have a line each.

    What is written in other ways, such as inside an inline table, is missing.

    Args:
        text: A document that `tomllib` accepts.
    """
    lines: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    table: Place = ()
    items: Place | None = None  # the list that is open, if its items have a line each
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        if fence:
            fence = "" if line.count(fence) % 2 else fence
            continue
        fence = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
        if items is not None:
            if _ITEM.match(line):
                counts[items] = counts.get(items, -1) + 1
                lines[(*items, counts[items])] = number
            elif "]" in line:
                items = None
            continue
        header = _HEADER.match(line)
        key = None if header else _KEY.match(line)
        if header is not None:
            table = _table(header["name"], counts, repeated=header["open"] == "[[")
            lines[table] = number
        elif key is not None:
            place = (*table, *_parts(key["name"]))
            lines[place] = number
            if line[key.end() :].partition("#")[0].strip() == "[":
                items = place
    return lines


def _table(name: str, counts: dict[Place, int], *, repeated: bool) -> Place:
    place: Place = ()
    parts = _parts(name)
    for index, part in enumerate(parts):
        place = (*place, part)
        if repeated and index == len(parts) - 1:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _parts(name: str) -> list[str]:
    return [next(part for part in found if part) for found in _PART.findall(name) if any(found)]
