"""The file of a stronghold: its clients, sealed with a key."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import msgspec

from ...errors import CommandError
from ..store import replace_file

__all__ = ["KEY_SIZE", "Client", "Record", "read_snapshot", "write_snapshot"]

KEY_SIZE: Final = 32
_MAGIC: Final = b"transom stronghold 1\n"
_OF_IOTA: Final = b"PARTI"
_NONCE: Final = 12
_MOST: Final = 256 * 1024 * 1024


class Record(msgspec.Struct, array_like=True):
    """A value of a client's store.

    Attributes:
        value: The value.
        until: When it ends, in seconds since 1970; `None` for never.
    """

    value: bytes
    until: float | None = None


class Client(msgspec.Struct):
    """What one client has.

    Attributes:
        store: Values by key.
        vaults: Secrets by vault and record.
    """

    store: dict[bytes, Record] = msgspec.field(default_factory=dict)
    vaults: dict[bytes, dict[bytes, bytes]] = msgspec.field(default_factory=dict)


def read_snapshot(path: Path, key: bytes) -> dict[bytes, Client]:
    """Return the clients of a snapshot.

    Raises:
        CommandError: The key is another one, or the file is not a snapshot or cannot be read.
        FileNotFoundError: There is none.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise CommandError(f"{error.strerror} (os error {error.errno})") from None
    if data.startswith(_OF_IOTA):
        raise CommandError(
            "this is a snapshot of IOTA's Stronghold, which transom cannot read: its secrets never leave it; enter them anew "
            "in a snapshot of another name"
        )
    if not data.startswith(_MAGIC) or len(data) > _MOST:
        raise CommandError("this file is not a snapshot of a stronghold; choose another path")
    nonce, sealed = data[len(_MAGIC) : len(_MAGIC) + _NONCE], data[len(_MAGIC) + _NONCE :]
    try:
        return msgspec.msgpack.decode(AESGCM(key).decrypt(nonce, sealed, _MAGIC), type=dict[bytes, Client])
    except (InvalidTag, ValueError):
        raise CommandError("the password is wrong, or the snapshot was changed or is not complete") from None


def write_snapshot(path: Path, key: bytes, clients: dict[bytes, Client]) -> None:
    """Write the clients, all or nothing.

    Raises:
        CommandError: The file cannot be written; then it is as it was.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(clients), _MAGIC)
    try:
        replace_file(path, _MAGIC + nonce + sealed)
    except OSError as error:
        raise CommandError(f"{error.strerror} (os error {error.errno})") from None
