"""The key for a password: Argon2id with a salt in a file."""

from __future__ import annotations

import os
from pathlib import Path

from ...errors import CommandError
from ..store import replace_file
from ._snapshot import KEY_SIZE

__all__ = ["argon2"]

# Tauri: the defaults of its library, so that a salt of a Tauri application gives the same key.
_ITERATIONS, _LANES, _MEMORY = 2, 1, 19 * 1024


def argon2(password: str, salt_path: Path) -> bytes:
    """Return the key for a password.

    Args:
        password: The password.
        salt_path: File with the salt, which is made when there is none.

    Raises:
        CommandError: The file cannot be read or made, or is not a salt.
    """
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    salt = _salt(salt_path)
    made = Argon2id(salt=salt, length=KEY_SIZE, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY)
    return made.derive(password.encode())


def _salt(path: Path) -> bytes:
    try:
        salt = path.read_bytes()
    except FileNotFoundError:
        salt = os.urandom(KEY_SIZE)
        try:
            replace_file(path, salt)
        except OSError as error:
            raise CommandError(f"the file of the salt: {error.strerror} (os error {error.errno})") from None
    except OSError as error:
        raise CommandError(f"the file of the salt: {error.strerror} (os error {error.errno})") from None
    if len(salt) != KEY_SIZE:
        raise CommandError(f"the file of the salt has {len(salt)} bytes instead of {KEY_SIZE}")
    return salt
