"""The log: levels, targets, and the file with its rotation."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple, TextIO, TypeAlias

__all__ = ["Level", "Log", "Record", "Rotation", "Target"]

Rotation: TypeAlias = Literal["keep-one", "keep-all"]
"""What becomes of a full file: it is deleted, or kept under a name with the time."""

_LONGEST = 64 * 1024  # characters of a message
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), 127, *range(128, 160))}


class Level(IntEnum):
    """How important a record is; the numbers of the npm package."""

    TRACE = 1
    DEBUG = 2
    INFO = 3
    WARN = 4
    ERROR = 5

    @classmethod
    def of_logging(cls, number: int) -> Level:
        """Return the level for one of Python's `logging`."""
        steps = (cls.TRACE, cls.DEBUG, cls.INFO, cls.WARN)
        return next((level for level, top in zip(steps, (10, 20, 30, 40), strict=True) if number < top), cls.ERROR)

    @property
    def number(self) -> int:
        """The level of Python's `logging`."""
        return (5, logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR)[self - 1]


class Record(NamedTuple):
    """One message.

    Attributes:
        level: How important it is.
        target: Where it comes from: a logger's name, or `webview:<function>@<file>:<line>`.
        message: The text.
        time: When it was logged.
        key_values: More that the page sent.
    """

    level: Level
    target: str
    message: str
    time: datetime
    key_values: Mapping[str, Any] = {}


class Target(NamedTuple):
    """Where records go.

    Attributes:
        kind: `stdout`, `stderr`, `log_dir`, `folder` or `webview`.
        folder: The folder of `folder`.
        file_name: Name of the file without `.log`; `None` for the application's.
        level: Only records of at least this level; `None` for all.
    """

    kind: Literal["stdout", "stderr", "log_dir", "folder", "webview"]
    folder: Path | None = None
    file_name: str | None = None
    level: Level | None = None


class _File:
    """A file that is begun anew when it is full."""

    def __init__(self, folder: Path, name: str, limit: int, rotation: Rotation) -> None:
        self._path = folder / f"{name}.log"
        self._limit = limit
        self._rotation = rotation
        self._file = self._open()

    def _open(self) -> BinaryIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("ab")
        self._size = file.tell()
        return file

    def write(self, line: str) -> None:
        if self._file.closed:  # it could not be opened after the last rotation
            self._file = self._open()
        data = line.encode("utf-8", "backslashreplace")
        if self._size > 0 and self._size + len(data) > self._limit:
            self._rotate()
        self._file.write(data)
        self._file.flush()
        self._size += len(data)

    def _rotate(self) -> None:
        self._file.close()
        with suppress(OSError):  # a file that cannot be moved is written on: no log would be worse
            self._make_room()
        self._file = self._open()

    def _make_room(self) -> None:
        if self._rotation == "keep-one" or not self._path.exists():
            self._path.unlink(missing_ok=True)
        else:
            stem = f"{self._path.stem}_{datetime.now(UTC):%Y-%m-%d_%H-%M-%S}"
            number = 0
            while (kept := self._path.with_name(f"{stem}{f'_{number}' if number else ''}.log")).exists():
                number += 1
            self._path.rename(kept)

    def close(self) -> None:
        self._file.close()


class Log:
    """Writes records to targets. Any thread.

    Args:
        targets: Where they go.
        level: Records below it are dropped.
        level_for: The level for loggers or pages whose target begins with a name.
        formatter: Makes the line of a record; `None` for Tauri's form.
        log_dir: The folder of `log_dir`.
        file_name: Name of the file without `.log`.
        max_file_size: Bytes after which a file is full.
        rotation: What becomes of a full file.
        local_time: Whether times are those of the machine's zone; otherwise UTC.
        emit: Sends a record to pages.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        level: Level,
        level_for: Mapping[str, Level],
        formatter: Callable[[Record], str] | None,
        log_dir: Path,
        file_name: str,
        max_file_size: int,
        rotation: Rotation,
        local_time: bool,
        emit: Callable[[dict[str, Any]], object],
    ) -> None:
        self._level = level
        self._level_for = dict(level_for)
        self._format = formatter or self._line
        self._local_time = local_time
        self._emit = emit
        self._lock = threading.Lock()
        self._writing = threading.local()
        self._files: list[_File] = []
        self._targets: list[tuple[Level | None, Callable[[str, Record], object]]] = []
        for target in targets:
            if target.kind in ("log_dir", "folder"):
                folder = log_dir if target.kind == "log_dir" else target.folder or log_dir
                file = _File(folder, target.file_name or file_name, max_file_size, rotation)
                self._files.append(file)
                self._targets.append((target.level, _to_file(file)))
            elif target.kind == "webview":
                self._targets.append((target.level, self._to_pages))
            else:
                self._targets.append((target.level, _to_stream(target.kind)))

    @property
    def lowest(self) -> Level:
        """The lowest level that is written for anything."""
        return min((self._level, *self._level_for.values()))

    def write(self, level: Level, target: str, message: str, key_values: Mapping[str, Any] | None = None) -> None:
        """Write one record. What a target itself logs while it writes is dropped, or it would never end."""
        if level < self._wanted(target) or getattr(self._writing, "now", False):
            return
        time = datetime.now(UTC)
        time = time.astimezone() if self._local_time else time
        if len(message) > _LONGEST:
            message = f"{message[:_LONGEST]}... ({len(message)} characters)"
        record = Record(level, target, message, time, key_values or {})
        text = self._format(record)
        self._writing.now = True
        try:
            with self._lock:
                for least, put in self._targets:
                    if least is None or level >= least:
                        with suppress(OSError, ValueError):  # a full disk, a closed terminal: nobody could be told
                            put(text, record)
        finally:
            self._writing.now = False

    def _wanted(self, target: str) -> Level:
        fitting = [name for name in self._level_for if target == name or target.startswith((f"{name}.", f"{name}:"))]
        return self._level_for[max(fitting, key=len)] if fitting else self._level

    def _line(self, record: Record) -> str:
        # Tauri: the same line. Control characters would let a page write over the terminal's lines.
        message = record.message.replace("\r\n", "\n").translate(_CONTROLS).replace("\n", "\n    ")
        target = record.target.translate(_CONTROLS).replace("\n", " ")
        return f"[{record.time:%Y-%m-%d}][{record.time:%H:%M:%S}][{target}][{record.level.name}] {message}"

    def _to_pages(self, text: str, record: Record) -> None:
        self._emit({"message": text, "level": int(record.level)})

    def close(self) -> None:
        """Close the files."""
        with self._lock:
            self._targets = []
            for file in self._files:
                file.close()


def _to_file(file: _File) -> Callable[[str, Record], object]:
    return lambda text, _: file.write(f"{text}\n")


def _to_stream(kind: str) -> Callable[[str, Record], object]:
    def put(text: str, _: Record) -> None:
        stream: TextIO | None = sys.stdout if kind == "stdout" else sys.stderr
        if stream is not None:  # there is none under pythonw
            stream.write(f"{text}\n")
            stream.flush()

    return put
