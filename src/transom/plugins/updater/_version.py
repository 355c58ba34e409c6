"""Versions in the order of https://semver.org, section 11."""

from __future__ import annotations

import re

__all__ = ["version_key"]

_VERSION = re.compile(
    r"v?(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)


def version_key(version: str) -> tuple[tuple[int, ...], int, tuple[tuple[int, int, str], ...]]:
    """Return what sorts versions.

    Raises:
        ValueError: It is no version.
    """
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        raise ValueError(f"{version!r} is not a version such as 1.2.3 or 1.2.3-beta.1")
    numbers = tuple(int(number) for number in match.groups()[:3])
    if match[4] is None:
        return numbers, 1, ()
    parts = match[4].split(".")
    return numbers, 0, tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
