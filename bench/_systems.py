"""The measured systems: how to prepare each one in an empty folder, and the command that starts it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

__all__ = [
    "ALIASES",
    "DISPATCH",
    "ROOT",
    "RUST_INVOKES",
    "SYSTEMS",
    "WORKLOADS",
    "NotMeasured",
    "Program",
    "System",
    "Work",
    "browser_command",
    "bundle",
    "environment_of",
    "pytauri_python",
]

HERE = Path(__file__).parent
ROOT = HERE.parent
PEER_ENVIRONMENTS = ROOT / ".venv-peers"
NODE_MODULES = ROOT / "tests" / "js" / "node_modules"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Generation of Tauri's client -> the page of transom for it, and its npm package.
CLIENTS = {"2.x": ("page.js", "tauri-api-2.12"), "1.x": ("page_v1.js", "tauri-api-1.6")}
# The options of Chromium for the systems that use a browser: Eel and transom.
BROWSER_FLAGS = (
    "--headless --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update "
    "--disable-sync"
).split()


class NotMeasured(Exception):
    """A system cannot be measured here; the text has the reason and the fix."""


class Work(NamedTuple):
    """The work of a page.

    Attributes:
        only: Names of the workloads; `None` for all.
        scale: A factor for every count.
    """

    only: frozenset[str] | None = None
    scale: float = 1.0

    def settings(self) -> str:
        """Return the line of JavaScript with these settings."""
        only = None if self.only is None else sorted(self.only)
        return f"const SETTINGS = {json.dumps({'only': only, 'scale': self.scale})};\n"


class Program(NamedTuple):
    """A system ready to be started.

    Attributes:
        command: The command that starts it.
        browser: The command that starts a browser, without the address; `None` if the system shows its page itself.
    """

    command: Sequence[str]
    browser: Sequence[str] | None = None


class System(NamedTuple):
    """One system.

    Attributes:
        prepare: Fills an empty folder and returns the program. Raises NotMeasured.
        workloads: Names of the workloads that its program may report, and of those that are measured from outside.
        window: Whether it needs a display.
    """

    prepare: Callable[[Path, Work], Program]
    workloads: frozenset[str]
    window: bool = True


def _copy(name: str, folder: Path, work: Work) -> Path:
    """Copy a system's files and the workloads into a folder; return the system's folder in it."""
    own = folder / name
    shutil.copytree(HERE / "systems" / name, own)
    (folder / "workloads.js").write_text(work.settings() + (HERE / "workloads.js").read_text("utf-8"), "utf-8")
    return own


def _prepare_floor(folder: Path, work: Work) -> Program:
    own = _copy("floor", folder, work)
    if shutil.which("cc") is None or not _has("webkit2gtk-4.1"):
        raise NotMeasured(
            "it needs a C compiler and the headers of WebKitGTK: apt-get install gcc pkg-config libwebkit2gtk-4.1-dev"
        )
    flags = said(["pkg-config", "--cflags", "--libs", "webkit2gtk-4.1"]).split()
    said(["cc", "-O2", "-w", str(own / "floor.c"), "-o", str(own / "floor"), *flags])
    page = (own / "page.html").read_text("utf-8").replace("/*WORKLOADS*/", (folder / "workloads.js").read_text("utf-8"))
    (own / "page.html").write_text(page, "utf-8")
    return Program([str(own / "floor"), str(own / "page.html")])


def _prepare_peer(name: str, requirements: Sequence[str], folder: Path, work: Work) -> Program:
    python = environment_of(name, requirements)
    return Program([str(python), str(_copy(name, folder, work) / "main.py")])


def pytauri_python() -> Path:
    """Return the Python of an environment that has pytauri.

    Raises:
        NotMeasured: It cannot be installed.
    """
    return environment_of("pytauri", ["pytauri-wheel==0.8.0"])


def _prepare_pytauri(folder: Path, work: Work) -> Program:
    return Program([str(pytauri_python()), str(_copy("pytauri", folder, work) / "main.py")])


def _prepare_pywebview(folder: Path, work: Work) -> Program:
    # PyGObject 3.51 and later need girepository-2.0.
    bindings = "PyGObject==3.54.5" if _has("girepository-2.0") else "PyGObject==3.50.2"
    return _prepare_peer("pywebview", ["pywebview==6.2.1", bindings], folder, work)


def _prepare_eel(folder: Path, work: Work) -> Program:
    browser = browser_command(folder)
    python, script = _prepare_peer("eel", ["eel==0.18.2"], folder, work).command
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Program([python, script, str(port), *browser])


def _prepare_transom(folder: Path, work: Work, runtime: str, client: str = "2.x") -> Program:
    own = _copy("transom", folder, work)
    bundle(own, own, *CLIENTS[client])
    shutil.copy(folder / "workloads.js", own / "dist")
    command = [sys.executable, str(own / "main.py"), runtime, client]
    return Program(command, browser_command(folder) if runtime == "web" else None)


def _prepare_transom_webkitgtk(folder: Path, work: Work) -> Program:
    return _prepare_transom(folder, work, "webkitgtk")


def _prepare_transom_v1(folder: Path, work: Work) -> Program:
    return _prepare_transom(folder, work, "webkitgtk", "1.x")


def _prepare_transom_web(folder: Path, work: Work) -> Program:
    return _prepare_transom(folder, work, "web")


def _prepare_transom_pywebview(folder: Path, work: Work) -> Program:
    if find_spec("webview") is None:
        raise NotMeasured("pywebview is not installed: pip install 'transom[pywebview]'")
    return _prepare_transom(folder, work, "pywebview")


def _prepare_transom_mock(_folder: Path, work: Work) -> Program:
    calls = max(1000, round(50_000 * work.scale))
    only = [name for name in DISPATCH if work.only is None or name in work.only]
    return Program([sys.executable, str(HERE / "_dispatch.py"), str(calls), *only])


# Workloads by their source, in the order of the table. Add here to introduce one.
ON_MACHINE = ("ready", "rss", "rss_idle")
"""Measured from outside for every system with a page, except `rss_idle` for the floor, which exits by itself."""
INVOKES = ("invoke_seq", "invoke_50", "invoke_500")
OTHERS = (
    *("up_1MiB", "down_1MiB", "up_16MiB", "down_16MiB", "records_10k"),
    *("channel_small", "channel_10kB", "channel_1MiB", "events"),
)
RUST_INVOKES = tuple(f"rust_{name}" for name in INVOKES)
"""Tauri's commands in Rust, which pytauri's page also calls."""
MAIN = ("invoke_main_seq",)
DISPATCH = ("dispatch_main", "dispatch_async")
WORKLOADS = (*ON_MACHINE, INVOKES[0], *MAIN, *INVOKES[1:], *OTHERS, *RUST_INVOKES, *DISPATCH)
_PAGE = frozenset((*ON_MACHINE, *INVOKES, *OTHERS))

# Name -> system, in the order of the table. Add here to introduce one; its program is in `systems/`.
SYSTEMS = {
    "transom-webkitgtk": System(_prepare_transom_webkitgtk, _PAGE | set(MAIN)),
    "transom-web": System(_prepare_transom_web, _PAGE | set(MAIN), window=False),
    "transom-pywebview": System(_prepare_transom_pywebview, _PAGE | set(MAIN)),
    "transom-mock": System(_prepare_transom_mock, frozenset(DISPATCH), window=False),
    "transom-1.x": System(_prepare_transom_v1, frozenset((*ON_MACHINE, *INVOKES, "records_10k", "events"))),
    "floor": System(_prepare_floor, frozenset((*ON_MACHINE, *INVOKES)) - {"rss_idle"}),
    "pytauri": System(_prepare_pytauri, _PAGE | set(RUST_INVOKES)),
    "pywebview": System(_prepare_pywebview, _PAGE),
    "eel": System(_prepare_eel, _PAGE, window=False),
}
ALIASES = {"transom": ("transom-webkitgtk", "transom-web", "transom-mock")}


def browser_command(folder: Path) -> list[str]:
    """Return the command that starts a headless browser with a new profile in a folder; append the address.

    Raises:
        NotMeasured: There is no Chromium or Chrome.
    """
    program = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if program is None:
        raise NotMeasured("there is no Chromium: apt-get install chromium")
    # Chromium cannot use its sandbox as root; the page is trusted.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return [program, *BROWSER_FLAGS, *sandbox, f"--user-data-dir={folder / 'profile'}"]


def bundle(source: Path, project: Path, page: str = "page.js", package: str = "tauri-api-2.12") -> None:
    """Bundle a page of transom with the unmodified npm client into the `dist` of a project.

    Raises:
        NotMeasured: The npm packages are not installed.
    """
    client, esbuild = NODE_MODULES / package, NODE_MODULES / ".bin" / "esbuild"
    if not client.is_dir() or not esbuild.exists():
        raise NotMeasured("the npm packages of tests/js are not installed; run scripts/setup bench")
    command = [str(esbuild), str(source / page), "--bundle", "--format=iife", "--log-level=warning"]
    said([*command, f"--alias:@tauri-apps/api={client}", f"--outfile={project / 'dist' / 'page.js'}"])
    shutil.copy(source / "index.html", project / "dist")


def environment_of(name: str, requirements: Collection[str]) -> Path:
    """Return the Python of a peer's virtual environment; create it if its requirements have changed."""
    home = PEER_ENVIRONMENTS / name
    python, stamp = home / "bin" / "python", home / ".requirements"
    wanted = "\n".join(requirements)
    if not stamp.is_file() or stamp.read_text("utf-8") != wanted:
        print(f"bench: installing {', '.join(requirements)}", file=sys.stderr)
        said([sys.executable, "-m", "venv", "--clear", str(home)])
        said([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements])
        stamp.write_text(wanted, "utf-8")
    return python


def _has(library: str) -> bool:
    tool = shutil.which("pkg-config")
    return tool is not None and subprocess.run([tool, "--exists", library], check=False).returncode == 0


def said(command: Sequence[str]) -> str:
    """Run a command and return its output.

    Raises:
        NotMeasured: The command failed; the text has its last line.
    """
    # The launcher of esbuild may need the Node.js that `scripts/setup` has installed into the virtual environment.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    # `NODE_PATH` is where esbuild looks for packages that the folder of a page does not have.
    environment = {**os.environ, "PATH": path, "NODE_PATH": str(NODE_MODULES)}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if result.returncode != 0:
        last = (result.stderr or result.stdout).strip().splitlines()[-1:] or ["no output"]
        raise NotMeasured(f"`{Path(command[0]).name} {' '.join(command[1:4])} ...` failed: {last[0]}")
    return result.stdout
