"""Errors and ineffective entries in a file of the access control list, each with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

__all__ = ["Fault", "fault_of"]

_PATH = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


class Fault(NamedTuple):
    """One problem.

    Attributes:
        place: The keys and indexes that lead to it from the top of the file.
        text: What is wrong, the rule and the fix.
    """

    place: tuple[str | int, ...]
    text: str


def fault_of(error: msgspec.ValidationError, place: Sequence[str | int]) -> Fault:
    """Return the fault for a value that the decoder refused.

    Args:
        error: The decoder's error.
        place: Where the value is that was decoded.
    """
    text = str(error)
    found = _PATH.search(text)
    steps = _STEP.findall(found["path"]) if found else []
    return Fault((*place, *(name or int(index) for name, index in steps)), text[: found.start()] if found else text)
