"""One file of a project as data, with the line of every value for error messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ..config import JsonFault, Problem, decode_text, scan_json, show_place
from ..errors import ConfigError

__all__ = ["SUFFIXES", "Document", "config_error"]

Place = tuple[str | int, ...]

SUFFIXES = (".json", ".json5", ".toml")
"""The formats of a document, by the end of the file's name."""

_TOML_LINE = re.compile(r"\s*\(at line (\d+), column (\d+)\)$")


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A file of JSON, JSON5 or TOML.

    Attributes:
        file: Its path as shown to users.
        value: What it says, as JSON values.
        lines: The 1-based lines of places in it, as far as they are known.
    """

    file: str
    value: Any
    lines: Mapping[Place, int]

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a file by the format that its name says.

        Raises:
            ConfigError: The file cannot be read, or is not of its format; the text names the line.
        """
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise ConfigError(f"the file cannot be read: {error.strerror}", file=str(path)) from None
        return cls.decode(decode_text(raw, str(path)), str(path))

    @classmethod
    def decode(cls, text: str, file: str) -> Document:
        """Decode a text by the format that the file's name says.

        Raises:
            ConfigError: It is not of this format; the text names the line.
        """
        if not text.strip():
            raise ConfigError("the file is empty; write something into it, or remove it", file=file, line=1)
        if file.endswith(".toml"):
            from ._toml_lines import toml_lines  # few projects need it, and a start is shorter without

            return cls(file=file, value=_toml(text, file), lines=toml_lines(text))
        if file.endswith(".json5"):
            from ._json5 import json_of_json5  # as above

            text = json_of_json5(text)
        try:
            scan = scan_json(text)
            value = msgspec.json.decode(text)
        except JsonFault as fault:
            raise ConfigError(
                f"not valid JSON at column {fault.column}: {fault.text}", file=file, line=fault.line
            ) from None
        except (msgspec.DecodeError, RecursionError) as error:
            raise ConfigError(f"not valid JSON: {error}", file=file) from None
        for repeat in scan.repeats:
            problem = f"{show_place(repeat.place)}: this key is already on line {repeat.first}; remove one of the two"
            raise ConfigError(problem, file=file, line=repeat.line)
        return cls(file=file, value=value, lines=scan.lines)

    def line(self, place: Place) -> int:
        """Return the line of a place, or of the nearest one around it whose line is known."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def where(self, place: Place) -> str:
        """Return `file:line` of a place."""
        return f"{self.file}:{self.line(place)}"

    def problems(self, problems: Iterable[Problem]) -> list[tuple[str, int, str]]:
        """Return file, line and text of problems in this file, each with its field."""
        return [(self.file, self.line(place), f"{show_place(place)}: {text}") for place, text in problems]


def config_error(lines: Sequence[tuple[str, int, str]]) -> ConfigError:
    """Return one error for several problems.

    Args:
        lines: File, line and text of each; at least one.
    """
    (file, line, first), *rest = lines
    return ConfigError(
        "\n".join([first, *(f"{file}:{line}: {text}" for file, line, text in rest)]), file=file, line=line
    )


def _toml(text: str, file: str) -> Any:
    import tomllib  # slow to import, and few projects have such files

    try:
        # TOML has dates, which JSON values have not.
        return msgspec.to_builtins(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        what = _TOML_LINE.sub("", str(error))
        column = f" at column {found[2]}" if found else ""
        raise ConfigError(f"not valid TOML{column}: {what}", file=file, line=int(found[1]) if found else None) from None
