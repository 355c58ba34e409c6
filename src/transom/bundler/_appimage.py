"""An AppImage: one file that runs where it lies, made by appimagetool where that is on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..errors import AuthorError
from ._place import placed
from ._plan import BundlePlan
from ._tree import make_tree

__all__ = ["has_appimagetool", "make_appimage"]


def has_appimagetool() -> bool:
    """Return whether AppImages can be made on this machine."""
    return _tool() is not None


def _tool() -> str | None:
    return shutil.which("appimagetool") or shutil.which(f"appimagetool-{os.uname().machine}.AppImage")


def make_appimage(plan: BundlePlan, frozen: Path) -> Path:
    """Make `<package>_<version>_<machine>.AppImage` and return it.

    Raises:
        AuthorError: appimagetool is missing, or failed.
        ConfigError: There is no icon, or one is no square PNG.
    """
    tool = _tool()
    if tool is None:
        raise AuthorError(
            "the target appimage needs appimagetool, which is not on this machine: https://github.com/AppImage/appimagetool"
        )
    if not plan.icons:
        raise AuthorError("the target appimage needs an icon: name a PNG file in bundle.icon")
    machine = os.uname().machine
    target = plan.into / "appimage" / f"{plan.package}_{plan.version}_{machine}.AppImage"
    with tempfile.TemporaryDirectory(prefix="transom-appimage-") as scratch:
        folder = Path(scratch) / f"{plan.package}.AppDir"
        folder.mkdir()
        make_tree(plan, frozen, folder, "appimage")
        identifier = plan.config.identifier
        shutil.copyfile(folder / "usr/share/applications" / f"{identifier}.desktop", folder / f"{identifier}.desktop")
        shutil.copyfile(plan.icons[-1], folder / f"{plan.package}.png")
        (folder / "AppRun").symlink_to(f"usr/bin/{plan.binary}")
        made = Path(scratch) / target.name
        command = [tool, "--no-appstream", str(folder), str(made)]
        environment = {**os.environ, "ARCH": machine, "VERSION": plan.version}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode != 0 or not made.is_file():
            raise AuthorError(f"appimagetool failed with status {done.returncode}: {done.stderr.strip()}")
        made.chmod(0o755)
        with placed(target) as partial:
            shutil.move(made, partial)
    return target
