"""The data that the web runtime keeps for an installation: the name and port of its origin, and a secret.

Browsers store what pages keep, such as `localStorage`, by origin. An origin that lasts keeps it over restarts; a random
one, which only the user of the installation can read, cannot be guessed by other sites and other users.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

__all__ = ["Installation", "installation_in"]

_FOLDER = "web"
_FILE = "origin.json"
_LABEL = re.compile(r"[a-z][a-z0-9]{15,62}")
_SECRET = re.compile(r"[0-9a-f]{64}")
_logger = logging.getLogger("transom")


class Installation(NamedTuple):
    """The data of an installation.

    Attributes:
        label: The pages are at `http://<label>.localhost:<port>`.
        port: That port; 0 until there is one.
        secret: The key of what the runtime must be able to check after a restart.
        folder: Where it is kept; `None` when it cannot be kept.
    """

    label: str
    port: int
    secret: str
    folder: Path | None = None

    @property
    def name(self) -> str:
        """The host name of the origin."""
        return f"{self.label}.localhost"

    def with_port(self, port: int) -> Installation:
        """Return the installation with this port, and keep it for the next start."""
        changed = self._replace(port=port)
        if self.folder is not None:
            with suppress(OSError):  # then the next start chooses another
                _write(self.folder, changed, replace=True)
        return changed


def installation_in(data_directory: Path | None) -> Installation:
    """Return what is kept in the folder for an application's local data, or make it.

    A file that other users can write or read is replaced, because its content is no secret. Where nothing can be
    written, the installation is a new one at every start, and the log says so.

    Args:
        data_directory: The folder; `None` to keep nothing.
    """
    made = Installation(f"t{secrets.token_hex(12)}", 0, secrets.token_hex(32))
    if data_directory is None:
        return made
    folder = data_directory / _FOLDER
    try:
        data_directory.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.name == "posix":
            folder.chmod(0o700)
        made = made._replace(folder=folder)
        found = _read(folder)
        if found is not None:
            return found
        try:
            _write(folder, made, replace=(folder / _FILE).is_symlink() or (folder / _FILE).exists())
        except FileExistsError:  # another process of the application was faster
            return _read(folder) or made
    except OSError as error:
        _logger.warning(
            "cannot keep the address of this application in %s (%s): its pages get another address at every start, "
            "and lose what they stored",
            folder,
            error.strerror or error,
        )
        return made._replace(folder=None)
    return made


def _read(folder: Path) -> Installation | None:
    """Return what the file holds; `None` when there is none, it is not private, or something in it is wrong."""
    try:
        descriptor = os.open(folder / _FILE, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None
    with os.fdopen(descriptor, encoding="utf-8") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return None
        if os.name == "posix" and (status.st_uid != os.geteuid() or status.st_mode & 0o077):
            _logger.warning("%s was not private, so it is replaced: pages lose what they have stored", folder / _FILE)
            return None
        try:
            held = json.loads(file.read(4096))
            label, port, secret = held["label"], held["port"], held["secret"]
            if _LABEL.fullmatch(label) and _SECRET.fullmatch(secret) and type(port) is int and 0 <= port < 1 << 16:
                return Installation(label, port, secret, folder)
        except (ValueError, KeyError, TypeError):
            pass
    _logger.warning("%s cannot be read, so it is replaced: pages lose what they have stored", folder / _FILE)
    return None


def _write(folder: Path, held: Installation, *, replace: bool) -> None:
    """Write the file in one step.

    Raises:
        FileExistsError: There is one, and `replace` is false.
        OSError: It cannot be written.
    """
    new = folder / f"{_FILE}.{secrets.token_hex(4)}"
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"label": held.label, "port": held.port, "secret": held.secret}, file)
        if replace or not hasattr(os, "link"):
            new.replace(folder / _FILE)
        else:
            os.link(new, folder / _FILE)
    finally:
        new.unlink(missing_ok=True)
