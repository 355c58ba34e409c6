"""What a bundle of `transom build` says of itself, in a file inside it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import msgspec

__all__ = ["BUNDLE_FILE", "Bundle", "app_of", "running_bundle"]

BUNDLE_FILE = "transom-bundle.json"
"""Beside the libraries, in the folder `_internal`."""


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle.

    Attributes:
        type: Its format: `dir` (also for archives, which are folders), `deb` or `rpm`; `appimage` for a running AppImage.
        package: The name of the package and of its program.
        identifier: The application's identifier.
        version: The application's version.
        machine: The processor, as `platform.machine()` names it.
    """

    type: str
    package: str
    identifier: str
    version: str
    machine: str

    @classmethod
    def read(cls, folder: Path) -> Bundle | None:
        """Return what the folder of a program says; `None` when `transom build` did not make it."""
        try:
            return msgspec.json.decode((folder / "_internal" / BUNDLE_FILE).read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            return None

    def write(self, folder: Path) -> None:
        """Write it into the folder of a program."""
        (folder / "_internal" / BUNDLE_FILE).write_bytes(msgspec.json.encode(self))


def running_bundle() -> Bundle | None:
    """Return the bundle that runs; `None` for a program that Python runs from its source."""
    if not getattr(sys, "frozen", False):
        return None
    return Bundle.read(Path(sys.executable).parent)


def running_image() -> Path | None:
    """Return the AppImage that this program runs from; `None` when it runs from none.

    `APPIMAGE` alone does not say it: what an AppImage starts, such as an editor's terminal, inherits the variable.
    """
    image, mounted = os.environ.get("APPIMAGE"), os.environ.get("APPDIR")
    if not image or not mounted or not Path("/proc/self/exe").resolve().is_relative_to(Path(mounted).resolve()):
        return None
    return Path(image).resolve() if Path(image).is_file() else None


def app_of(bundle: Bundle | None) -> Path | None:
    """Return what an update replaces: the running AppImage or the folder of the bundle; `None` for a package or neither."""
    image = running_image()
    if image is not None:
        return image
    if bundle is None or bundle.type != "dir":
        return None
    return Path(sys.executable).parent
