"""Names: how they are written in JavaScript and in a log, and which known name a misspelt one was meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["nearest_name", "printable", "to_camel_case"]

_SEPARATORS = re.compile(r"[-_ ]")
_CLOSENESS = 0.6  # from 0 (anything) to 1 (equal)
_LONGEST = 200  # characters; comparing a name of megabytes, which a page may send, would take seconds


def to_camel_case(name: str) -> str:
    """Return the camelCase form of a snake_case name: `file_name` is `fileName`, `file_URL` is `fileUrl`.

    Tauri: the rule of the command macro for argument keys. A name without inner underscores stays as it is, and
    underscores at the ends are dropped.
    """
    head, *rest = [word for word in name.split("_") if word] or [name]
    return head + "".join(word.capitalize() if word.isupper() else word[:1].upper() + word[1:] for word in rest)


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like `name`, whatever their case and separators; `None` when none is like it."""
    if len(name) > _LONGEST:
        return None
    from difflib import get_close_matches  # slow to import, and only errors need it

    plain = {_plain(each): each for each in known}
    return next((plain[near] for near in get_close_matches(_plain(name), plain, 1, _CLOSENESS)), None)


def printable(text: str) -> str:
    """Return a name that a page has chosen as a log may show it: it neither moves the cursor nor begins another line."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", name).casefold()
