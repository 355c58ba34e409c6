"""Public keys and signatures of minisign, as Tauri's own tools write them: text files in base64."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from . import _ed25519

__all__ = ["PublicKey", "Signature", "SignatureError", "parts_of", "verify"]

_PART = 1 << 20


class SignatureError(ValueError):
    """A key or a signature is damaged, or does not belong to the data."""


class PublicKey(NamedTuple):
    """A public key.

    Attributes:
        key_id: 8 bytes that signatures name it by.
        key: 32 bytes.
    """

    key_id: bytes
    key: bytes

    @classmethod
    def parse(cls, text: str) -> PublicKey:
        """Read the key of `plugins.updater.pubkey`: the file of the public key in base64, or the file itself.

        Raises:
            SignatureError: It is no such key.
        """
        data = _decode(_lines(text)[-1], "the public key")
        if len(data) != 42 or data[:2] != b"Ed":
            raise SignatureError(
                "the public key is not in minisign's format; write what `transom signer generate` prints"
            )
        return cls(data[2:10], data[10:])


class Signature(NamedTuple):
    """A signature.

    Attributes:
        hashed: Whether the BLAKE2b hash of the data is signed; otherwise the data.
        key_id: 8 bytes that name the key.
        signature: 64 bytes.
        comment: The trusted comment.
        of_comment: 64 bytes that sign the signature and the comment.
    """

    hashed: bool
    key_id: bytes
    signature: bytes
    comment: str
    of_comment: bytes

    @classmethod
    def parse(cls, text: str) -> Signature:
        """Read a signature: the text of a `.sig` file in base64, as manifests have it, or the text itself.

        Raises:
            SignatureError: It is none.
        """
        lines = _lines(text)
        if len(lines) != 4 or not lines[2].startswith("trusted comment: "):
            raise SignatureError("the signature is not in minisign's format: it needs four lines")
        data, of_comment = _decode(lines[1], "the signature"), _decode(lines[3], "the signature of the comment")
        if len(data) != 74 or data[:2] not in (b"Ed", b"ED") or len(of_comment) != 64:
            raise SignatureError("the signature is not in minisign's format: it has another length or algorithm")
        comment = lines[2].removeprefix("trusted comment: ")
        return cls(data[:2] == b"ED", data[2:10], data[10:], comment, of_comment)


def _lines(text: str) -> list[str]:
    stripped = text.strip()
    if not stripped.startswith("untrusted comment:") and "\n" not in stripped:
        decoded = _decode(stripped, "the text")
        if decoded.startswith(b"untrusted comment:"):
            stripped = decoded.decode("utf-8", "replace").strip()
    return [line.rstrip("\r") for line in stripped.split("\n")]


def _decode(text: str, what: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise SignatureError(f"{what} is not base64") from None


def parts_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield what a file has from its beginning, in parts."""
    file.seek(0)
    while data := file.read(_PART):
        yield data


def verify(key: PublicKey, signature: Signature, data: Iterable[bytes]) -> None:
    """Check that the owner of a key signed the data.

    Raises:
        SignatureError: Somebody else did, or the data is another.
    """
    if signature.key_id != key.key_id:
        raise SignatureError("the signature was made with another key than the application's public key")
    if signature.hashed:
        digest = hashlib.blake2b(digest_size=64)
        for part in data:
            digest.update(part)
        data = (digest.digest(),)
    if not _ed25519.is_valid(key.key, signature.signature, data):
        raise SignatureError("the signature does not belong to the downloaded file")
    if not _ed25519.is_valid(key.key, signature.of_comment, (signature.signature, signature.comment.encode())):
        raise SignatureError("the comment of the signature was changed")
