"""`make ship-check`: install, run, update and remove the demo's deb package in a new Debian of its own.

Needs root, debootstrap, and the package servers that this machine's apt uses. It makes two versions of the demo's package,
a Debian of the same release with nothing but the package and what it depends on (and Xvfb, to look at it), and then:
installs version 1, drives the demo (`--check`), opens an associated file as the desktop does, updates to version 2 from a
server on the loopback address, removes it, and lists what is left. Each step prints a line; the first that fails ends it.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from transom.bundler import BundlePlan, SecretKey, build, plan_of, sign_file  # noqa: E402
from transom.bundler._deb import make_deb  # noqa: E402
from transom.project import load_config  # noqa: E402

INSTRUMENTS = ("xvfb", "xauth", "libglib2.0-bin", "desktop-file-utils", "shared-mime-info", "dbus")
"""What the steps need beside the package: installed before it, and not counted."""
# What installing and removing any package changes.
NOT_COUNTED = re.compile(
    r"/(proc|sys|dev|run|tmp|var/(cache|log|lib/(apt|dpkg|systemd|dbus))|root/\.(cache|local|config|dbus)|etc/ld\.so\.cache)"
)


def say(text: str) -> None:
    """Print a line now."""
    print(text, flush=True)


def run(*command: Any, **options: Any) -> str:
    """Run a program and return what it printed; end here if it fails."""
    done = subprocess.run(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
    )
    if done.returncode != 0:
        sys.exit(f"FAIL  {' '.join(map(str, command))[:200]}: status {done.returncode}\n{done.stdout[-4000:]}")
    return str(done.stdout)


def apt_sources() -> tuple[str, str]:
    """Return the address and the release that this machine's apt uses first."""
    for file in [*sorted(Path("/etc/apt").glob("sources.list.d/*")), Path("/etc/apt/sources.list")]:
        text = file.read_text() if file.is_file() else ""
        uri = re.search(r"^URIs:\s*(\S+)", text, re.MULTILINE)
        suite = re.search(r"^Suites:\s*(\S+)", text, re.MULTILINE)
        if uri and suite:
            return uri[1], suite[1]
        line = re.search(r"^deb(?:\s+\[[^]]*\])?\s+(\S+)\s+(\S+)", text, re.MULTILINE)
        if line:
            return line[1], line[2]
    sys.exit("FAIL  this machine's apt has no source that can be read")


