"""Puts a Debian package back when the new one, which apt has installed, does not reach its first page.

The package is made again from its installed files before the update, since nothing else is sure to have it. A shell watches
from then on: no file of the old program is left that could. It asks for the user's consent as the update did.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import CommandError

__all__ = ["LIMIT", "Kept"]

LIMIT = 120
"""Seconds within which a new version must reach its first page."""
_SCRIPTS = (
    "preinst",
    "postinst",
    "prerm",
    "postrm",
    "conffiles",
    "triggers",
    "config",
    "templates",
    "shlibs",
    "symbols",
)
_OF_DPKG = ("Status", "Conffiles", "Config-Version")  # fields of the installed package, and not of its file
# Its words: process, folder, new version, checksum of the old package, seconds, what installs it, and the program.
_WATCH = """pid=$1 folder=$2 version=$3 sum=$4 left=$(($5 * 5)) install=$6; shift 6
running() { readlink "/proc/$pid/exe" 2> /dev/null; }
# The old program has no file any more. It starts the new one in its own place, or ends: then nothing is watched.
while program=$(running); do
  case $program in *"(deleted)") sleep 0.2 ;; *) break ;; esac
done
[ -n "$program" ] || [ -e "$folder/restarts" ] || exit 0
while [ -e "$folder/pending" ] && running > /dev/null; do
  left=$((left - 1))
  if [ $left = 0 ]; then
    kill "$pid"; sleep 5; kill -s KILL "$pid" 2> /dev/null
    break
  fi
  sleep 0.2
done
[ -e "$folder/pending" ] || exit 0
printf %s "$version" > "$folder/failed"
rm -f "$folder/pending" "$folder/restarts"
[ "$(sha256sum < "$folder/old.deb")" = "$sum  -" ] && eval "$install" && back=yes
rm -f "$folder/old.deb"
[ -n "$back" ] && exec "$@"
"""


class Kept:
    """The installed package, while a new one has not reached its first page.

    Args:
        identifier: The application's, which names the folder in the user's cache.
    """

    def __init__(self, identifier: str) -> None:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        self.folder = cache / identifier / "update"
        self.package = self.folder / "old.deb"
        self._pending = self.folder / "pending"
        self._restarts = self.folder / "restarts"
        self._failed = self.folder / "failed"

    def failed(self) -> str | None:
        """Return the version that was put back; `None` for none."""
        try:
            return self._failed.read_text("utf-8")
        except OSError:
            return None

    def make(self, name: str, ask: Callable[..., str]) -> None:
        """Make the installed package again.

        Args:
            name: Its name.
            ask: Runs a program of dpkg and returns what it prints.

        Raises:
            CommandError: dpkg failed.
            OSError: A file cannot be read, or the disk is full.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.discard()
        with tempfile.TemporaryDirectory(dir=self.folder) as scratch:
            root = Path(scratch) / "root"
            control = root / "DEBIAN"
            control.mkdir(mode=0o755, parents=True)
            root.chmod(0o755)
            (control / "control").write_text(_control(ask("--status", name)), "utf-8")
            for script in ask("--control-list", name).split():
                if script in _SCRIPTS:
                    (control / script).write_text(ask("--control-show", name, script) + "\n", "utf-8")
                    (control / script).chmod(0o644 if script in ("conffiles", "triggers", "shlibs") else 0o755)
            for line in ask("--listfiles", name).splitlines():
                _copy(Path(line), root / line.lstrip("/"))
            made = Path(scratch) / "old.deb"
            ask("--root-owner-group", "-Zgzip", "-z1", "--build", str(root), str(made), program="dpkg-deb")
            made.rename(self.package)

    def watch(
        self,
        version: str,
        install: Sequence[str],
        environment: dict[str, str],
        *,
        process: int,
        command: Sequence[str],
        seconds: int = LIMIT,
    ) -> None:
        """Watch that a new version reaches its first page.

        Args:
            version: The new version.
            install: The command that installs a package, without the package.
            environment: That of the system's programs.
            process: The process of the old version. By a restart it becomes the new one.
            command: What starts the old version again.
            seconds: How long the new version may take.

        Raises:
            OSError: The package that was made is gone, or the disk is full.
        """
        with self.package.open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
        self._pending.write_text(version, "utf-8")
        again = shlex.join([*install, str(self.package)])
        words = [str(process), str(self.folder), version, checksum, str(seconds), again]
        nothing = subprocess.DEVNULL
        subprocess.Popen(  # noqa: S603 - our own words
            ["/bin/sh", "-c", _WATCH, "transom-update", *words, *command],
            env={**environment, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            start_new_session=True,
        )

    def restart(self) -> None:
        """Note that the old version is about to start the new one, which may end before anybody sees it."""
        if self._pending.exists():
            self._restarts.touch()

    def confirm(self) -> bool:
        """Keep the version that runs; return whether it was new."""
        if not self._pending.exists():
            return False
        self._pending.unlink(missing_ok=True)  # first: the watcher looks at it
        self.discard()
        self._failed.unlink(missing_ok=True)
        return True

    def discard(self) -> None:
        """Delete the old package, and what is left of an update before."""
        for path in (self.package, self._restarts):
            path.unlink(missing_ok=True)


def _control(status: str) -> str:
    kept, keeps = [], True
    for line in status.splitlines():
        if not line.startswith(" "):
            keeps = line.partition(":")[0] not in _OF_DPKG
        if keeps and line:
            kept.append(line)
    return "\n".join([*kept, ""])


def _copy(source: Path, target: Path) -> None:
    try:
        mode = source.lstat().st_mode
    except FileNotFoundError:  # such as documents, which dpkg can be told to leave out
        return
    if stat.S_ISDIR(mode):
        target.mkdir(parents=True, exist_ok=True)
        target.chmod(stat.S_IMODE(mode))
    elif stat.S_ISLNK(mode) or stat.S_ISREG(mode):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
    else:
        raise CommandError(f"updater|install: {source} is neither a file nor a folder")
