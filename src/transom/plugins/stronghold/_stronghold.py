"""A stronghold: clients with stores and vaults in memory, and the snapshot that keeps them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from ...errors import CommandError
from . import _keys
from ._snapshot import KEY_SIZE, Client, Record, read_snapshot, write_snapshot

__all__ = ["MOST_BYTES", "Stronghold", "as_bytes"]

MOST_BYTES: Final = 64 * 1024 * 1024
"""How much a stronghold may hold."""
_DEFAULT_SEED = 64
_MOST_SEED = 1024


class Stronghold:
    """A stronghold. Any thread. A secret does not leave it: procedures use it inside.

    Args:
        path: The file of the snapshot, which is read when it is there.
        key: 32 bytes.

    Raises:
        CommandError: The key has another size or is wrong, or the file cannot be read.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        if len(key) != KEY_SIZE:
            raise CommandError(f"the hash of the password has {len(key)} bytes; a stronghold needs {KEY_SIZE}")
        self.path = path
        self._key = bytearray(key)
        self._lock = threading.RLock()
        try:
            self._kept = read_snapshot(path, bytes(self._key))
        except FileNotFoundError:
            self._kept = {}
        self._clients: dict[bytes, Client] = {}
        self._held = sum(map(_size, self._kept.values()))

    def save(self) -> None:
        """Write the snapshot.

        Raises:
            CommandError: It cannot be written.
        """
        with self._lock:
            kept = {**self._kept, **self._clients}
            write_snapshot(self.path, bytes(self._key), kept)
            self._kept = kept

    def forget(self) -> None:
        """Overwrite the key, and let go of everything else."""
        with self._lock:
            self._key[:] = bytes(len(self._key))
            self._kept, self._clients = {}, {}

    def create_client(self, name: bytes) -> None:
        """Begin a client without anything.

        Raises:
            CommandError: The stronghold is full.
        """
        with self._lock:
            self._clients[name] = Client()
            self._held = sum(map(_size, {**self._kept, **self._clients}.values()))
            self._grow(0)

    def load_client(self, name: bytes) -> None:
        """Load a client of the snapshot.

        Raises:
            CommandError: It has none of this name.
        """
        with self._lock:
            if name in self._clients:
                return
            if name not in self._kept:
                raise CommandError(
                    "loading client data failed. no data present in the snapshot; create the client first"
                )
            self._clients[name] = self._kept[name]

    def get(self, client: bytes, key: bytes) -> bytes | None:
        """Return a value of a client's store; `None` when there is none, or it has ended.

        Raises:
            CommandError: The client is not loaded.
        """
        with self._lock:
            store = self._client(client).store
            record = store.get(key)
            if record is not None and record.until is not None and record.until <= time.time():
                del store[key]
                self._held -= len(key) + len(record.value)
                return None
            return None if record is None else record.value

    def insert(self, client: bytes, key: bytes, value: bytes, lifetime: float | None) -> bytes | None:
        """Set a value of a client's store; return the one before it.

        Args:
            client: The client.
            key: The key.
            value: The value.
            lifetime: Seconds after which it ends; `None` for never.

        Raises:
            CommandError: The client is not loaded, or the stronghold is full.
        """
        with self._lock:
            before = self.get(client, key)
            self._grow(len(key) + len(value) - (0 if before is None else len(key) + len(before)))
            until = None if lifetime is None else time.time() + lifetime
            self._client(client).store[key] = Record(value, until)
            return before

    def remove(self, client: bytes, key: bytes) -> bytes | None:
        """Remove a value of a client's store and return it.

        Raises:
            CommandError: The client is not loaded.
        """
        with self._lock:
            before = self.get(client, key)
            self._client(client).store.pop(key, None)
            self._held -= 0 if before is None else len(key) + len(before)
            return before

    def write_secret(self, client: bytes, vault: bytes, record: bytes, secret: bytes) -> None:
        """Put a secret into a vault.

        Raises:
            CommandError: The client is not loaded, or the stronghold is full.
        """
        with self._lock:
            vaults = self._client(client).vaults
            before = vaults.get(vault, {}).get(record)
            size = len(secret) if before is None else len(secret) - len(before) - len(vault) - len(record)
            self._grow(len(vault) + len(record) + size)
            vaults.setdefault(vault, {})[record] = secret

    def delete_secret(self, client: bytes, vault: bytes, record: bytes) -> None:
        """Remove a secret.

        Raises:
            CommandError: The client is not loaded.
        """
        with self._lock:
            vaults = self._client(client).vaults
            secret = vaults.get(vault, {}).pop(record, None)
            self._held -= 0 if secret is None else len(vault) + len(record) + len(secret)
            if not vaults.get(vault, True):
                del vaults[vault]

    def execute(self, client: bytes, procedure: Mapping[str, Any]) -> bytes:
        """Run a procedure of a page on secrets.

        Raises:
            CommandError: The client is not loaded, the procedure is unknown, or a secret does not fit.
        """
        kind, payload = procedure.get("type"), procedure.get("payload")
        expected = _PAYLOADS.get(kind) if isinstance(kind, str) else None
        if expected is None:
            raise CommandError(f"unknown procedure; they are {', '.join(_PAYLOADS)}")
        try:
            made = msgspec.convert(payload, expected)
        except msgspec.ValidationError as error:
            raise CommandError(f"the procedure {kind}: {error}") from None
        with self._lock:
            self._client(client)
            return made.run(self, client)

    def secret(self, client: bytes, location: _Location) -> bytes:
        """Return a secret, for procedures.

        Raises:
            CommandError: There is none.
        """
        vault, record = location.key()
        found = self._client(client).vaults.get(vault, {}).get(record)
        if found is None:
            raise CommandError("there is no record at this location")
        return found

    def keep(self, client: bytes, location: _Location, secret: bytes) -> None:
        """Put what a procedure has made into a vault."""
        self.write_secret(client, *location.key(), secret)

    def _client(self, name: bytes) -> Client:
        try:
            return self._clients[name]
        except KeyError:
            raise CommandError("the client is not loaded; load or create it first") from None

    def _grow(self, size: int) -> None:
        if self._held + size > MOST_BYTES:
            raise CommandError(f"the stronghold is full: it holds at most {MOST_BYTES >> 20} MiB")
        self._held += size


