"""Reads a `requirements.txt` as pip does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...errors import ConfigError

__all__ = ["read_requirements"]

_COMMENT = re.compile(r"(^|\s+)#.*")  # pip's: a `#` inside an address begins the checksum of the file
_CONTINUED = re.compile(r"\\\r?\n")
_OPTIONS = re.compile(r"\s+--.*")  # after a requirement, such as `--hash`
_LIST = re.compile(r"(?:-r|--requirement)[\s=]*(.+)")
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]*(.+)")


def read_requirements(file: Path) -> list[str]:
    """Return the requirements of a file and of the files that it names, without options such as `--hash`.

    Raises:
        ConfigError: A file cannot be read, or names a project that is installed from its folder.
    """
    return list(dict.fromkeys(_listed(file, set())))


def _listed(file: Path, seen: set[Path]) -> Iterator[str]:
    if file in seen:
        return
    seen.add(file)
    try:
        text = _CONTINUED.sub("", file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file} cannot be read: {error}") from None
    for line in text.splitlines():
        line = _COMMENT.sub("", line).strip()  # noqa: PLW2901 - what pip reads of it
        if other := _LIST.match(line):
            yield from _listed((file.parent / other[1]).resolve(), seen)
        elif (editable := _EDITABLE.match(line)) and editable[1] != ".":
            raise ConfigError(
                f"{file}: `{line}` is a folder of this machine, which others do not have; name the package instead"
            )
        elif line and not line.startswith("-"):
            yield _OPTIONS.sub("", line)
