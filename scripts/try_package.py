"""`make ship-check`: install, run, update and remove the demo's packages in a new Debian of its own.

Needs root, debootstrap, and the package servers that this machine's apt and pip use. It makes versions of the demo's
packages and a Debian of the same release with nothing but a package and what it depends on (and Xvfb, to look at it). Then
it installs version 1 of the deb package, drives the demo (`--check`), opens an associated file as the desktop does, updates
to version 2 from a server on the loopback address, and to a version 3 that cannot start, which is taken back; it removes the
package, and lists what is left. The archive, the folder and the wheel (by pipx) follow. Each step prints a line; the first
that fails ends it. Pictures of the windows are in the folder that the last line names.
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
import tarfile
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
from transom.bundler._archive import make_archive  # noqa: E402
from transom.bundler._deb import make_deb  # noqa: E402
from transom.project import load_config  # noqa: E402

INSTRUMENTS = ("xvfb", "xauth", "libglib2.0-bin", "desktop-file-utils", "shared-mime-info", "dbus")
"""What the steps need beside the package: installed before it, and not counted."""
# What installing and removing any package changes.
NOT_COUNTED = re.compile(
    r"/(proc|sys|dev|run|tmp|var/(cache|log|lib/(apt|dpkg|systemd|dbus))|root/\.(cache|local|config|dbus)|etc/ld\.so\.cache)"
)

DISPLAY = {"DISPLAY": ":77", "TRANSOM_RUNTIME": "webkitgtk"}
ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


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
    (folder / "requirements.txt").write_text("transom[demo]\n")  # for the wheel: PyGObject is the system's
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


def next_version(frozen: Path, program: Path, into: Path, version: str) -> BundlePlan:
    """Make another version of the folder: the same program with another version in its configuration."""
    file = program.parent / "tauri.conf.json"
    file.write_text(re.sub(r'"version": "[^"]*"', f'"version": "{version}"', file.read_text()))
    shutil.copyfile(file, frozen / "_internal" / "tauri.conf.json")
    plan = plan_of(load_config(program.parent), program, into)
    plan.described("dir").write(frozen)
    return plan


def offer(updates: Path, url: str, key: SecretKey, version: str, **packages: Path) -> None:
    """Write the manifest of a version with its packages, by their kinds, into the folder of the server."""
    platforms = {}
    for kind, package in packages.items():
        shutil.copyfile(package, updates / package.name)
        found = {"url": f"{url}/{package.name}", "signature": sign_file(key, package).read_text()}
        platforms[f"linux-{os.uname().machine}-{kind}"] = found
    (updates / "latest.json").write_text(json.dumps({"version": version, "platforms": platforms}))


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
    return run("chroot", base, *command, env={**ENVIRONMENT, **variables})


def files_of(base: Path) -> set[str]:
    """Return the files of the new Debian that count."""
    listed = subprocess.run(["find", base, "-xdev"], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    names = {name.removeprefix(str(base)) for name in listed}
    return {name for name in names if not NOT_COUNTED.match(name)}


def drive(base: Path, atlas: str) -> None:
    """Let the demo check itself."""
    report = inside(base, atlas, "--check", **DISPLAY)
    lines = [line for line in report.splitlines() if line.startswith(("ok", "FAIL"))]
    if not lines or any(line.startswith("FAIL") for line in lines):
        sys.exit(f"FAIL  {atlas} --check\n{report}")
    say(f"ok    {atlas} --check: {len(lines)} checks passed")


def update(base: Path, atlas: str, version: str) -> None:
    """Install the update that the server has; the application restarts as the new version."""
    say("ok    " + inside(base, atlas, "--update", **DISPLAY).strip().splitlines()[0])
    expect_version(base, atlas, version)


def expect_version(base: Path, atlas: str, version: str) -> None:
    """End here unless the application is of this version."""
    inside(base, atlas, "--ready", "/tmp/ready", **DISPLAY)
    found = (base / "tmp" / "ready").read_text().split()[0]
    if found != version:
        sys.exit(f"FAIL  the application is {found}, and {version} is expected")
    say(f"ok    {atlas} is version {version}")


def picture(base: Path, atlas: str, file: Path) -> None:
    """Take a picture of the window."""
    if shutil.which("import") is None:
        return
    (base / "srv" / "photos").mkdir(exist_ok=True)
    (base / "srv" / "photos" / "a.jpg").write_bytes(bytes(900_000))
    environment = {**ENVIRONMENT, **DISPLAY}
    with subprocess.Popen(["chroot", base, atlas, "/srv/photos"], env=environment, start_new_session=True) as program:
        before = b""
        for _ in range(40):
            time.sleep(1)
            run("import", "-display", DISPLAY["DISPLAY"], "-window", "root", file)
            if before == file.read_bytes() and len(before) > 20_000:  # a window with something in it
                break
            before = file.read_bytes()
        os.killpg(program.pid, signal.SIGTERM)
    shutil.rmtree(base / "srv" / "photos")


@contextmanager
def screen(base: Path) -> Iterator[None]:
    """Show windows of the new Debian on a display without a screen."""
    command = ["chroot", base, "Xvfb", DISPLAY["DISPLAY"], "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command) as server:
        while not (base / "tmp" / ".X11-unix" / "X77").exists():
            time.sleep(0.1)
        try:
            yield
        finally:
            server.terminate()


def try_deb(base: Path, deb: Path, packages: set[str]) -> None:
    """Install the deb package and use it."""
    shutil.copyfile(deb, base / "tmp" / deb.name)
    say(inside(base, "apt-get", "install", "--yes", "--no-install-recommends", f"/tmp/{deb.name}").splitlines()[-1])
    added = installed(base) - packages
    say(f"ok    installed, with {len(added) - 1} packages that it depends on; {deb.stat().st_size / 1e6:.1f} MB")
    drive(base, "atlas")
    open_file(base, "atlas")


def expect_package(base: Path, version: str) -> None:
    """End here unless dpkg has this version."""
    status = inside(base, "dpkg-query", "--show", "--showformat=${Version} ${Status}", "atlas")
    if status != f"{version} install ok installed":
        sys.exit(f"FAIL  dpkg says {status}, and {version} is expected")


def try_taking_back(base: Path) -> None:
    """Update to a version that cannot start: the old package comes back."""
    command = ["chroot", base, "atlas", "--update"]
    done = subprocess.run(command, env={**ENVIRONMENT, **DISPLAY}, capture_output=True, text=True, check=False)
    if "installed 3.0.0" not in done.stdout:
        sys.exit(f"FAIL  atlas --update: {done.stdout}{done.stderr}")
    if done.returncode == 0:
        sys.exit("FAIL  a version without its Python ended with success")
    for _ in range(600):
        if not any("transom-update" in line or "apt-get" in line or "atlas" in line for _, line in programs(base)):
            break
        time.sleep(0.1)
    expect_package(base, "2.0.0")
    expect_version(base, "atlas", "2.0.0")
    say("ok    version 3.0.0 cannot start, and 2.0.0 is back")


def try_folder(base: Path, archive: Path, name: str, file: Path) -> None:
    """Unpack an archive, and use its folder until it is removed."""
    home = base / "opt" / name
    home.mkdir()
    with tarfile.open(archive) as opened:
        opened.extractall(home, filter="data")
    [folder] = home.iterdir()
    atlas = f"/opt/{name}/{folder.name}/atlas"
    drive(base, atlas)
    inside(base, f"/opt/{name}/{folder.name}/install.sh")
    open_file(base, "atlas", atlas)
    update(base, atlas, "2.0.0")
    picture(base, atlas, file)
    inside(base, f"/opt/{name}/{folder.name}/install.sh", "--remove")
    shutil.rmtree(home)


def wheels_of(wheel: Path, folder: Path) -> None:
    """Gather the application's wheel, transom's, and those that they require."""
    folder.mkdir()
    shutil.copyfile(wheel, folder / wheel.name)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", folder, f"{ROOT}[demo]")
    run(sys.executable, "-m", "pip", "download", "--quiet", "--dest", folder, "pip", "setuptools", "wheel")


def try_wheel(base: Path, wheels: Path, name: str, file: Path) -> None:
    """Install the wheel by pipx, with PyGObject of the system, and use it."""
    inside(base, "apt-get", "install", "--yes", "--no-install-recommends", "pipx", "python3-gi")
    shutil.copytree(wheels, base / "tmp" / "wheels")
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/tmp/wheels"}
    inside(base, "pipx", "install", "--system-site-packages", f"/tmp/wheels/{name}", **offline)
    atlas = f"{ENVIRONMENT['HOME']}/.local/bin/atlas"
    drive(base, atlas)
    picture(base, atlas, file)
    inside(base, "pipx", "uninstall", "atlas")
    # What the application has stored is its user's, and stays.
    kept = {".cache", "dev.transom.atlas"}
    left = [path for path in (base / "root" / ".local").rglob("*atlas*") if not kept & set(path.parts)]
    if left:
        sys.exit(f"FAIL  left by pipx: {left}")
    say("ok    the wheel was installed by pipx, used, and removed")


def open_file(base: Path, atlas: str, program: str | None = None) -> None:
    """Open an associated file by its type, as a file manager does."""
    (base / "srv" / "photos").mkdir(exist_ok=True)
    (base / "tmp" / "some.atlas").write_text("/srv/photos\n")
    kind = inside(base, "gio", "info", "--attributes", "standard::content-type", "/tmp/some.atlas")
    default = inside(base, "gio", "mime", "application/x-atlas-folder")
    if "application/x-atlas-folder" not in kind or "dev.transom.atlas.desktop" not in default:
        sys.exit(f"FAIL  the desktop does not know the type of the file: {kind}\n{default}")
    # Not by `inside`: the application keeps the output of gio open.
    command = ["chroot", base, "env", *(f"{name}={value}" for name, value in DISPLAY.items()), "gio", "open"]
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
    inside(base, program or atlas, "--ready", "/tmp/opened", "/tmp/some.atlas", **DISPLAY)
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
    pictures = Path(os.environ.get("TRANSOM_PICTURES", scratch / "pictures"))
    pictures.mkdir(exist_ok=True)
    with server(updates) as port:
        url = f"http://127.0.0.1:{port}"
        program = project_of(scratch / "project", key, port)
        bundles = scratch / "bundles"
        targets = ("dir", "deb", "tar.gz", "wheel")
        frozen, deb, archive, wheel = build(load_config(program.parent), program, targets, bundles, say=say)
        wheels_of(wheel, scratch / "wheels")
        os.environ.update(DPKG_DEB_COMPRESSOR_TYPE="gzip", DPKG_DEB_COMPRESSOR_LEVEL="1")  # only the first is measured
        second = next_version(frozen, program, scratch / "second", "2.0.0")
        second_deb, second_archive = make_deb(second, frozen), make_archive(second, frozen)
        third = next_version(frozen, program, scratch / "third", "3.0.0")
        for library in (frozen / "_internal").glob("libpython*"):
            library.unlink()
        third_deb = make_deb(third, frozen)
        with debian(scratch) as base:
            inside(base, "apt-get", "update", "--quiet")
            inside(base, "apt-get", "install", "--yes", "--no-install-recommends", *INSTRUMENTS)
            packages, before = installed(base), files_of(base)
            with screen(base):
                try_deb(base, deb, packages)
                offer(updates, url, key, "2.0.0", deb=second_deb, dir=second_archive)
                update(base, "atlas", "2.0.0")
                expect_package(base, "2.0.0")
                picture(base, "atlas", pictures / "deb.png")
                offer(updates, url, key, "3.0.0", deb=third_deb)
                try_taking_back(base)
                inside(base, "apt-get", "purge", "--yes", "atlas")
                nothing_is_left(base, before)
                offer(updates, url, key, "2.0.0", deb=second_deb, dir=second_archive)
                try_folder(base, archive, "archive", pictures / "archive.png")
                nothing_is_left(base, before)
                try_wheel(base, scratch / "wheels", wheel.name, pictures / "wheel.png")
                nothing_is_left(base, before)
            inside(base, "apt-get", "purge", "--yes", "pipx", "python3-gi")
            inside(base, "apt-get", "autoremove", "--purge", "--yes")
            nothing_is_left(base, before)
            say(f"ok    removed: {len(installed(base) - packages)} of its packages are left")
    say(f"the packages passed; pictures are in {pictures}")
    if pictures.parent != scratch:
        shutil.rmtree(scratch, ignore_errors=True)


def nothing_is_left(base: Path, before: set[str]) -> None:
    """End here if a program of the demo runs, or a file of it is there."""
    for _ in range(100):
        left = [line for _, line in programs(base) if "atlas" in line]
        if not left:
            break
        time.sleep(0.1)
    left += sorted(name for name in files_of(base) - before if "atlas" in name.lower())
    if left:
        sys.exit(f"FAIL  left after the removal: {left}")
    say("ok    none of its files is left")


if __name__ == "__main__":
    main()
