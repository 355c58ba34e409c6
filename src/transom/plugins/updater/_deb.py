"""Installs Debian packages by apt, with the consent of the user."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from ...errors import CommandError
from ._bundle import Bundle
from ._deb_back import Kept

__all__ = ["DEB", "install_deb"]

DEB = b"!<arch>\n"
logger = logging.getLogger("transom.updater")
_SAY = "updater|install"
_DECLINED = (126, 127)  # of pkexec: the user said no, or nobody could be asked


def install_deb(package: BinaryIO, bundle: Bundle, version: str) -> None:
    """Let apt install a package. It runs in a session of its own, so that it goes on when the application ends.

    The installed package is kept and put back if the new one, started by a restart, does not reach its first page.

    Args:
        package: The package, whose signature has been checked.
        bundle: The installed package.
        version: The version that the manifest promised.

    Raises:
        CommandError: It is another package or another version, or for another machine; it was put back before; apt is not
            there or failed; or the user did not consent.
        OSError: The package cannot be written where apt reads it, as on a full disk.
    """
    name, kept = bundle.package, Kept(bundle.identifier)
    if kept.failed() == version:
        raise CommandError(
            f"{_SAY}: version {version} was installed before and did not reach its first page; it is not installed again"
        )
    with tempfile.TemporaryDirectory(prefix="transom-update-") as folder:
        path = Path(folder) / f"{name}.deb"
        with path.open("wb") as file:
            shutil.copyfileobj(package, file, 1 << 20)
        _check(path, name, version)
        apt = [*_as_root(), _program("apt-get"), "install", "--yes", "--no-remove", "--allow-downgrades"]
        is_kept = _keep(kept, name)
        command = [*apt, str(path)]
        done = subprocess.run(  # noqa: S603 - the system's own programs
            command,
            env={**_clean_environment(), "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
        )
    if done.returncode == 0:
        if is_kept:
            _watch(kept, version, apt)
        return
    kept.discard()
    if done.returncode in _DECLINED and command[0].endswith("pkexec"):
        raise CommandError(f"{_SAY}: the user did not allow the installation")
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    raise CommandError(
        f"{_SAY}: apt-get failed with status {done.returncode}: {lines[-1] if lines else ''}".rstrip(": ")
    )


def _watch(kept: Kept, version: str, apt: Sequence[str]) -> None:
    program = [sys.executable, *sys.argv[1:]]
    try:
        kept.watch(version, apt, _clean_environment(), process=os.getpid(), command=program)
    except OSError as error:  # the new version is installed all the same
        logger.warning("the new version cannot be watched, so it is not taken back if it fails: %s", error)
        kept.discard()


def _keep(kept: Kept, name: str) -> bool:
    def ask(*words: str, program: str = "dpkg-query") -> str:
        return _asked(*words, program=program)

    try:
        kept.make(name, ask)
    except (OSError, CommandError) as error:
        logger.warning("the installed package cannot be kept, so a new version that fails is not taken back: %s", error)
        kept.discard()
        return False
    return True


def _check(path: Path, name: str, version: str) -> None:
    wanted = {"Package": name, "Version": version.replace("-", "~"), "Architecture": _asked("--print-architecture")}
    for field, value in wanted.items():
        found = _asked("--field", str(path), field, program="dpkg-deb")
        if found != value and not (field == "Architecture" and found == "all"):
            raise CommandError(f"{_SAY}: the deb package has {field} {found or 'none'}, and {value} is wanted")


def _asked(*words: str, program: str = "dpkg") -> str:
    command = [_program(program), *words]
    done = subprocess.run(  # noqa: S603 - the system's own programs
        command, env=_clean_environment(), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        raise CommandError(f"{_SAY}: the package is damaged: {done.stderr.strip()}")
    return done.stdout.strip()


def _as_root() -> list[str]:
    """Return what asks the user: pkexec with its dialog, else sudo with the user's own program for passwords."""
    if os.geteuid() == 0:
        return []
    asks = shutil.which("pkexec")
    if asks is not None:
        return [asks]
    sudo = shutil.which("sudo")
    if sudo is not None:
        return [sudo, "--askpass"] if os.environ.get("SUDO_ASKPASS") else [sudo, "--non-interactive"]
    raise CommandError(
        f"{_SAY}: neither pkexec nor sudo is there, which ask the user whether the package may be installed"
    )


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CommandError(f"{_SAY}: {name} is not on this machine, which installs packages")
    return found


def _clean_environment() -> dict[str, str]:
    """Return the environment without the bundle's libraries, which the system's programs must not load."""
    environment = dict(os.environ)
    original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    environment.pop("LD_LIBRARY_PATH", None)
    return environment if original is None else {**environment, "LD_LIBRARY_PATH": original}
