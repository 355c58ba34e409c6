"""The files of stores: read whole, and replaced whole, so that a crash leaves the old file or the new one."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

__all__ = ["Deserialize", "Serialize", "from_json", "replace", "to_json"]

Serialize: TypeAlias = Callable[[dict[str, Any]], bytes]
Deserialize: TypeAlias = Callable[[bytes], dict[str, Any]]


def to_json(values: dict[str, Any]) -> bytes:
    """Return the values as Tauri writes them: JSON with two spaces for each level."""
    return json.dumps(values, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass")


def from_json(text: bytes) -> dict[str, Any]:
    """Return the values in a file.

    Raises:
        ValueError: It is not a JSON object.
    """
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("the file holds no JSON object")
    return values


def replace(path: Path, data: bytes) -> None:
    """Write a file at once: whoever reads it, also after a crash, finds what was there before or all of the new data.

    Raises:
        OSError: It cannot be written; then it is as it was.
    """
    path = Path(os.path.realpath(path))  # a link stays one
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(_mode_for(path))
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def _mode_for(path: Path) -> int:
    """Return the mode of a file, or the one that a new file gets: what a store holds is the user's own."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o600
