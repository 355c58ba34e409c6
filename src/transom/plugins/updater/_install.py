"""Puts a new version in the place of the running one."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

from ...errors import CommandError

__all__ = ["install"]

_GZIP = b"\x1f\x8b"
_ELF = b"\x7fELF"


def install(package: BinaryIO) -> None:
    """Replace the AppImage that runs.

    Args:
        package: An AppImage, or a `.tar.gz` with one in it.

    Raises:
        CommandError: The application does not run from an AppImage, the package has none, or it cannot be replaced.
    """
    running = os.environ.get("APPIMAGE")
    if not running or not Path(running).is_file():
        raise CommandError(
            "updater|install: only an AppImage can replace itself, and this application does not run from one; install the "
            "new version by the package manager or pip, as the application was installed"
        )
    target = Path(running).resolve()
    package.seek(0)
    begin = package.read(4)
    package.seek(0)
    try:
        _replace(target, _from_archive(package) if begin.startswith(_GZIP) else package)
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the package is damaged"
        raise CommandError(f"updater|install: the AppImage cannot be replaced: {reason}") from None


def _from_archive(package: BinaryIO) -> BinaryIO:
    unpacked = io.BufferedReader(gzip.GzipFile(fileobj=package))
    archive = tarfile.open(fileobj=unpacked, mode="r|")  # noqa: SIM115 - the caller reads what is in it
    for member in archive:
        if member.isfile() and member.name.endswith(".AppImage"):
            found: Any = archive.extractfile(member)
            return found  # type: ignore[no-any-return]
    raise CommandError("updater|install: the package has no AppImage in it")


def _replace(target: Path, source: BinaryIO) -> None:
    """Write a file beside the target and move it over it, so that there is always a whole one."""
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        made = Path(file.name)
        try:
            begin = source.read(4)
            if begin != _ELF:
                raise CommandError("updater|install: the package is no AppImage")
            file.write(begin)
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
            made.chmod(target.stat().st_mode)
            made.replace(target)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