def project_of(folder: Path, key: SecretKey, port: int) -> Path:
    """Make the project of the demo that users install, and return its program."""
    folder.mkdir()
    demo = ROOT / "examples" / "atlas"
    shutil.copytree(demo / "atlas", folder / "atlas", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(demo / "ui" / "dist", folder / "ui" / "dist")
    shutil.copytree(demo / "capabilities", folder / "capabilities")
    shutil.copyfile(ROOT / "scripts" / "ship" / "app.py", folder / "app.py")
    config = json.loads((demo / "tauri.conf.json").read_text())
    config["version"] = "1.0.0"
    config["plugins"] = {
        "updater": {
            "pubkey": key.public_text(),
            "endpoints": [f"http://127.0.0.1:{port}/latest.json"],
            "dangerousInsecureTransportProtocol": True,
        }
    }
    association = {"ext": ["atlas"], "mimeType": "application/x-atlas-folder", "name": "Atlas folder"}
    config["bundle"] = {"fileAssociations": [association], "shortDescription": "See what uses the space on a disk"}
    (folder / "tauri.conf.json").write_text(json.dumps(config, indent=2))
    return folder / "app.py"


def second_version(plan: BundlePlan, frozen: Path, program: Path) -> Path:
    """Return the package of version 2: the same program with another version in its configuration."""
    file = program.parent / "tauri.conf.json"
    file.write_text(file.read_text().replace('"1.0.0"', '"2.0.0"'))
    shutil.copyfile(file, frozen / "_internal" / "tauri.conf.json")
    return make_deb(plan_of(load_config(program.parent), program, plan.into), frozen)


@contextmanager
def server(folder: Path) -> Iterator[int]:
    """Serve a folder on the loopback address, and yield the port."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    handler.func.log_message = lambda *_: None  # type: ignore[attr-defined]
    there = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=there.serve_forever, daemon=True).start()
    try:
        yield there.server_address[1]
    finally:
        there.shutdown()


@contextmanager
def debian(folder: Path) -> Iterator[Path]:
    """Make a Debian in a folder and yield it, with what programs expect mounted."""
    address, suite = apt_sources()
    base = Path(os.environ.get("TRANSOM_DEBIAN", folder / "debian"))
    if not base.exists():
        say(f"debootstrap of {suite}: some minutes")
        run("debootstrap", "--variant=minbase", suite, base, address)
    mounts = [("proc", "proc", "proc"), ("tmpfs", "tmpfs", "tmp"), ("tmpfs", "tmpfs", "dev/shm")]
    for kind, name, place in mounts:
        (base / place).mkdir(parents=True, exist_ok=True)
        run("mount", "-t", kind, name, base / place)
    try:
        for name in ("resolv.conf", "hosts"):
            shutil.copyfile(f"/etc/{name}", base / "etc" / name)
        for file in Path("/etc/apt").glob("apt.conf.d/*proxy*"):
            shutil.copyfile(file, base / "etc/apt/apt.conf.d" / file.name)
        yield base
    finally:
        for _, _, place in reversed(mounts):
            subprocess.run(["umount", "--lazy", base / place], check=False)


def inside(base: Path, *command: Any, **variables: str) -> str:
    """Run a program in the new Debian and return what it printed."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8", **variables}
    return run("chroot", base, *command, env={**environment, "DEBIAN_FRONTEND": "noninteractive"})


