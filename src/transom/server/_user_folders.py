"""Removes what plugins keep of users on the disk. The application's author decides how long it is kept, and calls these."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from ..acl import User
from ..handles import Manager, user_folder

__all__ = ["remove_user_folder", "remove_user_folders"]


def remove_user_folder(manager: Manager, user: User) -> bool:
    """Delete the files that plugins keep of a user, such as when the account is deleted; tell whether there were any.

    The user's sessions must have ended: what they have open is written again.

    Args:
        manager: Any handle of the application.
        user: The user.

    Raises:
        ValueError: It is `User.LOCAL`, whose folder is that of the application.
        OSError: The folder cannot be deleted.
    """
    if user is User.LOCAL:
        raise ValueError(
            "User.LOCAL has no folder of its own, but that of the application; remove_user_folder keeps it"
        )
    folder = user_folder(manager, user)
    if not folder.is_dir():
        return False
    shutil.rmtree(folder)
    return True


def remove_user_folders(manager: Manager, *, unused_for: timedelta, anonymous: bool = True) -> int:
    """Delete the folders of users who have not come for some time, and return how many.

    A folder is used when a plugin first needs it in a session, and whenever a file in it is written.

    Args:
        manager: Any handle of the application.
        unused_for: How long at least.
        anonymous: Whether of users who have not signed in; `False` for all others.

    Raises:
        OSError: A folder cannot be deleted.
    """
    users = user_folder(manager, User("x", anonymous=anonymous)).parent
    before = time.time() - unused_for.total_seconds()
    removed = 0
    for folder in users.iterdir() if users.is_dir() else ():
        # The folder of the anonymous users is beside those of the others.
        if folder.name != "anonymous" and folder.is_dir() and not folder.is_symlink() and _last_used(folder) < before:
            shutil.rmtree(folder)
            removed += 1
    return removed


def _last_used(folder: Path) -> float:
    times = [folder.stat().st_mtime]
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                times.append(Path(place, name).lstat().st_mtime)
    return max(times)
