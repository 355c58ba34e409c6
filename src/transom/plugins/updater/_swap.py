"""Replaces an installed application, a folder or one file, so that a whole one is in its place at every moment.

While an update is on its way, two entries lie beside `<app>`: `.<app>.update` is the other version, and
`.<app>.update.json` says which of the two is the new one, by its inode. A version changes places with the other in one
step of the file system (`renameat2` with `RENAME_EXCHANGE`), so that a program that is killed between two steps leaves a
state from which the next start goes on. Only the standard library is imported here: a program uses it before its own code.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

__all__ = ["CHILD", "Place", "RefusedError", "Update", "begin", "confirm", "exchange", "stage", "use"]

CHILD = "TRANSOM_UPDATE_STARTED"
"""Set for a new version that the old one started, and watches."""
LIMIT = 120.0
"""Seconds within which a new version must reach its first page."""
_STARTS = 2
_EXCHANGE = 2
_HERE = -100  # AT_FDCWD
_PAUSE = 0.2
_GRACE = 5.0
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name))


class RefusedError(Exception):
    """An update cannot be put in place; the text says why."""


@dataclass(frozen=True)
class Update:
    """What is known of an update that is on its way.

    Attributes:
        version: The new version.
        inode: That of the new version, in its place or beside it; 0 when it was rolled back and deleted.
        over: The inode of the version that it was made for.
        starts: How often the new version was started without reaching its first page.
        failed: It is to be rolled back, or was.
    """

    version: str
    inode: int
    over: int
    starts: int = 0
    failed: bool = False


class Place:
    """Where an application is installed.

    Args:
        app: Its folder, or its file.
    """

    def __init__(self, app: Path) -> None:
        self.home = app
        self.other = app.with_name(f".{app.name}.update")
        self.file = app.with_name(f".{app.name}.update.json")

    @contextlib.contextmanager
    def locked(self, *, wait: bool) -> Iterator[bool]:
        """Let one program at a time change the place; `False` when another one does, and `wait` is not set."""
        import fcntl  # only on POSIX

        descriptor = os.open(self.home.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)

    def read(self) -> Update | None:
        """Return the update that is on its way; `None` without one, or when another user wrote it."""
        try:
            if self.file.lstat().st_uid != os.geteuid():
                return None
            return Update(**json.loads(self.file.read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, update: Update) -> None:
        """Keep what is known, in one step."""
        partial = self.file.with_name(f"{self.file.name}.part")
        with partial.open("wb") as file:
            file.write(json.dumps(asdict(update)).encode())
            file.flush()
            os.fsync(file.fileno())
        os.rename(partial, self.file)  # noqa: PTH104 - one step, which tests interrupt by its name
        self.sync()

    def sync(self) -> None:
        """Write the names of both versions to the disk."""
        descriptor = os.open(self.home.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def swap(self) -> None:
        """Let both versions change places."""
        exchange(self.home, self.other)
        self.sync()

    def clean(self) -> None:
        """Delete the other version, and what was begun."""
        partial = self.file.with_name(f"{self.file.name}.part")
        for path in (self.other, partial, *self.home.parent.glob(f".{self.home.name}.update-*")):
            _delete(path)


def exchange(one: Path, other: Path) -> None:
    """Let two folders or files change their places in one step.

    Raises:
        OSError: The file system cannot do that, or one does not exist.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        status = libc.renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    except AttributeError:
        raise OSError("this system has no renameat2") from None
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(one))


def stage(app: Path, version: str, fill: Callable[[Path], None]) -> None:
    """Put a new version beside the installed one; the next start lets them change places.

    Args:
        app: The installed application: a folder or a file.
        version: The new version.
        fill: Makes the new one at a path, which is an empty folder or file. What it raises leaves nothing behind.

    Raises:
        RefusedError: The version failed before, another is not confirmed yet, or the file system cannot do it.
        OSError: The disk is full, the folder cannot be written, ...
    """
    place = Place(app)
    with place.locked(wait=True):
        known = place.read()
        if known is not None and known.failed and known.version == version:
            raise RefusedError(
                f"version {version} was installed before and did not reach its first page; it is not installed again"
            )
        if known is not None and known.inode == _inode(app):
            raise RefusedError(f"version {known.version} has just been installed and has not shown its first page yet")
        place.clean()
        place.file.unlink(missing_ok=True)
        made, probe = _empty(app), _empty(app)
        try:
            fill(made)
            try:
                exchange(made, probe)
                exchange(probe, made)
            except OSError as error:
                raise RefusedError(
                    f"the file system of {app.parent} cannot exchange two entries: {error.strerror}"
                ) from None
            _write_out(made)
            os.rename(made, place.other)  # noqa: PTH104 - as above
            place.write(Update(version, _inode(place.other), _inode(app)))
        except BaseException:
            place.clean()
            raise
        finally:
            _delete(probe)


