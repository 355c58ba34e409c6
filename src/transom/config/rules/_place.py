"""Places of values in a JSON document."""

from __future__ import annotations

import re

__all__ = ["ROOT", "Place", "show_place"]

Place = tuple[str | int, ...]
"""The keys and list indices from the top of the document to a value; `()` is the document itself."""

ROOT: Place = ()

_PLAIN_KEY = re.compile(r"[A-Za-z0-9$_-]+")


def show_place(place: Place) -> str:
    """Format a place as a dotted path, such as `app.windows[0].title`.

    Args:
        place: The place. A key with special characters is formatted as `["the key"]`.

    Returns:
        The path, or `the file` for the document itself.
    """
    if not place:
        return "the file"
    path = ""
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            path += f".{step}" if path else step
        else:
            path += f'["{step}"]'
    return path
