"""The open strongholds of an application, by their files."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ...acl import User
from ...commands import CommandItem
from ...errors import CommandError, UnknownPath
from ...handles import AppHandle, BaseDirectory, PerUser, user_folder
from ._stronghold import Stronghold

__all__ = ["MOST", "PasswordHash", "Strongholds", "StrongholdsOfUsers"]

MOST: Final = 20
"""How many strongholds may be open at once."""
PasswordHash = Callable[[str], bytes]
_OWN = (BaseDirectory.APP_DATA, BaseDirectory.APP_LOCAL_DATA, BaseDirectory.APP_CONFIG)


class Strongholds:
    """Opens strongholds of a user and keeps them. A user of a server has snapshots of their own, in a folder of their own.

    Args:
        app: The application.
        user: The user.
        password_hash: Returns 32 bytes for a password.
        anywhere: Whether pages may name files outside of the application's folders.
    """

    def __init__(self, app: AppHandle, user: User, password_hash: PasswordHash, *, anywhere: bool) -> None:
        self._app = app
        self._user = user
        self._folder = user_folder(app, user)
        self._hash = password_hash
        self._anywhere = anywhere
        self._open: dict[Path, Stronghold] = {}
        self._lock = threading.Lock()

    @classmethod
    def from_command(cls, item: CommandItem) -> Strongholds:
        """Return those of the user whose page calls; see `CommandArg`."""
        webview = item.message.webview
        return webview.state(StrongholdsOfUsers).of(webview)

    def initialize(self, snapshot: str, password: str) -> None:
        """Open a stronghold. One that is open already is read anew.

        Raises:
            CommandError: The password is wrong, or the file may not be used or cannot be read.
        """
        path = self._path(snapshot)
        with self._lock:
            if path not in self._open and len(self._open) >= MOST:
                raise CommandError(f"{MOST} strongholds are open already; unload some")
        stronghold = Stronghold(path, self._hash(password))
        with self._lock:
            self._open[path] = stronghold

    def find(self, snapshot: str) -> Stronghold:
        """Return an open stronghold.

        Raises:
            CommandError: It is not open.
        """
        found = self._open.get(self._path(snapshot))
        if found is None:
            raise CommandError("stronghold not initialized")
        return found

    def save(self, snapshot: str) -> None:
        """Save a stronghold; nothing happens when it is not open, as in Tauri.

        Raises:
            CommandError: The file cannot be written.
        """
        found = self._open.get(self._path(snapshot))
        if found is not None:
            found.save()

    def destroy(self, snapshot: str) -> None:
        """Save a stronghold and close it.

        Raises:
            CommandError: The file cannot be written; it stays open then.
        """
        self.save(snapshot)
        with self._lock:
            found = self._open.pop(self._path(snapshot), None)
        if found is not None:
            found.forget()

    def forget(self) -> None:
        """Close all without saving: the application ends."""
        with self._lock:
            closed, self._open = list(self._open.values()), {}
        for stronghold in closed:
            stronghold.forget()

    def _path(self, snapshot: str) -> Path:
        if not snapshot or "\0" in snapshot:
            raise CommandError("the path of a snapshot is not empty, and has no NUL in it")
        paths = self._app.path()
        found = Path(os.path.realpath(paths.resolve(self._folder / snapshot, BaseDirectory.APP_DATA)))
        if self._anywhere:
            return found
        if self._user is not User.LOCAL:
            if Path(os.path.realpath(self._folder)) in found.parents:
                return found
            raise CommandError(f"the snapshot {snapshot} is outside of the user's folder; use a relative path")
        for base in _OWN:
            try:
                folder = Path(os.path.realpath(paths.resolve("", base)))
            except UnknownPath:
                continue
            if folder in found.parents:
                return found
        raise CommandError(
            f"the snapshot {snapshot} is outside of the application's folders; choose a path in appDataDir(), or let pages "
            "keep snapshots anywhere with `stronghold.init(anywhere=True)`"
        )


class StrongholdsOfUsers(PerUser[Strongholds]):
    """The strongholds of every user; a desktop application has one."""
