"""Errors of the system in the words of Tauri, which front ends match on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...errors import CommandError

__all__ = ["rejecting", "sentence"]


def sentence(error: OSError) -> str:
    """Return what went wrong, as Rust writes it: `No such file or directory (os error 2)`."""
    if error.errno is None:
        return error.strerror or str(error) or "the operation failed"
    return f"{os.strerror(error.errno)} (os error {error.errno})"


@contextmanager
def rejecting(what: str, path: Path | None = None) -> Iterator[None]:
    """Reject the call with the reason when the system refuses.

    Args:
        what: What failed, such as `failed to open file`.
        path: The file; `None` leaves it out.
    """
    try:
        yield
    except OSError as error:
        where = "" if path is None else f" at path: {path}"
        raise CommandError(f"{what}{where} with error: {sentence(error)}") from None
    except (ValueError, OverflowError) as error:  # such as a length that no file can have
        raise CommandError(f"{what} with error: {error}") from None