def begin(app: Path, command: Sequence[str], environment: Mapping[str, str], *, watch: bool = True) -> None:
    """At the start of a program: put a new version in place and start it, or the old one back; else return.

    Args:
        app: The installed application.
        command: What starts it again, with this program's arguments.
        environment: The environment of programs that it starts.
        watch: Whether this program waits for the new version, and takes it back if that does not reach its first page.
    """
    place = Place(app)
    child = None
    with place.locked(wait=False) as held:
        known = place.read() if held else None
        if not held:
            return
        if known is None:
            place.clean()
            place.file.unlink(missing_ok=True)
            return
        if known.inode == _inode(app):
            if not known.failed and known.starts < _STARTS:
                place.write(replace(known, starts=known.starts + 1))
                return
            _take_back(place, known)
        elif known.failed or known.inode != _inode(place.other) or known.over != _inode(app):
            _forget(place, known)
            return
        elif not _is_idle(app):
            return
        else:
            known = replace(known, starts=1)
            place.write(known)
            place.swap()
            try:
                child = subprocess.Popen(command, env={**environment, CHILD: "1"}) if watch else None  # noqa: S603
            except OSError:
                _take_back(place, known)
    if child is not None:
        _watch(place, child, command, environment)
    os.execve(command[0], list(command), dict(environment))  # noqa: S606 - this program


def use(app: Path) -> int:
    """Say, until this process ends, that it runs from here: no other one replaces the application meanwhile.

    Returns:
        A descriptor, which stays open.
    """
    import fcntl  # only on POSIX

    descriptor = os.open(app, os.O_RDONLY | os.O_CLOEXEC)
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return descriptor


def _is_idle(app: Path) -> bool:
    """Return whether no program runs from here."""
    import fcntl  # only on POSIX

    descriptor = os.open(app, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def confirm(app: Path) -> bool:
    """Keep the version that runs, which has reached its first page; return whether it was new."""
    place = Place(app)
    if place.read() is None:
        return False
    with place.locked(wait=True):
        known = place.read()
        if known is None or known.failed or known.inode != _inode(app):
            return False
        place.file.unlink()
        place.sync()
        place.clean()
    return True


def _take_back(place: Place, known: Update) -> None:
    """Put the old version back: it is written down first, so that it happens at the next start if not now."""
    if _inode(place.other) == 0:  # somebody deleted the old one: there is nothing else
        place.file.unlink(missing_ok=True)
        return
    if not known.failed:
        place.write(replace(known, failed=True))
    place.swap()
    _forget(place, replace(known, failed=True))


def _forget(place: Place, known: Update) -> None:
    """Delete the other version; one that failed is remembered, so that it is not installed again."""
    place.clean()
    if not known.failed:
        place.file.unlink(missing_ok=True)
    elif known.inode != 0:
        place.write(replace(known, inode=0))


def _watch(
    place: Place, child: subprocess.Popen[bytes], command: Sequence[str], environment: Mapping[str, str]
) -> NoReturn:
    """Wait for the new version, with its signals and its exit status; take it back if it fails before its first page."""
    told: list[int] = []

    def tell(number: int, _: Any) -> None:
        told.append(number)
        child.send_signal(number)

    for number in _SIGNALS:
        signal.signal(number, tell)
    late = False
    end = time.monotonic() + LIMIT
    while (status := _ended(child, place)) is None:
        if not late and place.file.exists() and time.monotonic() > end:
            late = True
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(_GRACE)
            child.kill()
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    known = place.read()
    if known is None or (status == 0 and not late):
        sys.exit(status if status >= 0 else 128 - status)
    with place.locked(wait=True):
        known = place.read()
        if known is not None and known.inode == _inode(place.home):
            _take_back(place, known)
            why = (
                f"did not show a page within {LIMIT:g} s"
                if late
                else f"ended with status {status} before its first page"
            )
            print(f"the new version {known.version} {why}; the old one is back", file=sys.stderr)  # noqa: T201 - no log yet
    if told:
        sys.exit(128 + told[0])
    os.execve(command[0], list(command), dict(environment))  # noqa: S606 - this program


def _ended(child: subprocess.Popen[bytes], place: Place) -> int | None:
    """Return the exit status; `None` after a while without one."""
    try:
        return child.wait(_PAUSE if place.file.exists() else None)
    except subprocess.TimeoutExpired:
        return None


def _inode(path: Path) -> int:
    """Return the inode of a folder or file of this user; 0 for none."""
    try:
        found = path.lstat()
    except OSError:
        return 0
    return found.st_ino if found.st_uid == os.geteuid() else 0


def _empty(app: Path) -> Path:
    """Return a new folder or file of no name that lasts, like the application."""
    prefix = f".{app.name}.update-"
    if app.is_dir():
        return Path(tempfile.mkdtemp(prefix=prefix, dir=app.parent))
    descriptor, name = tempfile.mkstemp(prefix=prefix, dir=app.parent)
    os.close(descriptor)
    return Path(name)


def _write_out(path: Path) -> None:
    """Have everything on the disk before its name says so."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(path))
    finally:
        os.close(descriptor)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
