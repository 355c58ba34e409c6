"""Values of databases as a page gets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from ...errors import CommandError

__all__ = ["MOST_BYTES", "MOST_VALUES", "Rows", "plain", "time_text"]

MOST_VALUES: Final = 5_000_000
"""How many values a result may have."""
MOST_BYTES: Final = 256 * 1024 * 1024
"""How long its texts may be together, and eight times its blobs: a blob becomes a list of numbers."""
_BLOB: Final = 8

_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d )?(?P<hour>\d\d):(?P<rest>\d\d:\d\d)(?:\.(?P<part>\d+))?(?P<zone>[+-]\d\d(?::\d\d){0,2})?"
)


class Rows:
    """Collects the rows of a result, as objects by column.

    Args:
        columns: Names of the columns; of two with one name, the later counts.
        convert: For each column what makes a value for the page; `None` when values are fine as they are.
        before: The rows of the statement before in the same call, which count too; `None` for none.
    """

    def __init__(
        self,
        columns: Sequence[str],
        convert: Sequence[Callable[[Any], Any] | None] = (),
        before: Rows | None = None,
    ) -> None:
        self.rows: list[dict[str, Any]] = []
        self._columns = tuple(columns)
        self._convert = tuple(convert) if any(convert) else ()
        self._values, self._bytes = (0, 0) if before is None else before.size

    @property
    def size(self) -> tuple[int, int]:
        """The number of values, and of bytes as `MOST_BYTES` counts them."""
        return self._values, self._bytes

    def add(self, row: Sequence[Any]) -> None:
        """Add a row.

        Raises:
            CommandError: The result is too large.
        """
        self._values += len(row)
        for value in row:
            if type(value) is str:
                self._bytes += len(value)
            elif type(value) is bytes:
                self._bytes += _BLOB * len(value)
        if self._values > MOST_VALUES or self._bytes > MOST_BYTES:
            raise CommandError(
                f"the result is too large: at most {MOST_VALUES} values, and {MOST_BYTES >> 20} MiB of texts or "
                f"{MOST_BYTES // _BLOB >> 20} MiB of blobs; read it in parts with LIMIT"
            )
        if self._convert:
            row = [
                value if convert is None or value is None else convert(value)
                for convert, value in zip(self._convert, row, strict=True)
            ]
        # Tauri: a blob is a list of numbers.
        self.rows.append(
            {
                name: list(value) if type(value) is bytes else value
                for name, value in zip(self._columns, row, strict=True)
            }
        )


def plain(value: Any) -> str | float | None:
    """Return a value of a page as Tauri binds it: numbers as floats, what is neither number nor text as JSON.

    Raises:
        CommandError: A number is too large.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise CommandError("a number among the values is too large; bind it as a text") from None
    try:
        return msgspec.json.encode(_without_buffers(value)).decode()
    except TypeError:
        raise CommandError(
            f"a value of the type {type(value).__name__} cannot be bound; bind a text, a number, true, false or null"
        ) from None


def _without_buffers(value: Any) -> Any:
    """Return a value with lists of numbers in the place of buffers, as Tauri's own client sends them."""
    if isinstance(value, memoryview | bytes | bytearray):
        return list(bytes(value))
    if isinstance(value, dict):
        return {key: _without_buffers(inner) for key, inner in value.items()}
    return [_without_buffers(inner) for inner in value] if isinstance(value, list) else value


def time_text(text: str) -> str:
    """Return a time, with or without a date and a zone, as Tauri writes it: `2026-01-02 3:04:05.0 +00:00:00`.

    A text that is not a time of day, such as `infinity` or 30 hours, is returned as it is.
    """
    parts = _TIME.fullmatch(text)
    if parts is None or int(parts["hour"]) > 23:
        return text
    zone = parts["zone"]
    zone = "" if zone is None else f" {zone}{':00' * (2 - zone.count(':'))}"
    return f"{parts['date'] or ''}{int(parts['hour'])}:{parts['rest']}.{(parts['part'] or '').rstrip('0') or '0'}{zone}"