def _size(client: Client) -> int:
    values = 64 + sum(len(key) + len(record.value) for key, record in client.store.items())
    secrets = sum(
        len(vault) + len(record) + len(value) for vault, held in client.vaults.items() for record, value in held.items()
    )
    return values + secrets


def as_bytes(value: Any) -> bytes:
    """Return the bytes of a name: a text, or an array of numbers.

    Raises:
        CommandError: It is neither.
    """
    try:
        return (
            value.encode() if isinstance(value, str) else bytes(value if isinstance(value, memoryview) else list(value))
        )
    except (TypeError, ValueError):
        raise CommandError("a name of a client, a vault or a record is a text or an array of bytes") from None


class _Location(msgspec.Struct):
    """Where a secret is."""

    type: Literal["Generic", "Counter"]
    payload: dict[str, Any]

    def key(self) -> tuple[bytes, bytes]:
        """Return the names of the vault and the record."""
        vault = as_bytes(self.payload.get("vault"))
        if self.type == "Generic":
            return vault, record_name(as_bytes(self.payload.get("record")))
        counter = self.payload.get("counter")
        if not isinstance(counter, int) or not 0 <= counter < 1 << 64:
            raise CommandError("the counter of a location is a whole number")
        return vault, b"counter:" + counter.to_bytes(8, "big")


def record_name(record: bytes) -> bytes:
    """Return the name of a record, which no counter has."""
    return b"record:" + record


class _Generate(msgspec.Struct):
    output: _Location
    size_bytes: int | None = msgspec.field(name="sizeBytes", default=None)

    def run(self, stronghold: Stronghold, client: bytes) -> bytes:
        import secrets

        size = _DEFAULT_SEED if self.size_bytes is None else self.size_bytes
        if not 16 <= size <= _MOST_SEED:
            raise CommandError(f"a seed has from 16 to {_MOST_SEED} bytes")
        stronghold.keep(client, self.output, secrets.token_bytes(size))
        return b""


class _Input(msgspec.Struct):
    type: Literal["Seed", "Key"]
    payload: _Location


class _Derive(msgspec.Struct):
    chain: list[int]
    input: _Input
    output: _Location

    def run(self, stronghold: Stronghold, client: bytes) -> bytes:
        secret = stronghold.secret(client, self.input.payload)
        name = "seed" if self.input.type == "Seed" else "key"
        if len(self.chain) > 255:
            raise CommandError("a chain has at most 255 numbers")
        node = _keys.derive(self.chain, **{name: secret})
        stronghold.keep(client, self.output, node)
        return node[32:]


class _Recover(msgspec.Struct):
    mnemonic: str
    output: _Location
    passphrase: str | None = None

    def run(self, stronghold: Stronghold, client: bytes) -> bytes:
        stronghold.keep(client, self.output, _keys.mnemonic_seed(self.mnemonic, self.passphrase or ""))
        return b""


class _Mnemonic(msgspec.Struct):
    output: _Location
    passphrase: str | None = None

    def run(self, stronghold: Stronghold, client: bytes) -> bytes:
        words = _keys.new_mnemonic()
        stronghold.keep(client, self.output, _keys.mnemonic_seed(words, self.passphrase or ""))
        return words.encode()


class _PublicKey(msgspec.Struct):
    type: str
    private_key: _Location = msgspec.field(name="privateKey")

    def run(self, stronghold: Stronghold, client: bytes) -> bytes:
        return _keys.public_key(stronghold.secret(client, self.private_key), self.type.lower())


class _Sign(msgspec.Struct):
    msg: str
    private_key: _Location = msgspec.field(name="privateKey")

    def run(self, stronghold: Stronghold, client: bytes) -> bytes:
        return _keys.sign(stronghold.secret(client, self.private_key), self.msg.encode())


# The types of procedures; add here to introduce one.
_PAYLOADS: dict[str, type[_Generate | _Derive | _Recover | _Mnemonic | _PublicKey | _Sign]] = {
    "SLIP10Generate": _Generate,
    "SLIP10Derive": _Derive,
    "BIP39Recover": _Recover,
    "BIP39Generate": _Mnemonic,
    "PublicKey": _PublicKey,
    "Ed25519Sign": _Sign,
}
