"""Explain the problems in a file. This part of the parser is imported only when there are any."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import ConfigError
from ._scan import JsonFault, Repeat, Scan, scan_json
from .rules import Place, Problem, show_place

__all__ = ["MINIMAL", "locate", "not_json"]

MINIMAL = '{"identifier": "com.example.app", "build": {"frontendDist": "dist"}}'
"""The smallest useful file, for error messages."""


def locate(text: str, file: str, problems: Iterable[Problem]) -> ConfigError:
    """Return the error for the problems in a file, with the line of each.

    Args:
        text: The text of the file.
        file: The file's path as shown to users.
        problems: The problems that the rules found; repeated keys are added to them.

    Returns:
        The error. Its `line` is the line of the first problem; each further problem is a separate line of the message.
    """
    try:
        scan = scan_json(text)
    except JsonFault as fault:
        return _fault_error(fault, file)
    found = [Problem(repeat.place, _say_repeat(repeat)) for repeat in scan.repeats]
    lined = [(_line_of(problem.place, scan), problem) for problem in (*found, *problems)]
    lined.sort(key=lambda item: item[0])
    first = lined[0][0]
    texts = [f"{show_place(problem.place)}: {problem.text}" for _, problem in lined]
    rest = [f"{file}:{line}: {text}" for (line, _), text in zip(lined[1:], texts[1:], strict=True)]
    return ConfigError("\n".join([texts[0], *rest]), file=file, line=first)


def not_json(text: str, file: str, reason: str) -> ConfigError:
    """Return the error for a text that the decoder rejected.

    Args:
        text: The text of the file.
        file: The file's path as shown to users.
        reason: The decoder's message, used if the scanner finds no fault.

    Returns:
        The error, with the line and the column of the first fault.
    """
    if not text.strip():
        return ConfigError(f"the file is empty; write for example {MINIMAL}", file=file, line=1)
    try:
        scan_json(text)
    except JsonFault as fault:
        return _fault_error(fault, file)
    return ConfigError(f"not valid JSON: {reason}", file=file)


def _fault_error(fault: JsonFault, file: str) -> ConfigError:
    return ConfigError(f"not valid JSON at column {fault.column}: {fault.text}", file=file, line=fault.line)


def _say_repeat(repeat: Repeat) -> str:
    return f"this key is already on line {repeat.first}; remove one of the two"


def _line_of(place: Place, scan: Scan) -> int:
    """Return the line of a place, or of the nearest enclosing table if the place is not in the file."""
    while place not in scan.lines:
        place = place[:-1]
    return scan.lines[place]