def files_of(base: Path) -> set[str]:
    """Return the files of the new Debian that count."""
    listed = subprocess.run(["find", base, "-xdev"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    names = {name.removeprefix(str(base)) for name in listed}
    return {name for name in names if not NOT_COUNTED.match(name)}


def try_package(base: Path, deb: Path, packages: set[str]) -> None:
    """Walk the life of a package."""
    shutil.copyfile(deb, base / "tmp" / deb.name)
    say(inside(base, "apt-get", "install", "--yes", "--no-install-recommends", f"/tmp/{deb.name}").splitlines()[-1])
    added = installed(base) - packages
    say(f"ok    installed, with {len(added) - 1} packages that it depends on; {deb.stat().st_size / 1e6:.1f} MB")
    display = {"DISPLAY": ":77", "TRANSOM_RUNTIME": "webkitgtk"}
    screen = subprocess.Popen(["chroot", base, "Xvfb", ":77", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"])
    try:
        while not (base / "tmp" / ".X11-unix" / "X77").exists():
            time.sleep(0.1)
        report = inside(base, "atlas", "--check", **display)
        lines = [line for line in report.splitlines() if line.startswith(("ok", "FAIL"))]
        if not lines or any(line.startswith("FAIL") for line in lines):
            sys.exit(f"FAIL  atlas --check\n{report}")
        say(f"ok    atlas --check: {len(lines)} checks passed")
        open_file(base, display)
        say("ok    " + inside(base, "atlas", "--update", **display).strip().splitlines()[-1])
        inside(base, "atlas", "--ready", "/tmp/ready", **display)
        version = (base / "tmp" / "ready").read_text().split()[0]
        status = inside(base, "dpkg-query", "--show", "--showformat=${Version} ${Status}", "atlas")
        if version != "2.0.0" or status != "2.0.0 install ok installed":
            sys.exit(f"FAIL  after the update the application is {version}, and dpkg says {status}")
        say(f"ok    updated from 1.0.0 to {version}: {status}")
    finally:
        screen.terminate()
        screen.wait()


def open_file(base: Path, display: dict[str, str]) -> None:
    """Open an associated file by its type, as a file manager does."""
    (base / "srv" / "photos").mkdir(exist_ok=True)
    (base / "tmp" / "some.atlas").write_text("/srv/photos\n")
    kind = inside(base, "gio", "info", "--attributes", "standard::content-type", "/tmp/some.atlas")
    default = inside(base, "gio", "mime", "application/x-atlas-folder")
    if "application/x-atlas-folder" not in kind or "dev.transom.atlas.desktop" not in default:
        sys.exit(f"FAIL  the desktop does not know the type of the file: {kind}\n{default}")
    # Not by `inside`: the application keeps the output of gio open.
    command = ["chroot", base, "env", *(f"{name}={value}" for name, value in display.items()), "gio", "open"]
    subprocess.run([*command, "/tmp/some.atlas"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    for _ in range(600):
        if any("some.atlas" in command_line and "gio" not in command_line for _, command_line in programs(base)):
            break
        time.sleep(0.1)
    else:
        sys.exit(f"FAIL  gio open started no application: {programs(base)}")
    say("ok    gio open starts the application with the file")
    for pid, command_line in programs(base):
        if "some.atlas" in command_line:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
    inside(base, "atlas", "--ready", "/tmp/opened", "/tmp/some.atlas", **display)
    opened = (base / "tmp" / "opened").read_text().split()
    if opened != ["1.0.0", "/srv/photos"]:
        sys.exit(f"FAIL  the application opened {opened}")
    say("ok    it shows the folder that the file names")
    shutil.rmtree(base / "srv" / "photos")


def programs(base: Path) -> list[tuple[int, str]]:
    """Return the programs that run in the new Debian, each with its command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "root").readlink() == base:
                command_line = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append((int(entry.name), command_line.decode("utf-8", "replace")))
        except OSError:
            continue
    return found


def installed(base: Path) -> set[str]:
    """Return the names of the packages in the new Debian."""
    return set(inside(base, "dpkg-query", "--show", "--showformat=${Package}\\n").split())


def main() -> None:
    """Make everything, and walk the steps."""
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        sys.exit("make ship-check needs root and debootstrap (apt install debootstrap)")
    scratch = Path(tempfile.mkdtemp(prefix="transom-ship-"))
    updates = scratch / "updates"
    updates.mkdir()
    key = SecretKey.generate()
    with server(updates) as port:
        program = project_of(scratch / "project", key, port)
        config = load_config(program.parent)
        frozen, first = build(config, program, ("dir", "deb"), scratch / "bundles", say=say)
        first = first.rename(scratch / first.name)
        second = second_version(plan_of(config, program, scratch / "bundles"), frozen, program)
        signature = sign_file(key, second).read_text()
        shutil.copyfile(second, updates / second.name)
        package = {"url": f"http://127.0.0.1:{port}/{second.name}", "signature": signature}
        manifest = {"version": "2.0.0", "platforms": {f"linux-{os.uname().machine}-deb": package}}
        (updates / "latest.json").write_text(json.dumps(manifest))
        with debian(scratch) as base:
            inside(base, "apt-get", "update", "--quiet")
            inside(base, "apt-get", "install", "--yes", "--no-install-recommends", *INSTRUMENTS)
            packages, before = installed(base), files_of(base)
            try_package(base, first, packages)
            inside(base, "apt-get", "purge", "--yes", "atlas")
            left = [line for _, line in programs(base) if "atlas" in line]
            inside(base, "apt-get", "autoremove", "--purge", "--yes")
            more = sorted(name for name in files_of(base) - before if "atlas" in name.lower())
            others = len(installed(base) - packages)
            if more or left:
                sys.exit(f"FAIL  left after the removal: {more or left}")
            say(f"ok    removed: none of its files is left, {others} of its packages")
    shutil.rmtree(scratch, ignore_errors=True)
    say("the package passed")


if __name__ == "__main__":
    main()
