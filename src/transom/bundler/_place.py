"""Bundles are put in their places whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import AuthorError

__all__ = ["named", "placed"]


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """Yield a path for a new file or folder, which takes the place of `target` at the end.

    If making it fails, nothing of it is left, and what was there before stays.

    Raises:
        OSError: It cannot be written, as on a full disk.
    """
    partial, old = (target.with_name(f".{target.name}.{word}") for word in ("part", "old"))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _delete(partial)
        yield partial
        if target.is_dir():  # a folder with something in it is not replaced in one step
            _delete(old)
            target.rename(old)
        partial.rename(target)
    finally:
        if old.exists() and not target.exists():
            old.rename(target)
        _delete(partial)
        _delete(old)


@contextmanager
def named(what: str) -> Iterator[None]:
    """Say what could not be made when the disk is full, or a file cannot be written.

    Raises:
        AuthorError: It happened; the text has the file and the reason.
    """
    try:
        yield
    except OSError as error:
        raise AuthorError(f"{what} cannot be made: {_reason(error)}; what was there before is unchanged") from None


def _reason(error: OSError) -> str:
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][2])  # of a tree: the first that failed
    return str(error)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
