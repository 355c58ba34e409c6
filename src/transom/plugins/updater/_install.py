"""Puts a new version beside the running one, or hands it to the package manager."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import shutil
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from ...errors import CommandError
from ._bundle import Bundle, app_of, running_bundle
from ._deb import DEB, install_deb
from ._swap import RefusedError, stage
from ._version import version_key

__all__ = ["install"]

_GZIP = b"\x1f\x8b"
_ELF = b"\x7fELF"
_MOST = 8 << 30  # bytes that an archive may unpack to
_SAY = "updater|install"


def install(package: BinaryIO, version: str) -> None:
    """Install a version whose signature has been checked; it counts from the next start on.

    Args:
        package: An AppImage, a Debian package, or an archive (`.tar.gz`) with an AppImage or with the folder of a bundle.
        version: The version that the manifest promised.

    Raises:
        CommandError: The application cannot be replaced by this package, or not here; the text says what is missing.
    """
    bundle = running_bundle()
    app = app_of(bundle)
    package.seek(0)
    begin = package.read(len(DEB))
    package.seek(0)
    if bundle is not None and bundle.type == "deb" and app is None:
        if not begin.startswith(DEB):
            raise CommandError(f"{_SAY}: the application is a deb package, and the update is none")
        try:
            install_deb(package, bundle, version)
        except OSError as error:  # such as a full disk
            raise CommandError(f"{_SAY}: the package cannot be installed: {error.strerror or error}") from None
        return
    if app is None:
        kind = "runs from its source" if bundle is None else f"is installed as {bundle.type}"
        raise CommandError(
            f"{_SAY}: this application {kind}, which an update cannot replace; AppImages, folders of `transom build` and deb "
            "packages can; install the new version by the package manager or pip, as the application was installed"
        )
    fill = _image_from(package, begin) if app.is_file() else _folder_from(package, begin, bundle, version)
    try:
        stage(app, version, fill)
    except RefusedError as error:
        raise CommandError(f"{_SAY}: {error}") from None
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
        damaged = "the package is damaged" if not isinstance(error, OSError) or not error.strerror else error.strerror
        raise CommandError(f"{_SAY}: the application cannot be replaced: {damaged}") from None


def _image_from(package: BinaryIO, begin: bytes) -> Callable[[Path], None]:
    def fill(made: Path) -> None:
        source = _image_in(package) if begin.startswith(_GZIP) else package
        first = source.read(len(_ELF))
        if first != _ELF:
            raise CommandError(f"{_SAY}: the package is not an AppImage")
        with made.open("wb") as file:
            file.write(first)
            shutil.copyfileobj(source, file, 1 << 20)
        made.chmod(0o755)

    return fill


def _image_in(package: BinaryIO) -> BinaryIO:
    unpacked = io.BufferedReader(gzip.GzipFile(fileobj=package))
    archive = tarfile.open(fileobj=unpacked, mode="r|")  # noqa: SIM115 - the caller reads what is in it
    for member in archive:
        if member.isfile() and member.name.endswith(".AppImage"):
            found: Any = archive.extractfile(member)
            return found  # type: ignore[no-any-return]
    raise CommandError(f"{_SAY}: the package has no AppImage in it")


def _folder_from(package: BinaryIO, begin: bytes, bundle: Bundle | None, version: str) -> Callable[[Path], None]:
    assert bundle is not None  # a folder is replaced because its bundle says so

    def fill(made: Path) -> None:
        if not begin.startswith(_GZIP):
            raise CommandError(
                f"{_SAY}: the application is a folder, and the update is not an archive (.tar.gz) of one"
            )
        with tempfile.TemporaryDirectory(prefix=f".{made.name}-", dir=made) as scratch:
            with tarfile.open(fileobj=package, mode="r:gz") as archive:
                _unpack(archive, Path(scratch))
            folders = list(Path(scratch).iterdir())
            if len(folders) != 1 or not folders[0].is_dir():
                raise CommandError(f"{_SAY}: the archive has more than one folder in it")
            _check(folders[0], bundle, version)
            for entry in folders[0].iterdir():
                entry.rename(made / entry.name)
            made.chmod(0o755)

    return fill


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    size = 0
    for member in archive:
        size += member.size
        if size > _MOST:
            raise CommandError(f"{_SAY}: the archive unpacks to more than {_MOST >> 30} GiB")
        archive.extract(member, folder, filter="data")


def _check(folder: Path, running: Bundle, version: str) -> None:
    """Check that a folder is this application for this machine in the promised version.

    The manifest is not signed: without this, whoever answers for the server could offer an old signed package as new.
    """
    new = Bundle.read(folder)
    if new is None or not os.access(folder / Path(sys.executable).name, os.X_OK):
        raise CommandError(f"{_SAY}: the archive is none that `transom build` made of this application")
    if (new.package, new.identifier) != (running.package, running.identifier):
        raise CommandError(f"{_SAY}: the archive is another application, {new.identifier}")
    if new.machine != running.machine:
        raise CommandError(f"{_SAY}: the archive is for {new.machine}, and this machine is {running.machine}")
    same = new.version == version
    with contextlib.suppress(ValueError):
        same = version_key(new.version) == version_key(version)
    if not same:
        raise CommandError(f"{_SAY}: the manifest promises version {version}, and the archive is {new.version}")
