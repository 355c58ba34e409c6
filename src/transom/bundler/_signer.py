"""Keys and signatures of updates in minisign's format, in the form of Tauri's own signer: texts in base64.

The format: https://jedisct1.github.io/minisign/#signature-format; a private key is encrypted as minisign encrypts it,
with scrypt's cost chosen as libsodium chooses it.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import os
import secrets
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import AuthorError
from ..plugins import updater
from ._place import named, placed

__all__ = ["SecretKey", "secret_text", "sign_file", "write_keys"]

_OPERATIONS, _MEMORY = 1 << 20, 1 << 25  # Tauri: what its signer writes; minisign's own keys need 32 times as much
_MOST_MEMORY = 1 << 30  # bytes: what minisign's own keys need
_LENGTH = 158
_HIDDEN = 104  # key id, secret and public key, checksum
_NOT_A_KEY = (
    "the private key is not in minisign's format; give what `transom signer generate` or `tauri signer generate` wrote"
)


@dataclass(frozen=True, repr=False)
class SecretKey:
    """A key pair.

    Attributes:
        key_id: The 8 bytes by which signatures name the key.
        seed: The 32 secret bytes.
    """

    key_id: bytes
    seed: bytes

    @classmethod
    def generate(cls) -> SecretKey:
        """Return a new key pair."""
        return cls(secrets.token_bytes(8), secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str, password: str = "") -> SecretKey:
        """Read a private key: the text of its file, in base64 or not.

        Args:
            text: The text.
            password: The password that it was encrypted with; empty for none.

        Raises:
            AuthorError: It is no private key, or the password is wrong.
        """
        data = _decoded(text)
        if len(data) != _LENGTH or data[:2] != b"Ed" or data[4:6] != b"B2":
            raise AuthorError(_NOT_A_KEY)
        salt, operations, memory = data[6:38], data[38:46], data[46:54]
        hidden = data[54:]
        if data[2:4] == b"Sc":
            stream = _stream(password, salt, int.from_bytes(operations, "little"), int.from_bytes(memory, "little"))
            hidden = _xor(hidden, stream)
        elif data[2:4] != b"\0\0":
            raise AuthorError(_NOT_A_KEY)
        key_id, secret, checksum = hidden[:8], hidden[8:72], hidden[72:]
        if not hmac.compare_digest(checksum, _checksum(key_id, secret)):
            raise AuthorError("the password of the private key is wrong; TAURI_SIGNING_PRIVATE_KEY_PASSWORD sets it")
        key = cls(key_id, secret[:32])
        if key.public_bytes() != secret[32:]:
            raise AuthorError(_NOT_A_KEY)
        return key

    def text(self, password: str = "") -> str:
        """Return the private key for its file, encrypted with a password; an empty one protects nothing."""
        salt = secrets.token_bytes(32)
        secret = self.seed + self.public_bytes()
        hidden = self.key_id + secret + _checksum(self.key_id, secret)
        costs = _OPERATIONS.to_bytes(8, "little") + _MEMORY.to_bytes(8, "little")
        encrypted = _xor(hidden, _stream(password, salt, _OPERATIONS, _MEMORY))
        line = b64encode(b"EdScB2" + salt + costs + encrypted).decode()
        return _boxed(f"untrusted comment: rsign encrypted secret key\n{line}\n")

    def public_text(self) -> str:
        """Return the public key, for `plugins.updater.pubkey` of the configuration."""
        name = f"{int.from_bytes(self.key_id, 'little'):016X}"
        line = b64encode(b"Ed" + self.key_id + self.public_bytes()).decode()
        return _boxed(f"untrusted comment: minisign public key: {name}\n{line}\n")

    def public_bytes(self) -> bytes:
        """Return the 32 bytes of the public key."""
        raw: bytes = self._private().public_key().public_bytes_raw()
        return raw

    def sign(self, digest: bytes, comment: str) -> str:
        """Return a signature, as manifests have it.

        Args:
            digest: The BLAKE2b hash of the data, 64 bytes.
            comment: A line that is signed too.
        """
        private = self._private()
        signed = private.sign(digest)
        first = b64encode(b"ED" + self.key_id + signed).decode()
        second = b64encode(private.sign(signed + comment.encode())).decode()
        return _boxed(
            f"untrusted comment: signature from tauri secret key\n{first}\ntrusted comment: {comment}\n{second}\n"
        )

    def _private(self) -> Any:
        try:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        except ImportError:
            raise AuthorError("transom signer needs the package cryptography: pip install 'transom[build]'") from None
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def secret_text(text: str | None = None, path: Path | None = None) -> str | None:
    """Return the text of the private key: what is given, else that of Tauri's variables; `None` without any.

    Args:
        text: The key; `None` for `TAURI_SIGNING_PRIVATE_KEY`, which may name a file too.
        path: Its file; `None` for `TAURI_SIGNING_PRIVATE_KEY_PATH`.

    Raises:
        AuthorError: The file cannot be read.
    """
    if text is None and path is None:
        text = os.environ.get("TAURI_SIGNING_PRIVATE_KEY") or None
        named = text if text is not None and "/" in text and len(text) < 1000 and Path(text).is_file() else None
        named = named or (os.environ.get("TAURI_SIGNING_PRIVATE_KEY_PATH") if text is None else None)
        path = Path(named) if named else None
    if path is None:
        return text
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise AuthorError(f"the private key {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise AuthorError(f"{path} is not a private key; `transom signer generate` makes one") from None


def sign_file(key: SecretKey, path: Path) -> Path:
    """Write the signature of a file beside it, as `<file>.sig`, and return it.

    Raises:
        AuthorError: The file cannot be read, or the signature cannot be written.
    """
    digest = hashlib.blake2b(digest_size=64)
    try:
        with path.open("rb") as file:
            for part in updater.parts_of(file):
                digest.update(part)
    except OSError as error:
        raise AuthorError(f"{path} cannot be signed: {error.strerror}") from None
    name = "".join(letter if letter.isprintable() else "?" for letter in path.name)
    text = key.sign(digest.digest(), f"timestamp:{int(time.time())}\tfile:{name}")
    target = path.with_name(f"{path.name}.sig")
    with named(f"the signature {target}"), placed(target) as partial:
        partial.write_text(text, "utf-8")
    return target


def write_keys(key: SecretKey, password: str, path: Path, *, force: bool = False) -> Path:
    """Write the private key, readable by its owner only, and the public key beside it as `<path>.pub`; return that.

    Raises:
        AuthorError: One of the files exists and `force` is not set, or cannot be written.
    """
    public = path.with_name(f"{path.name}.pub")
    for each in (path, public):
        if each.exists() and not force:
            raise AuthorError(
                f"{each} exists; all updates of an application need the same key, so it is replaced only with --force"
            )
    text, public_text = key.text(password), key.public_text()
    try:
        with placed(path) as partial:  # the old key stays when this fails
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        with placed(public) as partial:
            partial.write_text(public_text, "utf-8")
    except OSError as error:
        raise AuthorError(f"{path} cannot be written: {error.strerror}") from None
    return public


def _boxed(text: str) -> str:
    return b64encode(text.encode()).decode()


def _decoded(text: str) -> bytes:
    stripped = text.strip()
    try:
        if not stripped.startswith("untrusted comment:"):
            stripped = b64decode(stripped, validate=True).decode().strip()
        return b64decode(stripped.splitlines()[-1], validate=True)
    except (binascii.Error, ValueError, IndexError):
        raise AuthorError(_NOT_A_KEY) from None


def _checksum(key_id: bytes, secret: bytes) -> bytes:
    return hashlib.blake2b(b"Ed" + key_id + secret, digest_size=32).digest()


def _xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def _stream(password: str, salt: bytes, operations: int, memory: int) -> bytes:
    """Return the bytes that a private key is hidden with.

    Raises:
        AuthorError: The key asks for more memory than any of minisign's.
    """
    if memory > _MOST_MEMORY:
        raise AuthorError(_NOT_A_KEY)
    cost, parallel = _costs(operations, memory)
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=cost,
        r=8,
        p=parallel,
        dklen=_HIDDEN,
        maxmem=128 * 8 * (cost + parallel + 2) + 4096,
    )


def _costs(operations: int, memory: int) -> tuple[int, int]:
    """Return `N` and `p` of scrypt for libsodium's two limits, with `r` of 8 (crypto_pwhash_scryptsalsa208sha256)."""
    operations = max(operations, 32768)
    short = operations < memory // 32
    most = operations // 32 if short else memory // 1024
    power = 1
    while power < 63 and 1 << power <= most // 2:
        power += 1
    if short:
        return 1 << power, 1
    return 1 << power, max(min(operations // 4 >> power, 0x3FFFFFFF) // 8, 1)
