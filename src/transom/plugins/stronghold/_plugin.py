"""`plugin:stronghold|*`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from ...acl import User
from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...errors import ConfigError
from ...handles import AppHandle, BaseDirectory
from ._kdf import argon2
from ._stronghold import as_bytes, record_name
from ._strongholds import PasswordHash, Strongholds, StrongholdsOfUsers

__all__ = ["init"]


class Lifetime(msgspec.Struct):
    """A duration, as the npm package has it."""

    secs: float
    nanos: float = 0


# All in workers: they hash passwords, read files and wait for each other.
@command
def initialize(strongholds: Strongholds, snapshot_path: str, password: str) -> None:
    """Open a stronghold with its password."""
    strongholds.initialize(snapshot_path, password)


@command
def destroy(strongholds: Strongholds, snapshot_path: str) -> None:
    """Save a stronghold and close it."""
    strongholds.destroy(snapshot_path)


@command
def save(strongholds: Strongholds, snapshot_path: str) -> None:
    """Save a stronghold."""
    strongholds.save(snapshot_path)


@command
def create_client(strongholds: Strongholds, snapshot_path: str, client: Any) -> None:
    """Begin a client."""
    strongholds.find(snapshot_path).create_client(as_bytes(client))


@command
def load_client(strongholds: Strongholds, snapshot_path: str, client: Any) -> None:
    """Load a client."""
    strongholds.find(snapshot_path).load_client(as_bytes(client))


@command
def get_store_record(strongholds: Strongholds, snapshot_path: str, client: Any, key: Any) -> list[int] | None:
    """Return a value of a client's store."""
    return _numbers(strongholds.find(snapshot_path).get(as_bytes(client), as_bytes(key)))


@command
def save_store_record(
    strongholds: Strongholds,
    snapshot_path: str,
    client: Any,
    key: Any,
    value: bytes,
    lifetime: Lifetime | None = None,
) -> list[int] | None:
    """Set a value of a client's store, and return the one before it."""
    seconds = None if lifetime is None else lifetime.secs + lifetime.nanos / 1e9
    found = strongholds.find(snapshot_path).insert(as_bytes(client), as_bytes(key), bytes(value), seconds)
    return _numbers(found)


@command
def remove_store_record(strongholds: Strongholds, snapshot_path: str, client: Any, key: Any) -> list[int] | None:
    """Remove a value of a client's store, and return it."""
    return _numbers(strongholds.find(snapshot_path).remove(as_bytes(client), as_bytes(key)))


@command
def save_secret(
    strongholds: Strongholds, snapshot_path: str, client: Any, vault: Any, record_path: Any, secret: bytes
) -> None:
    """Put a secret into a vault."""
    record = record_name(as_bytes(record_path))
    strongholds.find(snapshot_path).write_secret(as_bytes(client), as_bytes(vault), record, bytes(secret))


@command
def remove_secret(strongholds: Strongholds, snapshot_path: str, client: Any, vault: Any, record_path: Any) -> None:
    """Remove a secret from a vault."""
    record = record_name(as_bytes(record_path))
    strongholds.find(snapshot_path).delete_secret(as_bytes(client), as_bytes(vault), record)


@command
def execute_procedure(
    strongholds: Strongholds, snapshot_path: str, client: Any, procedure: dict[str, Any]
) -> list[int]:
    """Make keys and signatures out of secrets."""
    return list(strongholds.find(snapshot_path).execute(as_bytes(client), procedure))


def _numbers(value: bytes | None) -> list[int] | None:
    return None if value is None else list(value)


_COMMANDS = (
    initialize,
    destroy,
    save,
    create_client,
    load_client,
    get_store_record,
    save_store_record,
    remove_store_record,
    save_secret,
    remove_secret,
    execute_procedure,
)
_DEFAULT = (
    "allow-create-client",
    "allow-get-store-record",
    "allow-initialize",
    "allow-execute-procedure",
    "allow-load-client",
    "allow-save-secret",
    "allow-save-store-record",
    "allow-save",
)


def init(
    *,
    password_hash: PasswordHash | None = None,
    salt_path: str | os.PathLike[str] | None = None,
    anywhere: bool = False,
) -> Plugin:
    """Return the plugin.

    Args:
        password_hash: Returns 32 bytes for a password; `None` for Argon2id (Tauri: `Builder::with_argon2`).
        salt_path: File with the salt for Argon2id, made when there is none; `None` for `salt.txt` in the folder of the
            application's local data.
        anywhere: Let pages keep snapshots in any folder, as Tauri does. By default they are in the application's own.

    Raises:
        ConfigError: The extra `transom[stronghold]` is not installed.
    """
    try:
        import cryptography  # noqa: F401 - an application should not start without them
        import mnemonic  # noqa: F401
    except ImportError:
        raise ConfigError(
            "the plugin stronghold needs cryptography and mnemonic, which are not installed; install them with "
            "`pip install 'transom[stronghold]'`"
        ) from None

    def setup(app: AppHandle, _: Any) -> None:
        def with_argon2(password: str) -> bytes:
            paths = app.path()
            salt = paths.resolve("salt.txt", BaseDirectory.APP_LOCAL_DATA) if salt_path is None else salt_path
            return argon2(password, Path(salt))

        def make(user: User) -> Strongholds:
            return Strongholds(app, user, password_hash or with_argon2, anywhere=anywhere)

        app.manage(StrongholdsOfUsers(make, Strongholds.forget))

    def drop(app: AppHandle) -> None:
        strongholds = app.try_state(StrongholdsOfUsers)
        if strongholds is not None:
            strongholds.end()

    return (
        PluginBuilder("stronghold")
        .setup(setup)
        .on_drop(drop)
        .invoke_handler(generate_handler(*_COMMANDS))
        .permissions(default=_DEFAULT)
        .build()
    )
