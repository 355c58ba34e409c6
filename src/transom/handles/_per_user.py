"""Objects that each user of a server has for themselves, such as what a plugin keeps."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from ..acl import User
from ._handles import Manager
from .paths import BaseDirectory

__all__ = ["PerUser", "user_folder"]

T = TypeVar("T")


class PerUser(Generic[T]):
    """Makes an object for each user when it is first needed, and ends it with the last of the sessions that needed it.

    An application that is no server has one user, `User.LOCAL`, whose object lasts until `end`; so has the code of a server
    outside sessions. Any thread.

    Args:
        make: Returns the object of a user.
        end: Releases an object. It is called while nobody else gets one, so that the next begins after it has ended.
    """

    def __init__(self, make: Callable[[User], T], end: Callable[[T], object]) -> None:
        self._make = make
        self._end = end
        self._objects: dict[User, T] = {}
        self._sessions: dict[User, set[object]] = {}
        self._lock = threading.RLock()

    def of(self, manager: Manager) -> T:
        """Return the object of the user that a handle belongs to.

        Raises:
            WindowError: The session of the handle has ended.
        """
        user = manager.user()
        if user is User.LOCAL:
            return self._of_user(user)
        table = manager.app_handle().resources_table()
        with self._lock:
            found = self._of_user(user)
            sessions = self._sessions.setdefault(user, set())
            if table in sessions:
                return found
            sessions.add(table)
        table.add(_Lease(lambda: self._leave(user, table)))
        return found

    def _of_user(self, user: User) -> T:
        with self._lock:
            if user not in self._objects:
                self._objects[user] = self._make(user)
            return self._objects[user]

    def _leave(self, user: User, session: object) -> None:
        with self._lock:
            sessions = self._sessions.get(user, set())
            sessions.discard(session)
            if not sessions and user in self._objects:
                self._sessions.pop(user, None)
                self._end(self._objects[user])
                del self._objects[user]

    def all(self) -> list[T]:
        """Return every object that there is."""
        with self._lock:
            return list(self._objects.values())

    def end(self) -> None:
        """End every object: the application ends."""
        with self._lock:
            while self._objects:
                self._end(self._objects.popitem()[1])
            self._sessions.clear()


class _Lease:
    """A resource of a session that ends with it."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave

    def close(self) -> None:
        """See `Resource`."""
        self._leave()


def user_folder(manager: Manager, user: User) -> Path:
    """Return the folder for a user's own files below the application's data; that of the application for `User.LOCAL`.

    One that is there is marked as used now, for `remove_user_folders`.

    Args:
        manager: Any handle of the application.
        user: The user. The folder's name tells nothing of the id, which may be any text.
    """
    data = Path(manager.path().resolve("", BaseDirectory.APP_DATA))
    if user is User.LOCAL:
        return data
    known = f"{'anonymous' if user.anonymous else 'user'}:{user.id}"
    users = data / "users" / "anonymous" if user.anonymous else data / "users"
    folder = users / hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    with suppress(OSError):
        os.utime(folder)
    return folder
